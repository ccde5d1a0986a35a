/** How files are told. Pure. */

const KINDS = /\.([A-Za-z0-9]{1,5})$/;

/** `184 kB`, `1.8 MB`, as the language writes it. */
export function sizeOf(bytes: number, locale: string): string {
  const [unit, size] = bytes < 999_500 ? ["kilobyte", 1_000] : ["megabyte", 1_000_000];
  const count = bytes && Math.max(1, bytes / Number(size)); // a byte is more than none
  const maximumFractionDigits = unit === "kilobyte" || count >= 10 ? 0 : 1;
  return count.toLocaleString(locale, { style: "unit", unit: String(unit), maximumFractionDigits });
}

/** What a file's name says that it is: `PDF`; nothing known: no text. */
export function kindOf(name: string): string {
  return KINDS.exec(name)?.[1]?.toUpperCase() ?? "";
}

/** `0:05`. */
export function clockOf(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** As many bars as there is place for, each the loudest of its part. */
export function barsOf(peaks: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, bar) => {
    const from = Math.floor((bar * peaks.length) / count);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / count));
    return Math.max(0, ...peaks.slice(from, to));
  });
}

/** Strokes for `bars` of 0 to 100, five units each, in a height of 28. */
export function waveOf(bars: readonly number[], first = 0): string {
  return bars
    .map((bar, at) => {
      const half = 1 + (bar / 100) * 12;
      return `M${(first + at) * 5 + 2} ${(14 - half).toFixed(1)}v${(half * 2).toFixed(1)}`;
    })
    .join("");
}

/** Until when a file's link holds, in Unix milliseconds; one that says nothing holds. */
export function endOf(url: string): number {
  return Number(/[?&]token=\d+\.\w+\.(\d+)\./.exec(url)?.[1] ?? Number.POSITIVE_INFINITY);
}

/** Only our own server's files are shown and fetched. */
export function isOurs(url: string | undefined): url is string {
  return url?.startsWith("/api/") ?? false;
}
