/** Arrow keys in a grid whose rows are as the width gives them. */

/** Where a key leads from the one at `now`; above the first row is `field`. `way`: −1 from right to left. */
export function stepFrom(
  all: readonly HTMLElement[],
  now: number,
  key: string,
  way: 1 | -1,
  field: HTMLElement | null,
): HTMLElement | null | undefined {
  switch (key) {
    case "ArrowRight":
      return all[now + way];
    case "ArrowLeft":
      return all[now - way];
    case "ArrowDown":
      return beside(all, now, 1);
    case "ArrowUp":
      return beside(all, now, -1) ?? field;
    case "Home":
      return all[0];
    case "End":
      return all.at(-1);
    default:
      return null;
  }
}

/** In the next row, or the one before, the nearest. */
function beside(all: readonly HTMLElement[], now: number, step: 1 | -1): HTMLElement | undefined {
  const from = all[now];
  const ahead = step > 0 ? all.slice(now + 1) : all.slice(0, Math.max(0, now)).reverse();
  const row = ahead.find((one) => one.offsetTop !== from?.offsetTop)?.offsetTop;
  return ahead
    .filter((one) => one.offsetTop === row)
    .sort((a, b) => away(a, from) - away(b, from))[0];
}

function away(one: HTMLElement, from: HTMLElement | undefined): number {
  return Math.abs(one.offsetLeft - (from?.offsetLeft ?? 0));
}
