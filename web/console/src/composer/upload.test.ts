import { NotSent } from "shared/upload/send";
import { beforeEach, expect, it, vi } from "vitest";
import { faultOf } from "./upload";

const client = { limits: { file_bytes: 5_000_000 } };

beforeEach(() => {
  vi.stubGlobal("document", { documentElement: { lang: "en" } });
});

it("what is too large says how large a file may be, and is not to be sent again", () => {
  expect(faultOf(new NotSent("too_large"), client)).toEqual({
    key: "composer:file.large",
    values: { most: "5 MB" },
    isPassing: false,
  });
});

it.each(["too_many", "unavailable", "unauthenticated", "cut"] as const)(
  "what was not taken because of %s can be sent again",
  (code) => {
    expect(faultOf(new NotSent(code), client).isPassing).toBe(true);
  },
);

it("what is no refusal is a cut", () => {
  expect(faultOf(new TypeError("x"), client).key).toBe("composer:file.cut");
});
