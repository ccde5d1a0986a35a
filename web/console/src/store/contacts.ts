/**
 * Contacts that are shown: who they are, and whether that was verified.
 *
 * Rules: one's own change shows at once. One is read when it is first asked for and again when an event says that it has changed; it is
 * the same object until then. Nothing of them stays when somebody else signs in.
 */
import type { Client } from "client/core";
import { Unanswered } from "client/wire";
import type { Contact, UpdateContact, What } from "protocol";

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
  /** Grows when there is another, or one less: lists of them are to be read again. */
  census = 0;
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

  /** One was made, or took another one in. */
  count(contact: Contact): void {
    this.census += 1;
    this.put(contact);
  }

  /** What the server has just told of one. */
  put(contact: Contact): void {
    this.asked.add(contact.id);
    this.known.set(contact.id, contact);
    this.changed();
  }

  /**
   * Shows `patch` of one at once, until the server has answered: then what it says, or, refused, what was
   * there before. Rejects with Unanswered.
   */
  async change(
    id: number,
    patch: Partial<Contact>,
    name: "contact.update" | "contact.block" | "contact.unblock",
    form: Omit<UpdateContact, "contact">,
  ): Promise<void> {
    const before = this.known.get(id);
    if (before) {
      this.put({ ...before, ...patch });
    }
    try {
      this.put(await this.client.call(name, { ...form, contact: id }));
    } catch (error) {
      if (before && this.known.has(id)) {
        this.put(before);
      }
      throw error;
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
