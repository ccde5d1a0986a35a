/**
 * Keys of an input method are the input method's: no command, no menu and no form hears them.
 *
 * Rules: this stands before all other listeners, so `main` calls it first. WebKit sends the key that
 * ends a composition after `compositionend`, with key code 229, and some of its versions with the key's
 * own: the first to go down after the end is the input method's, until any key has come up. Elsewhere
 * the key that ended it comes up next, so one's own next key is heard.
 */

/** Longer than between the end and WebKit's key, shorter than between two keys of a hand. */
const LATCH_MS = 50;

export function keepComposingKeys(target: Window): void {
  let endedMs = Number.NEGATIVE_INFINITY; // by the page's clock
  const stop = (event: KeyboardEvent) => {
    const isEnd = event.timeStamp - endedMs < LATCH_MS;
    endedMs = Number.NEGATIVE_INFINITY;
    if (event.isComposing || event.keyCode === 229 || (isEnd && event.type === "keydown")) {
      event.stopImmediatePropagation();
    }
  };
  target.addEventListener("keydown", stop, { capture: true });
  target.addEventListener("keyup", stop, { capture: true });
  const end = ({ timeStamp }: Event) => {
    endedMs = timeStamp;
  };
  target.addEventListener("compositionend", end, { capture: true });
}
