import { expect, it } from "vitest";
import { isOutOfReach, lineFor, readSite } from "./site";

it.each([
  ["https://www.shop.example", "https://www.shop.example"],
  [" WWW.Shop.example ", "https://www.shop.example"],
  ["shop.example:8443/a/page?of=it", "https://shop.example:8443"],
  ["http://shop.example/", "http://shop.example"],
  ["localhost:3000", "http://localhost:3000"],
  ["127.0.0.1", "http://127.0.0.1"],
  ["茶.example", "https://xn--cl1a.example"],
])("%s means the site %s", (typed, origin) => {
  expect(readSite(typed)).toEqual({ kind: "origin", origin });
});

it.each([
  ["ftp://shop.example", "welcome:fault.scheme"],
  ["javascript://shop.example", "welcome:fault.scheme"],
  ["my shop", "welcome:fault.address"],
  ["https://", "welcome:fault.address"],
  ["an@shop.example", "welcome:fault.address"],
])("%s is no site, and it is said why", (typed, why) => {
  expect(readSite(typed)).toEqual({ kind: "bad", why });
});

it("takes nothing for a site that is not there yet", () => {
  expect(readSite("  ")).toEqual({ kind: "none" });
});

it("knows that others' browsers do not reach a server of this machine", () => {
  expect(isOutOfReach("http://localhost:3000", ["https://shop.example"])).toBe(true);
  expect(isOutOfReach("http://localhost:3000", ["http://127.0.0.1:8000"])).toBe(false);
  expect(isOutOfReach("https://chat.example", ["https://shop.example"])).toBe(false);
});

it("is one line", () => {
  expect(lineFor("https://chat.example", "wk_1")).toBe(
    '<script src="https://chat.example/kefu.js" data-widget="wk_1" async></script>',
  );
});
