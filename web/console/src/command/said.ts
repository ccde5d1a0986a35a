/** Contacts, and what was said somewhere, found by the server when one rests from typing. */
import { Unanswered } from "client/wire";
import type { Contact, MessageHit } from "protocol";
import { useEffect, useState } from "react";
import { useStoreItself } from "../store/use";

const RESTS_MS = 150;
const MOST = 6;

interface Found {
  readonly query: string;
  readonly contacts: readonly Contact[];
  readonly hits: readonly MessageHit[];
}

const NOTHING: Found = { query: "", contacts: [], hits: [] };

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
      Promise.all([
        client.call("contact.search", { text, limit: MOST }),
        client.call("message.search", { text, limit: MOST }),
      ]).then(
        ([{ items: contacts }, { items: hits }]) =>
          isMeant && setFound({ query: text, contacts, hits }),
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
