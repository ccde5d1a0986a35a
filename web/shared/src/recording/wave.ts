/** How a sound is drawn, and how long it is said to be. Pure. */

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
