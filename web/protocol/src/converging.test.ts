/** Whatever becomes of what is told, in the end a client has what the server has. */
import { describe, expect, it } from "vitest";
import {
  conversationOf,
  emptyList,
  hearEvent as hearInList,
  hearSignal as hearSignalInList,
  hearStates,
  type List,
} from "./list";
import type { Side } from "./reducer";
import { Chance } from "./testing/chance";
import { plain } from "./testing/plain";
import { AGENT, Server, VISITOR } from "./testing/server";
import {
  addMessages,
  gap,
  hearEvent,
  hearHead,
  hearPage,
  hearSignal,
  openThread,
  type Thread,
} from "./thread";
import type { Event, ReceiptsChanged } from "./types";

const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);
const SIDES: readonly Side[] = ["team", "contact"];

type Page = ReturnType<Server["open"]>;
type Wire =
  | { readonly event: Event }
  | { readonly signal: ReceiptsChanged }
  | { readonly since: number; readonly page: Page };

/** Something happens at the server; what this side is told of it. */
function happen(server: Server, chance: Chance, side: Side): Wire | null {
  if (chance.is(0.25)) {
    const reader = chance.pick(["team", "contact"] as const);
    return { signal: server.mark(reader, chance.below(server.lastSeq + 1))[side] };
  }
  const n = server.lastSeq + 1;
  const told = chance.pick([
    () => server.say(VISITOR, `question ${n}`),
    () => server.say(AGENT, `answer ${n}`),
    () => server.note(`note ${n}`),
    () => server.edit(chance.below(n), `edited ${n}`),
    () => server.become(chance.pick(["open", "pending", "resolved"])),
    () => server.tag([`tag ${n}`]),
  ])();
  const event = told?.[side];
  return event ? { event } : null;
}

function hear(thread: Thread, wire: Wire): Thread {
  if ("event" in wire) {
    return hearEvent(thread, wire.event);
  }
  return "signal" in wire
    ? hearSignal(thread, wire.signal, 0)
    : hearPage(thread, wire.since, wire.page);
}

/** A client at the end of an imperfect line. */
class Client {
  readonly server = new Server();
  thread: Thread;
  private readonly chance: Chance;
  /** Told, and not heard yet. */
  private readonly wire: Wire[] = [];
  /** Read from the store, and not sent yet. */
  private readonly asked: Wire[] = [];

  constructor(seed: number, side: Side) {
    this.chance = new Chance(seed);
    for (let n = this.chance.below(15); n >= 0; n--) {
      happen(this.server, this.chance, side);
    }
    const me = side === "team" ? AGENT : VISITOR;
    const newest = this.server.page(side, undefined, 4);
    this.thread = openThread({ side, me }, this.server.state(side), newest);
  }

  /** Something happens, and is told: not at all as often as `lost` says, twice as `twice` does. */
  happen(lost: number, twice: number): void {
    const told = happen(this.server, this.chance, this.thread.side);
    if (told && ("signal" in told || !this.chance.is(lost))) {
      this.wire.push(told);
      this.wire.push(...("event" in told && this.chance.is(twice) ? [told] : []));
    }
  }

  /** Asks for what is missing; the page is read now and sent at some time. */
  ask(): void {
    const since = gap(this.thread);
    if (since !== null && this.chance.is(0.3)) {
      this.asked.push({ since, page: this.server.open(this.thread.side, since, 3) });
    }
    if (this.chance.is(0.3)) {
      this.wire.push(...this.asked.splice(0));
    }
  }

  /** Hears some of what was told: a socket keeps the order of what is not lost. */
  hear(): void {
    const heard = this.wire.splice(0, this.chance.below(4));
    this.thread = heard.reduce(hear, this.thread);
  }

  /** Hears one of all that was told. */
  hearAny(): void {
    const [one] = this.wire.splice(this.chance.below(this.wire.length), 1);
    this.thread = one ? hear(this.thread, one) : this.thread;
  }

  /** Hears the rest, and asks for what is missing until nothing is. */
  catchUp(): void {
    const { server, wire, asked } = this;
    let now = [...wire, ...asked].reduce(hear, this.thread);
    now = hearHead(now, server.head(now.side));
    for (let since = gap(now); since !== null; since = gap(now)) {
      now = hearPage(now, since, server.open(now.side, since, 3));
    }
    this.thread = now;
  }

  reopen(): void {
    const { level, side } = this.thread;
    this.thread = hearPage(this.thread, level, this.server.open(side, level, 3));
  }

  expectEverything(): void {
    const { server, thread } = this;
    const whole = addMessages(thread, server.page(thread.side, thread.messages[0]?.seq));
    expect(plain(whole.messages)).toEqual(plain(server.page(thread.side)));
    expect(plain(whole.conversation)).toEqual(plain(server.state(thread.side)));
    expect([whole.held, whole.ahead]).toEqual([[], null]);
  }

  /** What is here has no hole, nothing twice, and nothing that was not there. */
  expectNoHole(): void {
    const { messages, level, side } = this.thread;
    const seqs = messages.map(({ seq }) => seq);
    const from = seqs[0] ?? Number.POSITIVE_INFINITY;
    const stored = this.server.page(side).map(({ seq }) => seq);
    expect(seqs).toEqual(stored.filter((seq) => seq >= from && seq <= level));
  }
}

describe.each(SIDES)("a thread of the %s", (side) => {
  it.each(SEEDS)("has everything after drops, repeats and pages that come late (%i)", (seed) => {
    const client = new Client(seed, side);
    for (let step = 0; step < 40; step++) {
      client.happen(0.15, 0.2);
      client.ask();
      client.hear();
      client.expectNoHole();
    }
    client.catchUp();
    client.expectEverything();
  });

  it.each(SEEDS)("has everything after any disorder, once it is opened again (%i)", (seed) => {
    const client = new Client(seed, side);
    for (let step = 0; step < 40; step++) {
      client.happen(0.2, 0.3);
      client.ask();
      client.hearAny();
      client.expectNoHole();
    }
    client.catchUp();
    client.reopen();
    client.expectEverything();
  });
});

describe.each(SIDES)("a list of the %s", (side) => {
  it.each(SEEDS)("has what stands after drops, or knows what to fetch (%i)", (seed) => {
    const [server, chance] = [new Server(), new Chance(seed)];
    server.say(VISITOR, "first");
    let list = hearStates(emptyList(side), [server.state(side)]);
    for (let step = 0; step < 40; step++) {
      const told = happen(server, chance, side);
      list = told && ("signal" in told || chance.is(0.8)) ? hearListed(list, told) : list;
    }
    list = hearInList(list, server.become("resolved")[side] as Event);
    expect(list.stale.size).toBe(0); // what carries a state mends what was missed
    expect(plain(conversationOf(list, 1))).toEqual(plain(server.state(side)));

    server.say(AGENT, "lost");
    list = hearInList(list, server.say(VISITOR, "heard")[side] as Event);
    expect([...list.stale]).toEqual([1]);
    list = hearStates(list, [server.state(side)]);
    expect([...list.stale]).toEqual([]);
    expect(plain(conversationOf(list, 1))).toEqual(plain(server.state(side)));
  });
});

function hearListed(list: List, told: Wire): List {
  if ("signal" in told) {
    return hearSignalInList(list, told.signal);
  }
  return "event" in told ? hearInList(list, told.event) : list;
}
