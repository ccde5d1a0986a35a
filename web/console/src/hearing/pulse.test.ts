import { describe, expect, it } from "vitest";
import { Pulse } from "./pulse";

describe("a tab's pulse", () => {
  it("is not late in a tab that is hidden, and is in one that is held back", () => {
    const pulse = new Pulse(0);
    pulse.beat(1_000);
    pulse.beat(2_900);
    expect(pulse.lateMs(2_900)).toBe(0);
    pulse.beat(62_900);
    pulse.beat(63_900);
    expect(pulse.lateMs(63_900)).toBe(59_000);
  });

  it("forgets what was ten minutes ago", () => {
    const pulse = new Pulse(0);
    pulse.beat(30_000);
    expect(pulse.lateMs(629_999)).toBe(29_000);
    expect(pulse.lateMs(630_000)).toBe(0);
  });
});
