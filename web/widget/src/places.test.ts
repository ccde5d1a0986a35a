import { describe, expect, it } from "vitest";
import { fitPlace } from "./places";

const HALF = "\ud83d";

describe("where a visitor is", () => {
  const place = (url: unknown, title: unknown = "", referrer: unknown = "") =>
    fitPlace({ url, title, referrer } as never);

  it("is told as it is", () => {
    expect(place("https://a.example/?q=1#x", "Prices", "https://b.example/")).toEqual({
      page: "https://a.example/?q=1#x",
      title: "Prices",
      referrer: "https://b.example/",
    });
  });

  it("goes without a query that makes it too long, or not at all", () => {
    const query = "x".repeat(2_048);
    expect(place(`https://a.example/p?${query}`).page).toBe("https://a.example/p");
    expect(place(`https://a.example/${query}`).page).toBe("");
  });

  it("has a title that is cut between characters", () => {
    const { title } = place("https://a.example/", `${"x".repeat(999)}😀😀`);
    expect(title).toBe(`${"x".repeat(999)}😀`);
    expect(place("", `a${HALF}b`).title).toBe("ab");
  });

  it("may be nothing that a page could mean", () => {
    expect(place({}, 5, null)).toEqual({ page: "", title: "", referrer: "" });
  });
});
