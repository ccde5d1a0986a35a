import type { CannedResponse } from "protocol";
import { expect, it } from "vitest";
import { findCanned, readCanned } from "./canned";

const ALL: readonly CannedResponse[] = [
  { id: 1, shortcut: "bye", text: "Goodbye {{contact.name|now}}" },
  { id: 2, shortcut: "late-refund", text: "We pay it back" },
  { id: 3, shortcut: "refund", text: "Your money is on its way" },
  { id: 4, shortcut: "退款", text: "REFUND in Chinese" },
];
const found = (query: string) => findCanned(ALL, query).map(({ id }) => id);

it("a shortcut that begins so comes before one that has it, and that before a text", () => {
  expect(found("refund")).toEqual([3, 2, 4]);
  expect(found("退")).toEqual([4]);
  expect(found("money")).toEqual([3]);
  expect(found("ＢＹＥ")).toEqual([1]);
  expect(found("nothing")).toEqual([]);
});

it("without a word all are there, in the order of their shortcuts", () => {
  expect(found("")).toEqual([1, 2, 3, 4]);
});

it("all pages are read, of the conversation's inbox", async () => {
  const asked: object[] = [];
  const call = async (_name: string, form: { readonly cursor?: string }) => {
    asked.push(form);
    return form.cursor ? { items: ALL.slice(2) } : { items: ALL.slice(0, 2), next: "late-refund" };
  };
  expect(await readCanned({ call } as never, 5)).toEqual(ALL);
  expect(asked).toEqual([
    { inbox: 5, cursor: "", limit: 100 },
    { inbox: 5, cursor: "late-refund", limit: 100 },
  ]);
});
