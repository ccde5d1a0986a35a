import { expect, it } from "vitest";
import { find, groupsOf, withWords } from "./find";
import english from "./names/en.json";
import chinese from "./names/zh-CN.json";

const signs = (names: typeof english, asked: string) =>
  find(groupsOf(names), asked).map(({ sign }) => sign);

it("an emoji is found by a part of its name or of another word for it, in both languages", () => {
  expect(signs(english, "teacup")).toEqual(["🍵"]);
  expect(signs(english, "THUMBS up")).toContain("👍️");
  expect(signs(chinese, "茶")).toContain("🍵");
  expect(signs(english, "no such thing")).toEqual([]);
});

it("what is called so comes before what is only like it", () => {
  const groups = groupsOf({ a: ["1|joy|cat", "2|cat"] });
  expect(find(groups, "cat").map(({ sign }) => sign)).toEqual(["2", "1"]);
});

it("a thing comes before what has only something of it, or begins alike", () => {
  expect(signs(english, "tea")[0]).toBe("🍵");
  expect(signs(english, "tea")).not.toContain("🍜"); // steaming
  expect(signs(chinese, "茶")[0]).toBe("🍵");
  expect(signs(chinese, "心")[0]).toBe("❤️");
});

it("both languages have the same emoji, each once, under the same groups", () => {
  const all = (names: typeof english) =>
    groupsOf(names).map(({ name, emoji }) => [name, emoji.map(({ sign }) => sign)]);
  expect(all(chinese)).toEqual(all(english));
  const every = groupsOf(english).flatMap(({ emoji }) => emoji.map(({ sign }) => sign));
  expect(new Set(every).size).toBe(every.length);
});

it("every emoji has a name", () => {
  for (const names of [english, chinese]) {
    for (const { sign, name } of groupsOf(names).flatMap(({ emoji }) => emoji)) {
      expect([sign, name.length > 0]).toEqual([sign, true]);
    }
  }
});

it("who writes two languages finds one by the words of either", () => {
  const both = withWords(groupsOf(chinese), groupsOf(english));
  const [one] = find(both, "teacup");
  expect([one?.sign, one?.name]).toEqual([
    "🍵",
    find(groupsOf(chinese), "茶").find(({ sign }) => sign === "🍵")?.name,
  ]);
  expect(find(both, "茶").map(({ sign }) => sign)).toContain("🍵");
});
