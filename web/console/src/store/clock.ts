/** The time of now, for what moves while one looks: one timer a second for all of it. */
import { useSyncExternalStore } from "react";

const hears = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(hear: () => void): () => void {
  hears.add(hear);
  timer ??= setInterval(() => {
    for (const one of [...hears]) {
      one();
    }
  }, 1000);
  return () => {
    hears.delete(hear);
    if (!hears.size) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

const rest = () => () => undefined;
const secondOf = () => Math.floor(Date.now() / 1000) * 1000;

/** Unix milliseconds, to the second; `isMoving`: drawn anew with each. */
export function useNow(isMoving: boolean): number {
  const movingMs = useSyncExternalStore(isMoving ? subscribe : rest, isMoving ? secondOf : () => 0);
  return isMoving ? movingMs : Date.now();
}
