/// What a site's visitors pay for the widget on the wire: faces.md's budgets, in bytes.
/// Not here: that a browser loads these files and no other (tests/browser/test_widget_bytes.py).
import { beforeAll, expect, it } from "vitest";
import { Built, sent } from "./built.mjs";

const KIB = 1024;

let widget;
/// The loader and the panel's script.
let loader;

beforeAll(async () => {
  widget = await Built.of("widget");
  loader = (await Built.of("loader")).output;
}, 60_000);

/// A part's words in the language in which they weigh most.
function words(part, coding) {
  const all = widget.allHolding(`.json?${part}`);
  return Math.max(...all.map((one) => sent([one], coding)));
}

function first() {
  const page = widget.page("widget.html");
  const linked = widget.output.filter(({ fileName }) => String(page.source).includes(fileName));
  return new Set([page, ...linked, ...widget.needed("/widget/src/main.ts")]);
}

/// Of a conversation, the parts that come with it; the second is loaded where one waits.
const talk = () => widget.needed("/widget/src/talk/index.tsx");
const queue = () => widget.needed("/widget/src/talk/queue.tsx");

/// The loader, what is loaded by then, and the words of so many parts.
function all(files, parts, coding) {
  const said = parts.map((part) => words(part, coding)).reduce((sum, one) => sum + one, 0);
  return sent([...loader, ...new Set(files)], coding) + said;
}

it("all before the first message is 20 KiB", () => {
  const [small, large] = ["br", "gz"].map((coding) => all(first(), ["first"], coding));
  expect(small).toBeGreaterThan(15 * KIB);
  expect(large).toBeLessThanOrEqual(20 * KIB); // whoever takes no Brotli
});

it("with a conversation open it is 45 KiB", () => {
  const files = [...first(), ...talk(), ...queue()];
  const bytes = all(files, ["first", "talk", "queue"], "br");
  expect(bytes).toBeGreaterThan(30 * KIB);
  expect(bytes).toBeLessThanOrEqual(45 * KIB);
});

it("before the first message nothing is loaded of what comes later", () => {
  const modules = [...first()].flatMap(({ modules }) => Object.keys(modules ?? {}));
  const later =
    /\/src\/(talk|rich|form|page|upload|recorder|emoji|offers)\/|client\/src\/client|markdown/;
  expect(modules.filter((id) => later.test(id))).toEqual([]);
  expect([...first()].filter(({ fileName }) => fileName.endsWith(".css")).length).toBe(1);
});
