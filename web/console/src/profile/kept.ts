/**
 * What was typed into a form and is not saved: it stays while one goes elsewhere in the console.
 *
 * Rules: in this page's memory alone, until it is saved or the page is closed. Whoever signs in as
 * somebody else finds nothing of the one before.
 */
import { useState } from "react";
import { useStore } from "../store/use";

class Kept {
  private readonly texts = new Map<string, string>();
  private whose: number | undefined;

  of(me: number | undefined): Map<string, string> {
    if (this.whose !== me) {
      this.whose = me;
      this.texts.clear();
    }
    return this.texts;
  }
}

const kept = new Kept();

/** The text of a field, and how to change it; null: nothing is typed that is not saved. */
export function useKept(field: string): [string | null, (text: string | null) => void] {
  const me = useStore((store) => store.me.id);
  const texts = kept.of(me);
  const [, draw] = useState(0);
  const put = (text: string | null) => {
    if (text === null) {
      texts.delete(field);
    } else {
      texts.set(field, text);
    }
    draw((times) => times + 1);
  };
  return [texts.get(field) ?? null, put];
}
