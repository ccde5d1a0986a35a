/**
 * Rows that are chosen for one act.
 *
 * Rules: pure but for who listens. Up to where a range goes is counted from the row that was chosen last.
 */
export class Selection {
  private chosen: ReadonlySet<number> = new Set();
  private from: number | null = null;
  private readonly hears = new Set<() => void>();

  readonly subscribe = (hear: () => void): (() => void) => {
    this.hears.add(hear);
    return () => this.hears.delete(hear);
  };

  /** The same set until it has changed. */
  get all(): ReadonlySet<number> {
    return this.chosen;
  }

  has(id: number): boolean {
    return this.chosen.has(id);
  }

  toggle(id: number): void {
    const next = new Set(this.chosen);
    if (!next.delete(id)) {
      next.add(id);
    }
    this.set(next, id);
  }

  /** All from the one that was chosen last to this one, in the order of the list. */
  reach(id: number, ids: readonly number[]): void {
    const from = this.from === null ? -1 : ids.indexOf(this.from);
    const to = ids.indexOf(id);
    const [first, last] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
    this.set(new Set([...this.chosen, ...ids.slice(first, last + 1)]), id);
  }

  only(ids: readonly number[]): void {
    this.set(new Set(ids), ids.at(-1) ?? null);
  }

  clear(): void {
    if (this.chosen.size) {
      this.set(new Set(), null);
    }
  }

  private set(next: ReadonlySet<number>, from: number | null): void {
    this.chosen = next;
    this.from = from;
    for (const hear of [...this.hears]) {
      hear();
    }
  }
}
