/**
 * What can be done now: whoever shows an act offers it here, and its key, a menu or a command bar does it.
 *
 * Rules: an act that nobody offers does nothing, and its key stays the browser's. Of several who offer one
 * the last counts: it lies on top.
 */
import { createContext, useContext, useEffect } from "react";
import type { AllKeys } from "./choice";
import { type Act, actOf, KEYS } from "./keys";
import { isMac } from "./system";

export class Acts {
  private readonly offers: { readonly act: Act; readonly run: () => void }[] = [];

  offer(act: Act, run: () => void): () => void {
    const offer = { act, run };
    this.offers.push(offer);
    return () => {
      this.offers.splice(this.offers.indexOf(offer), 1);
    };
  }

  can(act: Act): boolean {
    return this.offers.some((one) => one.act === act);
  }

  /** False: nobody offers it. */
  run(act: Act): boolean {
    const offer = this.offers.findLast((one) => one.act === act);
    offer?.run();
    return offer !== undefined;
  }

  /** Hears the keys of the whole page; `keys`: which they are now. */
  listen(page: Window, keys: () => AllKeys): () => void {
    const press = (event: KeyboardEvent) => {
      const isTyping = isKept(event.target);
      const act = event.defaultPrevented ? null : actOf(event, isMac, isTyping, keys());
      if (act && this.run(act)) {
        event.preventDefault();
      }
    };
    page.addEventListener("keydown", press);
    return () => page.removeEventListener("keydown", press);
  }
}

/** Where keys without a chord are somebody else's: fields, menus, dialogs. */
const KEEPERS =
  "input, textarea, select, [contenteditable], [role=menu], [role=dialog], [role=listbox]";

function isKept(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(KEEPERS) !== null;
}

export const ActsContext = createContext(new Acts());

/** The keys as they are for whoever is signed in. */
export const KeysContext = createContext<AllKeys>(KEYS);

export function useKeys(): AllKeys {
  return useContext(KeysContext);
}

/** Offers an act while the component is there; null: not now. */
export function useAct(act: Act, run: (() => void) | null): void {
  const acts = useContext(ActsContext);
  useEffect(() => (run ? acts.offer(act, run) : undefined), [acts, act, run]);
}
