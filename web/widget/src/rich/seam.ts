/** What happens in the list of messages, told to what shows their acts, which is loaded with the first. */
import type { App } from "../app";

/** What is made up for once it is there. */
const FIRST: ReadonlySet<string> = new Set(["pointerover", "pointerdown", "focusin", "keydown"]);

export function listening(app: App) {
  const hear = (event: Event) => {
    const { rich } = app;
    if (rich.value) {
      rich.value.hear(event);
    } else {
      void rich.get().then((value) => FIRST.has(event.type) && value.hear(event));
    }
  };
  return {
    onPointerOver: hear,
    onPointerLeave: hear,
    onPointerDown: hear,
    onPointerUp: hear,
    onPointerCancel: hear,
    onFocusIn: hear,
    onFocusOut: hear,
    onKeyDown: hear,
  };
}
