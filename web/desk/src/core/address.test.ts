import { describe, expect, it } from "vitest";
import { linkOf, purposeOf, widgetKeyOf } from "./address";

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

describe("a one-time link", () => {
  it("is what stands behind the #", () => {
    const token = `kl_${"aZ0-_".repeat(8)}`;
    expect(linkOf(`#${token}`)).toBe(token);
  });

  it.each(["", "#", "#top", "#kl_", `#kl_${"a".repeat(40)}<`, "#ks_aaaaaaaaaaaaaaaaaaaa"])(
    "is not %j",
    (fragment) => {
      expect(linkOf(fragment)).toBeNull();
    },
  );
});

it("has the purpose that the page's path names", () => {
  expect(["/setup", "/join", "/reset", "/account.html"].map(purposeOf)).toEqual([
    "setup",
    "join",
    "reset",
    "setup",
  ]);
});
