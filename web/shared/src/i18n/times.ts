/**
 * Times and days as the reader's own country writes them. Pure.
 *
 * A page speaks one kind of English; its readers' clocks have 12 or 24 hours. Of the languages that
 * the browser names the first in the page's own language says which; who names none has no habit of
 * 12 hours. Chinese is written as on the mainland: the page's words are, too.
 */
import type { Language } from "./languages";

export function localeOf(language: Language, preferred: readonly string[]): string {
  if (language !== "en") {
    return language;
  }
  return preferred.find((tag) => /^en(-|$)/i.test(tag)) ?? "en-GB";
}

/** The time of day. */
export function timeOf(at: Date, locale: string): string {
  return at.toLocaleTimeString(locale, { timeStyle: "short" });
}

/** A day, with its weekday; of another year than `now` with the year. */
export function dayOf(at: Date, now: Date, locale: string): string {
  const near = { 0: 0, [-1]: -1 }[daysBetween(now, at)];
  if (near !== undefined) {
    const said = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(near, "day");
    return said.charAt(0).toLocaleUpperCase(locale) + said.slice(1);
  }
  const isThisYear = at.getFullYear() === now.getFullYear();
  const day = { weekday: "long", month: "long", day: "numeric" } as const;
  return at.toLocaleDateString(locale, isThisYear ? day : { ...day, year: "numeric" });
}

/** A day to come and the time on it. */
export function momentOf(at: Date, locale: string): string {
  const day = { weekday: "long", month: "short", day: "numeric" } as const;
  return at.toLocaleString(locale, { ...day, hour: "numeric", minute: "2-digit" });
}

/** Of calendar days, whatever their length. */
function daysBetween(from: Date, to: Date): number {
  const dayAt = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return (dayAt(to) - dayAt(from)) / 86_400_000;
}
