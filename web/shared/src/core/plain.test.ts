import { expect, it } from "vitest";
import { plain } from "./plain";

it.each([
  ["**Hello**, _you_", "Hello, you"],
  ["one\ntwo\n\n- a\n- b", "one two a b"],
  ["see [the guide](https://example.com/a_b)", "see the guide"],
  ["`x < y` & <b>", "x < y & <b>"],
  ["  ", ""],
])("%j is said as %j", (text, said) => {
  expect(plain(text)).toBe(said);
});
