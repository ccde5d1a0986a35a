import { describe, expect, it } from "vitest";
import { afterClose } from "./closing";
import { decode, encode, type Incoming } from "./frames";

const MESSAGE = {
  conversation: 17,
  seq: 3,
  type: "message",
  sender: { role: "visitor", name: "Li", id: 9 },
  text: "Hello",
  at: "2026-01-01T00:00:00Z",
};
const EVENT = {
  on: "message.added",
  cursor: "e-1",
  conversation: 17,
  seq: 3,
  prev: 2,
  message: MESSAGE,
};

function read(value: unknown): Incoming {
  return decode(JSON.stringify(value));
}

describe("a client's frame", () => {
  it("has an id, the command's name, and its fields", () => {
    const form = { conversation: 17, client_id: "c1", text: "Hi" };
    expect(JSON.parse(encode(7, "message.send", form))).toEqual({
      id: 7,
      do: "message.send",
      ...form,
    });
  });

  it("has a key if it may be repeated", () => {
    const frame = encode(8, "message.edit", { conversation: 17, seq: 3, text: "Hi" }, "k1");
    expect(JSON.parse(frame)).toMatchObject({ id: 8, key: "k1", seq: 3 });
  });
});

describe("the server's frame", () => {
  it("is an answer", () => {
    expect(read({ re: 7, ok: { seq: 3 } })).toEqual({ kind: "answer", re: 7, ok: { seq: 3 } });
  });

  it("is a refusal, that may say when to try again", () => {
    const error = { code: "too_many", message: "Later.", retry_ms: 500 };
    expect(read({ re: 7, error })).toEqual({ kind: "refusal", re: 7, error });
    expect(read({ re: 7, error: { code: "new_code" } })).toMatchObject({
      error: { code: "new_code", message: "", retry_ms: null },
    });
  });

  it("is an event", () => {
    expect(read(EVENT)).toEqual({ kind: "event", event: EVENT });
  });

  it.each([
    { on: "typing", conversation: 17, person: MESSAGE.sender },
    { on: "receipts", conversation: 17, team: {}, contact: { read: 3 } },
    { on: "presence", agent: 3, availability: "online", connected: true },
    { on: "queue.position", conversation: 17, position: 2 },
    { on: "visitors", inbox: 2, count: 4 },
    { on: "read", conversation: 17, read: 5, messages: 2 },
    { on: "preferences", preferences: { theme: "dark" } },
    { on: "profile", agent: 3, name: "Ann" },
    { on: "view", view: 5 },
    { on: "tag", tag: 4, name: "vip" },
    { on: "looking", conversation: 17, people: [MESSAGE.sender] },
    { on: "here", inbox: 2, contacts: [9], gone: [8] },
    { on: "mentions", unread: 1, conversation: 17, note: 6, person: MESSAGE.sender },
  ])("is a signal ($on)", (signal) => {
    expect(read(signal)).toEqual({ kind: "signal", signal });
  });

  it("is a heartbeat", () => {
    expect(read({ on: "heartbeat", heads: { 17: 12, 18: 4 }, cursor: "e-99" })).toEqual({
      kind: "heartbeat",
      heads: new Map([
        [17, 12],
        [18, 4],
      ]),
      cursor: "e-99",
    });
    expect(read({ on: "heartbeat" })).toMatchObject({ heads: new Map(), cursor: null });
  });

  it.each(["message.exploded", "constructor", "__proto__"])(
    "of a name that is not known is to be ignored (%s)",
    (on) => {
      expect(read({ on, whatever: 1 })).toEqual({ kind: "unknown", on });
    },
  );

  it("may have fields that are not known", () => {
    const event = { ...EVENT, later: { more: 1 } };
    expect(read(event)).toEqual({ kind: "event", event });
  });

  it.each([
    ["no text", new ArrayBuffer(2)],
    ["no JSON", "{"],
    ["a number", "7"],
    ["null", "null"],
    ["a list", "[]"],
    ["an empty object", "{}"],
  ])("is malformed: %s", (_, data) => {
    expect(decode(data).kind).toBe("malformed");
  });

  it.each<[string, unknown]>([
    ["an answer to no number", { re: "7", ok: {} }],
    ["an answer that says nothing", { re: 7 }],
    ["an error without a code", { re: 7, error: { message: "No" } }],
    ["an error that is a text", { re: 7, error: "No" }],
    ["an event without a number", { ...EVENT, seq: undefined }],
    ["an event whose number is none", { ...EVENT, seq: 2.5 }],
    ["an event without the one before", { ...EVENT, prev: null }],
    ["an event without a cursor", { ...EVENT, cursor: undefined }],
    ["a message without a sender", { ...EVENT, message: { ...MESSAGE, sender: null } }],
    ["a message without text", { ...EVENT, message: { ...MESSAGE, text: 1 } }],
    ["a state without a number", { ...EVENT, on: "conversation.changed", state: { id: 17 } }],
    ["typing by nobody", { on: "typing", conversation: 17 }],
    ["receipts of one side", { on: "receipts", conversation: 17, team: {} }],
    ["a place that is none", { on: "queue.position", conversation: 17, position: "2" }],
    ["heads that are none", { on: "heartbeat", heads: { 17: "12" } }],
    ["heads of what is no id", { on: "heartbeat", heads: { first: 12 } }],
    ["a cursor that is a number", { on: "heartbeat", heads: {}, cursor: 99 }],
  ])("is malformed: %s", (_, value) => {
    expect(read(value)).toEqual({ kind: "malformed" });
  });
});

describe("a close code", () => {
  it.each([
    [4000, "stop"],
    [4099, "stop"],
    [4100, "renew"],
    [4199, "renew"],
    [4200, "retry"],
    [1002, "stop"],
    [1009, "stop"],
    [1006, "retry"],
    [1011, "retry"],
    [1012, "retry"],
  ])("%i says: %s", (code, comeback) => {
    expect(afterClose(code)).toBe(comeback);
  });
});
