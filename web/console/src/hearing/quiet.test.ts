import { describe, expect, it } from "vitest";
import { isQuiet } from "./quiet";

const NIGHT = { begin: "22:00", end: "07:00", time_zone: "Asia/Shanghai", days: [1, 2, 3, 4, 5] };
/** Of the week of Monday, 2 November 2026, in Shanghai (UTC+8). */
const at = (day: number, clock: string) => Date.parse(`2026-11-0${day + 1}T${clock}:00+08:00`);

describe("quiet hours", () => {
  it("go over midnight, by the day on which they begin, in their own time zone", () => {
    expect(isQuiet(NIGHT, at(1, "22:00"))).toBe(true);
    expect(isQuiet(NIGHT, at(2, "06:59"))).toBe(true);
    expect(isQuiet(NIGHT, at(2, "07:00"))).toBe(false);
    expect(isQuiet(NIGHT, at(1, "06:00"))).toBe(false); // began on Sunday, which is none
    expect(isQuiet(NIGHT, at(6, "06:00"))).toBe(true); // began on Friday
    expect(isQuiet(NIGHT, at(6, "23:00"))).toBe(false);
  });

  it("lie within a day otherwise", () => {
    const noon = { ...NIGHT, begin: "12:00", end: "13:30" };
    expect([isQuiet(noon, at(3, "12:00")), isQuiet(noon, at(3, "13:30"))]).toEqual([true, false]);
    expect(isQuiet(noon, at(7, "12:30"))).toBe(false);
  });

  it("are none where none are set", () => {
    expect(isQuiet(null, at(1, "23:00"))).toBe(false);
    expect(isQuiet({ ...NIGHT, days: [] }, at(1, "23:00"))).toBe(false);
  });
});
