import type { OpenSpan } from "protocol";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Day, sameDays, weekOf } from "./week";

/** From when to when, as `2026-03-23T08:00` in UTC. */
const span = (opens: string, closes: string): OpenSpan => ({
  opens_at: `${opens}:00Z`,
  closes_at: `${closes}:00Z`,
});

/** The same times on each of these days of a month. */
const daily = (month: string, days: readonly number[], opens: string, closes: string) =>
  days.map((day) => {
    const date = `${month}-${String(day).padStart(2, "0")}`;
    return span(`${date}T${opens}`, `${date}T${closes}`);
  });

const clock = (at: Date) => at.toTimeString().slice(0, 5);
const shown = ({ start, spans, isWhole }: Day) => [
  start.toDateString().slice(0, 3),
  isWhole ? "all day" : spans.map((one) => one.map(clock).join("-")).join(" "),
];
const week = (hours: readonly OpenSpan[], now: string) =>
  sameDays(weekOf(hours, new Date(now))).map(([first, ...rest]) => [
    ...shown(first),
    rest.length + 1,
  ]);

const WORKDAYS = [16, 17, 18, 19, 20, 23, 24, 25, 26, 27];

afterEach(() => vi.unstubAllEnvs());

describe("a week of opening times", () => {
  it("has days in a row with the same times as one, from Monday, whatever day it is", () => {
    vi.stubEnv("TZ", "UTC");
    const hours = [
      ...daily("2026-03", WORKDAYS, "09:00", "18:00"),
      ...daily("2026-03", [14, 21], "10:00", "14:00"),
    ];
    for (const day of [16, 18, 20, 22]) {
      expect(week(hours, `2026-03-${day}T12:00Z`)).toEqual([
        ["Mon", "09:00-18:00", 5],
        ["Sat", day === 22 ? "" : "10:00-14:00", day === 22 ? 2 : 1],
        ...(day === 22 ? [] : [["Sun", "", 1]]),
      ]);
    }
  });

  it("has what is another day's there on the visitor's own", () => {
    vi.stubEnv("TZ", "America/Los_Angeles");
    const hours = daily("2026-06", [1, 2, 3, 4, 5, 6, 7, 8, 9], "01:00", "09:00");
    expect(week(hours, "2026-06-01T20:00Z")).toEqual([["Mon", "18:00-02:00", 7]]);
  });

  it("goes with the visitor's clock where that is changed", () => {
    vi.stubEnv("TZ", "Europe/Berlin"); // in the night to Sunday, the 29th
    const hours = daily("2026-03", [25, 26, 27, 28, 29, 30, 31], "07:00", "15:00");
    expect(week(hours, "2026-03-25T12:00Z")).toEqual([
      ["Mon", "09:00-17:00", 2],
      ["Wed", "08:00-16:00", 4],
      ["Sun", "09:00-17:00", 1],
    ]);
  });

  it("is cut at midnights where it lasts for days, and whole days have no times", () => {
    vi.stubEnv("TZ", "Europe/Berlin");
    const hours = [span("2026-03-24T23:00", "2026-03-30T10:00")];
    expect(week(hours, "2026-03-25T12:00Z")).toEqual([
      ["Mon", "00:00-12:00", 1],
      ["Tue", "", 1],
      ["Wed", "all day", 5],
    ]);
  });
});
