/** The focus stays within what covers the whole screen. */
const REACHED = "a[href],button:not(:disabled),input:not(:disabled),textarea,select,[tabindex='0']";

/** Tab behind the last element leads to the first, and back. */
export function keepWithin(root: HTMLElement, event: KeyboardEvent): void {
  const all = [...root.querySelectorAll<HTMLElement>(REACHED)].filter(
    (one) => one.tabIndex >= 0 && one.getClientRects().length,
  );
  const end = event.shiftKey ? all[0] : all.at(-1);
  if (end && (document.activeElement === end || document.activeElement === document.body)) {
    event.preventDefault();
    (event.shiftKey ? all.at(-1) : all[0])?.focus();
  }
}
