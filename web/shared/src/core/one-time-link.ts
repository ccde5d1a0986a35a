/**
 * The one-time link behind the `#` of an address. Pure.
 *
 * Programs that show letters cut long addresses, or take what follows them along; people copy a part.
 * What can be read without a guess is read: a whole link with something behind it, or in another
 * writing of the same letters. Anything else that was meant to be one is damaged, and to be told so.
 */

/** `link`: null if it is damaged. */
export interface Found {
  readonly link: string | null;
}

const WHOLE = /kl_[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/;
/** Also what is left of one that was cut within its mark. */
const MEANT = /kl_|^\W*kl?\W*$/i;

/** What the fragment has; null: nothing that was meant to be a link. */
export function linkIn(fragment: string): Found | null {
  const said = decoded(fragment);
  const link = WHOLE.exec(said)?.[0] ?? null;
  return link !== null || MEANT.test(said) ? { link } : null;
}

function decoded(fragment: string): string {
  const text = fragment.replace(/^#/, "");
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray %
  }
}
