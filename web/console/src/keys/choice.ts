/**
 * Other keys than the usual ones: what somebody has chosen, and who has a key. Pure.
 *
 * Rules: what is kept names only what is not usual; an empty text is no key at all. What an act of another
 * version has is kept. No chord has two acts: who chooses one is told who has it.
 * Not here: which chords can be chosen at all (refusal).
 */
import type { ActKeys } from "protocol";
import { type Act, type Chord, KEYS, type Keys } from "./keys";

/** As preferences have it; acts of another version may be in it. */
export type Choice = Readonly<Record<string, ActKeys>>;

export const SLOTS = ["outside", "anywhere"] as const;
export type Slot = (typeof SLOTS)[number];

export interface Place {
  readonly act: Act;
  readonly slot: Slot;
}

export type AllKeys = Readonly<Record<Act, Keys>>;

export const ACTS = Object.keys(KEYS) as readonly Act[];

/** What counts now; without `hasSingle` none that counts outside fields alone. */
export function keysOf(choice: Choice, hasSingle: boolean): AllKeys {
  const entries = ACTS.map((act) => {
    const outside = hasSingle && chordAt(choice, { act, slot: "outside" });
    const anywhere = chordAt(choice, { act, slot: "anywhere" });
    return [act, { ...(outside && { outside }), ...(anywhere && { anywhere }) }];
  });
  return Object.fromEntries(entries) as AllKeys;
}

interface Prefers {
  readonly keys?: Choice;
  readonly keys_on?: boolean;
}

const made = new WeakMap<Prefers, AllKeys>();

/** The keys of these preferences; the same object as long as they are. */
export function keysIn(preferences: Prefers): AllKeys {
  const known = made.get(preferences);
  const { keys = {}, keys_on = true } = preferences;
  const all = known ?? keysOf(keys, keys_on);
  made.set(preferences, all);
  return all;
}

/** As chosen, else the usual one; empty: none. */
export function chordAt(choice: Choice, { act, slot }: Place): Chord {
  return choice[act]?.[slot] ?? KEYS[act][slot] ?? "";
}

export function isUsual(choice: Choice, act: Act): boolean {
  return SLOTS.every((slot) => chordAt(choice, { act, slot }) === (KEYS[act][slot] ?? ""));
}

/** Who has this chord, but for `place` itself. */
export function holderOf(choice: Choice, chord: Chord, place: Place): Place | null {
  const all = ACTS.flatMap((act) => SLOTS.map((slot) => ({ act, slot })));
  const isOther = (one: Place) => one.act !== place.act || one.slot !== place.slot;
  return all.find((one) => isOther(one) && chordAt(choice, one) === chord) ?? null;
}

/** The choice with this chord there, an empty one for none. What somebody else has, they keep. */
export function withChord(choice: Choice, { act, slot }: Place, chord: Chord): Choice {
  const usual = KEYS[act][slot] ?? "";
  const { [slot]: _, ...rest } = choice[act] ?? {};
  const kept = given(chord === usual ? rest : { ...rest, [slot]: chord });
  const { [act]: __, ...others } = choice;
  return Object.keys(kept).length ? { ...others, [act]: kept } : others;
}

/** Who has a usual key of an act by now; null: nobody, it can be put back. */
export function holderOfUsual(choice: Choice, act: Act): Place | null {
  const holders = SLOTS.map((slot) => {
    const usual = KEYS[act][slot];
    return usual ? holderOf(choice, usual, { act, slot }) : null;
  });
  return holders.find((holder) => holder && holder.act !== act) ?? null;
}

/** The usual keys of an act again. Who has one of them has none there any more. */
export function putBack(choice: Choice, act: Act): Choice {
  const holder = holderOfUsual(choice, act);
  if (holder) {
    return putBack(withChord(choice, holder, ""), act);
  }
  const { [act]: _, ...others } = choice;
  return others;
}

/** A chord there; who has it has none there any more. */
export function takeChord(choice: Choice, place: Place, chord: Chord): Choice {
  const holder = holderOf(choice, chord, place);
  return withChord(holder ? withChord(choice, holder, "") : choice, place, chord);
}

/** Null, as the server tells what is usual, is left out. */
function given(keys: ActKeys): ActKeys {
  return Object.fromEntries(Object.entries(keys).filter(([, chord]) => chord !== null));
}
