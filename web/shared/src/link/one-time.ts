/**
 * The one-time link that the page was opened with.
 *
 * Rules: it leaves the address bar at once, whole or damaged, so that it is in no history, bookmark or
 * screenshot. The tab keeps it until it was used, so that a reload does not lose it. Another link
 * that is put into the address of an open page begins anew.
 * Not here: what is a link (shared's core/one-time-link).
 */
import { linkIn } from "shared/core/one-time-link";
import { forget, recall, remember, thisTab } from "shared/view/memory";

/** `about` keeps the links of different pages apart; null: there is none. */
export function takeLink(about: string): string | "damaged" | null {
  const found = linkIn(location.hash);
  if (found) {
    history.replaceState(null, "", location.pathname + location.search);
  }
  addEventListener("hashchange", () => linkIn(location.hash) && location.reload());
  if (found?.link) {
    remember(`link.${about}`, found.link, thisTab);
  }
  return found ? (found.link ?? "damaged") : recall(`link.${about}`, thisTab) || null;
}

export function dropLink(about: string): void {
  forget(`link.${about}`, thisTab);
}
