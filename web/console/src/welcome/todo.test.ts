import type { AgentInfo, Conversation, Inbox } from "protocol";
import { expect, it } from "vitest";
import { isFromSite, leftOf } from "./todo";

const HOME = "https://chat.example";
const shop = {
  id: 2,
  kind: "widget",
  name: "Shop",
  active: true,
  widget_key: "wk_1",
  settings: { origins: ["https://shop.example"] },
} as Inbox;
const inboxes = new Map([[2, shop]]);
const from = (page: string) => isFromSite({ inbox: 2, page } as Conversation, inboxes, HOME);
const people = (...all: readonly Partial<AgentInfo>[]) =>
  new Map(all.map((one, id) => [id, { id, role: "agent", active: true, ...one } as AgentInfo]));

it("knows that the chat is on the site by who wrote from there", () => {
  expect(from("https://shop.example/tea?of=hills")).toBe(true);
  expect(from("https://other.example/")).toBe(false);
  expect(isFromSite({ id: 1 } as Conversation, inboxes, HOME)).toBe(false);
});

it("takes no page of Kefu's own for the site, but what else stands there", () => {
  expect(from(`${HOME}/try/wk_1`)).toBe(false);
  expect(from(`${HOME}/chat/wk_1`)).toBe(false);
  expect(from(`${HOME}/shop`)).toBe(true);
});

it("leaves to be done what is not there", () => {
  expect(leftOf(new Map(), people({ role: "admin" }), false)).toEqual([
    "inbox",
    "colleague",
    "site",
  ]);
  expect(leftOf(inboxes, people({ role: "admin" }, {}), true)).toEqual([]);
});

it("takes neither a bot nor somebody who left for a colleague", () => {
  const alone = people({ role: "admin" }, { role: "bot" }, { active: false });
  expect(leftOf(inboxes, alone, true)).toEqual(["colleague"]);
});
