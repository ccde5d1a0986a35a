/** A list that the server gives in parts: the first when it is wanted, the next when one asks for it. */
import { Unanswered } from "client/wire";
import { useCallback, useEffect, useRef, useState } from "react";

export interface PartOf<T> {
  readonly items: readonly T[];
  /** Of the next part; left out: this is the last. */
  readonly next?: string;
}

export interface Paged<T> {
  /** null: the first part is on its way. What was here stays until another first part is. */
  readonly items: readonly T[] | null;
  readonly isMore: boolean;
  readonly isFailed: boolean;
  /** The next part; after a failure the same again. */
  readonly more: () => void;
}

/** `load` is another function when another list is wanted; null: none is. */
export function usePaged<T>(
  load: ((cursor: string | undefined) => Promise<PartOf<T>>) | null,
): Paged<T> {
  const [items, setItems] = useState<readonly T[] | null>(null);
  const [next, setNext] = useState<string | undefined>(undefined);
  const [isFailed, setFailed] = useState(false);
  const run = useRef(0);
  const read = useCallback(
    (cursor: string | undefined) => {
      const own = ++run.current;
      if (!load) {
        setItems(null);
        setNext(undefined);
        return;
      }
      setFailed(false);
      load(cursor).then(
        (part) => {
          if (own === run.current) {
            setItems((before) => (cursor ? [...(before ?? []), ...part.items] : part.items));
            setNext(part.next);
          }
        },
        (error: unknown) => {
          if (!(error instanceof Unanswered)) {
            throw error;
          }
          if (own === run.current) {
            setFailed(true);
          }
        },
      );
    },
    [load],
  );
  useEffect(() => {
    read(undefined);
    return () => {
      run.current += 1;
    };
  }, [read]);
  return { items, isMore: next !== undefined, isFailed, more: () => read(next) };
}
