import { expect, it } from "vitest";
import { lookAt } from "./look";

it("what one looks at is said again every half minute, until one looks away", () => {
  let due: { readonly ms: number; readonly act: () => void } | null = null;
  const after = (ms: number, act: () => void) => {
    due = { ms, act };
    return () => {
      due = null;
    };
  };
  const next = () => due;
  const told: (number | undefined)[] = [];
  const stop = lookAt(17, { after }, ({ conversation }) => told.push(conversation));
  expect(next()?.ms).toBe(30_000);
  next()?.act();
  expect(told).toEqual([17, 17]);
  stop();
  expect(next()).toBeNull();
  expect(told).toEqual([17, 17, undefined]);
});
