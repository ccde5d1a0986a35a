/** A clock that stands until it is moved; what is to happen happens in its order. */
import type { Clock } from "../ports";

interface Timer {
  readonly atMs: number;
  readonly act: () => void;
}

/** Far more turns than any chain of promises here is long. */
const TURNS = 60;

export async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) {
    await Promise.resolve();
  }
}

export class TestClock implements Clock {
  private nowMs = 1_000;
  /** The wall clock beside it, which can be set. */
  wallMs = Date.parse("2026-01-01T00:00:00Z");
  private readonly timers = new Set<Timer>();

  now(): number {
    return this.nowMs;
  }

  wall(): number {
    return this.wallMs + this.nowMs;
  }

  after(delayMs: number, act: () => void): () => void {
    const timer = { atMs: this.nowMs + delayMs, act };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  get waiting(): number {
    return this.timers.size;
  }

  /** Lets so much time pass. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    await settle();
    for (let next = this.next(untilMs); next; next = this.next(untilMs)) {
      this.timers.delete(next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.act();
      await settle();
    }
    this.nowMs = untilMs;
  }

  private next(untilMs: number): Timer | undefined {
    const due = [...this.timers].filter(({ atMs }) => atMs <= untilMs);
    return due.sort((a, b) => a.atMs - b.atMs)[0];
  }
}
