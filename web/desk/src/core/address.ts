/** What the page's own address says: which chat or purpose it is about, and a one-time link. Pure. */

const CHAT = /^\/chat\/([^/]+)\/?$/;
const LINK = /^#(kl_[A-Za-z0-9_-]{10,100})$/;

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

/** The one-time link behind the `#`; null: there is none. */
export function linkOf(fragment: string): string | null {
  return LINK.exec(fragment)?.[1] ?? null;
}
