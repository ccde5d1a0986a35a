/**
 * Changes of messages that were asked for and are not told yet.
 *
 * Rules: what one does is seen at once, and taken back if it is refused. The message itself is the
 * server's: a change lies over it until the answer is here, by when the event has come.
 */
import type { Message } from "protocol";

export type Change = (message: Message) => Partial<Message>;
type Place = Pick<Message, "conversation" | "seq">;

export class Revising {
  private readonly changes = new Map<string, readonly Change[]>();
  private readonly changed: () => void;
  /** Grows when another is shown or taken back. */
  version = 0;

  constructor(changed: () => void) {
    this.changed = changed;
  }

  /** The message as it is to be seen. */
  view(message: Message): Message {
    let seen = message;
    for (const change of this.changes.get(keyOf(message)) ?? []) {
      seen = { ...seen, ...change(seen) };
    }
    return seen;
  }

  /** Shows `change` until `asked` has an answer; rejects as it does. */
  async show<T>(place: Place, change: Change, asked: Promise<T>): Promise<T> {
    const key = keyOf(place);
    this.put(key, [...(this.changes.get(key) ?? []), change]);
    try {
      return await asked;
    } finally {
      this.put(
        key,
        (this.changes.get(key) ?? []).filter((one) => one !== change),
      );
    }
  }

  private put(key: string, all: readonly Change[]): void {
    if (all.length) {
      this.changes.set(key, all);
    } else {
      this.changes.delete(key);
    }
    this.version += 1;
    this.changed();
  }
}

function keyOf({ conversation, seq }: Place): string {
  return `${conversation} ${seq}`;
}
