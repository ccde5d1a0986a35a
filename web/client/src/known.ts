/**
 * What a visitor's browser keeps of conversations, so that it finds after a reload which of its
 * visitor's words the server had and has no more.
 *
 * Rules: one's own newest words of each conversation that was shown, and how far one was told, which the
 * server knows again unless it was put back. Older than two days is no business of a browser's.
 * Not here: what lost words are (protocol's lost), what becomes of them (outbox).
 */
import { lost, type Message, type thread as threads } from "protocol";
import type { Memory } from "./memory";
import type { Clock } from "./ports";

const KEY = "words.";
const POSITION = "position";

export class Known {
  private readonly memory: Memory;
  private readonly clock: Clock;
  private readonly kept = new Map<number, readonly Message[]>();
  private cursor: string | null = null;

  constructor(memory: Memory, clock: Clock) {
    this.memory = memory;
    this.clock = clock;
  }

  /** Up to where an earlier page was told; null: not known, or too long ago. */
  get position(): string | null {
    const [at, cursor = null] = this.memory.get(POSITION)?.split(" ") ?? [];
    return this.clock.wall() - Number(at) < lost.KEPT_MS ? cursor : null;
  }

  get conversations(): readonly number[] {
    return this.memory.keys(KEY).map(Number);
  }

  wordsOf(conversation: number): readonly lost.Word[] {
    const kept = this.memory.get(KEY + conversation) ?? "";
    return lost.readKnown(kept, conversation, this.clock.wall())?.words ?? [];
  }

  keep(cursor: string | null, shown: readonly threads.Thread[]): void {
    for (const thread of shown) {
      const { conversation, messages } = thread;
      if (this.kept.get(conversation.id) !== messages) {
        this.kept.set(conversation.id, messages);
        this.memory.set(KEY + conversation.id, lost.writtenKnown(lost.knownOf(thread)));
      }
    }
    if (cursor !== null && cursor !== this.cursor) {
      this.cursor = cursor;
      this.memory.set(POSITION, `${this.clock.wall()} ${cursor}`);
    }
  }

  forget(conversation: number): void {
    this.kept.delete(conversation);
    this.memory.remove(KEY + conversation);
  }

  clear(): void {
    for (const conversation of this.conversations) {
      this.forget(conversation);
    }
    this.cursor = null;
    this.memory.remove(POSITION);
  }
}
