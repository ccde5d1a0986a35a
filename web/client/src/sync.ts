/**
 * What one has of the server, kept level with it: all conversations as a list, the opened ones with
 * their messages, under one cursor whatever the wire.
 *
 * Rules: the position moves first, then others are told, and it never moves back. It stays behind
 * what is missing. What is missing is asked for; if that does not help, all is taken afresh, twice,
 * after longer and longer; then that is a fault, which is said. A position of another past is
 * `expired`: all is taken afresh, and that is said, too. Whatever an older run brings late is dropped.
 * Not here: the reducers (protocol), what oneself says (outbox), wires (link).
 */
import {
  type Conversation,
  type Event,
  type FeedPage,
  list as lists,
  type Message,
  type Person,
  type QueuePlace,
  type Side,
  type Signal,
  thread as threads,
} from "protocol";
import type { Link } from "./link";
import { backoffMs } from "./link";
import type { Ports } from "./ports";
import { isCode, type Told, Unanswered } from "./wire";

type Thread = threads.Thread;

const PAGE = 50;
/** What was told a moment ago may still be on its way. */
const LATE_MS = 1_000;
/** Where asking for what is missing does not help, all is taken afresh so often. */
const MOST_SNAPSHOTS = 2;
/** After so long without another, a gap is a new one. */
const FORGIVEN_MS = 60_000;

export interface SyncEvents {
  /** Each stored event once, after everything here has taken it in. */
  event(event: Event): void;
  signal(signal: Signal): void;
  /** What a part of what was missed has beside conversations and events. */
  page(page: FeedPage): void;
  /** Messages that are here now: what announced them may go. */
  here(messages: readonly Message[]): void;
  /** All that was missed is here. */
  level(): void;
  /** Something of what is shown has changed. */
  changed(): void;
  /** The server was put back: what was said last may be missing. */
  expired(): void;
  /** An opened conversation was read, in the place of what was here of it. */
  read(conversation: number, before: Thread | null): void;
  /** A conversation that is opened is not there any more. */
  missing(conversation: number): void;
}

/** A conversation that somebody looks at. */
interface Open {
  thread: Thread | null;
  hasEarlier: boolean;
  /** Heard while it is being read. */
  early: Event[];
  /** How many look at it. */
  users: number;
  /** In which run it was read, or is being read. */
  run: number;
}

export class Sync {
  readonly side: Side;
  list: lists.List;
  me: Person;
  isLevel = false;
  isFault = false;
  /** The server is not where it was, since this began. */
  isExpired = false;
  private readonly ports: Ports;
  private readonly link: Link;
  private readonly events: SyncEvents;
  private readonly opened = new Map<number, Open>();
  private cursor: string | null = null;
  /** A position that was kept from before. */
  private from: string | null = null;
  /** Something came before what it follows. */
  private isGap = false;
  /** Heard while something is asked for. */
  private held: Told[] | null = null;
  /** Something may not have been told since that was asked for. */
  private isBehind = false;
  /** How often in a row nothing could be asked. */
  private failures = 0;
  /** One run for each time that all is made level; what an older one brings is dropped. */
  private run = 0;
  private resyncs = 0;
  private snapshots = 0;
  /** What was missing was asked for, and is missing still. */
  private isUnhelped = false;
  private resyncedMs = Number.NEGATIVE_INFINITY;
  private stopWaiting: (() => void) | null = null;
  private stopTyping: (() => void) | null = null;

  constructor(ports: Ports, link: Link, side: Side, events: SyncEvents) {
    this.ports = ports;
    this.link = link;
    this.side = side;
    this.events = events;
    this.list = lists.emptyList(side);
    this.me = { role: side === "team" ? "agent" : "visitor", name: "" };
  }

  /** Up to where everything was told; null: nothing yet. */
  get position(): string | null {
    return this.cursor;
  }

  threadOf(id: number): Thread | null {
    return this.opened.get(id)?.thread ?? null;
  }

  get threads(): readonly Thread[] {
    return [...this.opened.values()].flatMap(({ thread }) => thread ?? []);
  }

  hasEarlier(id: number): boolean {
    return this.opened.get(id)?.hasEarlier ?? false;
  }

  /** Let in: makes all level. `from`: a position kept from before. */
  up(me: Person, from: string | null = null): void {
    this.me = me;
    this.isFault = false;
    this.from = this.cursor === null ? from : null;
    void this.level(this.cursor === null);
  }

  down(): void {
    this.run += 1;
    this.isLevel = false;
    this.held = null;
    this.rest();
    this.events.changed();
  }

  /** Somebody else is here now: of what was shown nothing stays, and what they may see is read. */
  forget(): void {
    this.run += 1;
    this.rest();
    this.cursor = this.from = null;
    this.list = lists.emptyList(this.side);
    for (const open of this.opened.values()) {
      open.thread = null;
      open.hasEarlier = false;
    }
    this.events.changed();
  }

  close(): void {
    this.run += 1;
    this.rest();
    this.stopTyping?.();
    this.opened.clear();
  }

  /** Begins to show a conversation; to be closed as often as it was opened. */
  open(id: number): void {
    const known = this.opened.get(id);
    if (known) {
      known.users += 1;
      return;
    }
    this.opened.set(id, { thread: null, hasEarlier: false, early: [], users: 1, run: 0 });
    if (this.isLevel) {
      void this.attempt(this.run, () => this.load(id, this.run));
    }
  }

  shut(id: number): void {
    const known = this.opened.get(id);
    if (known && --known.users <= 0) {
      this.opened.delete(id);
      if (this.link.kind === "socket") {
        this.link.ask("conversation.close", { conversation: id }).catch(() => undefined);
      }
    }
  }

  /** Reads the page before what is here. Rejects with `Unanswered`. */
  async loadEarlier(id: number): Promise<void> {
    const first = this.threadOf(id)?.messages[0];
    if (first) {
      const { items, next } = await this.page(id, first.seq);
      this.change(id, (thread) => threads.addMessages(thread, items), next !== undefined);
      this.events.changed();
    }
  }

  hear(told: Told): void {
    if (this.held) {
      this.held.push(told);
      return;
    }
    const { run } = this;
    switch (told.kind) {
      case "event":
        this.apply(told.event, true);
        break;
      case "signal":
        this.signal(told.signal);
        break;
      case "heartbeat":
        for (const [id, head] of told.heads) {
          this.change(id, (thread) => threads.hearHead(thread, head));
        }
        this.move(told.cursor);
    }
    if (run === this.run) {
      this.isFault &&= this.isMissing();
      this.mend();
      this.events.changed();
    }
  }

  /** A send was answered, or a state: it may tell of more than is here. */
  hearAnswer(id: number, change: (thread: Thread) => Thread): void {
    this.change(id, change);
    this.mend();
    this.events.changed();
  }

  hearState(state: Conversation): void {
    this.list = lists.hearStates(this.list, [state]);
    this.hearAnswer(state.id, (thread) => threads.hearState(thread, state));
  }

  /** One's own side has read up to `seq`; not everybody is told that by a signal. */
  hearRead(id: number, seq: number): void {
    const known = lists.conversationOf(this.list, id) ?? this.threadOf(id)?.conversation;
    if (known && seq >= known.last_seq) {
      const { team_receipts: team = {}, contact_receipts: contact = {}, contact_unread } = known;
      const receipts = { team, contact, [this.side]: { delivered: seq, read: seq } };
      const unread = this.side === "team" ? { contact_unread: contact_unread ?? 0 } : {};
      const signal = { on: "receipts", conversation: id, ...receipts, ...unread } as const;
      this.list = lists.hearSignal(this.list, signal);
      this.change(id, (thread) => threads.hearSignal(thread, signal, 0));
    }
  }

  signal(signal: Signal): void {
    const nowMs = this.ports.clock.now();
    this.list = lists.hearSignal(this.list, signal);
    if ("conversation" in signal) {
      this.change(signal.conversation, (thread) => threads.hearSignal(thread, signal, nowMs));
      this.expireTyping();
    }
    this.events.signal(signal);
  }

  /** Something may not have been told. */
  behind(): void {
    if (this.held) {
      this.isBehind = true;
    } else if (this.isLevel) {
      void this.level(false);
    }
  }

  polled(): void {
    if (this.isLevel && !this.held) {
      void this.attempt(this.run, () => this.refresh(this.run, true));
    }
  }

  /** Tries once more after a fault. */
  retry(): void {
    this.resyncs = this.snapshots = 0;
    this.isFault = false;
    this.link.renew();
  }

  // Making it level

  private async level(isAfresh: boolean): Promise<void> {
    this.rest();
    this.run += 1;
    const { run } = this;
    this.held = [];
    this.isBehind = false;
    await this.attempt(run, async () => {
      await (isAfresh ? this.takeAfresh(run) : this.askOn(run));
      if (run === this.run) {
        await this.reached(run, isAfresh);
      }
    });
  }

  /** All that was asked for is here. */
  private async reached(run: number, isAfresh: boolean): Promise<void> {
    const isFirst = !this.isLevel;
    this.isLevel = true;
    this.isGap = false;
    this.failures = 0;
    this.isUnhelped = !isAfresh && this.isMissing();
    this.release();
    if (run !== this.run) {
      return; // whoever was told has closed it
    }
    if (isFirst) {
      this.link.settle();
      this.link.follow(() => this.cursor);
      this.events.level();
    }
    this.events.changed();
    if (this.isBehind) {
      await this.level(false);
      return;
    }
    this.mend();
    await this.refresh(run, isFirst && !isAfresh);
  }

  /** Does it for this run; again after a while if it is refused. */
  private async attempt(run: number, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Unanswered)) {
        throw error;
      }
      if (run === this.run) {
        const delayMs = error.retryMs ?? backoffMs(this.failures);
        this.failures += 1;
        this.wait(delayMs, () => void this.level(this.cursor === null));
      }
    }
  }

  /** Asks for what happened since the position, page by page. */
  private async askOn(run: number): Promise<void> {
    try {
      for (let isMore = true; isMore && run === this.run; ) {
        const page = await this.link.page({ cursor: this.cursor });
        if (run !== this.run) {
          return;
        }
        this.take(page, run);
        isMore = page.more ?? false;
      }
    } catch (error) {
      if (run !== this.run || !isCode(error, "expired")) {
        throw error;
      }
      this.isExpired = true;
      await this.takeAfresh(run);
      if (run === this.run) {
        this.events.expired();
      }
    }
  }

  /** Takes everything as it stands: the list, every opened conversation, places in the queue. */
  private async takeAfresh(run: number): Promise<void> {
    const { presence } = this.list;
    this.cursor = null;
    for (let more: object | null = {}; more; ) {
      const page = await this.link.page(more);
      if (run !== this.run) {
        return;
      }
      if (this.cursor === null) {
        this.cursor = page.cursor;
        this.list = { ...lists.emptyList(this.side), presence };
      }
      this.list = lists.hearStates(this.list, page.conversations ?? []);
      if (this.from === null) {
        this.take(page, run); // else it comes again, with what was before it
      }
      const next = page.next === undefined ? {} : { next: page.next };
      more = page.more ? { cursor: page.cursor, ...next } : null;
    }
    if (this.from !== null) {
      this.cursor = this.from;
      this.from = null;
      await this.askOn(run);
    }
    for (const id of [...this.opened.keys()]) {
      await this.load(id, run);
    }
  }

  private take(page: FeedPage, run: number): void {
    const { events = [], receipts = [], cursor } = page;
    for (const event of events) {
      if (run === this.run) {
        this.apply(event, false);
      }
    }
    if (run === this.run) {
      for (const one of receipts) {
        this.signal({ ...one, on: "receipts" }); // within an answer they are not named
      }
      this.move(cursor, true);
      this.events.page(page);
    }
  }

  /** Reads a conversation and its newest messages, in the place of what is here of it. */
  private async load(id: number, run: number): Promise<void> {
    const open = this.opened.get(id);
    if (!open || run !== this.run || run === open.run) {
      return;
    }
    open.run = run;
    open.early = [];
    try {
      const conversation = await this.state(id);
      const { items, next } = await this.page(id, conversation.last_seq + 1);
      if (run !== this.run || this.opened.get(id) !== open) {
        return;
      }
      const before = open.thread;
      const blank = threads.openThread({ side: this.side, me: this.me }, conversation, items);
      open.thread = open.early.reduce(threads.hearEvent, blank);
      open.hasEarlier = next !== undefined;
      open.early = [];
      this.list = lists.hearStates(this.list, [conversation]);
      this.events.here(items);
      this.events.read(id, before);
      await this.askPlace(id, run);
    } catch (error) {
      if (!isCode(error, "not_found") || run !== this.run) {
        throw error;
      }
      this.opened.delete(id);
      this.events.missing(id);
    }
    if (run === this.run) {
      this.events.changed();
    }
  }

  /** Looks up what is not among the events. `isAll`: also of what is here already. */
  private async refresh(run: number, isAll: boolean): Promise<void> {
    for (const [id, open] of [...this.opened]) {
      if (!open.thread) {
        await this.load(id, run);
      } else if (isAll) {
        const state = await this.state(id);
        if (run !== this.run) {
          return;
        }
        this.list = lists.hearStates(this.list, [state]);
        this.change(id, (thread) =>
          threads.hearHead(threads.hearState(thread, state), state.last_seq),
        );
        this.events.changed();
        await this.askPlace(id, run);
      }
    }
    await this.fetchStale(run);
    if (run === this.run && this.isMissing() && !this.stopWaiting) {
      this.wait(LATE_MS, () => this.mend()); // unless it is on its way
    }
  }

  /** Fetches what events told too little of. */
  private async fetchStale(run: number): Promise<void> {
    for (const id of [...this.list.stale]) {
      if (run !== this.run) {
        return;
      }
      try {
        const state = await this.link.ask("conversation.get", { conversation: id });
        this.list = lists.hearStates(this.list, run === this.run ? [state as Conversation] : []);
      } catch (error) {
        if (!isCode(error, "not_found")) {
          throw error;
        }
      }
      const stale = new Set(this.list.stale);
      stale.delete(id);
      this.list = { ...this.list, stale };
    }
    for (const id of this.unplaced()) {
      await this.askPlace(id, run);
    }
    if (run === this.run) {
      this.events.changed();
    }
  }

  /** Over a socket it is open from then on: heartbeats say its newest number. */
  private async state(id: number): Promise<Conversation> {
    if (this.link.kind !== "socket") {
      return (await this.link.ask("conversation.get", { conversation: id })) as Conversation;
    }
    const page = await this.link.ask("conversation.open", { conversation: id });
    return (page as { readonly conversation: Conversation }).conversation;
  }

  private async page(id: number, before: number) {
    const form = { conversation: id, before, limit: PAGE };
    const page = await this.link.ask("message.list", form);
    return page as { readonly items: readonly Message[]; readonly next?: string };
  }

  private async askPlace(id: number, run: number): Promise<void> {
    const thread = this.threadOf(id);
    if (!thread || !isQueued(thread.conversation) || run !== this.run) {
      return;
    }
    const form = { conversation: id };
    const answer = await this.link.ask("conversation.queue_position", form);
    if (run === this.run) {
      this.signal({ on: "queue.position", position: 0, ...form, ...(answer as QueuePlace) });
    }
  }

  // What is told

  /** Takes an event in. One that is `isLive` may come too early: then it is told with what is missing. */
  private apply(event: Event, isLive: boolean): void {
    const open = this.opened.get(event.conversation);
    this.isGap ||= isLive && event.prev > this.levelOf(event.conversation);
    this.list = lists.hearEvent(this.list, event);
    if (open && !open.thread) {
      open.early.push(event);
    }
    this.change(event.conversation, (thread) => threads.hearEvent(thread, event));
    const isNew = numberOf(event.cursor) > numberOf(this.cursor);
    const isNext = isNew && !(isLive && this.isMissing());
    if (isNext) {
      this.cursor = event.cursor;
    }
    if (event.message) {
      this.events.here([event.message]);
    }
    if (isNext) {
      this.events.event(event);
    }
  }

  /** Up to which number one was told of a conversation; of one that is not known, any. */
  private levelOf(id: number): number {
    const known = lists.conversationOf(this.list, id)?.last_seq ?? Number.POSITIVE_INFINITY;
    return this.threadOf(id)?.level ?? known;
  }

  /** Everything up to there was told. `isWhole`: nothing before it is missing, whatever it seems. */
  private move(cursor: string | null, isWhole = false): void {
    const isAhead = cursor !== null && numberOf(cursor) > numberOf(this.cursor);
    if (isAhead && (isWhole || (this.isLevel && !this.isMissing()))) {
      this.cursor = cursor;
    }
  }

  private isMissing(): boolean {
    return this.isGap || this.threads.some((thread) => threads.gap(thread) !== null);
  }

  /** In the queue, as far as one was told, and nobody said where. */
  private unplaced(): readonly number[] {
    const queued = this.threads.filter(({ position }) => position === null);
    return queued
      .map(({ conversation }) => conversation)
      .filter(isQueued)
      .map(({ id }) => id);
  }

  private mend(): void {
    if (!this.isLevel || this.held || this.stopWaiting || this.isFault) {
      return;
    }
    if (!this.isMissing()) {
      if (this.list.stale.size || this.unplaced().length) {
        this.wait(0, () => void this.attempt(this.run, () => this.fetchStale(this.run)));
      }
      return;
    }
    const nowMs = this.ports.clock.now();
    if (nowMs - this.resyncedMs > FORGIVEN_MS) {
      this.resyncs = this.snapshots = 0;
    }
    this.resyncedMs = nowMs;
    if (!this.isUnhelped) {
      const delayMs = this.resyncs ? backoffMs(this.resyncs - 1) : 0;
      this.resyncs += 1;
      this.wait(delayMs, () => void this.level(false));
    } else if (this.snapshots < MOST_SNAPSHOTS) {
      this.wait(backoffMs(this.snapshots), () => void this.level(true));
      this.snapshots += 1;
    } else {
      this.isFault = true;
    }
  }

  /** What was heard while something was asked for. */
  private release(): void {
    const held = this.held ?? [];
    const { run } = this;
    this.held = null;
    for (const told of held) {
      if (run !== this.run || this.held) {
        break;
      }
      this.hear(told);
    }
  }

  private change(id: number, change: (thread: Thread) => Thread, hasEarlier?: boolean): void {
    const open = this.opened.get(id);
    if (open?.thread) {
      open.thread = change(open.thread);
      open.hasEarlier = hasEarlier ?? open.hasEarlier;
    }
  }

  private expireTyping(): void {
    this.stopTyping?.();
    this.stopTyping = null;
    const all = this.threads.flatMap(({ typing }) => typing);
    if (all.length) {
      const { clock } = this.ports;
      const untilMs = Math.min(...all.map(({ until_ms }) => until_ms));
      this.stopTyping = clock.after(Math.max(0, untilMs - clock.now()), () => {
        for (const id of this.opened.keys()) {
          this.change(id, (thread) => threads.expireTyping(thread, clock.now()));
        }
        this.expireTyping();
        this.events.changed();
      });
    }
  }

  private wait(delayMs: number, act: () => void): void {
    this.rest();
    this.stopWaiting = this.ports.clock.after(delayMs, () => {
      this.stopWaiting = null;
      act();
    });
  }

  private rest(): void {
    this.stopWaiting?.();
    this.stopWaiting = null;
  }
}

function isQueued({ status }: Conversation): boolean {
  return status === "queued";
}

/** A cursor is `MARK-NUMBER`; without one, below every number. */
function numberOf(cursor: string | null): number {
  return cursor === null ? -1 : Number(cursor.slice(cursor.lastIndexOf("-") + 1));
}
