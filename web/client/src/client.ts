/**
 * A client of Kefu: one object for one connection, of a visitor, an agent or a bot.
 *
 * Rules: whoever listens is told after everything here is as it will be, so they may close, open or
 * dispose of anything meanwhile: nothing comes after that, and nothing twice. Somebody else (`become`)
 * finds nothing of whoever was here before. After `dispose` nothing is left.
 * Not here: the network (link), what is kept level (sync), what is being sent (outbox).
 */
import {
  type CommandName,
  type Commands,
  type Conversation,
  type Event,
  type FeedPage,
  type Limits,
  type list as lists,
  lost,
  type Message,
  type Person,
  type Signal,
  type Started,
  thread as threads,
  type Who,
} from "protocol";
import { Chat } from "./chat";
import { deviceToken, freshToken, nameOf } from "./device";
import { Known } from "./known";
import { Link } from "./link";
import { Memory } from "./memory";
import { Optimistic, type Patch } from "./optimistic";
import { type More, Outbox } from "./outbox";
import type { Channel, Ports } from "./ports";
import { Proof } from "./proof";
import { Sync } from "./sync";
import { type Ending, GONE, type MakeWire, Unanswered, type Wire } from "./wire";

/** Who one is. */
export interface Identity {
  /** `kd_…`, `kt_…` or `ks_…`. Left out: a visitor's is drawn and kept; the team's is the cookie. */
  readonly token?: string;
  /** The inbox's widget key, for a visitor. */
  readonly widget?: string;
  /** Under which name things are kept in this browser, and shared among tabs. */
  readonly scope?: string;
}

export interface ClientOptions extends Identity {
  /** Where Kefu is: `https://chat.example.com`. */
  readonly url: string;
  readonly side: "visitor" | "team";
  readonly ports: Ports;
  /** The way where WebSocket is barred (`fallbackOn`), loaded when it is needed. */
  readonly fallback: (() => Promise<MakeWire> | MakeWire) | null;
  /** A position kept from before (`client.position`), for a bot that must not miss anything. */
  readonly position?: string;
  /** What goes with a visitor's first message: page, referrer, locale, time zone. */
  readonly about?: () => object;
}

/**
 * live: all that is here is what the server has. fault: something is missing, and asking does not help.
 * stopped: it does not come back; `reason` is the server's refusal.
 */
export type Status = "connecting" | "live" | "fault" | "stopped";

/** Something that a person should be told, once. */
export interface Notice {
  /**
   * expired: the server was put back, so what was said last may be missing. gone: a conversation is not
   * there any more. afresh: the server knows this browser no more, and it begins anew.
   */
  readonly code: "expired" | "gone" | "afresh";
  readonly message: string;
  readonly conversation?: number;
}

export interface ClientEvents {
  event: Event;
  signal: Signal;
  /** A part of what was missed: it has what only the team is told beside conversations. */
  page: FeedPage;
  /** A visitor's first message is stored. */
  begun: Conversation;
  notice: Notice;
  /** What is shown has changed. */
  change: undefined;
}

const WHO = "who";
/** So many are read to find out which of one's own words are lost. */
const MOST_PAGES = 10;

type Hear<Name extends keyof ClientEvents> = (told: ClientEvents[Name]) => void;

const MESSAGES: Readonly<Record<Notice["code"], string>> = {
  expired: "The server went back to an earlier state: what was said last may be missing.",
  gone: "The conversation is gone.",
  afresh: "The server knows this browser no more.",
};

export class Client {
  private readonly options: ClientOptions;
  private readonly hears = new Map<keyof ClientEvents, Set<Hear<never>>>();
  private readonly chats = new Set<Chat>();
  private identity: Identity;
  private memory!: Memory;
  private link!: Link;
  private sync!: Sync;
  private outbox!: Outbox;
  private optimistic!: Optimistic;
  private proof!: Proof;
  /** Nobody vouched for who was here when the proof was said that the server has taken since. */
  private isJustProved = false;
  private isVerified = false;
  /** Of a visitor. */
  private known: Known | null = null;
  /** From where to go on at first. */
  private from: string | null = null;
  private channel: Channel | null = null;
  /** What whoever was here before had opened: that it is not there for others is no news. */
  private strange = new Set<number>();
  /** What the server lets one client use; null: it has not said, as over HTTP. */
  limits: Limits | null = null;
  private isAfresh = false;
  private ending: Ending | null = null;
  private isOver = false;

  constructor(options: ClientOptions) {
    this.options = options;
    this.identity = options;
    this.begin(options.position ?? null);
  }

  get status(): Status {
    if (this.ending || this.isOver) {
      return "stopped";
    }
    if (this.sync.isFault) {
      return "fault";
    }
    return this.sync.isLevel ? "live" : "connecting";
  }

  /** The server's refusal that stopped it. */
  get reason(): string {
    return this.ending?.code ?? "";
  }

  get transport(): Wire["kind"] | null {
    return this.link.kind;
  }

  get me(): Person {
    return this.sync.me;
  }

  /** Up to where everything was told. */
  get position(): string | null {
    return this.sync.position;
  }

  /** All that one follows, the one written to last first. */
  get conversations(): readonly Conversation[] {
    const all = [...this.sync.list.copies.values()].map(({ conversation }) => conversation);
    return all
      .map((one) => this.optimistic.view(one))
      .sort((a, b) => (a.updated_at < b.updated_at ? 1 : -1));
  }

  /** The one written to last of those that are not over. */
  get live(): Conversation | undefined {
    return this.conversations.find(({ status }) => status !== "resolved");
  }

  get presence(): lists.List["presence"] {
    return this.sync.list.presence;
  }

  /** Calls back; what it returns ends that. */
  on<Name extends keyof ClientEvents>(name: Name, hear: Hear<Name>): () => void {
    const all = this.hears.get(name) ?? new Set();
    this.hears.set(name, all.add(hear as Hear<never>));
    return () => all.delete(hear as Hear<never>);
  }

  /** Asks the server; rejects with `Unanswered`. `key`: so that a repeat is carried out once. */
  call<Name extends CommandName>(
    name: Name,
    form: Commands[Name]["form"],
    key?: string,
  ): Promise<Commands[Name]["answer"]> {
    return this.link.ask(name, form, key) as Promise<Commands[Name]["answer"]>;
  }

  /** As `call`, and shows `patch` of the conversation until the answer is here and has `settled`. */
  async change<Name extends CommandName>(
    conversation: number,
    patch: Patch,
    name: Name,
    form: Commands[Name]["form"],
    settled: (sync: Sync) => void = () => undefined,
  ): Promise<Commands[Name]["answer"]> {
    const { sync } = this;
    const away = this.optimistic.show(conversation, patch);
    this.tell("change", undefined);
    try {
      const answer = await this.call(name, form);
      away();
      if (sync === this.sync) {
        settled(sync);
        if (isState(answer)) {
          sync.hearState(answer);
        }
      }
      return answer;
    } finally {
      away();
      this.tell("change", undefined);
    }
  }

  /** Shows a conversation; to be closed. */
  open(conversation: number): Chat {
    const chat = new Chat(conversation, this, this.parts());
    this.chats.add(chat);
    this.sync.open(conversation);
    return chat;
  }

  /**
   * Says something in a conversation; null: in the one that goes on, or it begins one, as a visitor.
   * Returns its client id.
   */
  say(text: string, conversation: number | null = null, more: More = {}): string {
    return this.outbox.say(text, conversation, more);
  }

  /** What was said and is not among the messages yet; null: what belongs to no conversation yet. */
  unsent(conversation: number | null) {
    return this.outbox.all.filter((one) => one.conversation === conversation);
  }

  retry(clientId: string, conversation: number | null): void {
    this.outbox.retry(clientId, conversation);
  }

  drop(clientId: string): void {
    this.outbox.drop(clientId);
  }

  /** After a fault: tries once more. */
  mend(): void {
    this.sync.retry();
  }

  /** Becomes somebody else, or the same anew: of whoever was here before nothing is left in memory. */
  become(identity: Identity): void {
    this.end();
    this.identity = identity;
    this.begin(null);
    this.tell("change", undefined);
  }

  /**
   * Proves who a visitor is, by a token that the site signed; what is said meanwhile waits. Resolves when
   * the server took it, rejects with `Unanswered`. For another person than before: `become` first.
   */
  identify(jwt: string): Promise<void> {
    return this.proof.say(jwt);
  }

  dispose(): void {
    this.isOver = true;
    this.end();
    this.hears.clear();
  }

  // Inside

  private begin(position: string | null): void {
    const { ports, url, fallback, side } = this.options;
    const { widget } = this.identity;
    const isVisitor = side === "visitor";
    this.ending = null;
    const scope = this.scope();
    const memory = new Memory(ports.storage, scope);
    const own = isVisitor ? deviceToken(memory, ports.random) : undefined;
    const token = this.identity.token ?? own;
    const link = new Link(
      { ports, url, fallback, widget, token, name: isVisitor && token ? nameOf(token) : scope },
      {
        up: (actor, limits) => {
          this.limits = limits ?? this.limits;
          this.up(actor);
        },
        told: (told) => this.sync.hear(told),
        behind: () => this.sync.behind(),
        polled: () => this.sync.polled(),
        down: () => this.sync.down(),
        stopped: (ending) => this.stopped(ending),
      },
    );
    this.memory = memory;
    this.known = isVisitor ? new Known(memory, ports.clock) : null;
    this.from = position ?? this.known?.position ?? null;
    this.link = link;
    this.optimistic = new Optimistic();
    this.sync = this.makeSync(link);
    this.outbox = this.makeOutbox(memory, link);
    this.isVerified = this.isJustProved = false;
    this.proof = new Proof(
      ports.clock,
      (name, form) => link.ask(name, form),
      (taken) => {
        this.isJustProved = taken !== null && !this.isVerified;
        if (taken && taken.id !== this.sync.me.id) {
          link.renew(); // what is here is of whoever one was
        }
        this.outbox.pump();
        this.tell("change", undefined);
      },
    );
    this.listenToTabs(scope);
    link.open();
  }

  private end(): void {
    this.proof.drop();
    this.link.close();
    this.sync.close();
    this.outbox.close();
    for (const chat of [...this.chats]) {
      chat.close();
    }
    if (this.channel) {
      this.channel.onmessage = null;
      this.channel.close();
      this.channel = null;
    }
  }

  private scope(): string {
    const { scope, token, widget } = this.identity;
    return scope ?? (token ? nameOf(token) : (widget ?? "team"));
  }

  private makeSync(link: Link): Sync {
    const { ports, side } = this.options;
    return new Sync(ports, link, side === "team" ? "team" : "contact", {
      event: (event) => this.tell("event", event),
      signal: (signal) => this.tell("signal", signal),
      page: (page) => this.tell("page", page),
      here: (messages: readonly Message[]) => this.outbox.here(messages),
      level: () => {
        this.outbox.adopt();
        this.outbox.pump();
      },
      changed: () => {
        this.known?.keep(this.sync.position, this.sync.threads);
        this.tell("change", undefined);
      },
      expired: () => this.expired(),
      read: (conversation, before) => void this.findLost(conversation, before),
      missing: (conversation) => this.missing(conversation),
    });
  }

  private makeOutbox(memory: Memory, link: Link): Outbox {
    const { ports, side, about = () => ({}) } = this.options;
    return new Outbox(ports, memory, side === "visitor", {
      ask: async (name, form) => {
        this.mustBeReady();
        return link.ask(name, form);
      },
      live: () => {
        this.mustBeReady();
        return (side === "visitor" && this.live?.id) || null;
      },
      about,
      begun: (started) => this.begun(started),
      sent: (answer) => {
        const isOpen = this.sync.threadOf(answer.conversation) !== null;
        this.sync.hearAnswer(answer.conversation, (thread) => threads.hearHead(thread, answer.seq));
        const level = this.sync.threadOf(answer.conversation)?.level ?? 0;
        return isOpen && answer.seq > level;
      },
      over: (conversation, code) => code === "not_found" && this.missing(conversation),
      changed: () => this.tell("change", undefined),
    });
  }

  /** What is said before one hears everything would not be heard oneself, and whose it is not known. */
  private mustBeReady(): void {
    if (!this.sync.isLevel || this.proof.isPending) {
      throw new Unanswered(GONE);
    }
  }

  /** Other tabs of this person: one has begun a conversation. */
  private listenToTabs(scope: string): void {
    const { channel } = this.options.ports;
    if (channel && this.options.side === "visitor") {
      this.channel = channel(`kefu.${scope}.begun`);
      this.channel.onmessage = () => this.link.renew();
    }
  }

  private up(actor: Who): void {
    const role = this.options.side === "visitor" ? "visitor" : roleOf(actor.role);
    const { id, name = "", verified = false } = actor;
    const before = this.memory.get(WHO) ?? "";
    const isOther = before !== "" && before !== String(id);
    // Who was nobody in particular, and has just proved who they are, is no stranger.
    if (isOther && !(this.isJustProved && verified)) {
      id ? this.estrange() : this.orphan();
    } else if (id !== (this.sync.me.id ?? 0)) {
      this.sync.forget(); // what was told so far was not told to them
    }
    this.isJustProved = false;
    this.isVerified = verified;
    this.remember(id);
    this.proof.up();
    this.sync.up({ role, name, ...(id && { id }) }, this.from);
    this.from = null;
  }

  /** Whose the words are that this browser keeps. */
  private remember(id: number): void {
    if (id) {
      this.memory.set(WHO, String(id));
    }
  }

  /** The same token or cookie is another person's now, since a moment ago or since the last page. */
  private estrange(): void {
    this.memory.remove(WHO);
    this.strange = new Set([...this.chats].map(({ id }) => id));
    this.optimistic.clear();
    this.outbox.estrange();
    this.known?.clear();
    this.from = null;
    this.sync.forget();
  }

  /** The server has nobody of this token any more: what was said there is not there either. */
  private orphan(): void {
    this.memory.remove(WHO);
    this.from = null;
    this.sync.forget();
    for (const conversation of this.known?.conversations ?? []) {
      this.missing(conversation);
    }
  }

  private expired(): void {
    this.notice("expired");
    const gone = this.known?.conversations.filter((id) => !this.sync.list.copies.has(id));
    for (const conversation of gone ?? []) {
      this.missing(conversation);
    }
  }

  private stopped(ending: Ending): void {
    const isDrawn = this.options.side === "visitor" && !this.identity.token;
    if (ending.comeback === "renew" && isDrawn && !this.isAfresh) {
      this.isAfresh = true;
      freshToken(this.memory, this.options.ports.random);
      this.memory.remove(WHO);
      this.known?.clear();
      this.end();
      this.begin(null);
      for (const { conversation } of this.outbox.all) {
        this.outbox.release(conversation ?? 0);
      }
      this.notice("afresh");
      return;
    }
    this.ending = ending;
    this.sync.down();
  }

  private begun({ conversation, message }: Started): void {
    this.sync.me = message.sender;
    this.remember(message.sender.id ?? 0);
    this.sync.hearState(conversation);
    this.channel?.postMessage(conversation.id);
    if (this.link.kind === "http") {
      this.link.renew(); // its stream was nobody's
    }
    this.tell("begun", conversation);
  }

  private missing(conversation: number): void {
    for (const chat of [...this.chats].filter((one) => one.id === conversation)) {
      chat.close();
    }
    const words = this.known?.wordsOf(conversation) ?? [];
    this.known?.forget(conversation);
    this.outbox.release(conversation);
    this.outbox.lose(words, null);
    if (!this.strange.delete(conversation)) {
      this.notice("gone", conversation);
    }
    this.outbox.pump();
  }

  /** One's own words that the server had, and has no more; in as many pages as tell it. */
  private async findLost(id: number, before: threads.Thread | null): Promise<void> {
    const { sync, outbox } = this;
    const kept = sync.isExpired ? this.known?.wordsOf(id) : [];
    const words = [
      ...(before ? lost.wordsOf(before.messages, sync.me) : (kept ?? [])),
      ...outbox.all.flatMap((one) =>
        one.conversation === id && one.seq !== undefined ? { ...one, seq: one.seq } : [],
      ),
    ];
    for (let page = 1; words.length && sync === this.sync; page += 1) {
      const messages = sync.threadOf(id)?.messages ?? [];
      const found = lost.findLost(words, messages, sync.hasEarlier(id));
      if (found.isSure || page === MOST_PAGES) {
        outbox.lose(found.lost, this.known ? null : id);
        return;
      }
      try {
        await sync.loadEarlier(id);
      } catch {
        return; // they are looked for once more after the next reload
      }
    }
  }

  private notice(code: Notice["code"], conversation?: number): void {
    const about = conversation === undefined ? {} : { conversation };
    this.tell("notice", { code, message: MESSAGES[code], ...about });
  }

  private tell<Name extends keyof ClientEvents>(name: Name, told: ClientEvents[Name]): void {
    const all = this.hears.get(name) as Set<Hear<Name>> | undefined;
    for (const hear of [...(all ?? [])]) {
      if (all?.has(hear) && !this.isOver) {
        try {
          hear(told);
        } catch (error) {
          void Promise.reject(error); // whoever listens is at fault; all else goes on
        }
      }
    }
  }

  private parts() {
    const { sync, outbox, optimistic, link } = this;
    const { clock } = this.options.ports;
    return {
      sync,
      outbox,
      optimistic,
      link,
      clock,
      closed: (chat: Chat) => this.chats.delete(chat),
    };
  }
}

function isState(answer: unknown): answer is Conversation {
  return typeof answer === "object" && answer !== null && "last_seq" in answer && "id" in answer;
}

function roleOf(role: string): Person["role"] {
  return role === "bot" ? "bot" : "agent";
}
