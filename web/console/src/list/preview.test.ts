import type { Unsent } from "client";
import type { Conversation, Message, Person } from "protocol";
import { expect, it } from "vitest";
import { previewOf } from "./preview";

const visitor: Person = { role: "visitor", name: "Ada", id: 9 };
const agent: Person = { role: "agent", name: "Lin", id: 3 };
const at = "2026-11-30T10:00:00Z";
const said: Message = { conversation: 1, seq: 2, type: "message", sender: visitor, text: "Hi", at };

function conversation(last: Partial<Message> = {}): Conversation {
  const last_message = { ...said, ...last };
  return { id: 1, kind: "desk", last_seq: 2, created_at: at, updated_at: at, last_message };
}

const waits = (text: string, delivery: Unsent["delivery"]): Unsent => ({
  client_id: text,
  text,
  at,
  conversation: 1,
  place: 1,
  delivery,
  isNote: false,
  more: {},
});

const types = (text: string) => [{ person: visitor, text, isNote: false }];

it("what failed stands before a draft, a draft before live text, live text before the last message", () => {
  const failed = [waits("No", "failed")];
  expect(previewOf(conversation(), failed, "begun", types("typed"))).toEqual({
    kind: "failed",
    text: "No",
  });
  expect(previewOf(conversation(), [], "begun", types("typed"))).toMatchObject({ kind: "draft" });
  expect(previewOf(conversation(), [], " ", types("typed"))).toMatchObject({ kind: "live" });
  expect(previewOf(conversation(), [], "", [])).toMatchObject({ kind: "said", text: "Hi" });
});

it("who types where the words are not shown is said to type", () => {
  expect(previewOf(conversation(), [], "", types(""))).toEqual({ kind: "typing" });
});

it("a colleague who types is no live text", () => {
  const colleague = [{ person: agent, text: "", isNote: false }];
  expect(previewOf(conversation(), [], "", colleague)).toMatchObject({ kind: "said" });
});

it("what waits to be sent is shown as said", () => {
  const preview = previewOf(conversation(), [waits("Yes", "pending")], "", []);
  expect(preview).toMatchObject({ kind: "said", text: "Yes", isOurs: true, sender: null });
});

it("the team's Markdown is read, a visitor's marks are words", () => {
  const ours = conversation({ sender: agent, text: "**Now**\n\nor never" });
  expect(previewOf(ours, [], "", [])).toMatchObject({
    text: "Now or never",
    isOurs: true,
    sender: agent,
  });
  const theirs = conversation({ text: "2 * 3 * 4" });
  expect(previewOf(theirs, [], "", [])).toMatchObject({ text: "2 * 3 * 4", isOurs: false });
});

it("a file without words is shown by its name, what was deleted as deleted", () => {
  const file = { id: 1, name: "lid.jpg", type: "image/jpeg", size: 5 };
  expect(previewOf(conversation({ text: "", files: [file] }), [], "", [])).toMatchObject({
    what: "file",
    text: "lid.jpg",
  });
  expect(previewOf(conversation({ text: "", deleted_at: at }), [], "", [])).toMatchObject({
    what: "deleted",
  });
});
