import { expect, it } from "vitest";
import { blockOf, type Draft, emptyDraft, faultOf } from "./building";

const card: Draft = { ...emptyDraft("card", ""), title: " Kettle " };
const form = emptyDraft("form", "");

it("a card has what was filled in, and nothing that was not", () => {
  expect(blockOf(card)).toEqual({ type: "card", title: "Kettle" });
  const presses = [
    { id: 1, label: "See it", url: "https://shop.example/k" },
    { id: 2, label: "Take it", url: "" },
    { id: 3, label: " ", url: "" },
  ];
  const image = "https://shop.example/k.jpg";
  expect(blockOf({ ...card, image, imageAlt: "A kettle", presses })).toEqual({
    type: "card",
    title: "Kettle",
    image_url: image,
    image_alt: "A kettle",
    buttons: [
      { type: "link", label: "See it", url: "https://shop.example/k" },
      { type: "reply", label: "Take it", value: "Take it" },
    ],
  });
});

it("a card is told of what the server would refuse", () => {
  expect(faultOf(card)).toBe(null);
  expect(faultOf({ ...card, title: "" })).toBe("build:fault.title");
  expect(faultOf({ ...card, image: "http://a.example/b" })).toBe("build:fault.image");
  const presses = [{ id: 1, label: "Go", url: "javascript:alert(1)" }];
  expect(faultOf({ ...card, presses })).toBe("build:fault.button");
});

it("questions of a form have names of their own, and those to choose from their answers", () => {
  const [first] = form.questions;
  const questions = [
    { id: 1, ...first, label: "Order" } as const,
    { id: 2, label: "Size", type: "select", isRequired: false, options: "S\n\nM\nS" } as const,
  ];
  expect(blockOf({ ...form, title: "Details", questions } as Draft)).toEqual({
    type: "form",
    title: "Details",
    fields: [
      { name: "q1", label: "Order", type: "text", required: true },
      {
        name: "q2",
        label: "Size",
        type: "select",
        options: [
          { label: "S", value: "S" },
          { label: "M", value: "M" },
        ],
      },
    ],
  });
});

it("a form is told of a question without words and of one without answers to choose", () => {
  expect(faultOf(form)).toBe("build:fault.question");
  const questions = [
    { id: 1, label: "Size", type: "select", isRequired: true, options: " " } as const,
  ];
  expect(faultOf({ ...form, questions })).toBe("build:fault.options");
});

it("suggestions need something that they answer", () => {
  const asked = { ...emptyDraft("quick_replies", ""), suggestions: "Yes\nNo" };
  expect(faultOf(asked)).toBe("build:fault.text");
  expect(faultOf({ ...asked, text: "Shall I?" })).toBe(null);
  expect(faultOf({ ...asked, text: "Shall I?", suggestions: "" })).toBe("build:fault.suggestions");
});
