import { expect, it } from "vitest";
import { snoozes } from "./snooze";

const untils = (now: Date) => snoozes(now).map(({ until }) => until);

it("a reply, an hour, tomorrow morning and Monday's", () => {
  const friday = new Date(2026, 10, 27, 16, 30);
  expect(untils(friday)).toEqual([
    null,
    new Date(2026, 10, 27, 17, 30),
    new Date(2026, 10, 28, 9),
    new Date(2026, 10, 30, 9),
  ]);
});

it("next week is never today", () => {
  const monday = new Date(2026, 10, 30, 8);
  expect(untils(monday)[3]).toEqual(new Date(2026, 11, 7, 9));
  const sunday = new Date(2026, 10, 29, 8);
  expect(untils(sunday)[3]).toEqual(new Date(2026, 10, 30, 9));
});
