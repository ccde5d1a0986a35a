import type { Client } from "client/core";
import type { Tag, View } from "protocol";
import { expect, it, vi } from "vitest";
import { Kept } from "./kept";

const view = (id: number, name: string): View => ({
  id,
  name,
  filter: {},
  sort: "newest",
  owner: 1,
});

/** What the server keeps is `tags` and `views`, as long as nobody changes them. */
function kept(tags: Tag[], views: View[] = []) {
  const answers = { "tag.list": { items: tags }, "view.list": { items: views } };
  const call = vi.fn(async (name: keyof typeof answers) => ({ ...answers[name] }));
  const changed = vi.fn();
  const one = new Kept({ status: "live", call } as unknown as Client, changed);
  return { one, call, changed };
}

it("reads tags and views once a connection, by name", async () => {
  const { one, call, changed } = kept([
    { id: 1, name: "vip" },
    { id: 2, name: "invoice", color: "amber" },
  ]);
  one.follow();
  one.follow();
  await vi.waitFor(() => expect(changed).toHaveBeenCalled());
  expect([...one.tags.keys()]).toEqual(["invoice", "vip"]);
  expect(call).toHaveBeenCalledTimes(2);
});

it("hears of a tag that is new, called otherwise, made one with another, or gone", () => {
  const { one } = kept([]);
  one.hear({ on: "tag", tag: 1, name: "vip" });
  one.hear({ on: "tag", tag: 2, name: "invoice", color: "amber" });
  one.hear({ on: "tag", tag: 1, name: "VIP", was: "vip", color: "red" });
  expect([...one.tags.values()]).toEqual([
    { id: 2, name: "invoice", color: "amber" },
    { id: 1, name: "VIP", color: "red" },
  ]);
  one.hear({ on: "tag", tag: 1, name: "invoice", was: "VIP", gone: true });
  expect([...one.tags.values()]).toEqual([{ id: 2, name: "invoice", color: "amber" }]);
  one.hear({ on: "tag", tag: 2, name: "invoice", gone: true });
  expect(one.tags.size).toBe(0);
});

it("hears of a view that is new, another, or gone", () => {
  const { one } = kept([]);
  one.hear({ on: "view", view: 1, saved: view(1, "VIPs") });
  one.hear({ on: "view", view: 2, saved: view(2, "Late") });
  one.hear({ on: "view", view: 1, saved: view(1, "Angry") });
  expect([...one.views.values()].map(({ name }) => name)).toEqual(["Angry", "Late"]);
  one.hear({ on: "view", view: 2 });
  expect([...one.views.keys()]).toEqual([1]);
});

it("reads once more what was changed while it was read", async () => {
  const { one, call } = kept([{ id: 1, name: "vip" }]);
  one.follow();
  one.hear({ on: "tag", tag: 9, name: "late" });
  await vi.waitFor(() => expect(call).toHaveBeenCalledTimes(4));
});
