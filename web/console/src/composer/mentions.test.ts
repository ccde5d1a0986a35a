import { expect, it } from "vitest";
import { colleagues, findColleagues, mentionedIn } from "./mentions";

const person = (id: number, name: string, more: object = {}) => ({
  id,
  name,
  role: "agent" as const,
  active: true,
  inboxes: [2],
  ...more,
});
const MEI = person(1, "小美 Mei");
const LI = person(2, "李雷");
const ANN = person(3, "Ann");
const ANN_LEE = person(4, "Ann Lee");
const ALL = [MEI, LI, ANN, ANN_LEE];

it("whoever cannot see the conversation cannot be named, nor can oneself", () => {
  const team = [
    ...ALL,
    person(5, "Gone", { active: false }),
    person(6, "Elsewhere", { inboxes: [3] }),
    person(7, "Admin", { inboxes: [], role: "admin" }),
  ];
  expect(colleagues(team, 2, 1).map(({ id }) => id)).toEqual([2, 3, 4, 7]);
  expect(colleagues(team, undefined, 1).map(({ id }) => id)).toEqual([7]);
});

it("a name that begins so comes first", () => {
  const found = (query: string) => findColleagues(ALL, query).map(({ name }) => name);
  expect(found("ann")).toEqual(["Ann", "Ann Lee"]);
  expect(found("mei")).toEqual(["小美 Mei"]);
  expect(found("e")).toEqual(["Ann Lee", "小美 Mei"]);
  expect(found("zz")).toEqual([]);
});

it("a note names those whose names stand after an at sign, each once", () => {
  expect(mentionedIn("@Ann, @小美 Mei: see @ann", ALL)).toEqual([3, 1]);
  expect(mentionedIn("请＠李雷看一下", ALL)).toEqual([2]);
});

it("the longer of two names counts, and no part of another word", () => {
  expect(mentionedIn("@Ann Lee", ALL)).toEqual([4]);
  expect(mentionedIn("@Annabel", ALL)).toEqual([]);
  expect(mentionedIn("mail@Ann", ALL)).toEqual([]);
  expect(mentionedIn("Ann", ALL)).toEqual([]);
});
