/** Files that are dragged over the page can be let go anywhere on it. */
import { useEffect, useEffectEvent, useState } from "react";

/** The browser tells it every few hundred milliseconds as long as they are there. */
const GONE_MS = 600;

/** Whether files are over the page now; `take` is given what was let go. */
export function useDropping(take: (files: readonly File[]) => void): boolean {
  const [isOver, setOver] = useState(false);
  const taken = useEffectEvent(take);
  useEffect(() => {
    let leaving: ReturnType<typeof setTimeout> | undefined;
    const gone = () => setOver(false);
    const over = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes("Files")) {
        event.preventDefault();
        setOver(true);
        clearTimeout(leaving);
        leaving = setTimeout(gone, GONE_MS);
      }
    };
    const drop = (event: DragEvent) => {
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length) {
        event.preventDefault();
        clearTimeout(leaving);
        gone();
        taken(files);
      }
    };
    addEventListener("dragover", over);
    addEventListener("drop", drop);
    return () => {
      clearTimeout(leaving);
      removeEventListener("dragover", over);
      removeEventListener("drop", drop);
    };
  }, []);
  return isOver;
}
