/** Where one asks why one heard nothing, and sets what one hears: both are fetched then. */
import { useState } from "react";
import { useAct } from "../keys/acts";
import { learn } from "../texts/texts";
import { useLater } from "../ui/later";

const load = async () => {
  const [part] = await Promise.all([import("./dialogs"), learn("sounds")]);
  return part;
};

export function HearingDialogs() {
  const [open, setOpen] = useState<"why" | "hearing" | null>(null);
  useAct("why", () => setOpen("why"));
  useAct("hearing", () => setOpen("hearing"));
  const part = useLater(open !== null, load);
  const close = () => setOpen(null);
  return (
    part && (
      <>
        <part.Why isOpen={open === "why"} onClose={close} />
        <part.Settings isOpen={open === "hearing"} onClose={close} onWhy={() => setOpen("why")} />
      </>
    )
  );
}
