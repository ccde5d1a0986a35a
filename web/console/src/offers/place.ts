/** Where on the page an offer stands. */
import type { Route } from "../shell/routes";

export type OfferPlace = "list" | "strip" | "float";

/** Pure. `isNarrow`: one column at a time, so beside an open conversation there is no list. */
export function placeOf(route: Route, isNarrow: boolean): OfferPlace {
  if (route.page !== "inbox") {
    return "float";
  }
  return isNarrow && route.conversation !== null ? "strip" : "list";
}
