/**
 * Sends what was written: one message at a time, in order, each until there is an answer.
 *
 * Rules: a message keeps its id, so that a repeat is stored once. The first one begins the
 * conversation. One to a conversation that is over for good, or not there any more, begins another.
 * Not here: what is kept over a reload (outbox), how it is shown (protocol's sending).
 */
import { discard, refused, type Sending, send, thread as threads } from "protocol";
import type { Order } from "../core/unsent";
import { type Connection, Unanswered } from "./connection";
import type { ChatCopy } from "./copy";
import { drawId } from "./device";
import type { Following } from "./following";

const RETRY_MS = 1_000;

/** What goes with a first message. */
export interface About {
  readonly locale: string;
  readonly time_zone: string;
  readonly page: string;
}

export interface SenderEvents {
  /** The server refused to begin a conversation with this. */
  notBegun(error: Unanswered, one: Sending, order: Order): void;
}

export class Sender {
  private readonly copy: ChatCopy;
  private readonly connection: Connection;
  private readonly following: Following;
  private readonly about: () => About;
  private readonly events: SenderEvents;
  private isSending = false;

  constructor(
    parts: { copy: ChatCopy; connection: Connection; following: Following },
    about: () => About,
    events: SenderEvents,
  ) {
    this.copy = parts.copy;
    this.connection = parts.connection;
    this.following = parts.following;
    this.about = about;
    this.events = events;
  }

  /** Says something; `order` says what goes with a first message. */
  say(text: string, order: Omit<Order, "conversation"> = {}): void {
    const clientId = drawId();
    const conversation = this.copy.thread?.conversation.id ?? null;
    this.copy.outbox.direct(clientId, { ...order, conversation });
    this.put({ client_id: clientId, text, at: new Date().toISOString() });
  }

  /** Another try of what was refused. */
  retry(clientId: string): void {
    const one = this.find(clientId);
    if (one) {
      this.put(one);
    }
  }

  /** Says anew what was lost, where one is now. */
  sayAgain(clientId: string): void {
    const one = this.find(clientId);
    if (one) {
      const conversation = this.copy.thread?.conversation.id ?? null;
      this.copy.outbox.renew(clientId, { conversation });
      this.put({ ...one, at: new Date().toISOString() });
    }
  }

  /** Takes away what was refused, to be written in other words. */
  take(clientId: string): string {
    const one = this.find(clientId);
    this.drop(clientId);
    return one?.text ?? "";
  }

  drop(clientId: string): void {
    this.copy.update((holder) => discard(holder, clientId));
  }

  /** Sends what waits, as long as there is a connection. */
  async pump(): Promise<void> {
    if (this.isSending) {
      return;
    }
    this.isSending = true;
    try {
      for (let isGoing = true; isGoing && this.copy.online; ) {
        const next = this.copy.sending.find(({ delivery }) => delivery === "pending");
        isGoing = next !== undefined && (await this.attempt(next));
      }
    } finally {
      this.isSending = false;
    }
  }

  private find(clientId: string): Sending | undefined {
    return this.copy.sending.find(({ client_id }) => client_id === clientId);
  }

  private put({ client_id, text, at }: Pick<Sending, "client_id" | "text" | "at">): void {
    this.copy.update((holder) => send(holder, { client_id, text, at }));
    void this.pump();
  }

  /** Sends one; false: the connection is gone. */
  private async attempt(one: Sending): Promise<boolean> {
    const order = this.copy.outbox.orderOf(one.client_id);
    try {
      if (order.conversation === null) {
        await this.begin(one, order);
      } else {
        await this.sendTo(order.conversation, one);
      }
      return true;
    } catch (error) {
      if (!(error instanceof Unanswered)) {
        throw error;
      }
      return this.failed(error, one, order);
    }
  }

  private async begin({ client_id, text }: Sending, order: Order): Promise<void> {
    const { conversation: _, ...first } = order;
    const form = { client_id, text, ...first, ...this.about() };
    const { conversation, message } = await this.connection.call("conversation.start", form);
    this.copy.become(message.sender);
    this.copy.outbox.settle(conversation.id, client_id, this.copy.sending);
    await this.following.follow(conversation.id);
    this.drop(client_id);
  }

  private async sendTo(conversation: number, { client_id, text }: Sending): Promise<void> {
    const form = { conversation, client_id, text };
    const answer = await this.connection.call("message.send", form);
    if (conversation === this.copy.thread?.conversation.id) {
      this.copy.change((thread) => threads.hearSent(thread, answer));
      this.following.mend();
    } else {
      this.drop(client_id);
    }
  }

  private async failed(error: Unanswered, one: Sending, order: Order): Promise<boolean> {
    const { code, retryMs } = error;
    if (code === "gone") {
      return false;
    }
    if (code === "unavailable" || (code === "too_many" && retryMs !== null)) {
      await new Promise((resolve) => setTimeout(resolve, retryMs ?? RETRY_MS));
      return true;
    }
    if (order.conversation !== null && (code === "illegal_state" || code === "not_found")) {
      if (code === "not_found") {
        this.copy.miss(order.conversation);
      } else {
        this.copy.abandon(order.conversation);
      }
      return true;
    }
    this.copy.update((holder) => refused(holder, one.client_id, code as Sending["error"] & string));
    if (order.conversation === null) {
      this.events.notBegun(error, one, order);
    }
    return true;
  }
}
