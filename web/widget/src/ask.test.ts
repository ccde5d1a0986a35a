import type { Field, PublicInbox } from "protocol";
import { expect, it } from "vitest";
import { askedOf } from "./ask";

const NAME: Field = { name: "name", label: "Name" };
const EMAIL: Field = { name: "mail", label: "E-mail", type: "email" };
const ABOUT: Field = { name: "about", label: "What is it about?" };

function inbox(more: Partial<PublicInbox> = {}): PublicInbox {
  return { open: true, offline: "queue", ...more } as PublicInbox;
}

function asking(...fields: Field[]): Partial<PublicInbox> {
  return { prechat: { type: "form", fields } };
}

it("an inbox that asks nothing has no form", () => {
  expect(askedOf(inbox(), [], false)).toBeNull();
  expect(askedOf(inbox({ open: false }), [], false)).toBeNull();
});

it("nobody is asked for what the site has said of them", () => {
  const asked = askedOf(inbox(asking(NAME, EMAIL, ABOUT)), ["name", "email"], false);
  expect(asked?.fields).toEqual([ABOUT]);
  expect(askedOf(inbox(asking(NAME, EMAIL)), ["name", "email"], false)).toBeNull();
});

it("only the first field for an address is spared: another one is about something else", () => {
  const other = { ...EMAIL, name: "colleague" };
  expect(askedOf(inbox(asking(EMAIL, other)), ["email"], false)?.fields).toEqual([other]);
});

it("a name is only what is asked under that name, as a text", () => {
  const area: Field = { ...NAME, type: "textarea" };
  expect(askedOf(inbox(asking(area)), ["name"], false)?.fields).toEqual([area]);
});

it("while nobody is there an address is asked for, once", () => {
  const away = { open: false, offline: "form" } as const;
  expect(askedOf(inbox(away), [], false)).toMatchObject({ needsEmail: true, isAway: true });
  const asked = askedOf(inbox({ ...away, ...asking(EMAIL) }), [], false);
  expect(asked).toMatchObject({ needsEmail: false, fields: [{ ...EMAIL, required: true }] });
  expect(askedOf(inbox(away), ["email"], false)).toBeNull();
});

it("consent is asked for until it was given", () => {
  const consent = { privacy_page: "https://shop.example.com/privacy" };
  expect(askedOf(inbox({ consent }), [], false)?.consent).toEqual(consent);
  expect(askedOf(inbox({ consent }), [], true)).toBeNull();
});
