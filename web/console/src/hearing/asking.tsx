/** Where "Why did I hear nothing?" is asked; what answers it is fetched then. */
import { useState } from "react";
import { useAct } from "../keys/acts";
import { learn } from "../texts/texts";
import { useLater } from "../ui/later";

const load = async () => {
  const [part] = await Promise.all([import("./why"), learn("sounds")]);
  return part;
};

export function AskWhy() {
  const [isOpen, setOpen] = useState(false);
  useAct("why", () => setOpen(true));
  const part = useLater(isOpen, load);
  return part && <part.Why isOpen={isOpen} onClose={() => setOpen(false)} />;
}
