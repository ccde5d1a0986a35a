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

/** About so long, in the largest units that say it, on one line: `10 hr 20 min`, `2 min`. */
export function lengthOf(seconds: number, locale: string): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  const parts = days
    ? [unit(days, "day", locale), unit(hours, "hour", locale)]
    : [unit(hours, "hour", locale), unit(minutes % 60, "minute", locale)];
  // Chinese is set with a space between a number and its unit.
  return parts
    .filter(Boolean)
    .join("\u00a0")
    .replace(/(\d)(?=\p{Script=Han})/gu, "$1\u00a0");
}

function unit(count: number, name: "day" | "hour" | "minute", locale: string): string {
  return count
    ? count.toLocaleString(locale, { style: "unit", unit: name, unitDisplay: "short" })
    : "";
}
