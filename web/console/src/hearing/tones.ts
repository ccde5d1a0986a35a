/** What each kind of news sounds like: short soft notes, told apart without looking. Pure. */
import type { Kind } from "./news";

export interface Note {
  /** In seconds, from the beginning. */
  readonly at: number;
  readonly hertz: number;
  readonly seconds: number;
}

const note = (at: number, hertz: number, seconds: number): Note => ({ at, hertz, seconds });

const [A4, D5, E5, A5] = [440, 587.33, 659.26, 880];

export const TONES: Readonly<Record<Kind, readonly Note[]>> = {
  offer: [note(0, D5, 0.35), note(0.16, A5, 0.6)],
  given: [note(0, A4, 0.3), note(0.14, D5, 0.45)],
  message: [note(0, E5, 0.3)],
  mention: [note(0, A5, 0.2), note(0.14, A5, 0.35)],
};

/** An offer that stands for long is told again, softer. */
export const AGAIN_MS = 6_000;
export const AGAIN_PART = 0.5;

/** How loud, 0 to 1: what a hand on a slider takes for half is less than half. */
export function gainOf(percent: number): number {
  return 0.5 * (percent / 100) ** 2;
}
