/** The square that is taken of a picture. Pure. */

export interface Square {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** The largest square; `at`: where it lies along the longer side, from 0 to 1. */
export function squareOf(width: number, height: number, at: number): Square {
  const side = Math.min(width, height);
  return { x: Math.round((width - side) * at), y: Math.round((height - side) * at), side };
}
