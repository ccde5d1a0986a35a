/**
 * One conversation that is shown: what stands in it, and what oneself does there.
 *
 * Rules: closed, it is told nothing and does nothing. Marks and typing are best effort.
 */
import type { Conversation, thread as threads } from "protocol";
import { cut } from "shared/core/cut";
import type { Client } from "./client";
import type { Link } from "./link";
import type { Optimistic } from "./optimistic";
import type { More, Outbox } from "./outbox";
import type { Clock } from "./ports";
import type { Sync } from "./sync";
import { Unanswered } from "./wire";

const TYPING_EVERY_MS = 3_000;
const MOST_PREVIEWED = 2_000;
const MARK_EVERY_MS = 500;

interface Parts {
  readonly sync: Sync;
  readonly outbox: Outbox;
  readonly optimistic: Optimistic;
  readonly link: Link;
  readonly clock: Clock;
  readonly closed: (chat: Chat) => void;
}

export class Chat {
  readonly id: number;
  private readonly client: Client;
  private readonly parts: Parts;
  private read = 0;
  private delivered = 0;
  private toldRead = 0;
  private toldDelivered = 0;
  private isTelling = false;
  private stopPause: (() => void) | null = null;
  private typedMs = Number.NEGATIVE_INFINITY;
  private isClosed = false;

  constructor(id: number, client: Client, parts: Parts) {
    this.id = id;
    this.client = client;
    this.parts = parts;
  }

  /** As it stands; null: it is not here yet, or closed. */
  get thread(): threads.Thread | null {
    const thread = this.isClosed ? null : this.parts.sync.threadOf(this.id);
    return thread && { ...thread, conversation: this.parts.optimistic.view(thread.conversation) };
  }

  get conversation(): Conversation | null {
    return this.thread?.conversation ?? null;
  }

  /** There are older messages than those that are here. */
  get hasEarlier(): boolean {
    return this.parts.sync.hasEarlier(this.id);
  }

  /** What was said here and is not among the messages yet. */
  get unsent() {
    return this.isClosed ? [] : this.client.unsent(this.id);
  }

  /** Returns its client id. */
  say(text: string, more: More = {}): string {
    return this.isClosed ? "" : this.parts.outbox.say(text, this.id, more);
  }

  /** Says something that only the team sees. */
  note(text: string, more: More = {}): string {
    return this.isClosed ? "" : this.parts.outbox.say(text, this.id, more, true);
  }

  /** Rejects with `Unanswered`. */
  async loadEarlier(): Promise<void> {
    if (!this.isClosed) {
      await this.parts.sync.loadEarlier(this.id);
    }
  }

  /** Says now and then that one types. `text`: shown to the team, where the inbox asks for it. */
  type(text?: string): void {
    const nowMs = this.parts.clock.now();
    if (!this.isClosed && nowMs - this.typedMs >= TYPING_EVERY_MS) {
      this.typedMs = nowMs;
      const shown = text ? { text: cut(text, MOST_PREVIEWED) } : {};
      const form = { conversation: this.id, ...shown };
      this.parts.link.ask("conversation.typing", form).catch(() => undefined);
    }
  }

  /** Says that everything that is here has arrived or, if `isSeen`, was read. */
  mark(isSeen: boolean): void {
    const seq = this.thread?.level ?? 0;
    if (!this.parts.sync.isLevel) {
      return; // what is here may be of another past
    }
    if (seq < this.delivered) {
      // The server was put back: what was told is of another past.
      this.read = this.delivered = this.toldRead = this.toldDelivered = 0;
    }
    this.delivered = Math.max(this.delivered, seq);
    this.read = isSeen ? Math.max(this.read, seq) : this.read;
    if (!this.isTelling) {
      void this.tellMarks();
    }
  }

  close(): void {
    if (!this.isClosed) {
      this.isClosed = true;
      this.stopPause?.();
      this.parts.sync.shut(this.id);
      this.parts.closed(this);
    }
  }

  /** One at a time, and what came meanwhile in one: whoever hears a hundred messages says so few times. */
  private async tellMarks(): Promise<void> {
    this.isTelling = true;
    while (!this.isClosed && (this.read > this.toldRead || this.delivered > this.toldDelivered)) {
      const { read, delivered } = this;
      try {
        await (read > this.toldRead ? this.tellRead(read) : this.tellDelivered(delivered));
        this.toldRead = Math.max(this.toldRead, read);
        this.toldDelivered = Math.max(this.toldDelivered, read, delivered);
        await this.pause(MARK_EVERY_MS);
      } catch (error) {
        const retryMs = error instanceof Unanswered ? error.retryMs : null;
        if (retryMs === null) {
          break; // it is said again with the next
        }
        await this.pause(retryMs);
      }
    }
    this.isTelling = false;
  }

  private async tellRead(seq: number): Promise<void> {
    const form = { conversation: this.id, seq };
    const settled = (sync: Sync) => sync.hearRead(this.id, seq);
    await this.client.change(this.id, { unread: 0 }, "conversation.read", form, settled);
  }

  private async tellDelivered(seq: number): Promise<void> {
    await this.parts.link.ask("conversation.delivered", { conversation: this.id, seq });
  }

  private pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.parts.clock.after(delayMs, resolve);
      this.stopPause = () => {
        stop();
        resolve();
      };
    });
  }
}
