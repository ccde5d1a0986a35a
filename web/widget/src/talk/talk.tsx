/**
 * The conversation that is shown, over a connection of its own.
 *
 * Rules: what is shown is made of the client's copy, all of it, after each change. Read is what one has
 * had before one's eyes: at the end of the thread, in an open panel of a window that is seen. What was
 * lost is told until it was read, over reloads. One conversation is shown at a time: the one chosen, the
 * one that goes on, or the one written to last; after `startNew` none, until the first words have begun
 * another. Where none is shown, what is said goes where the client says, once that is known.
 * Not here: rows (lines), elements (row, thread, head, queue), what a screen reader hears (heard).
 */

import type { Chat, More, Client as TheClient, Unsent } from "client";
import { Client } from "client/core";
import { portsOf } from "client/ports";
import type { ComponentChildren } from "preact";
import type { Conversation, Message, Person, thread as threads } from "protocol";
import { Scroll } from "shared/view/scroll";
import type { App, Screen } from "../app";
import type { Lazy } from "../lazy";
import { plainly } from "../marked";
import { fitPlace } from "../places";
import type { Rich } from "../rich/rich";
import { habitOf } from "../times";
import { Greeting, Head, Trouble } from "./head";
import { Heard } from "./heard";
import { countAfter, type Line, lastOf, type Row, rowsOf } from "./lines";
import { Strip } from "./strip";
import { Thread } from "./thread";

/** So long without a connection is not worth a word. */
const LATE_MS = 2_000;
/** What takes longer shows that it does. */
const SLOW_MS = 300;
/** So near to what is older, it is loaded. */
const NEAR_TOP_PX = 600;

const LOSSES = ["expired", "gone", "afresh"] as const;
export type Loss = (typeof LOSSES)[number];

export class Talk {
  readonly app: App;
  readonly client: TheClient;
  readonly scroll = new Scroll(() => this.moved());
  readonly queue: Lazy<typeof import("./queue")>;
  /** Says what went wrong. */
  readonly trouble: Lazy<typeof import("./trouble")>;
  chat: Chat | null = null;
  /** There has been no connection for so long that it is said. */
  isLate = false;
  /** What is on its way takes long enough to be seen. */
  isSlow = false;
  hasFailedEarlier = false;
  loss: Loss | null;
  /** What the others said that one has not come to see while reading back. */
  missed = 0;
  private readonly heard: Heard;
  /** No conversation is shown until what is said has begun one, or has found one that goes on. */
  private isNew = false;
  /** What is said begins one in any case. */
  private isBeside = false;
  private isSeen = false;
  private isPlaced = false;
  private isLoading = false;
  private newAfter: number | null = null;
  private seenSeq = 0;
  private lateTimer: ReturnType<typeof setTimeout> | undefined;
  private slowTimer: ReturnType<typeof setTimeout> | undefined;
  private isWritingAgain = false;

  constructor(app: App) {
    this.app = app;
    this.heard = new Heard(this);
    this.queue = app.part(() => import("./queue"));
    this.trouble = app.part(() => import("./trouble"));
    this.loss = LOSSES.find((one) => one === app.memory.get("loss")) ?? null;
    this.client = new Client({
      url: location.origin,
      side: "visitor",
      widget: app.widget,
      scope: app.scope,
      ports: portsOf(window),
      fallback: async () => (await import("./fallback")).fallback,
      about: () => ({ ...app.about(), ...(app.place && fitPlace(app.place)) }),
    });
    const { client } = this;
    client.on("begun", ({ id }) => this.take(id));
    client.on("notice", ({ code }) => this.lose(code));
    client.on("event", (event) => this.heard.event(event));
    client.on("change", () => this.changed());
    document.addEventListener("visibilitychange", this.shown);
    if (app.opened === null) {
      this.changed();
    } else {
      this.take(app.opened);
      for (const { client_id } of app.first.words) {
        client.retry(client_id, app.opened); // they were said where it is shown
      }
    }
  }

  dispose(): void {
    document.removeEventListener("visibilitychange", this.shown);
    clearTimeout(this.lateTimer);
    clearTimeout(this.slowTimer);
    this.scroll.close();
    this.heard.close();
    this.client.dispose();
  }

  // What there is

  get thread(): threads.Thread | null {
    return this.chat?.thread ?? null;
  }

  get conversation(): Conversation | null {
    return this.thread?.conversation ?? this.known ?? null;
  }

  get conversations(): readonly Conversation[] {
    return this.client.conversations;
  }

  /** What was said and is not among the messages: here, and what is to begin another. */
  get unsent(): readonly Unsent[] {
    const { client } = this;
    const here = this.chat ? client.unsent(this.chat.id) : [];
    return [...here, ...client.unsent(null)].sort((a, b) => a.place - b.place);
  }

  get rows(): readonly Row[] {
    const { thread, unsent, newAfter } = this;
    return rowsOf(thread, unsent, { now: new Date(), newAfter });
  }

  /** The message that the keyboard comes to first: the one last reached, or the newest. */
  get reached(): number | undefined {
    const { messages = [] } = this.thread ?? {};
    const isHere = (one: Message) => one.type === "message" && !one.deleted_at;
    return this.rich?.at ?? lastOf(messages, isHere)?.seq;
  }

  /** Who answers; null: nobody yet. */
  get partner(): Person | null {
    return this.conversation?.assignee ?? null;
  }

  get isWaiting(): boolean {
    return this.conversation?.status === "queued";
  }

  /** A program answers, and no person is asked for. */
  get isWithBot(): boolean {
    return this.partner?.role === "bot" && !this.isWaiting;
  }

  /** Waits, and nobody comes before the inbox opens. */
  get isLeft(): boolean {
    return this.isWaiting && !this.app.inbox.open;
  }

  /** In the queue; null: not in it, or not known, or nobody comes before the inbox opens. */
  get place(): number | null {
    return this.isLeft ? null : this.thread?.position || null;
  }

  /** Somebody takes from the queue now. */
  get isStaffed(): boolean {
    return this.thread?.staffed ?? false;
  }

  /** When it was closed; "": that is not known; null: it was not. */
  get endedAt(): string | null {
    const { conversation, thread } = this;
    if (conversation?.status !== "resolved") {
      return null;
    }
    const end = lastOf(thread?.messages ?? [], ({ activity }) => activity?.what === "resolved");
    return end?.at ?? "";
  }

  /** How the visitor's country writes times. */
  get habit(): string {
    return habitOf(this.app.locale);
  }

  get typist(): Person | null {
    const isOver = this.endedAt !== null || this.client.status !== "live";
    return isOver ? null : (this.thread?.typing[0]?.person ?? null);
  }

  /** Whether the end has the rating in the composer's place. */
  get isRating(): boolean {
    const { conversation, app } = this;
    const isOver = conversation?.status === "resolved" && !this.isWritingAgain;
    const isPassed = app.memory.get("unrated") === String(conversation?.id);
    return isOver && (app.inbox.rating ?? false) && !isPassed;
  }

  // What one does

  say(text: string, more: More = {}): void {
    const { app, client, chat } = this;
    if (app.view === "home") {
      const { live } = client;
      live ? this.take(live.id) : this.leave(false);
    }
    const isNew = this.isBeside;
    client.say(text, this.chat?.id ?? null, { ...more, isNew, ...this.rich?.takeMore() });
    this.newAfter = chat === this.chat ? this.newAfter : null;
    this.toEnd();
  }

  /** What is typed at home goes to no conversation yet. */
  typed(text: string): void {
    if (text && this.app.view === "talk") {
      this.chat?.type(this.app.inbox.preview ? text : undefined);
    }
  }

  /** Shows a conversation. */
  open(id: number): void {
    this.take(id);
    this.app.show("talk");
  }

  private take(id: number): void {
    this.isNew = this.isBeside = false;
    if (this.chat?.id !== id) {
      this.chat?.close();
      this.chat = this.client.open(id);
      this.begin();
    }
    this.changed();
  }

  /** Leaves the one that is shown; the next words begin another. */
  startNew(): void {
    this.leave(true);
  }

  /** Shows none until the next words have begun one, or have found one that goes on. */
  leave(isBeside = this.isBeside): void {
    this.chat?.close();
    this.chat = null;
    this.isNew = true;
    this.isBeside = isBeside;
    this.begin();
    this.changed();
  }

  writeAgain(): void {
    this.isWritingAgain = true;
    this.app.changed();
  }

  /** Asks no more how this one was. */
  notNow(): void {
    this.app.memory.set("unrated", String(this.chat?.id));
    this.writeAgain();
  }

  /** Closes what is open over the thread; false: nothing was. */
  escape(): boolean {
    return this.rich?.escape() ?? false;
  }

  readLoss(): void {
    this.loss = null;
    this.app.memory.remove("loss");
    this.app.changed();
  }

  /** Whoever this browser is now, and no byte of whoever it was. */
  become(): void {
    this.chat?.close();
    this.chat = null;
    this.isNew = this.isBeside = false;
    this.readLoss();
    this.begin();
    this.client.become({ widget: this.app.widget, scope: this.app.scope });
  }

  toEnd(): void {
    this.scroll.toEnd();
    this.changed();
  }

  /** The panel or the window was opened, shown, hidden or closed. */
  readonly shown = (): void => {
    if (!this.app.isOpen) {
      this.newAfter = null;
    }
    this.changed();
  };

  loadEarlier(): void {
    const { chat } = this;
    if (!chat || this.isBusy) {
      return;
    }
    this.hasFailedEarlier = false;
    this.isLoading = true;
    this.changed();
    chat
      .loadEarlier()
      .catch(() => {
        this.hasFailedEarlier = chat === this.chat;
      })
      .finally(() => {
        this.isLoading = false;
        this.changed();
      });
  }

  // What is shown

  /** Something that is to be shown is on its way. */
  get isBusy(): boolean {
    const { chat, client } = this;
    const isFirst = chat ? chat.thread === null : client.status === "connecting" && !this.isNew;
    return this.isLoading || (isFirst && this.unsent.length === 0);
  }

  screen(): Screen {
    const { app, client } = this;
    const isStopped = client.status === "stopped";
    const stopped = isStopped && this.trouble.now;
    const rich = this.isRating ? app.rich.now : this.rich;
    const queue = this.isWaiting ? this.queue.now : null;
    return {
      top: (
        <>
          <Head talk={this} />
          <Trouble talk={this} />
          <Thread key={this.chat?.id ?? 0} talk={this}>
            {queue ? <queue.Queue talk={this} /> : this.isBlank && <Greeting app={app} />}
          </Thread>
        </>
      ),
      strip: isStopped ? null : (rich?.strip() ?? this.stripOf()),
      foot: isStopped ? stopped && <stopped.Stopped talk={this} /> : this.footOf(rich),
      over: rich?.over(),
    };
  }

  /** Nothing was said yet in what is to be another conversation. */
  private get isBlank(): boolean {
    return !this.chat && !this.isBusy && this.unsent.length === 0;
  }

  /** What happened, in words. */
  happened({ what, who, before }: Extract<Row, { readonly kind: "event" }>): string {
    const name = who?.name ?? "";
    const key = what === "closed" && !name ? "talk.closed.over" : (`talk.${what}` as const);
    return this.app.text(key, { name, before: before?.name ?? "" });
  }

  /** What a message says to somebody who does not see it. */
  wordsOf({ text, files = [], blocks = [] }: NonNullable<Line["message"]>): string {
    const titles = blocks.map((block) => ("title" in block ? block.title : ""));
    const names = files.map(({ name, preview }) =>
      preview ? this.app.text("talk.picture", { name }) : name,
    );
    return [plainly(this.app, text), ...names, ...titles].filter(Boolean).join(", ");
  }

  /** The way to a person, and who sees what is typed. */
  private stripOf(): ComponentChildren {
    const isOver = this.endedAt !== null;
    return (this.isWithBot || this.app.inbox.preview) && !isOver ? <Strip talk={this} /> : null;
  }

  private footOf(rich: Rich | null | undefined): ComponentChildren {
    return this.isRating && this.chat ? rich?.foot() : undefined;
  }

  // Inside

  private get rich(): Rich | null {
    return this.app.rich.value ?? null;
  }

  private get known(): Conversation | undefined {
    return this.conversations.find(({ id }) => id === this.chat?.id);
  }

  /** Another conversation is shown, or none. */
  private begin(): void {
    this.isPlaced = false;
    this.isSeen = false;
    this.newAfter = null;
    this.seenSeq = 0;
    this.missed = 0;
    this.isWritingAgain = false;
    this.hasFailedEarlier = false;
    this.scroll.isAtEnd = true;
    this.heard.begin();
  }

  private changed(): void {
    const { app, client } = this;
    this.isWritingAgain &&= this.endedAt !== null; // until the words that were sent have opened it
    if (this.chat && !client.conversations.some(({ id }) => id === this.chat?.id)) {
      this.chat = this.chat.thread || client.status !== "live" ? this.chat : null;
    }
    const [newest] = this.isNew ? [] : client.conversations;
    const next = this.isBeside ? null : (client.live ?? newest);
    if (!this.chat && next) {
      this.take(next.id);
      return;
    }
    this.find();
    this.mark();
    this.heard.changed();
    this.watchLine();
    app.talkChanged();
  }

  /** Where one reads, once the messages are here. */
  private find(): void {
    const { thread } = this;
    this.watchBusy();
    if (!thread) {
      return;
    }
    if (!this.isPlaced) {
      this.isPlaced = true;
      this.seenSeq = thread.level;
    }
    const { isSeen } = this.app;
    if (isSeen && !this.isSeen && thread.conversation.unread) {
      this.newAfter ??= thread.conversation.contact_receipts?.read ?? 0;
    }
    this.isSeen = isSeen;
    if (isSeen && this.scroll.isAtEnd) {
      this.seenSeq = thread.messages.at(-1)?.seq ?? 0;
    }
    this.missed = countAfter(thread.messages, this.seenSeq);
  }

  private mark(): void {
    this.chat?.mark(this.isSeen && this.scroll.isAtEnd);
  }

  /** One has scrolled. */
  private moved(): void {
    const { missed } = this;
    this.find();
    this.mark();
    if (this.scroll.above < NEAR_TOP_PX && this.chat?.hasEarlier && !this.hasFailedEarlier) {
      this.loadEarlier();
    }
    if (missed !== this.missed) {
      this.app.changed();
    }
  }

  /** What is on its way shows that it is, once that takes a while. */
  private watchBusy(): void {
    if (!this.isBusy) {
      clearTimeout(this.slowTimer);
      this.slowTimer = undefined;
      this.isSlow = false;
    } else {
      this.slowTimer ??= setTimeout(() => {
        this.isSlow = true;
        this.app.changed();
      }, SLOW_MS);
    }
  }

  private watchLine(): void {
    const { app, client } = this;
    if (client.status !== "connecting") {
      if (this.isLate && client.status === "live") {
        app.announce(app.text("talk.connected"));
      }
      clearTimeout(this.lateTimer);
      this.lateTimer = undefined;
      this.isLate = false;
    } else {
      this.lateTimer ??= setTimeout(() => {
        this.isLate = true;
        app.announce(app.text("talk.reconnecting"));
      }, LATE_MS);
    }
  }

  private lose(code: Loss): void {
    this.loss = code;
    this.app.memory.set("loss", code);
    if (code !== "expired") {
      this.chat = null;
      this.begin();
    }
    void this.trouble.get().then(({ noticeOf }) => this.app.announce(noticeOf(this.app, code)));
  }
}
