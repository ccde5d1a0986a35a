import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { matches } from "./pages";

interface Case {
  readonly pattern: string;
  readonly url: string;
  readonly fits: boolean;
}

const cases: Case[] = JSON.parse(
  readFileSync(new URL("../../../../docs/page-patterns.json", import.meta.url), "utf8"),
);

it.each(cases)("$pattern and $url: $fits", ({ pattern, url, fits }) => {
  expect(matches(pattern, url)).toBe(fits);
});

it("takes no time for patterns that make others slow", () => {
  const [pattern, url] = ["/*a".repeat(75), `https://a.example/${"a".repeat(2000)}b`];
  const before = performance.now();
  expect(matches(pattern, url)).toBe(false);
  expect(performance.now() - before).toBeLessThan(50);
});
