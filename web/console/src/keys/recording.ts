/**
 * Which chord somebody presses to choose it: nothing else of the page hears a key meanwhile.
 *
 * Rules: a modifier alone is none yet. Escape leaves it as it is; Tab does so too and goes on, so that
 * nobody is caught. Keys of an input method are its own (composing), as ever.
 */
import { type Chord, chordOf, type Pressed } from "./keys";

/** `layout`: with what is pressed the layout writes, or another system has its chords. */
export type Recorded =
  | { readonly kind: "chord"; readonly chord: Chord }
  | { readonly kind: "layout" | "left" };

const MODIFIER = /^(Shift|Control|Alt|Meta|OS)(Left|Right)?$|^(CapsLock|Fn|NumLock)$/;

/** null: there is more to come. */
export function recordedOf(event: Pressed, isMac: boolean): Recorded | null {
  const { code, key } = event;
  const isBare = !event.ctrlKey && !event.metaKey && !event.altKey;
  if ((code === "Escape" || code === "Tab") && isBare) {
    return { kind: "left" };
  }
  if (MODIFIER.test(code) || !code) {
    return null;
  }
  if (key === "?" && isBare) {
    return { kind: "chord", chord: key };
  }
  const chord = chordOf(event, isMac);
  return chord === null ? { kind: "layout" } : { kind: "chord", chord };
}

/** Hears all keys of the page alone, until what it returns is called. */
export function record(
  page: Window,
  isMac: boolean,
  hear: (recorded: Recorded) => void,
): () => void {
  const press = (event: KeyboardEvent) => {
    const recorded = recordedOf(event, isMac);
    event.stopImmediatePropagation();
    if (event.code !== "Tab") {
      event.preventDefault();
    }
    if (recorded && !event.repeat) {
      hear(recorded);
    }
  };
  const keep = (event: KeyboardEvent) => event.stopImmediatePropagation();
  page.addEventListener("keydown", press, { capture: true });
  page.addEventListener("keyup", keep, { capture: true });
  return () => {
    page.removeEventListener("keydown", press, { capture: true });
    page.removeEventListener("keyup", keep, { capture: true });
  };
}
