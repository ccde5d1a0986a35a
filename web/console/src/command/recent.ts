/** What one has chosen in the command bar last, kept in this browser for each person. */
import { recall, remember } from "shared/view/memory";

const MOST = 30;

const keyOf = (me: number) => `console.${me}.recent`;

/** Ids, the last one first. */
export function recentOf(me: number): readonly string[] {
  try {
    const kept: unknown = JSON.parse(recall(keyOf(me)) || "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return []; // somebody else wrote there
  }
}

export function keepRecent(me: number, id: string): void {
  const ids = [id, ...recentOf(me).filter((one) => one !== id)].slice(0, MOST);
  remember(keyOf(me), JSON.stringify(ids));
}
