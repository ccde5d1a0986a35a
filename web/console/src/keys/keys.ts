/**
 * Every act that has a key: one outside fields, one everywhere; these are the usual ones.
 *
 * Rules: by `event.code`, so that a layout changes nothing; `?` alone is what it says, wherever it
 * stands. None types a letter on any layout: outside fields nothing is typed, everywhere a chord with
 * Mod (⌘ on a Mac, else Ctrl) or Alt is no letter. AltGr and Ctrl with Alt are layouts', never ours.
 */

export type Act =
  | "command"
  | "accept"
  | "decline"
  | "send"
  | "send-resolve"
  | "resolve"
  | "snooze"
  | "pending"
  | "unread"
  | "reply"
  | "note"
  | "switch"
  | "next"
  | "previous"
  | "longest"
  | "transfer"
  | "details"
  | "tag"
  | "filter"
  | "mine"
  | "queue"
  | "all"
  | "availability"
  | "why"
  | "hearing"
  | "save"
  | "notices"
  | "keys";

/** `KeyE`, `Mod+Shift+Period`, `Alt+Enter`. */
export type Chord = string;

export interface Keys {
  /** Where nothing is typed. */
  readonly outside?: Chord;
  readonly anywhere?: Chord;
}

export const KEYS: Readonly<Record<Act, Keys>> = {
  command: { anywhere: "Mod+KeyK" },
  accept: { outside: "KeyA", anywhere: "Mod+Shift+Enter" },
  decline: { outside: "KeyD" },
  send: { anywhere: "Mod+Enter" },
  "send-resolve": { anywhere: "Alt+Enter" },
  resolve: { outside: "KeyE", anywhere: "Mod+Shift+Period" },
  snooze: { outside: "KeyH", anywhere: "Mod+Shift+Comma" },
  pending: { outside: "KeyP" },
  unread: { outside: "KeyU" },
  reply: { outside: "KeyR" },
  note: { outside: "KeyM" },
  switch: { anywhere: "Mod+KeyJ" },
  next: { outside: "KeyJ", anywhere: "Alt+ArrowDown" },
  previous: { outside: "KeyK", anywhere: "Alt+ArrowUp" },
  longest: { outside: "KeyN", anywhere: "Mod+Shift+KeyL" },
  transfer: { outside: "KeyX", anywhere: "Mod+Shift+KeyX" },
  details: { outside: "KeyI", anywhere: "Mod+Backslash" },
  tag: { outside: "KeyT" },
  filter: { outside: "KeyF" },
  mine: { outside: "Digit1" },
  queue: { outside: "Digit2" },
  all: { outside: "Digit3" },
  availability: { outside: "KeyO" },
  why: { outside: "Shift+KeyO" },
  hearing: {},
  save: { anywhere: "Mod+KeyS" },
  notices: { outside: "Shift+KeyN" },
  keys: { outside: "?", anywhere: "F1" },
};

export interface Pressed {
  readonly code: string;
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  getModifierState(name: string): boolean;
}

/** The act that a key means; null: none. */
export function actOf(
  event: Pressed,
  isMac: boolean,
  isTyping: boolean,
  all: Readonly<Record<Act, Keys>> = KEYS,
): Act | null {
  const chord = chordOf(event, isMac);
  const acts = Object.entries(all) as [Act, Keys][];
  const isMeant = ({ outside, anywhere }: Keys) =>
    chord === anywhere || (!isTyping && (chord === outside || outside === event.key));
  return chord === null ? null : (acts.find(([, keys]) => isMeant(keys))?.[0] ?? null);
}

/** null: the layout's own. */
export function chordOf(event: Pressed, isMac: boolean): Chord | null {
  const { code, ctrlKey, metaKey, altKey, shiftKey } = event;
  if (event.getModifierState("AltGraph") || (ctrlKey && altKey)) {
    return null;
  }
  const [isMod, isOther] = isMac ? [metaKey, ctrlKey] : [ctrlKey, metaKey];
  if (isOther) {
    return null; // another system's
  }
  return [isMod && "Mod", altKey && "Alt", shiftKey && "Shift", code].filter(Boolean).join("+");
}

const NAMES: Readonly<Record<string, string>> = {
  Period: ".",
  Comma: ",",
  Backslash: "\\",
  Enter: "↵",
  ArrowDown: "↓",
  ArrowUp: "↑",
};

/** As it is printed beside an act: one text for each key. */
export function namesOf(chord: Chord, isMac: boolean): readonly string[] {
  const modifiers: Readonly<Record<string, string>> = isMac
    ? { Mod: "⌘", Alt: "⌥", Shift: "⇧" }
    : { Mod: "Ctrl", Alt: "Alt", Shift: "Shift" };
  return chord
    .split("+")
    .map((one) => modifiers[one] ?? NAMES[one] ?? one.replace(/^(Key|Digit)/, ""));
}

/** As `aria-keyshortcuts` has it. */
export function spokenOf(chord: Chord, isMac: boolean): string {
  const [mod, alt] = [isMac ? "Meta" : "Control", "Alt"];
  return chord
    .replace("Mod", mod)
    .replace("Alt", alt)
    .replace(/Key|Digit/, "");
}
