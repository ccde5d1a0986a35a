/**
 * The list over the field while one asks for something by a sign in the text.
 *
 * Rules: the caret stays in the field; arrow keys choose, Enter and Tab take, Esc closes and leaves the
 * text as it is. Where nothing was found Enter closes as well, so that no `/word` is sent to a visitor by
 * the key that was to choose. Keys of an input method come to none of this (keys/composing).
 */
import type { Chat } from "client";
import { type KeyboardEvent, type ReactElement, type RefObject, useRef, useState } from "react";
import type { Mode } from "../store/drafts";
import { useLater } from "../ui/later";
import { type Asked, askedAt } from "./asked";

/** What the list takes of the field's keys; true: it was one. */
export type Press = (event: KeyboardEvent) => boolean;

export interface Completing {
  readonly list: ReactElement | null;
  /** The field's, as long as the list is open. */
  readonly described: object;
  readonly press: Press;
  /** The caret is there now; null: it left the field. */
  move(caret: number | null): void;
}

interface Field {
  readonly chat: Chat;
  readonly mode: Mode;
  readonly text: string;
  readonly field: RefObject<HTMLTextAreaElement | null>;
}

export function useCompleting({ chat, mode, text, field }: Field): Completing {
  const [caret, setCaret] = useState<number | null>(null);
  const [left, setLeft] = useState<number | null>(null);
  const [active, setActive] = useState<string | null>(null);
  const keys = useRef<Press | null>(null);
  const asked = caret === null ? null : askedAt(text, caret, mode);
  if (left !== null && asked?.from !== left) {
    setLeft(null); // what is asked next is another thing
  }
  const shown = asked && asked.from !== left ? asked : null;
  const part = useLater(shown !== null, () => import("./completions"));
  const put = (words: string, { from, to }: Asked) => {
    if (field.current) {
      write(field.current, words, from, to);
    }
  };
  return {
    list: part && shown && (
      <part.Completions
        key={`${shown.what} ${shown.from}`}
        chat={chat}
        asked={shown}
        keys={keys}
        active={setActive}
        put={put}
        leave={() => setLeft(shown.from)}
      />
    ),
    described:
      part && shown && active
        ? { "aria-controls": "completions", "aria-activedescendant": active }
        : {},
    press: (event) => {
      if (!shown) {
        return false;
      }
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        setLeft(shown.from);
        return true;
      }
      return keys.current?.(event) ?? false;
    },
    move: setCaret,
  };
}

/** Writes the sign at the caret, apart from the word before it. */
export function begin(field: HTMLTextAreaElement, sign: string): void {
  const { selectionStart: from, selectionEnd: to, value } = field;
  const isApart = from === 0 || /\s/.test(value.charAt(from - 1));
  write(field, isApart ? sign : ` ${sign}`, from, to);
}

/** As if it were typed, so that the browser can take it back. */
export function write(field: HTMLTextAreaElement, words: string, from: number, to: number): void {
  field.focus();
  field.setSelectionRange(from, to);
  document.execCommand(words ? "insertText" : "delete", false, words);
}
