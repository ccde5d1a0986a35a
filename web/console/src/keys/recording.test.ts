import { expect, it } from "vitest";
import { record, recordedOf } from "./recording";

const press = (code: string, more: object = {}) => ({
  code,
  key: "",
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  getModifierState: () => false,
  ...more,
});
const chord = (text: string) => ({ kind: "chord", chord: text });

it("a chord is what is held with a key, by its place", () => {
  expect(recordedOf(press("KeyQ", { key: "a" }), false)).toEqual(chord("KeyQ"));
  const held = press("KeyU", { ctrlKey: true, shiftKey: true });
  expect(recordedOf(held, false)).toEqual(chord("Mod+Shift+KeyU"));
  expect(recordedOf(press("KeyU", { metaKey: true }), true)).toEqual(chord("Mod+KeyU"));
});

it("a question mark is itself, wherever it stands", () => {
  expect(recordedOf(press("Minus", { key: "?", shiftKey: true }), false)).toEqual(chord("?"));
});

it("a modifier alone is none yet", () => {
  expect(recordedOf(press("ControlLeft", { ctrlKey: true }), false)).toBeNull();
  expect(recordedOf(press("ShiftRight", { shiftKey: true }), false)).toBeNull();
});

it("Escape and Tab leave it as it is", () => {
  expect(recordedOf(press("Escape"), false)).toEqual({ kind: "left" });
  expect(recordedOf(press("Tab", { shiftKey: true }), false)).toEqual({ kind: "left" });
});

it("what a layout writes by AltGr, or another system has, is no chord", () => {
  const altGr = press("KeyL", { getModifierState: (name: string) => name === "AltGraph" });
  expect(recordedOf(altGr, false)).toEqual({ kind: "layout" });
  expect(recordedOf(press("KeyL", { metaKey: true }), false)).toEqual({ kind: "layout" });
});

it("meanwhile nobody else hears a key, and afterwards all do", () => {
  const page = new EventTarget();
  const heard: string[] = [];
  const recorded: unknown[] = [];
  const stop = record(page as Window, false, (one) => recorded.push(one));
  for (const type of ["keydown", "keyup"]) {
    page.addEventListener(type, () => heard.push(type));
  }
  const send = (type: string) =>
    page.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), press("KeyE")));
  expect([send("keydown"), send("keyup")]).toEqual([false, true]); // its default is kept from it
  expect([heard, recorded]).toEqual([[], [chord("KeyE")]]);
  stop();
  expect(send("keydown")).toBe(true);
  expect(heard).toEqual(["keydown"]);
});
