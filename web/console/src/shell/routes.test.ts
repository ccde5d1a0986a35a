import { expect, it } from "vitest";
import { addressOf, type Route, readRoute } from "./routes";

const read = (address: string): Route => {
  const { pathname, search } = new URL(address, "https://chat.example");
  return readRoute(pathname, search);
};

it.each([
  ["/console", { view: "mine", conversation: null }],
  ["/console/", { view: "mine", conversation: null }],
  ["/console/queue", { view: "queue", conversation: null }],
  ["/console/snoozed", { view: "snoozed", conversation: null }],
  ["/console/all?team=5", { view: "all", team: 5, conversation: null }],
  ["/console/conversations/17", { view: "mine", conversation: 17 }],
  ["/console/conversations/17?list=queue&team=5", { view: "queue", team: 5, conversation: 17 }],
])("%s is a list, or a conversation beside one", (address, route) => {
  expect(read(address)).toEqual({ page: "inbox", team: null, ...route });
});

it.each([
  [
    "/console/conversations/17?message=42",
    { page: "inbox", view: "mine", team: null, conversation: 17, message: 42 },
  ],
  ["/console/search?q=two+cups&inbox=3", { page: "search", query: "two cups", inbox: 3 }],
  ["/console/search", { page: "search", query: "", inbox: null }],
  ["/console/contacts?q=Li", { page: "contacts", query: "Li", contact: null }],
  ["/console/contacts/5", { page: "contacts", query: "", contact: 5 }],
  ["/console/visitors", { page: "visitors" }],
  ["/console/welcome", { page: "welcome" }],
  ["/console/mentions", { page: "inbox", view: "mentions", team: null, conversation: null }],
  [
    "/console/all?team=5&status=open%2Cpending&assignee=none&tag=%E6%80%A5&unread=me&sort=waiting",
    {
      page: "inbox",
      view: "all",
      team: 5,
      conversation: null,
      filter: { status: ["open", "pending"], assignee: "none", tag: "急", unread: "me" },
      sort: "waiting",
    },
  ],
  [
    "/console/views/12?priority=3&waiting=yes",
    {
      page: "inbox",
      view: "all",
      team: null,
      conversation: null,
      saved: 12,
      filter: { priority: 3, waiting: true },
    },
  ],
  [
    "/console/conversations/17?saved=12&inbox=2",
    {
      page: "inbox",
      view: "all",
      team: null,
      conversation: 17,
      saved: 12,
      filter: { inbox: 2 },
    },
  ],
  ["/console/profile", { page: "profile", section: "account" }],
  ["/console/profile/devices", { page: "profile", section: "devices" }],
] as const)("%s is a page, and its route leads back to it", (address, route) => {
  expect(read(address)).toEqual(route);
  expect(addressOf(route)).toBe(address);
});

it.each([
  "/console/nothing",
  "/console/queue/17",
  "/console/conversations/0",
  "/console/conversations/1e3",
  "/console/visitors/5",
  "/console/contacts/me",
  "/console/contacts/5/6",
  "/console/search/tea",
  "/console/profile/nothing",
  "/console/profile/devices/5",
])("%s is no address of the console", (address) => {
  expect(read(address)).toEqual({ page: "missing" });
});

it("every route has an address that leads back to it", () => {
  for (const view of ["mine", "queue", "all", "snoozed"] as const) {
    for (const conversation of [null, 17]) {
      for (const team of [null, 5]) {
        const route: Route = { page: "inbox", view, team, conversation };
        expect(read(addressOf(route))).toEqual(route);
      }
    }
  }
});
