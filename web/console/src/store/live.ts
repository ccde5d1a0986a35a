/** What is done anew with each connection. */
import type { Client } from "client/core";

/** To be called whenever the client may have changed: does `begin` once for each connection that is live. */
export function onceLive(client: Pick<Client, "status">, begin: () => void): () => void {
  let wasLive = false;
  return () => {
    const isLive = client.status === "live";
    if (isLive && !wasLive) {
      begin();
    }
    wasLive = isLive;
  };
}
