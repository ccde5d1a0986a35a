/** Days and times of day, in the visitor's own zone and language. Pure: now is a value. */

const DATE: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };
const YEAR: Intl.DateTimeFormatOptions = { ...DATE, year: "numeric" };

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

/** The visitor's zone: by the city that names it, or in the letters of a language that has others. */
export function zoneOf(zone: string, locale: string): string {
  const parts = new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    timeZoneName: "longGeneric",
  }).formatToParts();
  const called = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  return called && !/\p{Script=Latin}/u.test(called)
    ? called
    : (zone.split("/").at(-1) ?? "").replaceAll("_", " ");
}

/** A calendar day's number, whatever its length. */
function dayOf(date: Date): number {
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000;
}
