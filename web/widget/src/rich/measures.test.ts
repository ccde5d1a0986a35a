import { describe, expect, it } from "vitest";
import { endOf, isOurs, kindOf, sizeOf } from "./measures";

describe("a file's size", () => {
  it.each([
    [0, "0 kB"],
    [1, "1 kB"],
    [184_000, "184 kB"],
    [999_499, "999 kB"],
    [999_500, "1 MB"],
    [1_800_000, "1.8 MB"],
    [20_000_000, "20 MB"],
  ])("of %i bytes is %s", (bytes, said) => {
    expect(sizeOf(bytes, "en")).toBe(said);
  });

  it("is written as the language writes it", () => {
    expect(sizeOf(1_800_000, "de")).toBe("1,8 MB");
  });
});

it("the kind of a file is what its name ends with, if that is one", () => {
  expect(["a.pdf", "b.tar.GZ", "README", "c.", "d.thisislong", "e.\u202Efdp"].map(kindOf)).toEqual([
    "PDF",
    "GZ",
    "",
    "",
    "",
    "",
  ]);
});

it("a file's link says until when it holds; one that does not is taken to hold", () => {
  expect(endOf("/api/v1/files/7/a.jpg?token=7.original.1900000000000.kd_abc.sig")).toBe(
    1_900_000_000_000,
  );
  expect(endOf("blob:https://x/1")).toBe(Number.POSITIVE_INFINITY);
});

it("only a file of our own server is one to fetch", () => {
  expect(
    ["/api/v1/files/1/a", "//evil.example/a", "https://evil.example/api/", undefined].map(isOurs),
  ).toEqual([true, false, false, false]);
});
