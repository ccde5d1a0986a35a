/**
 * On which pages an invitation is shown, as the server sees it too: `docs/page-patterns.json` holds
 * both to the same cases.
 *
 * Rules: `*` is any run of characters, also none, and nothing else means anything. A pattern that
 * begins with a slash is about the path and query, any other about the whole address; what stands
 * behind `#` plays no part. Each piece between stars is taken where it is first found, which is as
 * good as anywhere else, so time grows with the lengths alone.
 */

export function matches(pattern: string, url: string): boolean {
  const address = url.replace(/#.*/s, "");
  return fits(pattern, pattern.startsWith("/") ? pathOf(address) : address);
}

function pathOf(address: string): string {
  try {
    const { pathname, search } = new URL(address);
    return pathname + search;
  } catch {
    return "";
  }
}

function fits(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) {
    return text === first;
  }
  if (!text.startsWith(first) || !text.endsWith(last)) {
    return false;
  }
  let place = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, place);
    if (found < 0) {
      return false;
    }
    place = found + piece.length;
  }
  return place <= text.length - last.length;
}
