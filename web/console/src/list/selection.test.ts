import { expect, it } from "vitest";
import { Selection } from "./selection";

const IDS = [5, 3, 8, 1, 9];
const of = (selection: Selection) => [...selection.all].sort();

it("takes a row and leaves it again", () => {
  const selection = new Selection();
  selection.toggle(3);
  selection.toggle(8);
  selection.toggle(3);
  expect(of(selection)).toEqual([8]);
});

it("reaches from the row that was taken last, either way, and keeps the others", () => {
  const selection = new Selection();
  selection.toggle(9);
  selection.toggle(3);
  selection.reach(1, IDS);
  expect(of(selection)).toEqual([1, 3, 8, 9]);
  selection.only([1]);
  selection.reach(3, IDS);
  expect(of(selection)).toEqual([1, 3, 8]);
});

it("reaches to one row alone if none was taken, or that is not in the list any more", () => {
  const selection = new Selection();
  selection.reach(8, IDS);
  expect(of(selection)).toEqual([8]);
  selection.only([77]);
  selection.reach(3, IDS);
  expect(of(selection)).toEqual([3, 77]);
});

it("tells whoever listens, and nobody if nothing has changed", () => {
  const selection = new Selection();
  let told = 0;
  const stop = selection.subscribe(() => {
    told += 1;
  });
  selection.clear();
  selection.toggle(3);
  stop();
  selection.clear();
  expect(told).toBe(1);
});
