import { describe, expect, it } from "vitest";
import { purposeOf, widgetKeyOf } from "./address";

describe("a chat's address", () => {
  it.each([
    ["/chat/wk_demo", "wk_demo"],
    ["/chat/wk_demo/", "wk_demo"],
    ["/chat/wk%20a", "wk a"],
    ["/chat/", null],
    ["/chat.html", null],
    ["/chat/a/b", null],
    ["/chat/%", null],
  ])("%s names %s", (path, key) => {
    expect(widgetKeyOf(path)).toBe(key);
  });
});

it("has the purpose that the page's path names", () => {
  expect(["/setup", "/join", "/reset", "/account.html"].map(purposeOf)).toEqual([
    "setup",
    "join",
    "reset",
    "setup",
  ]);
});
