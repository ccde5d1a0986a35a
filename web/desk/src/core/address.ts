/** What the page's own address says: which chat or purpose it is about. Pure. */

const CHAT = /^\/chat\/([^/]+)\/?$/;

export const PURPOSES = ["setup", "join", "reset"] as const;

export type Purpose = (typeof PURPOSES)[number];

/** The widget key of `/chat/<key>`; null: the address has none. */
export function widgetKeyOf(path: string): string | null {
  const found = CHAT.exec(path)?.[1];
  try {
    return found ? decodeURIComponent(found) : null;
  } catch {
    return null; // a stray %
  }
}

export function purposeOf(path: string): Purpose {
  return PURPOSES.find((purpose) => path.startsWith(`/${purpose}`)) ?? "setup";
}
