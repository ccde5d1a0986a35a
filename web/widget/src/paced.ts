/**
 * Something that is done at once, and then at most so often: what comes sooner is done together, later.
 * Who asks for it may be a page that changes its address with every step of a map.
 */
export class Paced {
  private readonly act: () => void;
  private readonly everyMs: number;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private doneMs = Number.NEGATIVE_INFINITY;

  constructor(act: () => void, everyMs: number) {
    this.act = act;
    this.everyMs = everyMs;
  }

  ask(): void {
    const restMs = this.doneMs + this.everyMs - performance.now();
    if (restMs <= 0) {
      this.do();
    } else {
      this.timer ??= setTimeout(() => this.do(), restMs);
    }
  }

  /** What was asked for and is not done yet is not wanted any more. */
  drop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private do(): void {
    this.drop();
    this.doneMs = performance.now();
    this.act();
  }
}
