/**
 * Whether the browser holds this tab back: a clock that should beat each second, and how late it was.
 *
 * Rules: what was late longer ago than ten minutes does not count any more.
 */
const BEAT_MS = 1_000;
const KEPT_MS = 600_000;

export class Pulse {
  private beatMs: number;
  private late: readonly { readonly atMs: number; readonly lateMs: number }[] = [];

  constructor(nowMs: number) {
    this.beatMs = nowMs;
  }

  /** Beats by itself from now on. */
  start(now: () => number): void {
    setInterval(() => this.beat(now()), BEAT_MS);
  }

  beat(nowMs: number): void {
    const lateMs = nowMs - this.beatMs - BEAT_MS;
    this.beatMs = nowMs;
    if (lateMs > BEAT_MS) {
      this.late = [
        ...this.late.filter(({ atMs }) => nowMs - atMs < KEPT_MS),
        { atMs: nowMs, lateMs },
      ];
    }
  }

  /** The longest that it was held back lately. */
  lateMs(nowMs: number): number {
    const kept = this.late.filter(({ atMs }) => nowMs - atMs < KEPT_MS);
    return Math.max(0, ...kept.map(({ lateMs }) => lateMs));
  }
}
