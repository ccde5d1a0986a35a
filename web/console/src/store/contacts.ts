/**
 * Contacts that are shown: who they are, and whether that was verified.
 *
 * Rules: one is read when it is first asked for and again when an event says that it has changed; it is
 * the same object until then. Nothing of them stays when somebody else signs in.
 */
import type { Client } from "client/core";
import { Unanswered } from "client/wire";
import type { Contact, What } from "protocol";

/** What changes a contact. */
const CHANGES: ReadonlySet<What> = new Set<What>([
  "blocked",
  "contact",
  "identified",
  "left_email",
  "merged",
  "renamed",
  "unblocked",
]);

export class Contacts {
  private readonly known = new Map<number, Contact>();
  private readonly asked = new Set<number>();
  private readonly client: Client;
  private readonly changed: () => void;

  constructor(client: Client, changed: () => void) {
    this.client = client;
    this.changed = changed;
    client.on("event", ({ message, state }) => {
      const id = state?.contact?.id;
      const what = message?.activity?.what;
      if (id && what && CHANGES.has(what) && this.asked.has(id)) {
        void this.read(id);
      }
    });
  }

  /** undefined: it is not here yet. */
  get(id: number): Contact | undefined {
    return this.known.get(id);
  }

  /** Sees to it that it is here. */
  want(id: number): void {
    if (!this.asked.has(id)) {
      this.asked.add(id);
      void this.read(id);
    }
  }

  forget(): void {
    this.known.clear();
    this.asked.clear();
  }

  private async read(id: number): Promise<void> {
    try {
      const contact = await this.client.call("contact.get", { contact: id });
      if (this.asked.has(id)) {
        this.known.set(id, contact);
        this.changed();
      }
    } catch (error) {
      this.asked.delete(id); // whoever shows it next asks again
      if (!(error instanceof Unanswered)) {
        throw error;
      }
    }
  }
}
