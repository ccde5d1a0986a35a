/**
 * Addresses of the console, both ways.
 *
 * Rules: pure. `/console`, `/console/queue`, `/console/all`, `/console/snoozed` are lists, of one team with
 * `?team=5`. `/console/conversations/17` is a conversation, with its own address to be
 * passed on, `?list=queue` the list beside it and `?message=42` a message in it.
 * `/console/views/12` is a saved view, and beside a conversation `?saved=12`. A list's filter and order
 * stand in the query (`list/asked.ts`). `/console/search?q=tea`, `/console/contacts/5`, `/console/visitors`
 * and `/console/welcome` are pages of their own, `/console/profile/devices` is a section of one's own page.
 * What is no address of ours is `missing`.
 */
import { filterFields, isEmpty, readFilter, readSort } from "../list/asked";
import { type Filter, type Sort, VIEWS, type View } from "../list/views";

export type Route =
  | {
      readonly page: "inbox";
      readonly view: View;
      /** null: all teams'. */
      readonly team: number | null;
      /** null: none is open. */
      readonly conversation: number | null;
      /** In place of the saved view's own, if there is one. */
      readonly filter?: Filter;
      /** As one has it, if it is not said. */
      readonly sort?: Sort;
      /** A saved view, by its id. */
      readonly saved?: number;
      /** The number of a message of it that is to be seen. */
      readonly message?: number | null;
    }
  | {
      readonly page: "search";
      readonly query: string;
      /** null: all. */
      readonly inbox: number | null;
    }
  | {
      readonly page: "contacts";
      readonly query: string;
      /** null: none is shown. */
      readonly contact: number | null;
    }
  | { readonly page: "visitors" }
  /** The first run. */
  | { readonly page: "welcome" }
  | { readonly page: "profile"; readonly section: Section }
  | { readonly page: "missing" };

/** Of one's own page, in their order; the first has its address. */
export const SECTIONS = ["account", "devices", "preferences", "keys"] as const;
export type Section = (typeof SECTIONS)[number];

export const ROOT = "/console";
const ID = /^[1-9]\d{0,14}$/;

export function readRoute(path: string, search: string): Route {
  const [head = "", ...rest] = path.slice(ROOT.length).split("/").filter(Boolean);
  const query = new URLSearchParams(search);
  return (READERS[head] ?? readList)(rest, query, head) ?? { page: "missing" };
}

/** null: it is no address of ours. `rest`: what stands behind the first word of the path. */
type Reader = (rest: readonly string[], query: URLSearchParams, head: string) => Route | null;

const READERS: Readonly<Record<string, Reader>> = {
  conversations: ([id, ...more], query) => {
    const conversation = numberIn(id);
    const saved = numberIn(query.get("saved"));
    const view = saved ? "all" : (viewOf(query.get("list") ?? "") ?? "mine");
    const team = numberIn(query.get("team"));
    const message = numberIn(query.get("message"));
    return conversation && !more.length
      ? {
          page: "inbox",
          view,
          team,
          conversation,
          ...(saved && { saved }),
          ...askedIn(query),
          ...(message && { message }),
        }
      : null;
  },
  views: ([id, ...more], query) => {
    const saved = numberIn(id);
    const team = numberIn(query.get("team"));
    return saved && !more.length
      ? { page: "inbox", view: "all", team, conversation: null, saved, ...askedIn(query) }
      : null;
  },
  search: (rest, query) => {
    const inbox = numberIn(query.get("inbox"));
    return rest.length ? null : { page: "search", query: query.get("q") ?? "", inbox };
  },
  contacts: ([id, ...more], query) =>
    more.length || (id !== undefined && !ID.test(id))
      ? null
      : { page: "contacts", query: query.get("q") ?? "", contact: numberIn(id) },
  profile: ([word = SECTIONS[0], ...more]) => {
    const section = SECTIONS.find((one) => one === word);
    return section && !more.length ? { page: "profile", section } : null;
  },
  visitors: (rest) => (rest.length ? null : { page: "visitors" }),
  welcome: (rest) => (rest.length ? null : { page: "welcome" }),
};

function readList(rest: readonly string[], query: URLSearchParams, head: string): Route | null {
  const view = viewOf(head || (query.get("list") ?? "") || "mine");
  const team = numberIn(query.get("team"));
  return view && !rest.length
    ? { page: "inbox", view, team, conversation: null, ...askedIn(query) }
    : null;
}

function askedIn(query: URLSearchParams): { readonly filter?: Filter; readonly sort?: Sort } {
  const filter = readFilter(query);
  const sort = readSort(query);
  return { ...(!isEmpty(filter) && { filter }), ...(sort && { sort }) };
}

export function addressOf(route: Route): string {
  switch (route.page) {
    case "missing":
      return ROOT;
    case "profile":
      return `${ROOT}/profile${route.section === SECTIONS[0] ? "" : `/${route.section}`}`;
    case "visitors":
      return `${ROOT}/visitors`;
    case "welcome":
      return `${ROOT}/welcome`;
    case "search":
      return asked(`${ROOT}/search`, { q: route.query, inbox: route.inbox });
    case "contacts":
      return asked(
        route.contact === null ? `${ROOT}/contacts` : `${ROOT}/contacts/${route.contact}`,
        { q: route.query },
      );
    case "inbox":
      return inboxAddress(route);
  }
}

function inboxAddress(route: Extract<Route, { readonly page: "inbox" }>): string {
  const { view, team, conversation, message, filter, sort = null, saved = null } = route;
  const own = { team, ...filterFields(filter), sort };
  const isMine = view === "mine";
  const list = saved ? `/views/${saved}` : isMine ? "" : `/${view}`;
  if (conversation === null) {
    return asked(`${ROOT}${list}`, own);
  }
  const beside = isMine || saved ? null : view;
  return asked(`${ROOT}/conversations/${conversation}`, { list: beside, saved, ...own, message });
}

/** What is null or empty is left out. */
function asked(path: string, fields: Readonly<Record<string, string | number | null | undefined>>) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value) {
      query.set(name, String(value));
    }
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

function viewOf(word: string): View | null {
  return VIEWS.find((one) => one === word) ?? null;
}

function numberIn(text: string | null | undefined): number | null {
  return text && ID.test(text) ? Number(text) : null;
}
