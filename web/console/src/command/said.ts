/** What was said somewhere, found by the server when one rests from typing. */
import { Unanswered } from "client/wire";
import type { MessageHit } from "protocol";
import { useEffect, useState } from "react";
import { useStoreItself } from "../store/use";

const RESTS_MS = 150;
const MOST = 6;

interface Found {
  readonly query: string;
  readonly hits: readonly MessageHit[];
}

const NOTHING: Found = { query: "", hits: [] };

/** Those of the query that was answered last: what is asked now takes their place when it is here. */
export function useSaid(query: string): Found {
  const { client } = useStoreItself();
  const [found, setFound] = useState(NOTHING);
  const text = query.trim().slice(0, 200);
  useEffect(() => {
    if (!text) {
      setFound(NOTHING);
      return;
    }
    let isMeant = true;
    const timer = setTimeout(() => {
      client.call("message.search", { text, limit: MOST }).then(
        ({ items }) => isMeant && setFound({ query: text, hits: items }),
        (error: unknown) => {
          if (!(error instanceof Unanswered)) {
            throw error; // what is here already is found all the same
          }
        },
      );
    }, RESTS_MS);
    return () => {
      isMeant = false;
      clearTimeout(timer);
    };
  }, [client, text]);
  return found;
}
