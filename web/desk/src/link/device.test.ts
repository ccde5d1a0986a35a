import { send } from "protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { storage } from "../testing/storage";
import { ChatCopy } from "./copy";
import { deviceToken, isAside, scopeOf, setAside, takeBack } from "./device";

const AT = "2026-01-01T00:00:00.000Z";

beforeEach(() => {
  vi.stubGlobal("localStorage", storage());
  vi.stubGlobal("sessionStorage", storage());
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** What the page has of words that wait, whoever it is now. */
function open(): ChatCopy {
  return new ChatCopy("wk", () => undefined, scopeOf("wk"));
}

function write(text: string): void {
  open().update((holder) => send(holder, { client_id: text, text, at: AT }));
}

function waiting(): string[] {
  return open().sending.map(({ text }) => text);
}

describe("a letter's conversation", () => {
  it("has a token of its own, and one's own comes back", () => {
    const own = deviceToken("wk");
    expect(setAside("wk")).not.toBe(own);
    expect([deviceToken("wk") === own, isAside("wk")]).toEqual([false, true]);
    takeBack("wk");
    expect([deviceToken("wk"), isAside("wk")]).toEqual([own, false]);
  });

  it("gets nothing that was written in one's own, nor the other way round", () => {
    deviceToken("wk");
    write("mine");
    open().lose("back");
    setAside("wk");
    expect([waiting(), open().loss]).toEqual([[], null]);
    write("to the letter's writer");
    setAside("wk"); // another letter
    expect(waiting()).toEqual([]);
    write("to the other letter's writer");
    takeBack("wk");
    expect([waiting(), open().loss]).toEqual([["mine"], "back"]);
  });
});
