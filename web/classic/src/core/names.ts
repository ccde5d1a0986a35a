/** A name as the server keeps it, so that the page recognises its own echoes. */
export function cleanName(typed: string): string {
  return typed.normalize("NFC").trim();
}
