/**
 * What was said and is not among the messages yet, kept in the browser over a reload.
 *
 * Rules: each message under a key of its own, so that two tabs do not overwrite each other's.
 * Not here: its form (core/unsent), sending it (link/chat).
 */
import type { Sending } from "protocol";
import { forget, recall, recallKeys, remember } from "shared/view/memory";
import { inOrder, nextPlace, type Order, readUnsent, type Unsent, written } from "../core/unsent";

export class Outbox {
  private readonly prefix: string;
  private readonly orders = new Map<string, Order>();
  private readonly places = new Map<string, number>();

  /** `scope`: whose; see `scopeOf` of link/device. */
  constructor(scope: string) {
    this.prefix = `unsent.${scope}.`;
  }

  /** What an earlier page left behind, in order. */
  load(): Sending[] {
    const unsent = inOrder(this.kept());
    for (const { sending, place, ...order } of unsent) {
      this.orders.set(sending.client_id, order);
      this.places.set(sending.client_id, place);
    }
    return unsent.map(({ sending }) => sending);
  }

  orderOf(clientId: string): Order {
    return this.orders.get(clientId) ?? { conversation: null };
  }

  direct(clientId: string, order: Order): void {
    this.orders.set(clientId, order);
  }

  /** Said anew, after all that waits. */
  renew(clientId: string, order: Order): void {
    this.places.delete(clientId);
    this.direct(clientId, order);
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

  /** The conversation is not there any more, or over: what was to go there begins another. */
  release(conversation: number): void {
    for (const [id, order] of this.orders) {
      if (order.conversation === conversation) {
        this.direct(id, { ...order, conversation: null });
      }
    }
  }

  /** Keeps exactly these. */
  keep(sending: readonly Sending[]): void {
    for (const one of sending) {
      const place = this.placeOf(one.client_id);
      const order = this.orderOf(one.client_id);
      this.orders.set(one.client_id, order);
      const unsent = { ...order, sending: one, place };
      remember(this.prefix + one.client_id, written(unsent));
    }
    const here = new Set(sending.map(({ client_id }) => client_id));
    for (const id of [...this.orders.keys()].filter((known) => !here.has(known))) {
      this.orders.delete(id);
      this.places.delete(id);
      forget(this.prefix + id);
    }
  }

  private placeOf(clientId: string): number {
    const place = this.places.get(clientId) ?? nextPlace(this.kept());
    this.places.set(clientId, place);
    return place;
  }

  /** Also what other tabs keep. */
  private kept(): Unsent[] {
    const kept = recallKeys(this.prefix).map((id) => readUnsent(recall(this.prefix + id)));
    return kept.filter((one): one is Unsent => one !== null);
  }
}
