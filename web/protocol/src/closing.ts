/**
 * What a client does once its connection has ended: docs/protocol/realtime.md.
 *
 * Rules: pure; the hundred of the close code decides, so that later codes are understood, too.
 * Not here: after how long to come back (the caller's back-off).
 */

/** `stop`: it is not let in. `renew`: with a fresh token. `retry`: later, each time after longer. */
export type Comeback = "stop" | "renew" | "retry";

/** Of WebSocket itself: what this side sent was wrong, and would be again. */
const FAULTS: ReadonlySet<number> = new Set([1002, 1007, 1008, 1009]);

export function afterClose(code: number): Comeback {
  if ((code >= 4000 && code < 4100) || FAULTS.has(code)) {
    return "stop";
  }
  return code >= 4100 && code < 4200 ? "renew" : "retry";
}
