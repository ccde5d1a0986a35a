import { describe, expect, it } from "vitest";
import {
  append,
  confirm,
  failPending,
  type Line,
  MOST_LINES,
  oldestPending,
  refuseOldest,
  remove,
  type Thread,
} from "./thread";

let ids = 0;

function mine(text: string, delivery: Line["delivery"] = "pending"): Line {
  return { id: ++ids, from: "me", sender: "Ann", text, atMs: 0, delivery };
}

function theirs(text: string): Line {
  return { ...mine(text, "sent"), from: "peer", sender: "Ben" };
}

function deliveries(thread: Thread | null): string[] | undefined {
  return thread?.map((line) => `${line.text} ${line.delivery}`);
}

describe("a thread", () => {
  it("confirms a pending line with its echo", () => {
    expect(deliveries(confirm([mine("hi")], "hi"))).toEqual(["hi sent"]);
  });

  it("confirms equal lines one echo at a time, the oldest first", () => {
    const once = confirm([mine("hi"), mine("hi")], "hi");
    expect(deliveries(once)).toEqual(["hi sent", "hi pending"]);
    expect(deliveries(confirm(once ?? [], "hi"))).toEqual(["hi sent", "hi sent"]);
  });

  it("knows that a line was passed over when a later one is echoed", () => {
    expect(deliveries(confirm([mine("a"), mine("b")], "b"))).toEqual(["a failed", "b sent"]);
  });

  it("leaves lines that failed with an earlier connection failed", () => {
    const thread = [mine("hi", "failed"), mine("hi")];
    expect(deliveries(confirm(thread, "hi"))).toEqual(["hi failed", "hi sent"]);
  });

  it("confirms a line that was given up when its echo comes after all", () => {
    expect(deliveries(confirm([mine("hi", "failed")], "hi"))).toEqual(["hi sent"]);
  });

  it("takes no echo for a line that nobody here said", () => {
    expect(confirm([theirs("hi"), mine("other")], "hi")).toBeNull();
  });

  it("fails the oldest line without an echo when the server refuses one", () => {
    const thread = [mine("a", "sent"), mine("b"), mine("c")];
    expect(deliveries(refuseOldest(thread))).toEqual(["a sent", "b failed", "c pending"]);
    expect(refuseOldest([theirs("a")])).toHaveLength(1);
  });

  it("fails everything pending when the connection breaks, and nothing else", () => {
    const thread = [mine("a", "sent"), theirs("b"), mine("c"), mine("d")];
    expect(deliveries(failPending(thread))).toEqual(["a sent", "b sent", "c failed", "d failed"]);
  });

  it("removes the line that is said again", () => {
    const line = mine("a", "failed");
    expect(remove([line, theirs("b")], line.id).map(({ text }) => text)).toEqual(["b"]);
  });

  it("has no pending line once all are answered", () => {
    expect(oldestPending([mine("a", "sent"), theirs("b")])).toBeUndefined();
  });

  it("is bounded", () => {
    let thread: Thread = [];
    for (let n = 0; n <= MOST_LINES; n++) {
      thread = append(thread, theirs(String(n)));
    }
    expect(thread).toHaveLength(MOST_LINES);
    expect(thread[0]?.text).toBe("1");
  });
});
