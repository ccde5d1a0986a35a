import { describe, expect, it } from "vitest";
import { type Findable, found, piecesOf, rankOf, wordsOf } from "./rank";

const named = (label: string, more: Partial<Findable> = {}): Findable => ({
  id: label,
  label,
  ...more,
});
const find = (query: string, all: readonly Findable[], recent: readonly string[] = []) =>
  found(all, wordsOf(query), recent).map(({ one }) => one.label);

describe("what is meant", () => {
  it("is what begins so, then what has a word that does, then what has it inside", () => {
    const all = ["Explore", "Snooze until reply", "Resolve"].map((one) => named(one));
    expect(find("re", all)).toEqual(["Resolve", "Snooze until reply", "Explore"]);
  });

  it("is what was used last, of what is meant as well", () => {
    const all = ["Reply", "Resolve", "Reports"].map((one) => named(one));
    expect(find("re", all, ["Reports", "Resolve"])).toEqual(["Reports", "Resolve", "Reply"]);
  });

  it("has all of the words, wherever each stands", () => {
    const wang = named("王芳", { about: "Where is my kettle?", also: ["#17", "wang@example.com"] });
    expect(find("王 kettle", [wang])).toEqual(["王芳"]);
    expect(find("#17", [wang])).toEqual(["王芳"]);
    expect(find("王 teapot", [wang])).toEqual([]);
    expect(find("re", [wang])).toEqual([]); // in the midst of "where"
  });

  it("is found by its name in another language, after those that are called so here", () => {
    const all = [named("解决", { also: ["Resolve"] }), named("Resolver Ltd")];
    expect(find("resol", all)).toEqual(["Resolver Ltd", "解决"]);
    expect(find("解", all)).toEqual(["解决"]);
  });

  it.each([
    ["wisn", "Aleksandra Wiśniewska"],
    ["ｒｅ", "Resolve"],
    ["ÉLO", "Eloïse"],
    ["嘉怡", "任嘉怡"],
  ])("%s finds %s: without case, accents and width", (query, label) => {
    expect(rankOf(named(label), wordsOf(query))).not.toBeNull();
  });

  it("is everything in its order where nothing was typed", () => {
    expect(find("  ", [named("B"), named("A")])).toEqual(["B", "A"]);
  });
});

describe("a label in pieces", () => {
  it("marks what was looked for, as it is written", () => {
    expect(piecesOf("Send and resolve", wordsOf("RES"))).toEqual([
      { text: "Send and ", isHit: false },
      { text: "res", isHit: true },
      { text: "olve", isHit: false },
    ]);
    expect(piecesOf("😀 Wiśniewska", wordsOf("wis")).find(({ isHit }) => isHit)?.text).toBe("Wiś");
  });

  it("is whole again when put together, whatever stands in it", () => {
    for (const label of ["ﬁne İstanbul", "👩‍👩‍👧 <img src=x>", "Å̊", ""]) {
      const pieces = piecesOf(label, wordsOf("i fi 👩 <img"));
      expect(pieces.map(({ text }) => text).join("")).toBe(label);
    }
  });
});
