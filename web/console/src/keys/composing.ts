/**
 * Keys of an input method are the input method's: no command, no menu and no form hears them.
 *
 * Rules: this stands before all other listeners, so `main` calls it first. WebKit sends the Enter that
 * ends a composition after `compositionend`, as key code 229.
 */
export function keepComposingKeys(target: Window): void {
  const stop = (event: KeyboardEvent) => {
    if (event.isComposing || event.keyCode === 229) {
      event.stopImmediatePropagation();
    }
  };
  target.addEventListener("keydown", stop, { capture: true });
  target.addEventListener("keyup", stop, { capture: true });
}
