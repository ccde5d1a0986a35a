/** What the page's own address says: which purpose it is about. Pure. */

export const PURPOSES = ["setup", "join", "reset"] as const;

export type Purpose = (typeof PURPOSES)[number];

export function purposeOf(path: string): Purpose {
  return PURPOSES.find((purpose) => path.startsWith(`/${purpose}`)) ?? "setup";
}
