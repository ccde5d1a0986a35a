/**
 * Where a visitor is on the site, as far as the server takes it: a page may be called anything and be
 * anywhere, and that is no reason not to chat.
 */
import type { Place } from "./app";

// Of the server: widget/pages.py, core/links.py.
const TITLE_CHARS = 1_000;
const URL_CHARS = 2_048;
/** What not every store can keep: U+0000, and halves of a character. */
export const UNFIT = /[\0\ud800-\udfff]/gu;

/** As commands have it; the fields of `place` may be anything. */
export function fitPlace({ url, title, referrer }: Place) {
  // Characters, not halves of them.
  const called = [...text(title)].slice(0, TITLE_CHARS).join("");
  return { page: address(url), title: called, referrer: address(referrer) };
}

/** Without its query, if that makes it too long. */
function address(url: unknown): string {
  const whole = text(url);
  return [whole, whole.replace(/[?#].*/s, "")].find((one) => one.length <= URL_CHARS) ?? "";
}

function text(said: unknown): string {
  return typeof said === "string" ? said.replace(UNFIT, "") : "";
}
