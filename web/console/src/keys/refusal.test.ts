import { describe, expect, it } from "vitest";
import { ACTS, chordAt, SLOTS } from "./choice";
import { actOf, chordOf } from "./keys";
import { refusalOf } from "./refusal";

describe("what can be chosen", () => {
  it("holds for all usual keys", () => {
    const refused = ACTS.flatMap((act) =>
      SLOTS.map((slot) => ({ slot, chord: chordAt({}, { act, slot }) })),
    ).filter(({ chord, slot }) => chord && refusalOf(chord, slot));
    expect(refused).toEqual([]);
  });

  it.each([
    ["Alt+KeyL", "anywhere", "alt"], // ł in Polish, @ on a German Mac
    ["Alt+Shift+KeyL", "anywhere", "alt"],
    ["Alt+Digit7", "anywhere", "alt"], // | on a German Mac
    ["Alt+Shift+Enter", "anywhere", "browser"], // changes the layout on Windows
    ["Alt+ArrowLeft", "anywhere", "browser"], // back
    ["Mod+Alt+KeyL", "anywhere", "alt-gr"],
    ["KeyQ", "anywhere", "types"],
    ["Shift+KeyQ", "anywhere", "types"],
    ["?", "anywhere", "types"],
    ["Enter", "anywhere", "types"],
    ["Mod+KeyW", "anywhere", "browser"],
    ["Mod+Slash", "anywhere", "browser"], // zooms on a German keyboard
    ["Mod+Shift+KeyT", "anywhere", "browser"],
    ["F5", "anywhere", "browser"],
    ["Mod+KeyV", "anywhere", "editing"],
    ["Mod+Shift+ArrowLeft", "anywhere", "editing"],
    ["Mod+KeyJ", "outside", "with-mod"],
    ["Alt+KeyL", "outside", "with-mod"],
    ["Space", "outside", "moves"],
    ["ArrowDown", "outside", "moves"],
    ["F11", "outside", "browser"],
  ] as const)("is not %s %s: %s", (chord, slot, reason) => {
    expect(refusalOf(chord, slot)).toBe(reason);
  });

  it.each([
    ["KeyQ", "outside"],
    ["Shift+KeyQ", "outside"],
    ["Semicolon", "outside"],
    ["?", "outside"],
    ["F2", "outside"],
    ["F2", "anywhere"],
    ["Mod+KeyU", "anywhere"],
    ["Mod+Shift+KeyY", "anywhere"],
    ["Alt+ArrowUp", "anywhere"],
  ] as const)("is %s %s", (chord, slot) => {
    expect(refusalOf(chord, slot)).toBeNull();
  });
});

/** What types something, on a keyboard: all that writes, by itself and with what makes other signs. */
const WRITING = [
  ...[..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].map((one) => `Key${one}`),
  ...[..."0123456789"].map((one) => `Digit${one}`),
  ..."Minus Equal BracketLeft BracketRight Backslash Semicolon Quote Backquote".split(" "),
  ..."Comma Period Slash Space IntlBackslash IntlRo IntlYen".split(" "),
];
const BARE = {
  key: "",
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  getModifierState: () => false,
};
const ALT_GR = { getModifierState: (name: string) => name === "AltGraph" };
const ALT = { altKey: true };
const WINDOWS = [{}, ALT_GR, { ctrlKey: true, altKey: true }, { ...ALT_GR, ctrlKey: true, ...ALT }];
const LAYOUTS = [
  { name: "Polish on Windows: AltGr+L is ł", isMac: false, holds: WINDOWS },
  { name: "Polish, Linux: AltGr is a level of its own", isMac: false, holds: [{}, ALT_GR] },
  { name: "German Mac: ⌥L is @", isMac: true, holds: [{}, ALT] },
  { name: "Cyrillic", isMac: false, holds: WINDOWS },
  { name: "Greek on a Mac", isMac: true, holds: [{}, ALT] },
] as const;

it.each(LAYOUTS)("no key that can be chosen types a letter ($name)", ({ isMac, holds }) => {
  const typed = WRITING.flatMap((code) =>
    holds.flatMap((held) => [
      { ...BARE, code, ...held },
      { ...BARE, code, ...held, shiftKey: true },
    ]),
  );
  const chords = typed.flatMap((one) => chordOf(one, isMac) ?? []);
  expect(chords.filter((chord) => refusalOf(chord, "anywhere") === null)).toEqual([]);
  expect(typed.filter((one) => actOf(one, isMac, true))).toEqual([]);
});
