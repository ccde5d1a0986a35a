/**
 * A conversation as a server has it, for tests: what it stores, tells and answers.
 *
 * Rules: it keeps to docs/protocol/realtime.md and counts by looking at everything that is stored,
 * so that it shares no arithmetic with the reducers. Events carry what stands when they are made:
 * live ones that of the commit, those of a page that of the page.
 */
import type { Side } from "../reducer";
import type {
  Conversation,
  Entry,
  Event,
  Message,
  Person,
  ReceiptsChanged,
  Status,
} from "../types";

export const AGENT: Person = { role: "agent", name: "Wang", id: 3 };
export const VISITOR: Person = { role: "visitor", name: "Li", id: 9 };

interface Row {
  readonly seq: number;
  readonly type: Entry;
  readonly by: Person;
  readonly isPrivate: boolean;
  /** The message that it changes; itself, if it is one. */
  readonly about: number;
}

export interface Told {
  readonly team: Event;
  readonly contact: Event | null;
}

export class Server {
  private readonly rows: Row[] = [];
  private readonly messages = new Map<number, Message>();
  private readonly read = { team: 0, contact: 0 };
  private status: Status = "queued";
  private tags: readonly string[] = [];

  get lastSeq(): number {
    return this.rows.length;
  }

  say(by: Person, text: string, clientId?: string): Told {
    const seq = this.add("message", by, false);
    this.read[sideOf(by)] = seq;
    return this.put({ ...this.blank(seq, "message", by), text, ...sentAs(clientId) });
  }

  note(text: string, clientId?: string): Told {
    const seq = this.add("note", AGENT, true);
    return this.put({ ...this.blank(seq, "note", AGENT), text, ...sentAs(clientId) });
  }

  edit(about: number, text: string): Told | null {
    const found = this.messages.get(about);
    if (!found || found.type === "activity") {
      return null;
    }
    const isPrivate = found.type === "note";
    const seq = this.add("edit", found.sender, isPrivate, about);
    this.messages.set(about, { ...found, text, edited_at: timeOf(seq) });
    return this.told(seq);
  }

  become(status: Status): Told {
    this.status = status;
    const seq = this.add("activity", AGENT, false);
    const what = status === "open" ? "reopened" : status;
    return this.put({ ...this.blank(seq, "activity", AGENT), activity: { what, status } });
  }

  tag(tags: readonly string[]): Told {
    this.tags = tags;
    const seq = this.add("activity", AGENT, true);
    return this.put({ ...this.blank(seq, "activity", AGENT), activity: { what: "tagged" } });
  }

  mark(side: Side, seq: number): Readonly<Record<Side, ReceiptsChanged>> {
    this.read[side] = Math.max(this.read[side], Math.min(seq, this.lastSeq));
    const receipts = {
      on: "receipts",
      conversation: 1,
      team: this.receipts("team"),
      contact: this.receipts("contact"),
      contact_unread: this.unread("contact"),
    } as const;
    return {
      team: { ...receipts, team_unread: this.unread("team"), last_seq: this.lastSeq },
      contact: { ...receipts, last_seq: this.head("contact") },
    };
  }

  /** The newest number that this side sees. */
  head(side: Side): number {
    return this.seen(side).at(-1)?.seq ?? 0;
  }

  state(side: Side): Conversation {
    const last = this.said().at(-1);
    const shown: Conversation = {
      id: 1,
      kind: "desk",
      last_seq: this.head(side),
      created_at: timeOf(0),
      updated_at: last?.at ?? timeOf(0),
      status: this.status,
      contact: VISITOR,
      unread: this.unread(side),
      team_receipts: this.receipts("team"),
      contact_receipts: this.receipts("contact"),
      ...(last && { last_message: last }),
    };
    return side === "team" ? { ...shown, ...this.internal() } : shown;
  }

  /** Messages, notes and activities as they stand; below `before`, at most `limit`. */
  page(side: Side, before = Number.POSITIVE_INFINITY, limit = 1_000): Message[] {
    return this.seen(side)
      .filter(({ seq, about }) => seq === about && seq < before)
      .map(({ seq }) => this.messages.get(seq) as Message)
      .slice(-limit);
  }

  /** What `conversation.open` answers. */
  open(side: Side, since: number, limit: number) {
    const end = Math.min(since + limit, this.lastSeq);
    const more = end < this.lastSeq;
    return {
      conversation: this.state(side),
      seq: more ? end : this.head(side),
      mark: markOf(more ? end : this.head(side)),
      events: this.seen(side)
        .filter(({ seq }) => seq > since && seq <= end)
        .map((row) => this.event(side, row)),
      more,
    };
  }

  private add(type: Entry, by: Person, isPrivate: boolean, about?: number): number {
    const seq = this.lastSeq + 1;
    this.rows.push({ seq, type, by, isPrivate, about: about ?? seq });
    return seq;
  }

  private put(message: Message): Told {
    this.messages.set(message.seq, message);
    return this.told(message.seq);
  }

  private told(seq: number): Told {
    const row = this.rows[seq - 1] as Row;
    const contact = row.isPrivate ? null : this.event("contact", row);
    return { team: this.event("team", row), contact };
  }

  private event(side: Side, row: Row): Event {
    const { seq, type, isPrivate, about } = row;
    const isPlain = type === "message" || type === "note";
    const on = seq !== about ? "message.changed" : isPlain ? "message.added" : null;
    return {
      on: on ?? "conversation.changed",
      cursor: `${markOf(seq)}-${seq}`,
      conversation: 1,
      seq,
      prev:
        this.seen(side)
          .filter((other) => other.seq < seq)
          .at(-1)?.seq ?? 0,
      ...(isPrivate && { private: true }),
      message: this.messages.get(about) as Message,
      ...(!isPlain && { state: this.state(side) }),
    };
  }

  private seen(side: Side): Row[] {
    return this.rows.filter(({ isPrivate }) => side === "team" || !isPrivate);
  }

  private said(): Message[] {
    return this.page("contact").filter(({ type }) => type === "message");
  }

  private unread(side: Side): number {
    const isOther = ({ sender }: Message) => sideOf(sender) !== side;
    return this.said().filter((one) => isOther(one) && one.seq > this.read[side]).length;
  }

  private receipts(side: Side) {
    return { delivered: this.read[side], read: this.read[side] };
  }

  private internal(): Partial<Conversation> {
    const said = this.said();
    const answers = said.filter(({ sender }) => sideOf(sender) === "team");
    const answered = answers.at(-1)?.seq ?? 0;
    const waits = said.find(({ seq }) => seq > answered);
    const people = new Map(this.rows.map(({ by }) => [by.role, by]));
    return {
      members: [...people.values()],
      tags: this.tags,
      last_public_seq: this.head("contact"),
      contact_unread: this.unread("contact"),
      contact_messages: said.length - answers.length,
      ...(waits && { waiting_since: waits.at }),
    };
  }

  private blank(seq: number, type: Entry, sender: Person): Message {
    return { conversation: 1, seq, type, sender, text: "", at: timeOf(seq) };
  }
}

function sideOf(person: Person): Side {
  return person.role === "visitor" ? "contact" : "team";
}

function sentAs(clientId: string | undefined): Partial<Message> {
  return clientId === undefined ? {} : { client_id: clientId };
}

/** The mark of this past's entry with the number. */
export function markOf(seq: number): string {
  return `mark${seq}`;
}

function timeOf(seq: number): string {
  return new Date(1_700_000_000_000 + seq * 1_000).toISOString();
}
