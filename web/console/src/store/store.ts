/**
 * All that the console shows, under one cursor: the client's copies, the directory, who types, drafts.
 *
 * Rules: nothing is polled and nothing is asked again because a window is looked at. Whoever shows
 * something takes it by `useStore` with a selector and is drawn when that has changed; a conversation
 * is the same object until it has changed, so a row costs nothing while others move. Whoever signs in
 * as somebody else finds nothing of the one before.
 */
import type { Chat, Ports } from "client";
import { Client } from "client/core";
import { Unanswered } from "client/wire";
import {
  type CommandName,
  type Commands,
  type Conversation,
  type Person,
  team,
  type View,
} from "protocol";
import type { Hearing } from "../hearing/hearing";
import { type Counts, countOf, isShown, type Places, placesOf, type Seeing } from "../list/views";
import { Attachments } from "./attachments";
import { Contacts } from "./contacts";
import { Directory } from "./directory";
import { Drafts, type Mode } from "./drafts";
import { Kept } from "./kept";
import { Listed } from "./listed";
import { lookAt } from "./look";
import { Preferences } from "./preferences";
import { Revising } from "./revising";
import { type Toast, Toasts } from "./toasts";
import { Typists } from "./typists";
import { Visitors } from "./visitors";

const NOBODY: readonly Person[] = [];

export class Store {
  readonly client: Client;
  readonly contacts: Contacts;
  readonly directory: Directory;
  readonly drafts: Drafts;
  readonly kept: Kept;
  readonly listed: Listed;
  readonly attachments: Attachments;
  readonly revising: Revising;
  readonly typists: Typists;
  readonly toasts: Toasts;
  readonly visitors: Visitors;
  readonly preferences: Preferences;
  /** What is heard and shown by the system; null: it is not loaded yet. */
  hearing: Hearing | null = null;
  /** What one has read oneself, and which colleagues look at what. */
  team = team.emptyTeam();
  /** Conversations that are not there any more, or are not for one's eyes. */
  readonly gone = new Set<number>();
  /** Grows with whatever changes. */
  version = 0;
  /** Grows when a person signs in: chats that were open then are to be opened again. */
  signIns = 0;
  /** The wall clock of the last word of the server, in Unix milliseconds; 0: none yet. */
  heardMs = 0;
  private lastMe: Person = { role: "agent", name: "" };
  private isLive = false;
  private made: Derived | null = null;
  private readonly hears = new Set<() => void>();
  private readonly ports: Ports;
  /** To the other tabs. */
  private readonly session: ReturnType<NonNullable<Ports["channel"]>> | null;

  constructor(url: string, ports: Ports) {
    this.ports = ports;
    this.client = new Client({
      url,
      side: "team",
      ports,
      fallback: async () => (await import("./fallback")).wire,
    });
    this.drafts = new Drafts(ports.storage, () => this.me.id ?? 0, this.tell);
    this.attachments = new Attachments(this.client, this.tell);
    this.revising = new Revising(this.tell);
    this.typists = new Typists(ports.clock, this.tell);
    this.toasts = new Toasts(ports.clock, this.tell);
    this.visitors = new Visitors(this.client, () => this.directory.inboxes, this.tell);
    this.directory = new Directory(this.client, () => {
      this.visitors.follow();
      this.tell();
    });
    this.contacts = new Contacts(this.client, this.tell);
    this.preferences = new Preferences(this.client, this.tell);
    this.kept = new Kept(this.client, this.tell);
    this.listed = new Listed(this.client, this.tell);
    this.session = ports.channel?.("kefu.console.session") ?? null;
    if (this.session) {
      this.session.onmessage = () => this.isSignedOut && this.begin();
    }
    this.client.on("change", () => {
      this.directory.follow();
      this.preferences.follow();
      this.kept.follow();
      this.listed.follow();
      this.attachments.follow(this.me.id);
      const isLive = this.client.status === "live";
      if (this.isLive && !isLive) {
        // Until the next connection tells it.
        this.team = { ...this.team, looking: new Map(), here: new Map() };
      }
      this.isLive = isLive;
      this.heardMs = isLive ? ports.clock.wall() : this.heardMs;
      this.tell();
    });
    this.client.on("page", (page) => this.hearTeam(team.hearPage(this.team, page)));
    this.client.on("signal", (signal) => {
      this.hearTeam(team.hearSignal(this.team, signal));
      this.kept.hear(signal);
      this.listed.hear(signal);
      if (signal.on === "typing") {
        this.typists.hear(signal);
      }
    });
    this.client.on("event", ({ conversation, message }) => {
      if (message) {
        this.typists.stop(conversation, message.sender);
      }
    });
    this.client.on("notice", ({ code, conversation }) => {
      if (code === "gone" && conversation !== undefined) {
        this.gone.add(conversation); // whoever shows it says so
        this.tell();
      } else {
        this.toasts.show({ key: `shell:notice.${code}`, isFault: true });
      }
    });
  }

  readonly subscribe = (hear: () => void): (() => void) => {
    this.hears.add(hear);
    return () => this.hears.delete(hear);
  };

  /** Who one is; while a sign-in is on its way, who one was. */
  get me(): Person {
    const { me } = this.client;
    this.lastMe = me.id === undefined ? this.lastMe : me;
    return this.lastMe;
  }

  /** The session is over, or there was none: one signs in, and all goes on. */
  get isSignedOut(): boolean {
    const { status, reason } = this.client;
    return status === "stopped" && reason === "unauthenticated";
  }

  /** All that one follows; the same list until something has changed. */
  get conversations(): readonly Conversation[] {
    return this.derived().all;
  }

  /** All that one follows, and what was read of lists beside it. */
  get known(): readonly Conversation[] {
    const { all, byId } = this.derived();
    const others = [...this.listed.all.values()].filter(({ id }) => !byId.has(id));
    return others.length ? [...all, ...others] : all;
  }

  get places(): Places {
    return this.derived().places;
  }

  /** How many live conversations a saved view shows. */
  countOf(view: View): number {
    const made = this.derived();
    let count = made.views.get(view);
    if (count === undefined) {
      const seeing = this.seeing();
      count = made.all.filter((one) => isShown("all", view.filter, one, seeing)).length;
      made.views.set(view, count);
    }
    return count;
  }

  seeing(): Seeing {
    const isMentioned = (id: number) => this.listed.mentioned.has(id);
    return { me: this.me.id ?? 0, unreadOf: this.unreadOf, isMentioned };
  }

  get counts(): Counts {
    return this.derived().counts;
  }

  /** The same object until it has changed, or a change of one's own lies over it. */
  conversation(id: number): Conversation | undefined {
    return this.derived().byId.get(id) ?? this.listed.all.get(id);
  }

  /** How many words of the visitor one has not read oneself. */
  readonly unreadOf = (one: Conversation): number => team.unreadOf(this.team, one);

  /** Whether its visitor has a connection; null: it is not known, which only a socket tells. */
  isHere(conversation: Conversation): boolean | null {
    const isTold = this.client.status === "live" && this.client.transport === "socket";
    return isTold ? team.isHere(this.team, conversation) : null;
  }

  /** Colleagues who look at a conversation, the same list until it has changed; oneself may be in it. */
  lookersOf(conversation: number): readonly Person[] {
    return this.team.looking.get(conversation) ?? NOBODY;
  }

  /** Another text when something else of a conversation is on its way, or stands otherwise. */
  unsentKey(id: number): string {
    return this.client
      .unsent(id)
      .map(({ client_id, delivery }) => `${client_id} ${delivery}`)
      .join();
  }

  /** Opens a conversation, to be closed by `Chat.close`. */
  open(id: number): Chat {
    return this.client.open(id);
  }

  /** Signed in anew, and so are other tabs: what was not sent goes on if it is the same person. */
  signedIn(): void {
    this.session?.postMessage("signed in");
    this.begin();
  }

  private begin(): void {
    this.signIns += 1;
    this.gone.clear();
    this.contacts.forget();
    this.directory.forget();
    this.visitors.forget();
    this.preferences.forget();
    this.kept.forget();
    this.listed.forget();
    this.team = team.emptyTeam();
    this.client.become({});
    this.tell();
  }

  /**
   * Does something that changes a conversation, and shows `patch` at once. What the server refuses is said;
   * `done` is what is said else, with a way to take it back.
   */
  async change<Name extends CommandName>(
    id: number,
    patch: Partial<Conversation>,
    name: Name,
    form: Commands[Name]["form"],
    done?: Omit<Toast, "id" | "isFault">,
  ): Promise<boolean> {
    try {
      await this.client.change(id, patch, name, form);
      if (done) {
        this.toasts.show(done);
      }
      return true;
    } catch (error) {
      this.refused(error);
      return false;
    }
  }

  /** Says what was refused, where nothing nearer says it. */
  refused(error: unknown): void {
    if (!(error instanceof Unanswered)) {
      throw error;
    }
    const key = error.code === "gone" ? "shell:fault.gone" : "shell:fault.refused";
    this.toasts.show({ key, values: { reason: error.message }, isFault: true });
  }

  /** The conversation whose field is to have the caret as soon as it is there. */
  focus: number | null = null;
  /** As what it is to be written then; null: as it is. */
  focusMode: Mode | null = null;

  wantFocus(conversation: number | null, mode: Mode | null = null): void {
    this.focus = conversation;
    this.focusMode = mode;
    this.tell();
  }

  /** Tells colleagues that one looks at it, until what it returns is called. */
  look(conversation: number): () => void {
    return lookAt(conversation, this.ports.clock, (form) => {
      this.client.call("conversation.look", form).catch(() => undefined); // best effort
    });
  }

  now(): number {
    return this.ports.clock.wall();
  }

  /** What is made of all conversations, once for each change however many show it. */
  private derived(): Derived {
    if (this.made?.version !== this.version) {
      const all = this.client.conversations;
      const counts = countOf(all, this.me.id ?? 0, this.unreadOf);
      const byId = new Map(all.map((one) => [one.id, one]));
      const views = new Map<View, number>();
      this.made = { version: this.version, all, counts, places: placesOf(all), views, byId };
    }
    return this.made;
  }

  /** Something that belongs to the store, and is kept elsewhere, has changed. */
  readonly changed = (): void => this.tell();

  private hearTeam(told: team.Team): void {
    if (told !== this.team) {
      this.team = told;
      this.tell();
    }
  }

  private readonly tell = (): void => {
    this.version += 1;
    for (const hear of [...this.hears]) {
      hear();
    }
  };
}

interface Derived {
  readonly version: number;
  readonly all: readonly Conversation[];
  readonly counts: Counts;
  readonly places: Places;
  /** As far as they were asked for. */
  readonly views: Map<View, number>;
  readonly byId: ReadonlyMap<number, Conversation>;
}
