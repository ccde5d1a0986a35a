/** The page that the loader is on: where this script is from, what the page set, how it looks. */
import type { Theme } from "./bridge";

/** By `data-…` of the script tag or by `boot`. */
export interface Options {
  /** The inbox's widget key. */
  readonly widget?: string;
  /** `#rrggbb`, in place of the inbox's accent. */
  readonly color?: string;
  readonly position?: string;
  /** Pixels from the edges: "24", or "24,80" for side and bottom. */
  readonly offset?: string | number;
  readonly locale?: string;
  /** "hidden": none is shown. */
  readonly launcher?: string;
  readonly greeting?: string;
  readonly theme?: string;
}

const running = document.currentScript;
/** An element of somebody's words may be called `currentScript`, and then stands in its place. */
export const script = (
  running instanceof HTMLScriptElement ? running : document.querySelector('script[src*="/kefu"]')
) as HTMLScriptElement;
export const server = new URL(script.src).origin;

/** By the page's ground, or by its letters where that is seen through. */
export function themeOfPage(): Theme {
  const { color, backgroundColor } = getComputedStyle(document.body);
  const isClear = /^rgba.* 0\)|\/ 0\)/.test(backgroundColor);
  const seen = isClear ? color : backgroundColor;
  // Not the digit in a name, such as display-p3.
  const [a, b, c] = (seen.match(/\b[\d.]+/g) ?? []) as unknown as [number, number, number];
  const sum = 2 * a + 5 * b + +c;
  // rgb() up to 255; oklab() and oklch(), lab() and lch(), whose first is lightness; color(srgb …).
  const most = { r: 2040, o: 1, l: 100, c: 8 }[seen[0] as "r"];
  return (most % 8 ? a : sum) > most / 2 === isClear ? "dark" : "light";
}
