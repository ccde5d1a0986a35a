import type { Reaction } from "protocol";
import { expect, it } from "vitest";
import { asLiked, isSetBy, withReaction } from "./reactions";

const mei = { role: "agent", id: 3 } as const;
const lin = { role: "visitor", id: 3 } as const;
const liked: readonly Reaction[] = [{ emoji: "👍", people: [lin] }];

it("one is set once, beside others', and taken back", () => {
  const both = withReaction(liked, "👍", mei, true);
  expect(both).toEqual([{ emoji: "👍", people: [lin, mei] }]);
  expect(withReaction(both, "👍", mei, true)).toEqual(both);
  expect(withReaction(both, "👍", mei, false)).toEqual(liked);
});

it("a new one comes last, and one that nobody sets any more goes", () => {
  expect(withReaction(liked, "🎉", mei, true).map(({ emoji }) => emoji)).toEqual(["👍", "🎉"]);
  expect(withReaction(liked, "👍", lin, false)).toEqual([]);
});

it("an agent is not the visitor of the same number", () => {
  expect(liked.map((one) => [isSetBy(one, mei), isSetBy(one, lin)])).toEqual([[false, true]]);
});

it("an emoji in another style is the one that is offered", () => {
  expect([asLiked("👍\ufe0f"), asLiked("❤"), asLiked("🍵")]).toEqual(["👍", "❤️", "🍵"]);
});
