/** Parts that are fetched when they are first needed. */
import { useEffect, useEffectEvent, useState } from "react";
import { useStore } from "../store/use";

/**
 * What `load` brings, once it is needed; null until then. What could not be fetched is missing, and breaks
 * nothing else: it is fetched when it is needed again, or the connection is back.
 */
export function useLater<T>(isNeeded: boolean, load: () => Promise<T>): T | null {
  const [part, setPart] = useState<{ readonly it: T } | null>(null);
  const isLive = useStore(({ client }) => client.status === "live");
  const fetchIt = useEffectEvent(() => {
    load().then(
      (it) => setPart({ it }),
      () => undefined,
    );
  });
  const isMissing = isNeeded && !part;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a connection that is back is a reason to try
  useEffect(() => {
    if (isMissing) {
      fetchIt();
    }
  }, [isMissing, isLive]);
  return part?.it ?? null;
}
