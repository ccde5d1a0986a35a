/** A Kefu in memory, over WebSocket and HTTP, with a network that fails as it is told to. */
import { type Conversation, type Event, type Message, type Person, teamRoutes } from "protocol";
import type { Request, Response, Socket } from "../ports";
import { onAbort } from "./browser";
import { settle, TestClock } from "./clock";

export const AT = "2026-01-01T00:00:00Z";
export const ANN: Person = { role: "agent", name: "Ann", id: 3 };
export const TEAM = "kt_team";

type Fields = Readonly<Record<string, unknown>>;

class Refused extends Error {
  readonly more: object;

  constructor(code: string, more: object = {}) {
    super(code);
    this.more = more;
  }
}

interface Ear {
  readonly token: string;
  /** As whom it was let in: a visitor's contact, 0 before the first message, -1 the team. */
  contact: number;
  push(frame: object): void;
  close(code: number): void;
  readonly open: Set<number>;
  feeds: boolean;
}

const STATUS: Readonly<Record<string, number>> = {
  unauthenticated: 401,
  not_found: 404,
  expired: 410,
};

export class Server {
  readonly clock = new TestClock();
  past = "a";
  events: Event[] = [];
  readonly contacts = new Map<string, number>();
  readonly states = new Map<number, Conversation>();
  readonly owners = new Map<number, number>();
  /** Contacts whom the site vouches for. */
  readonly verified = new Set<number>();
  /** Every command: name and form. */
  readonly asked: (readonly [string, Fields])[] = [];
  /** What the next commands of a name are refused with. */
  readonly refusals = new Map<string, readonly [string, object?]>();
  readonly ended = new Set<string>();
  /** fine: all goes through. barred: no WebSocket. down: nothing answers. hole: all is swallowed. */
  network: "fine" | "barred" | "down" | "hole" = "fine";
  /** The longest command that a socket takes; a longer one ends it. */
  mostBytes = 65_536;
  /** Nothing is told. */
  isMute = false;
  /** Streams are held back by something in between. */
  holdsStreams = false;
  latencyMs = 5;
  readonly ears = new Set<Ear>();
  sockets = 0;
  streams = 0;
  polls = 0;
  readonly WebSocket: new (
    url: string,
    subprotocol: string,
  ) => Socket;
  readonly fetch = (url: string, init: Request) => this.answer(url, init);

  constructor() {
    const connect = (socket: TestSocket) => this.connect(socket);
    this.WebSocket = class extends TestSocket {
      constructor() {
        super(connect);
      }
    };
    this.beat();
  }

  // What happens

  /** Somebody says something; the event, as the visitor and the team are told it. */
  say(conversation: number, text: string, by: Partial<Message> = { sender: ANN }): Event {
    const state = this.states.get(conversation) as Conversation;
    const seq = state.last_seq + 1;
    const message = {
      conversation,
      seq,
      type: "message",
      text,
      at: AT,
      sender: ANN,
      ...by,
    } as const;
    return this.add("message.added", conversation, message);
  }

  /** The state changes. */
  set(conversation: number, change: Partial<Conversation>): Event {
    const state = { ...(this.states.get(conversation) as Conversation), ...change };
    this.states.set(conversation, state);
    const seq = state.last_seq + 1;
    const sender = { role: "system", name: "" } as const;
    const message = { conversation, seq, type: "activity", text: "", at: AT, sender } as const;
    return this.add("conversation.changed", conversation, message);
  }

  begin(contact: number, text = "hello", status: Conversation["status"] = "open"): number {
    const id = this.states.size + 1;
    const more = status ? { status } : {};
    const at = { created_at: AT, updated_at: AT };
    this.states.set(id, { id, kind: "desk", last_seq: 0, ...at, ...more });
    this.owners.set(id, contact);
    if (text) {
      this.say(id, text, { sender: { role: "visitor", name: "Li", id: contact } });
    }
    return id;
  }

  /** A backup is put back: what it has are the first `count` entries, under other names. */
  putBack(count: number): void {
    this.past = String.fromCharCode(this.past.charCodeAt(0) + 1);
    this.events = this.events.slice(0, count);
    for (const [id, state] of this.states) {
      const own = this.events.filter((one) => one.conversation === id);
      if (own.length) {
        this.states.set(id, { ...state, last_seq: own.length });
      } else {
        this.states.delete(id);
      }
    }
    this.closeAll(1012);
  }

  closeAll(code: number): void {
    for (const ear of [...this.ears]) {
      ear.close(code);
    }
  }

  texts(conversation: number): string[] {
    return this.messages(conversation).map(({ text }) => text);
  }

  count(name: string): number {
    return this.asked.filter(([asked]) => asked === name).length;
  }

  private add(on: Event["on"], conversation: number, message: Message): Event {
    const number = this.events.length + 1;
    const { seq } = message;
    const known = this.states.get(conversation) as Conversation;
    const last = on === "message.added" ? { last_message: message } : {};
    const state = { ...known, last_seq: seq, ...last };
    this.states.set(conversation, state);
    const at = { cursor: this.cursorOf(number), conversation, seq, prev: seq - 1 };
    const event: Event = { on, ...at, message, ...(on !== "message.added" && { state }) };
    this.events.push(event);
    this.tell(conversation, event);
    return event;
  }

  /** A message that was never stored, after another one like it. */
  lie(conversation: number): void {
    const seq = this.headOf(conversation) + 2;
    const message = { conversation, seq, type: "message", text: "?", at: AT, sender: ANN };
    const at = { cursor: `x-${this.events.length + 2}`, conversation, seq, prev: seq - 1 };
    this.tell(conversation, { on: "message.added", ...at, message });
  }

  tell(conversation: number, frame: object): void {
    for (const ear of this.isMute ? [] : [...this.ears]) {
      if (this.sees(ear.contact, conversation) && (ear.feeds || ear.open.has(conversation))) {
        ear.push(frame);
      }
    }
  }

  private beat(): void {
    this.clock.after(20_000, () => {
      this.beat();
      for (const ear of this.isMute ? [] : [...this.ears]) {
        ear.push(this.heartbeat(ear));
      }
    });
  }

  private heartbeat(ear: Ear): object {
    const open = [...ear.open].map((id) => [id, this.headOf(id)] as const);
    return { on: "heartbeat", heads: Object.fromEntries(open), cursor: this.cursorOf() };
  }

  private headOf(id: number): number {
    return this.states.get(id)?.last_seq ?? 0;
  }

  /** Marks name the very entry: those that were there before the restore keep theirs. */
  private cursorOf(number = this.events.length): string {
    const kept = this.events[number - 1]?.cursor;
    return kept ?? (number ? `${this.past}${number}-${number}` : "0-0");
  }

  private sees(contact: number, conversation: number): boolean {
    return contact < 0 || (contact > 0 && this.owners.get(conversation) === contact);
  }

  private messages(conversation: number): Message[] {
    const own = this.events.filter((one) => one.conversation === conversation);
    return own.flatMap(({ message }) => message ?? []);
  }

  // Commands

  private do(name: string, form: Fields, ear: Ear): unknown {
    this.asked.push([name, form]);
    const id = form.conversation as number;
    const refusal = this.refusals.get(name) ?? this.refusals.get(`${name} ${id}`);
    if (refusal) {
      throw new Refused(...refusal);
    }
    if (id !== undefined && !(this.states.has(id) && this.sees(ear.contact, id))) {
      throw new Refused("not_found");
    }
    const act = this.commands[name];
    if (!act) {
      throw new Refused("bad_input");
    }
    return act(form, ear);
  }

  private readonly commands: Readonly<Record<string, (form: Fields, ear: Ear) => unknown>> = {
    ping: () => ({}),
    "session.me": (_, { contact }) =>
      contact < 0
        ? { agent: { ...ANN, role: "admin" } }
        : { visitor: { inbox: 1, ...(contact && { id: contact }) } },
    "contact.identify": ({ jwt }, ear) => this.identify(String(jwt), ear),
    "feed.open": ({ cursor }, ear) => {
      const page = cursor === undefined ? this.stand(ear) : this.since(cursor as string, ear);
      ear.feeds = true;
      return page;
    },
    "feed.close": () => ({}),
    "event.list": ({ cursor }, ear) =>
      cursor === undefined ? { cursor: this.cursorOf() } : this.since(cursor as string, ear),
    "conversation.list": (_, ear) => ({ items: this.stand(ear).conversations }),
    "conversation.get": ({ conversation }) => this.state(conversation as number),
    "conversation.open": ({ conversation }, ear) => {
      ear.open.add(conversation as number);
      const state = this.state(conversation as number);
      return { conversation: state, seq: state.last_seq };
    },
    "conversation.close": ({ conversation }, ear) => ear.open.delete(conversation as number) && {},
    "conversation.queue_position": () => ({ position: 2 }),
    "conversation.read": () => ({}),
    "conversation.delivered": () => ({}),
    "conversation.typing": () => ({}),
    "conversation.set_tags": ({ conversation, tags }) => {
      this.set(conversation as number, { tags: tags as string[] });
      return this.state(conversation as number);
    },
    "message.list": ({ conversation, before, limit = 50 }) => {
      const all = this.messages(conversation as number).filter(({ seq }) => seq < Number(before));
      const items = all.slice(-Number(limit));
      return { items, ...(items.length < all.length && { next: "more" }) };
    },
    "message.send": (form, ear) => this.send(form, ear),
    "conversation.start": (form, ear) => this.start(form, ear),
  };

  /** The contact whose number the token is; what the browser wrote as nobody becomes theirs. */
  private identify(jwt: string, ear: Ear) {
    const contact = Number(jwt);
    if (Number.isNaN(contact)) {
      throw new Refused("unauthenticated");
    }
    for (const [id, owner] of this.owners) {
      if (owner === ear.contact) {
        this.owners.set(id, contact);
      }
    }
    this.contacts.set(ear.token, contact);
    this.verified.add(contact);
    this.clock.after(1, () => ear.contact !== contact && ear.close(4100));
    return { id: contact, inbox: 1, verified: true };
  }

  private send({ conversation, client_id, text }: Fields, ear: Ear) {
    const id = conversation as number;
    const known = this.messages(id).find((one) => one.client_id === client_id);
    const visitor: Person = { role: "visitor", name: "Li", id: ear.contact };
    const by = { sender: ear.contact < 0 ? ANN : visitor, client_id: client_id as string };
    const seq = known?.seq ?? this.say(id, text as string, by).seq;
    return { conversation: id, seq, at: AT, client_id };
  }

  private start({ client_id, text }: Fields, ear: Ear) {
    const known = this.events.find(({ message }) => message?.client_id === client_id)?.message;
    const contact = ear.contact || this.contacts.size + 1;
    this.contacts.set(ear.token, contact);
    ear.contact = contact;
    const id = known?.conversation ?? this.begin(contact, "");
    const visitor: Person = { role: "visitor", name: "Li", id: contact };
    const by = { sender: visitor, client_id: client_id as string };
    const message = known ?? this.say(id, text as string, by).message;
    return { conversation: this.state(id), message, contact };
  }

  private state(id: number): Conversation {
    return this.states.get(id) as Conversation;
  }

  private stand(ear: Ear) {
    const all = [...this.states.keys()].filter((id) => this.sees(ear.contact, id));
    return { conversations: all.map((id) => this.states.get(id)), cursor: this.cursorOf() };
  }

  private since(cursor: string, ear: Ear) {
    const number = Number(cursor.split("-")[1]);
    if (number > this.events.length || this.cursorOf(number) !== cursor) {
      throw new Refused("expired");
    }
    const own = this.events.slice(number).filter((one) => this.sees(ear.contact, one.conversation));
    return { cursor: this.cursorOf(), events: own };
  }

  private whoIs(token: string): number {
    if (this.ended.has(token)) {
      throw new Refused("unauthenticated");
    }
    return token === TEAM ? -1 : (this.contacts.get(token) ?? 0);
  }

  private answerTo(name: string, form: Fields, ear: Ear): object {
    try {
      return { ok: this.do(name, form, ear) };
    } catch (error) {
      const { message, more } = error as Refused;
      return { error: { code: message, message: "", ...more } };
    }
  }

  // WebSocket

  private connect(socket: TestSocket): void {
    this.sockets += 1;
    const later = (act: () => void) =>
      this.clock.after(this.latencyMs, () => this.network !== "hole" && act());
    if (this.network !== "fine") {
      later(() => socket.onclose?.({ code: 1006 }));
      return;
    }
    let ear: Ear | null = null;
    let isOpen = true;
    const push = (frame: object) =>
      later(() => socket.onmessage?.({ data: JSON.stringify(frame) }));
    const close = (code: number) => {
      isOpen = false;
      if (ear) {
        this.ears.delete(ear);
      }
      later(() => socket.onclose?.({ code }));
    };
    const hello = (frame: number, token: string) => {
      try {
        ear = { token, contact: this.whoIs(token), push, close, open: new Set(), feeds: false };
        this.ears.add(ear);
        const { contact: id } = ear;
        const actor =
          id < 0
            ? { ...ANN, role: "admin" }
            : { role: "visitor", id, verified: this.verified.has(id) };
        push({ re: frame, ok: { actor, server: { limits: { message_bytes: this.mostBytes } } } });
      } catch (error) {
        push({ re: frame, error: { code: (error as Error).message, message: "" } });
        close(4100);
      }
    };
    const command = (id: number, name: string, form: Fields) => {
      if (name === "hello") {
        hello(id, String(form.token));
      } else if (ear) {
        push({ re: id, ...this.answerTo(name, form, ear) });
      }
    };
    socket.said = (data) =>
      later(() => {
        const { id, do: name, key: _, ...form } = JSON.parse(data);
        if (isOpen && new TextEncoder().encode(data).length > this.mostBytes) {
          close(1009);
        } else if (isOpen) {
          command(id, name, form);
        }
      });
    socket.left = () => {
      isOpen = false;
      return ear && this.ears.delete(ear);
    };
    later(() => socket.onopen?.({} as never));
  }

  // HTTP

  private async answer(url: string, init: Request): Promise<Response> {
    const [path = "", query = ""] = url.replace(/^.*\/api\/v1/, "").split("?");
    const token = (init.headers.Authorization ?? "").replace("Bearer ", "");
    const aborted = new Promise<never>((_, reject) =>
      onAbort(init.signal, () => reject(new Error("aborted"))),
    );
    aborted.catch(() => undefined);
    await Promise.race([this.trip(), aborted]);
    let contact: number;
    try {
      contact = this.whoIs(token);
    } catch {
      return respond(401, { error: { code: "unauthenticated", message: "" } });
    }
    const ear: Ear = {
      token,
      contact,
      push: nothing,
      close: nothing,
      open: new Set(),
      feeds: true,
    };
    const given = Object.fromEntries(new URLSearchParams(query));
    if (init.headers.Accept === "text/event-stream") {
      return this.stream(ear, given.cursor, init);
    }
    const found = nameOf(init.method, path);
    const form = { ...given, ...found?.fields, ...JSON.parse(init.body ?? "{}") };
    const answered = this.answerTo(found?.name ?? "", form, ear) as {
      ok?: object;
      error?: Refused;
    };
    if (form.wait !== undefined) {
      this.polls += 1;
      await Promise.race([this.wait(Number(form.wait), form.cursor, answered), aborted]);
      Object.assign(answered, this.answerTo(found?.name ?? "", form, ear));
    }
    await Promise.race([this.trip(), aborted]);
    const code = (answered.error as { code?: string } | undefined)?.code ?? "";
    return respond(
      answered.ok ? 200 : (STATUS[code] ?? 422),
      answered.ok ?? { error: answered.error },
    );
  }

  private async trip(): Promise<void> {
    await this.sleep(this.latencyMs);
    if (this.network === "down") {
      throw new Error("refused");
    }
    while (this.network === "hole") {
      await this.sleep(1_000);
    }
  }

  private async wait(seconds: number, cursor: unknown, answered: { ok?: object }): Promise<void> {
    const has = answered.ok as { events?: readonly Event[] };
    if (!has?.events?.length && cursor !== undefined) {
      for (let n = 0; n < seconds * 10 && this.cursorOf() === cursor; n++) {
        await this.sleep(100);
      }
    }
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.clock.after(ms, resolve));
  }

  private stream(ear: Ear, cursor: string | undefined, init: Request): Response {
    const from = this.answerTo("event.list", { cursor: cursor ?? this.cursorOf() }, ear);
    const { ok, error } = from as { ok?: { events?: object[] }; error?: object };
    if (!ok) {
      return respond(410, { error });
    }
    this.streams += 1;
    const body = new TestBody();
    const push = (frame: object) =>
      this.clock.after(this.latencyMs, () =>
        this.network === "fine" || this.network === "barred" ? body.give(frame) : undefined,
      );
    const end = () => {
      this.ears.delete(heard);
      this.streams -= body.isDone ? 0 : 1;
      body.end();
    };
    const heard: Ear = { ...ear, push, close: end };
    onAbort(init.signal, end);
    if (!this.holdsStreams) {
      this.ears.add(heard);
      for (const event of ok.events ?? []) {
        push(event);
      }
      push({ on: "heartbeat", cursor: this.cursorOf() });
    }
    return { ...respond(200, {}), body: { getReader: () => body } };
  }
}

const nothing = () => undefined;

function respond(status: number, value: unknown): Response {
  const text = JSON.stringify(value);
  return {
    ok: status < 300,
    status,
    headers: { get: () => null },
    body: null,
    json: async () => JSON.parse(text),
  };
}

function nameOf(method: string, path: string) {
  for (const [name, route] of Object.entries(teamRoutes)) {
    const pattern = route.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)");
    const found = new RegExp(`^${pattern}$`).exec(`${method} ${path}`);
    if (found) {
      const fields = Object.entries(found.groups ?? {});
      return {
        name,
        fields: Object.fromEntries(fields.map(([key, value]) => [key, Number(value)])),
      };
    }
  }
  return null;
}

class TestBody {
  isDone = false;
  private readonly chunks: Uint8Array[] = [];
  private wake: () => void = nothing;

  give(frame: object): void {
    this.chunks.push(new TextEncoder().encode(`data: ${JSON.stringify(frame)}\n\n`));
    this.wake();
  }

  end(): void {
    this.isDone = true;
    this.wake();
  }

  async read(): Promise<{ done: boolean; value?: Uint8Array }> {
    while (!this.chunks.length && !this.isDone) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const value = this.chunks.shift();
    return value ? { done: false, value } : { done: true };
  }

  async cancel(): Promise<void> {
    this.end();
  }
}

class TestSocket implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  said: (data: string) => void = nothing;
  left: () => unknown = nothing;

  constructor(connect: (socket: TestSocket) => void) {
    connect(this);
  }

  send(data: string): void {
    this.said(data);
  }

  close(): void {
    this.left();
  }
}

export { settle };
