/** Which colour a tag has: the one that was chosen for it, else always the same for its word. Pure. */
import type { Tag } from "protocol";

export type Color = (typeof COLORS)[number];

/** As the server knows them; the sheet has a hue for each (`data-hue`). */
export const COLORS = [
  "gray",
  "red",
  "orange",
  "amber",
  "green",
  "teal",
  "blue",
  "purple",
  "pink",
] as const;

/** Of words that nobody has chosen a colour for. */
const PLAIN = ["red", "green", "purple", "blue", "amber"] as const;

export function hueOf(name: string, tag?: Tag): Color {
  const chosen = COLORS.find((one) => one === tag?.color);
  return chosen ?? PLAIN[sumOf(name) % PLAIN.length] ?? "gray";
}

function sumOf(name: string): number {
  let sum = 0;
  for (const char of name) {
    sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973;
  }
  return sum;
}
