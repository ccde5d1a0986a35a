/**
 * One conversation as this page knows it: a list of lines, and what becomes of one's own.
 *
 * Rules: pure; a change returns a new list. The tutorials' protocols have no message ids: the
 * server sends what one says back ("echo"), in the order in which it was said, and that is the
 * only confirmation. So an echo confirms the oldest pending line with its text, and a line whose
 * connection broke before its echo came is failed: it may or may not have arrived, and only its
 * author can decide to say it again.
 * Not here: sockets, the page.
 */

export type Delivery = "pending" | "sent" | "failed";

export interface Line {
  readonly id: number;
  readonly from: "me" | "peer" | "system";
  /** Whose line it is; "" for the system's. */
  readonly sender: string;
  readonly text: string;
  readonly atMs: number;
  /** Other people's lines are always "sent". */
  readonly delivery: Delivery;
}

export type Thread = readonly Line[];

/** Older lines leave the page; the server has them. */
export const MOST_LINES = 500;

export function append(thread: Thread, line: Line): Thread {
  return [...thread, line].slice(-MOST_LINES);
}

/**
 * Marks the line as sent whose echo arrived; null if no line of one's own waits for this text.
 *
 * A line that was given up is confirmed too if its echo comes after all. The server answers in
 * order, so lines still pending before the confirmed one will get no echo any more: they failed.
 */
export function confirm(thread: Thread, text: string): Thread | null {
  const isMine = (delivery: Delivery) => (line: Line) =>
    line.from === "me" && line.delivery === delivery && line.text === text;
  const pendingAt = thread.findIndex(isMine("pending"));
  const at = pendingAt >= 0 ? pendingAt : thread.findIndex(isMine("failed"));
  if (at < 0) {
    return null;
  }
  return thread.map((line, index) => {
    if (index === at) {
      return { ...line, delivery: "sent" };
    }
    return index < pendingAt && line.delivery === "pending" ? failed(line) : line;
  });
}

/** The server refused something: in order, that is the oldest line without an echo. */
export function refuseOldest(thread: Thread): Thread {
  const oldest = oldestPending(thread);
  return oldest ? thread.map((line) => (line === oldest ? failed(line) : line)) : thread;
}

/** The connection broke: no echo will come for what is pending. */
export function failPending(thread: Thread): Thread {
  return oldestPending(thread)
    ? thread.map((line) => (line.delivery === "pending" ? failed(line) : line))
    : thread;
}

export function remove(thread: Thread, id: number): Thread {
  return thread.filter((line) => line.id !== id);
}

export function oldestPending(thread: Thread): Line | undefined {
  return thread.find((line) => line.delivery === "pending");
}

function failed(line: Line): Line {
  return { ...line, delivery: "failed" };
}
