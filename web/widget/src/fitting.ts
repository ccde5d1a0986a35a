/**
 * What a site's page says of its visitor, as far as the server takes it; loaded where it says something.
 *
 * Rules: nothing that a page says is a reason not to chat. What is no attribute is left out, and whoever
 * builds the page is told so once, in the console.
 * Not here: when it is told to the server (app, known), where the visitor is (places).
 */
import { UNFIT } from "./places";

// Of the server: core/attributes.py.
const ATTRIBUTES = 50;
const KEY = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,63}$/u;
const NO_KEYS = ["__proto__", "constructor", "prototype"];
const VALUE_CHARS = 1_000;
/** Of all attributes: a first message is one frame, and the visitor's words need room in it. */
const ALL_CHARS = 8_000;

export type Attributes = Readonly<Record<string, unknown>>;

const warned = new Set<string>();

/** Of what the page has said so far, what the server takes. */
export function fitAttributes(all: Attributes): Attributes {
  const given = Object.entries(all).filter(([, value]) => value !== null && value !== undefined);
  let count = 0;
  let chars = 0;
  const fitting = given.filter(([key, value]) => {
    const length = key.length + String(value).length;
    const isFit = isAttribute(key, value) && count < ATTRIBUTES && chars + length <= ALL_CHARS;
    if (isFit) {
      count += 1;
      chars += length;
    } else {
      warn(key);
    }
    return isFit;
  });
  return Object.fromEntries(fitting);
}

/** Of attributes that were said anew, what changes of those that the server has; null: it goes. */
export function fitChanges(all: Attributes, said: Attributes): Attributes {
  const fitting = fitAttributes(all);
  const isGone = (key: string) => (all[key] ?? null) === null && isKey(key);
  const changes = Object.keys(said).filter((key) => Object.hasOwn(fitting, key) || isGone(key));
  return Object.fromEntries(changes.map((key) => [key, all[key] ?? null]));
}

function isAttribute(key: string, value: unknown): boolean {
  switch (typeof value) {
    case "string":
      return isKey(key) && value.length <= VALUE_CHARS && value.search(UNFIT) < 0;
    case "number":
      return isKey(key) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
    default:
      return isKey(key) && typeof value === "boolean";
  }
}

function isKey(key: string): boolean {
  return KEY.test(key) && !NO_KEYS.includes(key) && key === key.normalize("NFC");
}

function warn(key: string): void {
  if (!warned.has(key)) {
    warned.add(key);
    // biome-ignore lint/suspicious/noConsole: who builds the page has no other place to read it.
    console.warn(
      `Kefu: the attribute ${key.slice(0, 100)} is left out (docs/widget.md says which are taken)`,
    );
  }
}
