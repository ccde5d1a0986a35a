import { describe, expect, it } from "vitest";
import { readRoute } from "../shell/routes";
import { placeOf } from "./place";

const at = (path: string, isNarrow: boolean) => placeOf(readRoute(path, ""), isNarrow);

describe("an offer", () => {
  it("stands above the list wherever there is one", () => {
    expect(at("/console", false)).toBe("list");
    expect(at("/console/queue", true)).toBe("list");
    expect(at("/console/conversations/17", false)).toBe("list");
  });

  it("is a strip over the one column that is an open chat", () => {
    expect(at("/console/conversations/17", true)).toBe("strip");
  });

  it("floats on whatever page has no list", () => {
    expect([at("/console/no/such", false), at("/console/no/such", true)]).toEqual([
      "float",
      "float",
    ]);
  });
});
