import { expect, it } from "vitest";
import { siteOf, webAddress } from "./address";

it.each(["https://shop.example/tea?cup=2#lid", "http://localhost:3000/"])("%s is linked", (one) => {
  expect(webAddress(one)).toBe(one);
});

it.each([
  "javascript:alert(1)",
  " javascript:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:msgbox(1)",
  "file:///etc/passwd",
  "blob:https://shop.example/1",
  "/console",
  "shop.example/tea",
  "",
  undefined,
])("%s is never a link", (one) => {
  expect(webAddress(one)).toBeNull();
});

it("a site is what a person calls it, and what is no address is shown as it is", () => {
  expect(siteOf("https://search.example/?q=gaiwan")).toBe("search.example");
  expect(siteOf("javascript:alert(1)")).toBe("javascript:alert(1)");
});
