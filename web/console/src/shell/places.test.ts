import { expect, it } from "vitest";
import { placeOf, routeOf } from "./places";

it("is marked by the saved view, the team or the tag that is shown, else by the list", () => {
  expect(placeOf(routeOf({ saved: 12, team: 5 }))).toBe("view 12");
  expect(placeOf(routeOf({ team: 5 }))).toBe("team 5");
  expect(placeOf(routeOf({ filter: { tag: "vip" } }))).toBe("tag vip");
  expect(placeOf(routeOf({ filter: { tag: "vip", unread: "me" } }))).toBe("mine");
  expect(placeOf(routeOf({ view: "queue" }))).toBe("mine");
  expect(placeOf(routeOf({ view: "mentions" }))).toBe("mentions");
  expect(placeOf({ page: "visitors" })).toBeNull();
});
