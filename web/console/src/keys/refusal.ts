/**
 * Why a chord cannot be an act's key: it would type something, or something else needs it. Pure.
 *
 * Rules: what is chosen counts on all systems of its agent, so what one of them needs is refused on each.
 * In the column for outside fields stands a key alone or with Shift; in the one for everywhere a chord
 * with Mod, Alt with Enter, ↑ or ↓, or a function key.
 */
import type { Slot } from "./choice";
import type { Chord } from "./keys";

export type Reason = "alt" | "alt-gr" | "browser" | "editing" | "moves" | "types" | "with-mod";

/** The first that fits says why. Null: of either column. */
const RULES: readonly (readonly [Slot | null, RegExp, Reason])[] = [
  [null, /^Mod\+Alt\+/, "alt-gr"],
  // Of the function keys these are left by browsers.
  [null, /\+F\d+$|^F(?![12489]$)\d/, "browser"],
  ["outside", /^(Mod|Alt)\+/, "with-mod"],
  // What a field, a button or the page itself goes by.
  [
    "outside",
    /^(Shift\+)?(Tab|\w*Enter|Escape|Space|Backspace|Delete|Insert|Home|End|Page\w+|Arrow\w+|ContextMenu)$/,
    "moves",
  ],
  // Back and on, and the other layout.
  [
    "anywhere",
    /^Alt\+(Shift\+\w*Enter|(Shift\+)?(Tab|Escape|Home|End|Page\w+|Arrow(Left|Right)))$/,
    "browser",
  ],
  ["anywhere", /^Alt\+(?!(Enter|ArrowUp|ArrowDown)$)/, "alt"],
  ["anywhere", /^(?!Mod\+|Alt\+|F\d)/, "types"],
  // Windows, tabs, the address, search, print; ⌘H, ⌘M and ⌘, of a Mac.
  ["anywhere", /^Mod\+(Key[TNWQRLPFHMDOG]|Comma)$/, "browser"],
  ["anywhere", /^Mod\+Shift\+(Key[TNWQRIJCBOMPAKE]|Delete)$/, "browser"],
  // Tabs by number, and what zooms on one layout or another.
  [
    "anywhere",
    /^Mod\+(Shift\+)?(Digit\d|Numpad(?!Enter)\w+|Minus|Equal|Slash|Bracket\w+|Backquote|Space|Tab|Escape|Page\w+)$/,
    "browser",
  ],
  ["anywhere", /^Mod\+(Key[ACVXYZ]|Delete)$/, "editing"],
  ["anywhere", /^Mod\+Shift\+Key[VZ]$/, "editing"],
  ["anywhere", /^Mod\+(Shift\+)?(Arrow\w+|Home|End|Backspace|Insert)$/, "editing"],
];

/** null: it can be chosen. */
export function refusalOf(chord: Chord, slot: Slot): Reason | null {
  const isOf = (one: Slot | null) => one === null || one === slot;
  return RULES.find(([one, fits]) => isOf(one) && fits.test(chord))?.[2] ?? null;
}
