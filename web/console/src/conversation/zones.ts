/** What a visitor's clock shows. Pure. */

/** Day and time in `zone`; null: it is one's own time as well, or no zone that this browser knows. */
export function timeThere(at: Date, zone: string | undefined, locale: string): string | null {
  if (!zone) {
    return null;
  }
  const form = { weekday: "short", hour: "numeric", minute: "2-digit" } as const;
  try {
    const there = new Intl.DateTimeFormat(locale, { ...form, timeZone: zone }).format(at);
    return there === new Intl.DateTimeFormat(locale, form).format(at) ? null : there;
  } catch {
    return null;
  }
}
