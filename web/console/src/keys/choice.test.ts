import { describe, expect, it } from "vitest";
import {
  type Choice,
  holderOf,
  holderOfUsual,
  isUsual,
  keysOf,
  putBack,
  takeChord,
  withChord,
} from "./choice";
import { KEYS } from "./keys";

const RESOLVE = { act: "resolve", slot: "outside" } as const;
const SNOOZE = { act: "snooze", slot: "outside" } as const;

describe("a choice of keys", () => {
  it("is the usual ones where nothing else was chosen", () => {
    expect(keysOf({}, true)).toEqual(KEYS);
  });

  it("changes one key of an act and leaves its other, and those of other acts", () => {
    const choice = withChord({}, RESOLVE, "KeyQ");
    expect(choice).toEqual({ resolve: { outside: "KeyQ" } });
    expect(keysOf(choice, true)).toEqual({
      ...KEYS,
      resolve: { outside: "KeyQ", anywhere: "Mod+Shift+Period" },
    });
  });

  it("switches a key off", () => {
    const choice = withChord({}, RESOLVE, "");
    expect(keysOf(choice, true).resolve).toEqual({ anywhere: "Mod+Shift+Period" });
    expect(isUsual(choice, "resolve")).toBe(false);
  });

  it("forgets what is usual again, also if the server told it as null", () => {
    const chosen: Choice = { resolve: { outside: "KeyQ", anywhere: null } };
    expect(withChord(chosen, RESOLVE, "KeyE")).toEqual({});
  });

  it("keeps what an act of another version has", () => {
    const choice = withChord({ brew: { outside: "KeyB" } }, RESOLVE, "KeyQ");
    expect(choice).toMatchObject({ brew: { outside: "KeyB" } });
  });

  it("without single keys has chords alone", () => {
    const all = Object.values(keysOf({}, false));
    expect(all.filter(({ outside }) => outside)).toEqual([]);
    expect(keysOf({}, false).resolve).toEqual({ anywhere: "Mod+Shift+Period" });
  });

  it("knows who has a chord, in either column, but for the place that is asked for", () => {
    expect(holderOf({}, "KeyH", RESOLVE)).toEqual(SNOOZE);
    expect(holderOf({}, "KeyE", RESOLVE)).toBeNull();
    expect(holderOf(withChord({}, SNOOZE, ""), "KeyH", RESOLVE)).toBeNull();
    expect(holderOf({}, "F1", RESOLVE)).toEqual({ act: "keys", slot: "anywhere" });
  });

  it("is put back, and whoever has a usual key by then is named, and has it no more", () => {
    const moved = withChord({}, RESOLVE, "KeyQ");
    expect(holderOfUsual(moved, "resolve")).toBeNull();
    expect(putBack(moved, "resolve")).toEqual({});
    const taken = withChord(moved, SNOOZE, "KeyE");
    expect(holderOfUsual(taken, "resolve")).toEqual(SNOOZE);
    expect(putBack(taken, "resolve")).toEqual({ snooze: { outside: "" } });
  });

  it("gives a chord to one act alone", () => {
    expect(takeChord({}, RESOLVE, "KeyH")).toEqual({
      resolve: { outside: "KeyH" },
      snooze: { outside: "" },
    });
    expect(takeChord({}, RESOLVE, "KeyQ")).toEqual({ resolve: { outside: "KeyQ" } });
  });
});
