import { describe, expect, it } from "vitest";
import {
  doubtful,
  findLost,
  KEPT_MS,
  knownOf,
  MOST_KEPT,
  readKnown,
  stored,
  type Word,
  withLost,
  wordsOf,
  writtenKnown,
} from "./lost";
import type { Sending } from "./sending";
import { openThread } from "./thread";
import type { Message } from "./types";

const AT = "2026-01-01T00:00:00.000Z";
const NOW_MS = Date.parse(AT) + 1_000;
const ME = { role: "visitor", name: "Li", id: 9 } as const;
const ANN = { role: "agent", name: "Ann", id: 3 } as const;

function message(seq: number, client_id?: string, more: Partial<Message> = {}): Message {
  const own = client_id ? { sender: ME, client_id } : { sender: ANN };
  return { conversation: 17, seq, type: "message", text: `t${seq}`, at: AT, ...own, ...more };
}

function word(seq: number, client_id = `c${seq}`): Word {
  return { client_id, text: `t${seq}`, at: AT, seq };
}

function seqs(words: readonly Word[]): number[] {
  return words.map(({ seq }) => seq);
}

describe("one's own words", () => {
  it("are what oneself said, and is there to be read", () => {
    const messages = [
      message(1, "c1"),
      message(2),
      message(3, "c3", { deleted_at: AT }),
      message(4, "c4", { text: "" }),
      message(5, "c5", { sender: { ...ME, id: 8 } }),
      message(6, "c6"),
    ];
    expect(wordsOf(messages, ME)).toEqual([word(1), word(6)]);
  });

  it("are kept as far as they are the newest", () => {
    const messages = Array.from({ length: MOST_KEPT + 2 }, (_, n) => message(n + 1, `c${n + 1}`));
    expect(wordsOf(messages, ME)[0]?.seq).toBe(3);
  });

  it("are the same after a reload, for two days", () => {
    const state = { id: 17, kind: "desk", last_seq: 2, created_at: AT, updated_at: AT } as const;
    const messages = [message(1, "c1"), message(2)];
    const known = knownOf(openThread({ side: "contact", me: ME }, state, messages, "m2"));
    expect(known).toEqual({ conversation: 17, since: 2, mark: "m2", words: [word(1)] });
    const kept = writtenKnown(known);
    expect(readKnown(kept, 17, NOW_MS)).toEqual(known);
    expect(readKnown(kept, 18, NOW_MS)).toBeNull();
    expect(readKnown(kept, 17, NOW_MS + KEPT_MS)).toEqual({ ...known, words: [] });
  });

  it.each(["", "null", "1", "[]", "{", '{"conversation":17}', '{"conversation":17,"since":1}'])(
    "are not known if what was kept is %j",
    (kept) => {
      expect(readKnown(kept, 17, NOW_MS)).toBeNull();
    },
  );

  it("are read as far as they have their form", () => {
    const words = [null, 1, { client_id: "c1" }, { client_id: "c", text: "", at: "" }, word(1)];
    const kept = JSON.stringify({ conversation: 17, since: 1, mark: 2, words });
    expect(readKnown(kept, 17, NOW_MS)).toEqual({ conversation: 17, since: 1, words: [word(1)] });
  });

  it("may be lost, all or those after what the server still has", () => {
    const known = { conversation: 17, since: 1, words: [word(1), word(2)] };
    expect(doubtful(known, true)).toEqual([word(2)]);
    expect(doubtful(known, false)).toEqual(known.words);
  });
});

describe("what the store has lost", () => {
  it("is an end of what one said, though others have its numbers now", () => {
    const words = [word(1), word(3), word(4)];
    const now = [message(1, "c1"), message(2), message(3), message(4), message(5)];
    expect(seqs(findLost(words, now, false).lost)).toEqual([3, 4]);
    expect(seqs(findLost(words, [message(1, "c1")], false).lost)).toEqual([3, 4]);
    expect(findLost(words, [], false)).toEqual({ lost: words, isSure: true });
  });

  it("is nothing where all is there", () => {
    const words = [word(1), word(2)];
    const now = [message(1, "c1"), message(2, "c2"), message(3)];
    expect(findLost(words, now, false)).toEqual({ lost: [], isSure: true });
  });

  it("is nothing of what has gone by its age", () => {
    expect(findLost([word(1), word(2)], [message(5)], false).lost).toEqual([]);
    expect(findLost([word(1), word(6)], [message(6, "c6")], false).lost).toEqual([]);
  });

  it("is known once a page has something that was there before, or begins before all of it", () => {
    const words = [word(3), word(4)];
    const newest = [message(60), message(61)];
    expect(findLost(words, newest, true)).toEqual({ lost: [], isSure: false });
    const further = [message(3, "c3"), message(4), ...newest];
    expect(findLost(words, further, true)).toEqual({ lost: [word(4)], isSure: true });
    const before = [message(2), message(3), ...newest];
    expect(findLost(words, before, true)).toEqual({ lost: words, isSure: true });
    expect(findLost([], newest, true).isSure).toBe(true);
  });

  it("waits for its writer, once, whether the answer alone was heard or the message, too", () => {
    const sent: Sending = { ...word(4), delivery: "sent" };
    const pending: Sending = { client_id: "new", text: "new", at: AT, delivery: "pending" };
    const thread = withLost({ sending: [sent, pending] }, [word(3), word(4)]);
    expect(thread.sending.map(({ client_id, delivery }) => [client_id, delivery])).toEqual([
      ["c3", "lost"],
      ["c4", "lost"],
      ["new", "pending"],
    ]);
    expect(withLost(thread, [])).toBe(thread);
    expect(stored([sent, pending])).toEqual([word(4)]);
  });
});
