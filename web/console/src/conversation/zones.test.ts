import { expect, it } from "vitest";
import { timeThere } from "./zones";

const at = new Date("2026-11-30T20:30:00Z");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

it("a visitor's clock is read where it shows another day or time", () => {
  const [one, other] = ["Asia/Shanghai", "America/New_York"].map((zone) =>
    timeThere(at, zone, "en-GB"),
  );
  expect([one, other].filter((said) => said !== null).length).toBeGreaterThan(0);
  expect(one ?? "Tue 04:30").toBe("Tue 04:30");
  expect(other ?? "Mon 15:30").toBe("Mon 15:30");
});

it("nothing is said of one's own zone, of none, and of one that there is not", () => {
  expect(timeThere(at, here, "en-GB")).toBe(null);
  expect(timeThere(at, undefined, "en-GB")).toBe(null);
  expect(timeThere(at, "Mars/Base", "en-GB")).toBe(null);
});
