/**
 * The place of a picture. Pure.
 *
 * Rules: it is known before the picture is, and before the part that shows it: its own proportions, no
 * larger than a bubble.
 */
import type { Size } from "shared/upload/prepare";

const MOST_WIDTH = 240;
const MOST_HEIGHT = 240;
const LEAST = 48;

/** The place of a picture that is so large; of one that nothing is known of, a usual one. */
export function fitted({ width = 0, height = 0 }: Partial<Size>): Size {
  if (width <= 0 || height <= 0) {
    return { width: MOST_WIDTH, height: (MOST_WIDTH / 4) * 3 };
  }
  const scale = Math.min(1, MOST_WIDTH / width, MOST_HEIGHT / height);
  const within = (length: number) => Math.max(LEAST, Math.round(length * scale));
  return { width: within(width), height: within(height) };
}
