/**
 * What people wrote: shown as it is if nothing in it is a mark, which is what most of it is. For all else
 * its reader is loaded; until it is there the text stands as it was written.
 */
import type { App } from "./app";

/** Whatever may be a mark of docs/markdown.md, or an address. */
const MARK = /[*_~`[\\]|^[ \t]*(?:[->]|\d+\.)|\n[ \t]*\n|https?:|mailto:/im;

interface Props {
  readonly app: App;
  readonly text: string;
  readonly isTeam: boolean;
}

export function Marked({ app, text, isTeam }: Props) {
  const words = MARK.test(text) ? app.words.now : null;
  return <>{words ? words.shown(text, isTeam) : <p class="k-plain">{text}</p>}</>;
}

/** Resolves once `plainly` has what it needs. */
export async function readable(app: App, text: string): Promise<void> {
  if (MARK.test(text)) {
    await app.words.get();
  }
}

/** Its words alone, on one line. */
export function plainly(app: App, text: string): string {
  return MARK.test(text) ? (app.words.now?.plain(text) ?? text) : text;
}
