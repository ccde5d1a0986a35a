/** Canned responses: read when one asks for them, and found by shortcut or by their words. */
import type { Client } from "client/core";
import type { CannedResponse } from "protocol";

const MOST_SHOWN = 50;

/** Those for an inbox and those for all. Rejects with Unanswered. */
export async function readCanned(
  client: Pick<Client, "call">,
  inbox: number | undefined,
): Promise<readonly CannedResponse[]> {
  const all: CannedResponse[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const form = { ...(inbox !== undefined && { inbox }), cursor, limit: 100 };
    const page: { items?: readonly CannedResponse[]; next?: string | null } = await client.call(
      "canned.list",
      form,
    );
    all.push(...(page.items ?? []));
    cursor = page.next ?? null;
  }
  return all;
}

/** A shortcut that begins so comes first, then one that has it, then a text that has it. */
export function findCanned(
  all: readonly CannedResponse[],
  query: string,
): readonly CannedResponse[] {
  const asked = query.normalize("NFKC").toLowerCase();
  const rankOf = ({ shortcut, text }: CannedResponse) => {
    const at = shortcut.indexOf(asked);
    return at === 0 ? 0 : at > 0 ? 1 : text.toLowerCase().includes(asked) ? 2 : 3;
  };
  return all
    .map((one) => ({ one, rank: rankOf(one) }))
    .filter(({ rank }) => rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST_SHOWN)
    .map(({ one }) => one);
}
