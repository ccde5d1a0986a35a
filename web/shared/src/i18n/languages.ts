/** Which languages the pages speak, and how a text's `{blanks}` are filled. Pure. */

export const LANGUAGES = ["zh-CN", "en"] as const;

export type Language = (typeof LANGUAGES)[number];

/** A page's words: every key in every language. */
export type Texts<Key extends string> = Readonly<Record<Language, Readonly<Record<Key, string>>>>;

/** The language chosen before, else the browser's first that there is, else English. */
export function pickLanguage(chosen: string, preferred: readonly string[]): Language {
  const known = (tag: string): Language | undefined =>
    LANGUAGES.find((code) => tag.split("-")[0] === code.split("-")[0]);
  return [chosen, ...preferred].map(known).find((code) => code !== undefined) ?? "en";
}

/** Fills the `{blanks}` of a text. */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (blank, key: string) => values[key] ?? blank);
}
