/** How long a message may be. Rules: pure; counted as the server counts, in characters, not in UTF-16 units. */

export const MOST_CHARS = 10_000;

/** By how many characters it is too long; 0: it is not. */
export function overBy(text: string): number {
  const units = text.trim().length;
  return units <= MOST_CHARS ? 0 : Math.max(0, [...text.trim()].length - MOST_CHARS);
}
