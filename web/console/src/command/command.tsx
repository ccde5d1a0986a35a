/**
 * The command bar.
 *
 * Rules: it is fetched when the first screen stands and nothing else is to do, so that whoever presses its
 * key and goes on typing types into it.
 */
import { useEffect, useState } from "react";
import { useAct } from "../keys/acts";
import { useStore } from "../store/use";
import { learn } from "../texts/texts";
import { useLater } from "../ui/later";

async function load() {
  await learn("command");
  return await import("./bar");
}

export function CommandBar() {
  const [isOpen, setOpen] = useState(false);
  const isIdle = useIdle();
  const part = useLater(isIdle || isOpen, load);
  useAct("command", () => setOpen(!isOpen));
  return part && isOpen ? <part.Bar onClose={() => setOpen(false)} /> : null;
}

/** Whether the page has once had nothing to do since it was level with the server. */
function useIdle(): boolean {
  const isLive = useStore(({ client }) => client.status === "live");
  const [isIdle, setIdle] = useState(false);
  useEffect(() => {
    if (!isLive) {
      return;
    }
    if (!("requestIdleCallback" in window)) {
      const timer = setTimeout(() => setIdle(true), 1000); // Safari
      return () => clearTimeout(timer);
    }
    const wish = requestIdleCallback(() => setIdle(true));
    return () => cancelIdleCallback(wish);
  }, [isLive]);
  return isIdle;
}
