/**
 * The one-time link that the page was opened with.
 *
 * Rules: it leaves the address bar at once, so that it is in no history, bookmark or screenshot. The
 * tab keeps it until it was used, so that a reload does not lose it. Another link that is put into
 * the address of an open page begins anew.
 */
import { forget, recall, remember, thisTab } from "shared/view/memory";
import { linkOf } from "../core/address";

/** `about` keeps the links of different pages apart; null: there is none. */
export function takeLink(about: string): string | null {
  const found = linkOf(location.hash);
  if (found) {
    remember(`link.${about}`, found, thisTab);
    history.replaceState(null, "", location.pathname + location.search);
  }
  addEventListener("hashchange", () => linkOf(location.hash) && location.reload());
  return found ?? (recall(`link.${about}`, thisTab) || null);
}

export function dropLink(about: string): void {
  forget(`link.${about}`, thisTab);
}
