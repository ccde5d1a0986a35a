import { describe, expect, it } from "vitest";
import { afterClose, BAD_NAME, BAD_TOKEN, OWN_GHOST_MS, TOO_MANY } from "./rooms-ending";

describe("before the page was ever in", () => {
  it.each([
    [BAD_NAME, "name"],
    [BAD_TOKEN, "token"],
    [TOO_MANY, "too-many"],
    [1006, "unreachable"],
    [1011, "unreachable"],
  ])("close code %d stops with a reason", (code, ending) => {
    expect(afterClose({ code, lostForMs: null })).toBe(ending);
  });
});

describe("after a loss", () => {
  it.each([1000, 1001, 1006, 1012, 1013, TOO_MANY])("close code %d is tried again", (code) => {
    expect(afterClose({ code, lostForMs: 1e9 })).toBe("retry");
  });

  it("one's own name may seem taken until the server has noticed", () => {
    expect(afterClose({ code: BAD_NAME, lostForMs: OWN_GHOST_MS - 1 })).toBe("retry");
    expect(afterClose({ code: BAD_NAME, lostForMs: OWN_GHOST_MS })).toBe("name");
  });

  it("a token that is no longer good stops at once", () => {
    expect(afterClose({ code: BAD_TOKEN, lostForMs: 0 })).toBe("token");
  });
});
