import type { Block, Message } from "protocol";
import { expect, it } from "vitest";
import { answersTo, chosenOf, valuesOf } from "./answered";

const message = (seq: number, more: Partial<Message>): Message => ({
  conversation: 1,
  seq,
  type: "message",
  sender: { role: "agent", id: 1, name: "Mei" },
  text: "",
  at: "2026-11-30T10:00:00Z",
  ...more,
});
const visitor = { role: "visitor", id: 9, name: "Lin" } as const;
const options = [
  { label: "Yes!", value: "yes" },
  { label: "No", value: "no" },
];
const asking = message(3, { blocks: [{ type: "quick_replies", options }] });

it("a suggestion was taken if it is what the visitor said next", () => {
  const later = message(5, { sender: visitor, text: "no" });
  expect(chosenOf([asking, message(4, { text: "yes" }), later], asking)).toBe("no");
  const other = message(4, { sender: visitor, text: "Well" });
  expect(chosenOf([asking, other, later], asking)).toBe(null);
  expect(chosenOf([asking], asking)).toBe(null);
});

it("buttons of a card that lead elsewhere are no answers", () => {
  const card: Block = {
    type: "card",
    title: "Kettle",
    buttons: [
      { type: "link", label: "See it", url: "https://shop.example" },
      { type: "reply", label: "Take it", value: "I take it" },
    ],
  };
  expect(valuesOf([card])).toEqual(["I take it"]);
});

it("a form is answered by the message that quotes it with answers", () => {
  const form = message(3, {
    blocks: [{ type: "form", fields: [{ name: "size", label: "Size" }] }],
  });
  const only = message(4, { sender: visitor, quote: 3, text: "?" });
  const answered = message(5, { sender: visitor, quote: 3, answers: { size: "L" } });
  expect(answersTo([form, only], 3)).toBe(null);
  expect(answersTo([form, only, answered], 3)).toEqual({ size: "L" });
});
