const BLANKS = /[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+/g;

/** A name as the server keeps it, so that the page recognises its own echoes. */
export function cleanName(typed: string): string {
  return typed.normalize("NFC").replace(BLANKS, " ").trim();
}
