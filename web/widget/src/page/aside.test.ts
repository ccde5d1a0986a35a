/** What one person left in this browser, beside what the next one finds. */
import { Memory } from "client/memory";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Letters } from "./letters";

/** Its keys are properties, as a browser's has them. */
class Kept {
  get length(): number {
    return Object.keys(this).length;
  }
  key(at: number): string | null {
    return Object.keys(this)[at] ?? null;
  }
  getItem(key: string): string | null {
    return (this as unknown as Record<string, string>)[key] ?? null;
  }
  setItem(key: string, value: string): void {
    Object.assign(this, { [key]: value });
  }
  removeItem(key: string): void {
    Reflect.deleteProperty(this, key);
  }
}

beforeEach(() => {
  vi.stubGlobal("localStorage", new Kept());
  vi.stubGlobal("sessionStorage", new Kept());
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const lettersOf = (name: string) => new Letters(new Memory(localStorage, name), name);

it("nothing of a letter's conversation is left in the tab for the next letter, nor for oneself", () => {
  for (const leave of ["setAside", "takeBack"] as const) {
    lettersOf("wk").setAside();
    for (const key of ["draft", "form", "view", "dismissed"]) {
      sessionStorage.setItem(`kefu.wk~letter.${key}`, "of the letter's reader");
      sessionStorage.setItem(`kefu.wk.${key}`, "mine");
    }
    lettersOf("wk")[leave]();
    expect(Object.values(sessionStorage)).toEqual(["mine", "mine", "mine", "mine"]);
  }
});

it("whoever the site has named opens a letter as themselves, and not as whoever was here before", () => {
  const before = lettersOf("wk").token;
  const named = lettersOf("wk~bert");
  expect([named.scope, named.token === before]).toEqual(["wk~bert", false]);
  named.setAside();
  expect([named.isAside, lettersOf("wk").isAside]).toEqual([true, false]);
  named.takeBack();
  expect([named.scope, lettersOf("wk").token]).toEqual(["wk~bert", before]);
});
