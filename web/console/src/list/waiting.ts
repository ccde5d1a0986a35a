/** How long somebody waits, and when that is late. Pure. */

export type Lateness = "calm" | "amber" | "red";

/** From when on it is late, in seconds. */
export const AMBER_S = 120;
export const RED_S = 300;

/** Whole seconds; a clock that is behind the server's has nobody wait. */
export function waitOf(since: string, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - Date.parse(since)) / 1000));
}

export function latenessOf(waitS: number): Lateness {
  return waitS >= RED_S ? "red" : waitS >= AMBER_S ? "amber" : "calm";
}

/** `0:42`, `12:07`, `3:04:05`; from a day on in days, by the language's own unit. */
export function clockOf(waitS: number, locale: string): string {
  if (waitS >= 86_400) {
    const unit = { style: "unit", unit: "day", unitDisplay: "narrow" } as const;
    return new Intl.NumberFormat(locale, unit).format(Math.floor(waitS / 86_400));
  }
  const parts = [Math.floor(waitS / 3600), Math.floor(waitS / 60) % 60, waitS % 60];
  const [first = 0, ...rest] = parts[0] ? parts : parts.slice(1);
  return [String(first), ...rest.map((one) => String(one).padStart(2, "0"))].join(":");
}
