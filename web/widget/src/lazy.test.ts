import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Lazy } from "./lazy";

const LONGEST_MS = 15_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Fails so often, and then is here. */
function failing(times: number) {
  let tries = 0;
  const changed = vi.fn();
  const load = async () => {
    tries += 1;
    if (tries <= times) {
      throw new Error("no connection");
    }
    return "here";
  };
  return { lazy: new Lazy(load, changed), changed, tries: () => tries };
}

it("what could not be loaded once is tried again, and not said to be missing", async () => {
  const { lazy, changed } = failing(1);
  const loaded = lazy.get();
  await vi.advanceTimersByTimeAsync(0);
  expect([lazy.value, lazy.isMissing]).toEqual([null, false]);
  await vi.advanceTimersByTimeAsync(LONGEST_MS);
  expect([await loaded, lazy.isMissing, changed.mock.calls.length > 0]).toEqual([
    "here",
    false,
    true,
  ]);
});

/** What the server answers for the document, and whether that starts anew. */
function documentAt(fetch: () => Promise<Partial<Response>>) {
  const reload = vi.fn();
  vi.stubGlobal("location", { href: "https://chat.example/widget/wk_1", reload });
  vi.stubGlobal("fetch", fetch);
  return reload;
}

it("what stays away is missing until it is here, and is tried at once when asked to", async () => {
  const reload = documentAt(async () => Promise.reject(new Error("no connection")));
  const { lazy, tries } = failing(3);
  void lazy.get();
  await vi.advanceTimersByTimeAsync(600);
  expect([tries(), lazy.isMissing]).toEqual([2, true]);
  lazy.retry();
  expect(lazy.isMissing).toBe(false);
  await vi.advanceTimersByTimeAsync(0);
  expect([tries(), lazy.isMissing]).toEqual([3, true]);
  lazy.retry();
  await vi.advanceTimersByTimeAsync(0);
  expect([lazy.value, lazy.isMissing]).toEqual(["here", false]);
  expect(reload).not.toHaveBeenCalled();
});

it("the document starts anew where asking does not help and the server has it, not before", async () => {
  const reload = documentAt(async () => ({ ok: true }));
  const { lazy } = failing(9);
  void lazy.get();
  await vi.advanceTimersByTimeAsync(LONGEST_MS);
  expect(reload).not.toHaveBeenCalled();
  lazy.retry();
  await vi.advanceTimersByTimeAsync(0);
  expect(reload).toHaveBeenCalledOnce();
});

it("the document stays while the server cannot give it", async () => {
  const reload = documentAt(async () => ({ ok: false }));
  const { lazy } = failing(9);
  void lazy.get();
  await vi.advanceTimersByTimeAsync(LONGEST_MS);
  lazy.retry();
  await vi.advanceTimersByTimeAsync(0);
  expect(reload).not.toHaveBeenCalled();
});
