/**
 * What the server told makes a stale copy fresh: the cases that the server's own tests wrote.
 *
 * docs/protocol/fixtures/freshness/COMMAND.json: see tests/actions/recording.py.
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decode } from "./frames";
import {
  conversationOf,
  emptyList,
  hearEvent as hearInList,
  hearSignal as hearSignalInList,
  hearStates,
  type List,
} from "./list";
import type { Side } from "./reducer";
import { plain } from "./testing/plain";
import { AGENT, VISITOR } from "./testing/server";
import { gap, hearEvent, hearSignal, openThread, type Thread } from "./thread";
import type { Conversation, Event, Message, Signal } from "./types";

interface Shown {
  readonly conversation: Conversation;
  readonly messages: readonly Message[];
}

interface Case {
  readonly command: string;
  readonly audience: Side;
  readonly stale: Shown | null;
  readonly events: readonly (Event | Signal)[];
  readonly fresh: Shown;
}

const FOLDER = new URL("../../../docs/protocol/fixtures/freshness/", import.meta.url);
const CASES = readdirSync(FOLDER)
  .flatMap((name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as Case[])
  .map((one, n) => [`${one.command} ${n}, as the ${one.audience} sees it`, one] as const);

/** What the client knows before; of a conversation that begins, nothing but that it does. */
function stale({ audience, stale, events }: Case): Thread {
  const reader = { side: audience, me: audience === "team" ? AGENT : VISITOR };
  if (stale) {
    return openThread(reader, stale.conversation, stale.messages);
  }
  const state = events.flatMap((one) => ("state" in one && one.state ? [one.state] : []))[0];
  return openThread(reader, { ...(state as Conversation), last_seq: 0 });
}

function hear(thread: Thread, told: Event | Signal): Thread {
  return "seq" in told ? hearEvent(thread, told) : hearSignal(thread, told, 0);
}

function hearListed(list: List, told: Event | Signal): List {
  return "seq" in told ? hearInList(list, told) : hearSignalInList(list, told);
}

function shown({ conversation, messages }: Thread): unknown {
  return plain({ conversation, messages });
}

describe.each(CASES)("%s", (_, one) => {
  it("is fresh after what was told, however often", () => {
    const once = one.events.reduce(hear, stale(one));
    expect(shown(once)).toEqual(plain(one.fresh));
    expect(gap(once)).toBeNull();
    expect(shown(one.events.reduce(hear, once))).toEqual(plain(one.fresh));
  });

  it("is fresh after what was told the other way round", () => {
    const backwards = [...one.events].reverse();
    expect(shown(backwards.reduce(hear, stale(one)))).toEqual(plain(one.fresh));
  });

  it("is fresh in a list", () => {
    const before = one.stale ? [one.stale.conversation] : [];
    const list = one.events.reduce(hearListed, hearStates(emptyList(one.audience), before));
    expect(list.stale.size).toBe(0);
    expect(plain(conversationOf(list, one.fresh.conversation.id))).toEqual(
      plain(one.fresh.conversation),
    );
  });

  it("is told in frames that can be read", () => {
    const kinds = one.events.map((told) => decode(JSON.stringify(told)).kind);
    expect(kinds).toEqual(one.events.map((told) => ("seq" in told ? "event" : "signal")));
  });
});
