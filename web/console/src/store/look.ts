/** Tells the team what one looks at; said again, since what is not said again ends by itself. */
import type { Ports } from "client";

const AGAIN_MS = 30_000;

/** Looks at a conversation until what it returns is called. `tell` without one: at none. */
export function lookAt(
  conversation: number,
  clock: Pick<Ports["clock"], "after">,
  tell: (form: { readonly conversation?: number }) => void,
): () => void {
  let stop = () => {};
  const look = () => {
    tell({ conversation });
    stop = clock.after(AGAIN_MS, look);
  };
  look();
  return () => {
    stop();
    tell({});
  };
}
