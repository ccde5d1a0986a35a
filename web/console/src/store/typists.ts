/** Who types in which conversation, also in those that are not open: the list shows it. */
import type { Ports } from "client";
import { type Person, TYPING_MS, type Typing } from "protocol";

export interface Typist {
  readonly person: Person;
  /** What was typed so far, where the inbox shows that. */
  readonly text: string;
  readonly isNote: boolean;
}

export class Typists {
  private readonly all = new Map<number, ReadonlyMap<string, Typist>>();
  private readonly stops = new Map<string, () => void>();
  private readonly clock: Ports["clock"];
  private readonly changed: () => void;

  constructor(clock: Ports["clock"], changed: () => void) {
    this.clock = clock;
    this.changed = changed;
  }

  /** The same map until it has changed. */
  of(conversation: number): ReadonlyMap<string, Typist> {
    return this.all.get(conversation) ?? NOBODY;
  }

  hear({ conversation, person, text = "", internal = false }: Typing): void {
    const name = nameOf(person);
    const typist = { person, text, isNote: internal };
    this.all.set(conversation, new Map(this.of(conversation)).set(name, typist));
    const key = `${conversation} ${name}`;
    this.stops.get(key)?.();
    this.stops.set(
      key,
      this.clock.after(TYPING_MS, () => this.stop(conversation, person)),
    );
    this.changed();
  }

  stop(conversation: number, person: Person): void {
    const name = nameOf(person);
    const key = `${conversation} ${name}`;
    this.stops.get(key)?.();
    this.stops.delete(key);
    const left = new Map(this.of(conversation));
    if (left.delete(name)) {
      left.size ? this.all.set(conversation, left) : this.all.delete(conversation);
      this.changed();
    }
  }
}

const NOBODY: ReadonlyMap<string, Typist> = new Map();

function nameOf({ role, id = 0 }: Person): string {
  return role === "visitor" ? role : `${role}${id}`;
}
