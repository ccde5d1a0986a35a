import { describe, expect, it } from "vitest";
import { isSafe, piecesOf } from "./text";

function links(text: string): (string | null)[] {
  return piecesOf(text).flatMap(({ href }) => (href === null ? [] : [href]));
}

describe("text in pieces", () => {
  it("is the same text, put together", () => {
    const text = "See https://a.example/x?y=1#z, or (http://b.example). <b>no</b>";
    expect(
      piecesOf(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
    expect(links(text)).toEqual(["https://a.example/x?y=1#z", "http://b.example"]);
  });

  it("has a link that ends where a Chinese sentence goes on", () => {
    expect(links("请看https://a.example/订单。谢谢")).toEqual(["https://a.example/订单"]);
  });

  it("keeps a bracket that is the address's own", () => {
    expect(links("https://a.example/b_(c)")).toEqual(["https://a.example/b_(c)"]);
  });

  it.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "https://bank.example@evil.example/",
    "https://",
    "www.example.com",
    "a line",
    "",
  ])("has no link in %j", (text) => {
    expect(links(text)).toEqual([]);
  });

  it.each(["javascript:alert(1)", " https://a.example", "//a.example", "https://u:p@a.example"])(
    "%j is not safe",
    (address) => {
      expect(isSafe(address)).toBe(false);
    },
  );
});
