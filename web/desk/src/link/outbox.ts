/**
 * What was said and is not among the messages yet, kept in the browser over a reload.
 *
 * Rules: each message under a key of its own, so that two tabs do not overwrite each other's.
 * Not here: its form (core/unsent), sending it (link/chat).
 */
import type { Sending } from "protocol";
import { forget, recall, recallKeys, remember } from "shared/view/memory";
import { inOrder, type Order, readUnsent, type Unsent, written } from "../core/unsent";

export class Outbox {
  private readonly prefix: string;
  private readonly orders = new Map<string, Order>();

  constructor(widget: string) {
    this.prefix = `unsent.${widget}.`;
  }

  /** What an earlier page left behind, in order. */
  load(): Sending[] {
    const kept = recallKeys(this.prefix).map((id) => readUnsent(recall(this.prefix + id)));
    const unsent = inOrder(kept.filter((one): one is Unsent => one !== null));
    for (const { sending, ...order } of unsent) {
      this.orders.set(sending.client_id, order);
    }
    return unsent.map(({ sending }) => sending);
  }

  orderOf(clientId: string): Order {
    return this.orders.get(clientId) ?? { conversation: null };
  }

  direct(clientId: string, order: Order): void {
    this.orders.set(clientId, order);
  }

  /** What was written after `first`, the message that began this conversation, belongs there. */
  settle(conversation: number, first: string, sending: readonly Sending[]): void {
    for (const { client_id } of sending) {
      if (client_id !== first && this.orderOf(client_id).conversation === null) {
        this.direct(client_id, { conversation });
      }
    }
    this.keep(sending);
  }

  /** Keeps exactly these. */
  keep(sending: readonly Sending[]): void {
    for (const one of sending) {
      const unsent = { ...this.orderOf(one.client_id), sending: one };
      remember(this.prefix + one.client_id, written(unsent));
    }
    const here = new Set(sending.map(({ client_id }) => client_id));
    for (const id of [...this.orders.keys()].filter((known) => !here.has(known))) {
      this.orders.delete(id);
      forget(this.prefix + id);
    }
  }
}
