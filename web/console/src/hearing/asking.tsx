/** Where one sees what was for one, sets what one hears, and asks why one heard nothing: all fetched then. */
import { useState } from "react";
import { useAct } from "../keys/acts";
import { learn } from "../texts/texts";
import { useLater } from "../ui/later";

const load = async () => {
  const [part] = await Promise.all([import("./dialogs"), learn("sounds")]);
  return part;
};

export function HearingDialogs() {
  const [open, setOpen] = useState<"why" | "hearing" | "notices" | null>(null);
  useAct("why", () => setOpen("why"));
  useAct("hearing", () => setOpen("hearing"));
  useAct("notices", () => setOpen("notices"));
  const part = useLater(open !== null, load);
  const why = () => setOpen("why");
  const close = () => setOpen(null);
  return (
    part && (
      <>
        <part.Why isOpen={open === "why"} onClose={close} />
        <part.Settings isOpen={open === "hearing"} onClose={close} onWhy={why} />
        <part.CentreDialog isOpen={open === "notices"} onClose={close} onWhy={why} />
      </>
    )
  );
}
