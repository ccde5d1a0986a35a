import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Paced } from "./paced";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("does it at once, and what comes sooner together, later", () => {
  const act = vi.fn();
  const paced = new Paced(act, 1_000);
  paced.ask();
  expect(act).toHaveBeenCalledTimes(1);
  for (let at = 0; at < 500; at += 1) {
    paced.ask();
    vi.advanceTimersByTime(4);
  }
  vi.advanceTimersByTime(5_000);
  expect(act).toHaveBeenCalledTimes(3);
});

it("does nothing any more of what was dropped", () => {
  const act = vi.fn();
  const paced = new Paced(act, 1_000);
  paced.ask();
  paced.ask();
  paced.drop();
  vi.advanceTimersByTime(5_000);
  expect(act).toHaveBeenCalledTimes(1);
});
