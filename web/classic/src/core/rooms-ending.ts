/**
 * What a closed rooms socket means for the page: try again by itself, or stop and say why.
 *
 * Rules: pure. Close codes are those of docs/protocol/rooms.md.
 */

export const BAD_TOKEN = 4001;
export const BAD_NAME = 4009;
export const TOO_MANY = 4029;

/**
 * How long one's own name may seem taken after a loss: until the server notices that the old
 * connection is dead (45 s), and some.
 */
export const OWN_GHOST_MS = 60_000;

export type Ending = "name" | "token" | "too-many" | "unreachable" | "agent-left";

export interface Closed {
  readonly code: number;
  /** Since when the page tries to come back, in milliseconds; null: it was never in. */
  readonly lostForMs: number | null;
}

/** Returns why to stop, or "retry". */
export function afterClose({ code, lostForMs }: Closed): Ending | "retry" {
  if (code === BAD_TOKEN) {
    return "token";
  }
  if (lostForMs === null) {
    return code === BAD_NAME ? "name" : code === TOO_MANY ? "too-many" : "unreachable";
  }
  return code === BAD_NAME && lostForMs >= OWN_GHOST_MS ? "name" : "retry";
}
