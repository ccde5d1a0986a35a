/**
 * Opening times of a week from today, by the visitor's own days. Pure: now is a value.
 *
 * Rules: a span stands at the day on which it begins, also over midnight; one that lasts a day or longer
 * is cut at each midnight. Days are in their order from Monday, each the next of its name.
 */
import type { OpenSpan } from "protocol";

export interface Day {
  /** Its midnight. */
  readonly start: Date;
  /** From when to when, in order. */
  readonly spans: readonly (readonly [Date, Date])[];
  /** Open from midnight to midnight. */
  readonly isWhole: boolean;
}

export type Group = readonly [Day, ...Day[]];

export const WEEK_DAYS = 7;
const DAY_MS = 86_400_000;
const MONDAY_FIRST = 6;

export function weekOf(hours: readonly OpenSpan[], now: Date): readonly Day[] {
  const spans = hours.map(({ opens_at, closes_at }) => [
    Date.parse(opens_at),
    Date.parse(closes_at),
  ]);
  return Array.from({ length: WEEK_DAYS }, (_, ahead) =>
    dayOf(spans as [number, number][], midnight(now, ahead), midnight(now, ahead + 1)),
  ).sort((a, b) => placeOf(a) - placeOf(b));
}

/** Days in a row with the same times are one group. */
export function sameDays(week: readonly Day[]): readonly Group[] {
  const groups: [Day, ...Day[]][] = [];
  for (const day of week) {
    const group = groups.at(-1);
    if (group && clockOf(group[0]) === clockOf(day)) {
      group.push(day);
    } else {
      groups.push([day]);
    }
  }
  return groups;
}

function dayOf(all: readonly [number, number][], start: Date, end: Date): Day {
  const [from, to] = [start.getTime(), end.getTime()];
  const spans = all.flatMap(([opens, closes]): [number, number][] => {
    if (closes - opens < DAY_MS) {
      return opens >= from && opens < to ? [[opens, closes]] : [];
    }
    return opens < to && closes > from ? [[Math.max(opens, from), Math.min(closes, to)]] : [];
  });
  return {
    start,
    spans: spans.map(([opens, closes]) => [new Date(opens), new Date(closes)]),
    isWhole: spans.some(([opens, closes]) => opens === from && closes === to),
  };
}

/** What the clock shows: on another day that is another instant. */
function clockOf({ spans, isWhole }: Day): string {
  const clock = (at: Date) => `${at.getHours()}:${at.getMinutes()}`;
  return isWhole ? "whole" : spans.map((span) => span.map(clock).join("-")).join();
}

function midnight(now: Date, ahead: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + ahead);
}

function placeOf({ start }: Day): number {
  return (start.getDay() + MONDAY_FIRST) % WEEK_DAYS;
}
