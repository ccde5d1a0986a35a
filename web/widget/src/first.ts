/**
 * The first words, said before the connection's code is here: kept as its outbox keeps what is unsent,
 * which takes them from there and sends them, also after a reload.
 */
import type { More } from "client";
import type { Memory } from "client/memory";

const KEY = "unsent.";

interface Word {
  readonly client_id: string;
  readonly text: string;
  readonly at: string;
}

/** An id that nobody else draws, where the client's own code is not here yet. */
export function drawId(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class First {
  private readonly memory: Memory;
  readonly words: Word[] = [];

  constructor(memory: Memory) {
    this.memory = memory;
  }

  get isWaiting(): boolean {
    return this.memory.keys(KEY).length > 0;
  }

  /** `more`: what goes with a first message. */
  keep(client_id: string, text: string, more: More): void {
    if (this.words.some((word) => word.client_id === client_id)) {
      return;
    }
    const at = new Date().toISOString();
    const place = this.words.push({ client_id, text, at });
    const rest = { conversation: null, place, delivery: "pending", isNote: false, more };
    this.memory.set(KEY + client_id, JSON.stringify({ client_id, text, at, ...rest }));
  }
}
