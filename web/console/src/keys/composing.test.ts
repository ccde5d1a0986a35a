import { beforeEach, expect, it } from "vitest";
import { keepComposingKeys } from "./composing";

let page: EventTarget;
let heard: string[];

function send(type: string, more: object = {}, atMs = 1000): void {
  const event = Object.assign(new Event(type), { code: "Enter", keyCode: 13, ...more });
  Object.defineProperty(event, "timeStamp", { value: atMs });
  page.dispatchEvent(event);
}

beforeEach(() => {
  page = new EventTarget();
  keepComposingKeys(page as Window);
  heard = [];
  for (const type of ["keydown", "keyup"]) {
    page.addEventListener(type, (event) => heard.push(`${type} ${(event as KeyboardEvent).code}`));
  }
});

it("keys of an input method are heard by nobody", () => {
  send("keydown", { isComposing: true, keyCode: 13 });
  send("keydown", { keyCode: 229 });
  send("keyup", { isComposing: true });
  expect(heard).toEqual([]);
});

it.each(["Enter", "Escape"])(
  "WebKit's %s after the end of a composition is heard by nobody",
  (code) => {
    send("compositionend");
    send("keydown", { code }, 1001);
    expect(heard).toEqual([]);
    send("keyup", { code }, 1080);
    send("keydown", { code }, 1200);
    expect(heard).toEqual([`keyup ${code}`, `keydown ${code}`]);
  },
);

it("one's own next key is heard where the key that ended it came before the end", () => {
  send("keydown", { keyCode: 229, isComposing: true });
  send("compositionend");
  send("keyup", {}, 1010);
  send("keydown", {}, 1020);
  expect(heard).toEqual(["keyup Enter", "keydown Enter"]);
});

it("one's own next key is heard after a composition that a click ended", () => {
  send("compositionend");
  send("keydown", {}, 1400);
  expect(heard).toEqual(["keydown Enter"]);
});
