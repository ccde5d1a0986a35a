import { expect, it } from "vitest";
import { purposeOf } from "./address";

it("has the purpose that the page's path names", () => {
  expect(["/setup", "/join", "/reset", "/account.html"].map(purposeOf)).toEqual([
    "setup",
    "join",
    "reset",
    "setup",
  ]);
});
