import { type Activity, type Conversation, type Message, thread as threads } from "protocol";
import { describe, expect, it } from "vitest";
import { canRetry, linesOf, withDates } from "./lines";

const ME = { role: "visitor", name: "Li", id: 9 } as const;
const ANN = { role: "agent", name: "Ann", id: 3 } as const;
const AT = "2026-01-01T00:00:00Z";

const STATE: Conversation = {
  id: 17,
  kind: "desk",
  last_seq: 3,
  created_at: AT,
  updated_at: AT,
  team_receipts: { read: 2 },
};

function message(seq: number, more: Partial<Message> = {}): Message {
  return { conversation: 17, seq, type: "message", sender: ME, text: `t${seq}`, at: AT, ...more };
}

function linesWith(...messages: Message[]) {
  const thread = threads.openThread({ side: "contact", me: ME }, STATE, messages);
  return linesOf(thread, []);
}

describe("the log's lines", () => {
  it("tell one's own from the team's, and how far one's own got", () => {
    const [first, second, third] = linesWith(
      message(2),
      message(3),
      message(4, { sender: ANN, text: "Hi" }),
    );
    expect([first?.from, first?.delivery]).toEqual(["me", "read"]);
    expect([second?.from, second?.delivery]).toEqual(["me", "sent"]);
    expect([third?.from, third?.name, third?.delivery]).toEqual(["team", "Ann", undefined]);
  });

  it("keep their key from being written to being a message", () => {
    const draft = { client_id: "c1", text: "t2", at: AT, delivery: "pending" } as const;
    expect(linesOf(null, [draft])[0]?.key).toBe(linesWith(message(2, { client_id: "c1" }))[0]?.key);
  });

  it("tell who came and what ended, and nothing else that happens to a conversation", () => {
    const happened = (seq: number, what: Activity["what"], agent?: typeof ANN) =>
      message(seq, {
        type: "activity",
        text: "",
        activity: { what, ...(agent && { agent }) },
      });
    const lines = linesWith(
      happened(1, "began"),
      happened(2, "assigned", ANN),
      happened(3, "resolved"),
      happened(4, "rated"),
      happened(5, "assigned"),
    );
    expect(lines.map(({ what, name }) => [what, name])).toEqual([
      ["assigned", "Ann"],
      ["resolved", ""],
    ]);
  });

  it("show the answers of a message that says nothing else", () => {
    const [line] = linesWith(message(2, { text: "", answers: { name: "Li", agreed: true } }));
    expect(line?.text).toBe("Li");
  });

  it("show what was lost where it was said, and say so", () => {
    const at = (minute: number) => `2026-01-01T00:0${minute}:00Z`;
    const lost = { client_id: "c3", text: "lost", at: at(3), delivery: "lost", seq: 3 } as const;
    const pending = { client_id: "c9", text: "next", at: at(1), delivery: "pending" } as const;
    const messages = [message(2, { at: at(2) }), message(3, { at: at(4), sender: ANN })];
    const thread = threads.openThread({ side: "contact", me: ME }, STATE, messages);
    const lines = linesOf(thread, [pending, lost]);
    expect(lines.map(({ text }) => text)).toEqual(["t2", "lost", "t3", "next"]);
    expect(lines[1]).toMatchObject({ key: "cc3", from: "me", delivery: "lost", clientId: "c3" });
    expect(linesOf(null, [pending, lost]).map(({ text }) => text)).toEqual(["lost", "next"]);
  });

  it("show what was chosen by its label, and that it was", () => {
    const options = [{ label: "Send it back", value: "return" }];
    const asked = { sender: ANN, text: "?", blocks: [{ type: "quick_replies", options }] } as const;
    const said = message(3, { client_id: "c3", text: "return" });
    const lines = linesWith(message(2, asked), said, message(4, asked));
    expect(lines.map(({ text, chosen }) => [text, chosen])).toEqual([
      ["?", "return"],
      ["Send it back", undefined],
      ["?", undefined],
    ]);
    const pending = { client_id: "c9", text: "return", at: AT, delivery: "pending" } as const;
    const thread = threads.openThread({ side: "contact", me: ME }, STATE, [message(2, asked)]);
    expect(linesOf(thread, [pending]).map(({ text }) => text)).toEqual(["?", "Send it back"]);
  });

  it("begin each day with its date, unless all is of today", () => {
    const on = (day: number, seq: number) =>
      message(seq, { at: new Date(2026, 2, day, 12).toISOString() });
    const lines = linesWith(on(3, 1), on(4, 2), on(4, 3));
    const kinds = (now: Date) => withDates(lines, now).map(({ from }) => from);
    expect(kinds(new Date(2026, 2, 4))).toEqual(["date", "me", "date", "me", "me"]);
    const today = withDates(lines.slice(1), new Date(2026, 2, 4));
    expect(today.map(({ from }) => from)).toEqual(["me", "me"]);
    expect(withDates(lines.slice(1), new Date(2026, 2, 5))[0]?.from).toBe("date");
  });

  it("offer to say again what time mends, and nothing else", () => {
    expect(["too_many", "unavailable", "illegal_state"].every(canRetry)).toBe(true);
    const lasting = ["bad_input", "not_found", "not_allowed", "conflict", "too_large", undefined];
    expect(lasting.some(canRetry)).toBe(false);
  });

  it("show what failed last, with its reason", () => {
    const failed = {
      client_id: "c1",
      text: "Hello",
      at: AT,
      delivery: "failed",
      error: "not_allowed",
    } as const;
    expect(linesOf(null, [failed])[0]).toMatchObject({ delivery: "failed", error: "not_allowed" });
  });
});
