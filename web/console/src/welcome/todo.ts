/**
 * What there is to do until visitors are answered by a team: what of it is done.
 *
 * Rules: pure. That the chat is on the site is known by somebody having written from there; the page to try
 * it on and its own page are ours, so they say nothing.
 */
import type { AgentInfo, Conversation, Inbox } from "protocol";
import { siteInboxOf } from "../store/directory";

export const TODO = ["inbox", "colleague", "site"] as const;
export type Todo = (typeof TODO)[number];

const OURS = /^\/(try|chat)\//;

/** `home`: our own origin. */
export function isFromSite(one: Conversation, inboxes: ReadonlyMap<number, Inbox>, home: string) {
  const { settings } = inboxes.get(one.inbox ?? 0) ?? {};
  const url = URL.parse(one.page ?? "");
  const isOwn = url?.origin === home && !OURS.test(url.pathname);
  return Boolean(url && settings && (isOwn || settings.origins?.includes(url.origin)));
}

export function leftOf(
  inboxes: ReadonlyMap<number, Inbox>,
  agents: ReadonlyMap<number, AgentInfo>,
  isOnSite: boolean,
): readonly Todo[] {
  const people = [...agents.values()].filter(({ role, active }) => active && role !== "bot");
  const isDone = {
    inbox: siteInboxOf(inboxes) !== null,
    colleague: people.length > 1,
    site: isOnSite,
  };
  return TODO.filter((one) => !isDone[one]);
}
