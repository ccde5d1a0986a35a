/**
 * Text in pieces: plain, or an address that one can follow. Pure.
 *
 * Rules: only http and https, only addresses that stand there in full, and none with a name before
 * the host (`https://bank.example@evil.example`), which only serves to deceive. What a link shows
 * is where it leads. Nothing else is markup.
 */

export interface Piece {
  readonly text: string;
  /** Where it leads; null: nowhere, it is plain. */
  readonly href: string | null;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`{}|\\^，。！？；：、（）《》「」【】]+/giu;
const AFTER = /[.,;:!?)\]]+$/;

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const address = withoutPunctuation(found[0]);
    if (!isSafe(address)) {
      continue;
    }
    pieces.push(
      { text: text.slice(from, found.index), href: null },
      { text: address, href: address },
    );
    from = found.index + address.length;
  }
  pieces.push({ text: text.slice(from), href: null });
  return pieces.filter((piece) => piece.text);
}

/** Whether a link may lead there: what a button of a card says, too. */
export function isSafe(address: string): boolean {
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) {
    return false;
  }
  const { username, password, hostname } = new URL(address);
  return hostname !== "" && username === "" && password === "";
}

/** A sentence's own full stop or bracket is not the address's, unless it opened there. */
function withoutPunctuation(address: string): string {
  const end = AFTER.exec(address)?.[0] ?? "";
  const isOwn = end.startsWith(")") && address.includes("(");
  return isOwn ? address : address.slice(0, address.length - end.length);
}
