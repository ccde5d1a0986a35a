/** Where one is, as the navigation marks it. Pure. */
import type { Filter, View } from "../list/views";
import type { Route } from "./routes";

/** A line of a list of lists. */
export interface Place {
  readonly key: string;
  readonly name: string;
  readonly count: number;
  readonly route: Extract<Route, { readonly page: "inbox" }>;
}

/** `view 12`, `team 5`, `tag vip`, or the view itself, of which mine stands for its neighbours; null: none. */
export function placeOf(route: Route): string | null {
  if (route.page !== "inbox") {
    return null;
  }
  const { view, saved, team, filter } = route;
  if (saved !== undefined) {
    return `view ${saved}`;
  }
  if (team !== null) {
    return `team ${team}`;
  }
  const tag = view === "all" ? onlyTag(filter) : null;
  return tag === null ? INBOX[view] : `tag ${tag}`;
}

const INBOX: Readonly<Record<View, View>> = {
  mine: "mine",
  queue: "mine",
  all: "mine",
  mentions: "mentions",
  snoozed: "snoozed",
  resolved: "resolved",
};

function onlyTag(filter: Filter | undefined): string | null {
  const { tag, ...more } = filter ?? {};
  return tag && !Object.keys(more).length ? tag : null;
}

export function routeOf(more: Partial<Place["route"]>): Place["route"] {
  return { page: "inbox", view: "all", team: null, conversation: null, ...more };
}
