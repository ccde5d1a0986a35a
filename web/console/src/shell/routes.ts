/**
 * Addresses of the console, both ways.
 *
 * Rules: pure. `/console`, `/console/queue`, `/console/all`, `/console/snoozed` are lists, of one team with
 * `?team=5`. `/console/conversations/17` is a conversation, with its own address to be
 * passed on, and `?list=queue` the list beside it. What is no address of ours is `missing`.
 */
import { VIEWS, type View } from "../list/views";

export type Route =
  | {
      readonly page: "inbox";
      readonly view: View;
      /** null: all teams'. */
      readonly team: number | null;
      /** null: none is open. */
      readonly conversation: number | null;
    }
  | { readonly page: "missing" };

export const ROOT = "/console";
const ID = /^[1-9]\d{0,14}$/;

export function readRoute(path: string, search: string): Route {
  const [head = "", id, ...more] = path.slice(ROOT.length).split("/").filter(Boolean);
  const query = new URLSearchParams(search);
  const team = numberIn(query.get("team"));
  const view = viewOf(head || (query.get("list") ?? "") || "mine");
  if (head === "conversations") {
    const conversation = numberIn(id);
    const beside = viewOf(query.get("list") ?? "") ?? "mine";
    return conversation && !more.length
      ? { page: "inbox", view: beside, team, conversation }
      : { page: "missing" };
  }
  return view && id === undefined
    ? { page: "inbox", view, team, conversation: null }
    : { page: "missing" };
}

export function addressOf(route: Route): string {
  if (route.page === "missing") {
    return ROOT;
  }
  const { view, team, conversation } = route;
  const isMine = view === "mine";
  const query = new URLSearchParams();
  if (conversation !== null && !isMine) {
    query.set("list", view);
  }
  if (team !== null) {
    query.set("team", String(team));
  }
  const list = isMine ? "" : `/${view}`;
  const path = conversation === null ? list : `/conversations/${conversation}`;
  const asked = query.toString();
  return `${ROOT}${path}${asked && `?${asked}`}`;
}

function viewOf(word: string): View | null {
  return VIEWS.find((one) => one === word) ?? null;
}

function numberIn(text: string | null | undefined): number | null {
  return text && ID.test(text) ? Number(text) : null;
}
