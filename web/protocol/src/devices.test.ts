import { expect, it } from "vitest";
import { inOrder, originOf } from "./devices";

const AT = "2026-01-01T00:00:00Z";

it("lists the browser that asks first, then the newest", () => {
  const devices = [
    { id: 3, created_at: AT },
    { id: 5, created_at: AT, current: true },
    { id: 4, created_at: AT },
  ];
  expect(inOrder(devices).map(({ id }) => id)).toEqual([5, 4, 3]);
});

it("says how a browser became the contact's", () => {
  const one = { id: 1, created_at: AT };
  const all = [one, { ...one, verified: true }, { ...one, linked: true }];
  expect(all.map(originOf)).toEqual(["written", "site", "letter"]);
});
