/** Times and lengths of time, in the visitor's own zone and language. Pure: now is a value. */

/** As the visitor's country writes times, in the chat's language. */
export function habitOf(
  locale: string,
  preferred: readonly string[] = navigator.languages,
): string {
  // An English whose clock has 12 hours is one that the browser names.
  const own = preferred.find((tag) => /^en(-|$)/i.test(tag)) ?? "en-GB";
  return locale === "en" ? own : locale;
}

/** About so long, in the largest units that say it: `10 hr 20 min`, `2 min`. */
export function lengthOf(seconds: number, locale: string): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  const parts = days
    ? [unit(days, "day", locale), unit(hours, "hour", locale)]
    : [unit(hours, "hour", locale), unit(minutes % 60, "minute", locale)];
  // Chinese is set with a space between a number and its unit.
  return parts
    .filter(Boolean)
    .join(" ")
    .replace(/(\d)(?=\p{Script=Han})/gu, "$1 ");
}

/** The day and the time of what is to come, as one says them now: `tomorrow`, `9:00`. */
export function whenOf(at: Date, now: Date, locale: string): { day: string; time: string } {
  const days = dayOf(at) - dayOf(now);
  const date: Intl.DateTimeFormatOptions = days < 7 ? { weekday: "long" } : DATE;
  return {
    day:
      days < 2
        ? new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day")
        : at.toLocaleDateString(locale, date),
    time: at.toLocaleTimeString(locale, { hour: "numeric", minute: "2-digit" }),
  };
}

/** How long ago, or on which day. */
export function sinceOf(at: Date, now: Date, locale: string): string {
  const minutes = Math.floor((now.getTime() - at.getTime()) / 60_000);
  if (dayOf(at) !== dayOf(now)) {
    return at.toLocaleDateString(locale, at.getFullYear() === now.getFullYear() ? DATE : YEAR);
  }
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  if (minutes < 1) {
    return format.format(0, "second");
  }
  return minutes < 60
    ? format.format(-minutes, "minute")
    : at.toLocaleTimeString(locale, { timeStyle: "short" });
}

/** The visitor's zone by the city that names it. */
export function cityOf(zone: string): string {
  return (zone.split("/").at(-1) ?? "").replaceAll("_", " ");
}

const DATE: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };
const YEAR: Intl.DateTimeFormatOptions = { ...DATE, year: "numeric" };

function unit(count: number, name: "day" | "hour" | "minute", locale: string): string {
  return count
    ? count.toLocaleString(locale, { style: "unit", unit: name, unitDisplay: "short" })
    : "";
}

/** A calendar day's number, whatever its length. */
function dayOf(date: Date): number {
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000;
}
