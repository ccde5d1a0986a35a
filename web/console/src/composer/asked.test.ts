import { expect, it } from "vitest";
import { askedAt } from "./asked";

const at = (text: string, mode: "reply" | "note" = "reply") => askedAt(text, text.length, mode);

it("a slash at a word's beginning asks for a canned response", () => {
  expect(at("/")).toEqual({ what: "canned", from: 0, to: 1, query: "" });
  expect(at("Hello /hou")).toEqual({ what: "canned", from: 6, to: 10, query: "hou" });
  expect(at("Hello\n/退款", "note")).toMatchObject({ what: "canned", query: "退款" });
});

it.each(["and/or", "https://example.com", "/hou rs", "1/2", "", "/a/b"])(
  "%j asks for nothing",
  (text) => {
    expect(at(text)).toBeNull();
  },
);

it("the signs that a Chinese input method gives for the same keys count too", () => {
  expect(at("／退")).toMatchObject({ what: "canned", query: "退" });
  expect(at("、退")).toMatchObject({ what: "canned", from: 0, query: "退" });
  expect(at("请看＠小", "note")).toMatchObject({ what: "mention", from: 2, query: "小" });
});

it("a comma of a Chinese list is one", () => {
  expect(at("苹果、梨")).toBeNull();
  expect(at("苹果 、梨")).toBeNull();
});

it("an at sign asks for a colleague, in a note alone and in no e-mail address", () => {
  expect(at("@me", "note")).toEqual({ what: "mention", from: 0, to: 3, query: "me" });
  expect(at("问@小", "note")).toMatchObject({ what: "mention", from: 1, query: "小" });
  expect(at("@me")).toBeNull();
  expect(at("mei@example", "note")).toBeNull();
});

it("what counts is what stands before the caret", () => {
  expect(askedAt("/hours tomorrow", 3, "reply")).toMatchObject({ query: "ho", to: 3 });
  expect(askedAt("/hours", 0, "reply")).toBeNull();
});

it.each([
  ["Hi {{", "variable", 3, ""],
  ["Hi {{ contact.n", "variable", 3, "contact.n"],
  ["Well :smi", "emoji", 5, "smi"],
  ["：笑", "emoji", 0, "笑"],
])("%j asks for a %s", (text, what, from, query) => {
  expect(askedAt(text, text.length, "reply")).toEqual({ what, from, to: text.length, query });
});

it.each(["10:30", "Note:this", ":D", ":-)", "a: b", "{contact", "{{contact.name}}"])(
  "%j asks for nothing",
  (text) => {
    expect(askedAt(text, text.length, "reply")).toBe(null);
  },
);
