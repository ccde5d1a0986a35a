/** Which colleagues look at which conversation, as the server tells it. */
import type { LookingChanged, Person } from "protocol";

const NOBODY: readonly Person[] = [];

export class Lookers {
  private readonly all = new Map<number, readonly Person[]>();
  private readonly changed: () => void;

  constructor(changed: () => void) {
    this.changed = changed;
  }

  /** The same list until it has changed; oneself may be in it. */
  of(conversation: number): readonly Person[] {
    return this.all.get(conversation) ?? NOBODY;
  }

  hear({ conversation, people = NOBODY }: LookingChanged): void {
    people.length ? this.all.set(conversation, people) : this.all.delete(conversation);
    this.changed();
  }

  /** What was told on another connection is not known to be so. */
  forget(): void {
    if (this.all.size) {
      this.all.clear();
      this.changed();
    }
  }
}
