import { Memory } from "client/memory";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Letters } from "./letters";

class Kept {
  private readonly all = new Map<string, string>();
  get length(): number {
    return this.all.size;
  }
  key = (at: number): string | null => [...this.all.keys()][at] ?? null;
  getItem = (key: string): string | null => this.all.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.all.set(key, value);
  removeItem = (key: string): void => void this.all.delete(key);
}

beforeEach(() => {
  vi.stubGlobal("localStorage", new Kept());
  vi.stubGlobal("sessionStorage", new Kept());
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const of = (scope: string): Memory => new Memory(localStorage, scope);
const opened = (): Letters => new Letters(of("wk"), "wk");

function write(text: string): void {
  of(opened().scope).set(`unsent.${text}`, text);
}

function waiting(): readonly string[] {
  return of(opened().scope).keys("unsent.");
}

describe("a letter's conversation", () => {
  it("has a token of its own, and one's own comes back", () => {
    const letters = opened();
    const own = letters.token;
    expect(letters.setAside()).not.toBe(own);
    expect([letters.token === own, letters.isAside]).toEqual([false, true]);
    letters.takeBack();
    expect([letters.token, letters.isAside]).toEqual([own, false]);
  });

  it("gets nothing that was written in one's own, nor the other way round", () => {
    write("mine");
    of("wk").set("loss", "expired");
    opened().setAside();
    expect([waiting(), of(opened().scope).get("loss")]).toEqual([[], null]);
    write("to the letter's writer");
    opened().setAside(); // another letter
    expect(waiting()).toEqual([]);
    write("to the other letter's writer");
    opened().takeBack();
    expect([waiting(), of(opened().scope).get("loss")]).toEqual([["mine"], "expired"]);
  });

  it("knows the link that it was opened with, and no other", () => {
    const letters = opened();
    letters.opened(`kl_${"a".repeat(43)}`, 7);
    expect(letters.isOpened(`kl_${"a".repeat(43)}`)).toBe(true);
    expect(letters.isOpened(`kl_${"b".repeat(43)}`)).toBe(false);
    expect(of("wk").get("who")).toBe("7");
  });
});
