import { describe, expect, it } from "vitest";
import { actOf, KEYS, namesOf } from "./keys";

const press = (code: string, more: object = {}) => ({
  code,
  key: "",
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  getModifierState: () => false,
  ...more,
});

describe("a key", () => {
  it("means its act outside fields and nothing where one types", () => {
    expect(actOf(press("KeyE"), false, false)).toBe("resolve");
    expect(actOf(press("KeyE"), false, true)).toBeNull();
  });

  it("with Mod means its act everywhere: Ctrl here, the command key on a Mac", () => {
    const ctrl = press("Period", { ctrlKey: true, shiftKey: true });
    const command = press("Period", { metaKey: true, shiftKey: true });
    expect(actOf(ctrl, false, true)).toBe("resolve");
    expect(actOf(command, true, true)).toBe("resolve");
    expect(actOf(ctrl, true, true)).toBeNull();
    expect(actOf(command, false, true)).toBeNull();
  });

  it("goes by its place, not by its letter", () => {
    expect(actOf(press("KeyA", { key: "ф" }), false, false)).toBe("accept");
    expect(actOf(press("KeyQ", { key: "a" }), false, false)).toBeNull();
  });

  it("is the layout's own with AltGr, or with Ctrl and Alt together", () => {
    const altGr = press("KeyE", { getModifierState: (name: string) => name === "AltGraph" });
    expect(actOf(altGr, false, false)).toBeNull();
    const both = press("Enter", { ctrlKey: true, altKey: true });
    expect(actOf(both, false, true)).toBeNull();
  });

  it("that types a question mark shows the keys, wherever it stands", () => {
    expect(actOf(press("Minus", { key: "?", shiftKey: true }), false, false)).toBe("keys");
    expect(actOf(press("Minus", { key: "?", shiftKey: true }), false, true)).toBeNull();
  });
});

it("no two acts have one key", () => {
  const all = Object.values(KEYS).flatMap(({ outside, anywhere }) => [outside, anywhere]);
  const given = all.filter((one) => one !== undefined);
  expect(new Set(given).size).toBe(given.length);
});

it("no key that counts where one types is a letter without Mod", () => {
  const typed = Object.values(KEYS).flatMap(({ anywhere }) => anywhere ?? []);
  expect(typed.filter((one) => !/^Mod\+|^Alt\+(Enter|Arrow)|^F\d/.test(one))).toEqual([]);
});

it("keys are named as the system prints them", () => {
  expect(namesOf("Mod+Shift+Enter", true)).toEqual(["⌘", "⇧", "↵"]);
  expect(namesOf("Mod+Shift+Enter", false)).toEqual(["Ctrl", "Shift", "↵"]);
});
