/**
 * The widget's words in the visitor's language, from that language's one file: those that are needed
 * at once, and the others with the part of the program that says them.
 *
 * Rules: every file has the same keys, and in each text the same `{blanks}` (a test holds that). A text
 * with plurals has a form for each of the language's kinds of number (`Intl.PluralRules`). A file more
 * is a language more: no list names them. A part says the words that it brings, the first screen's, and
 * those of the parts that load it; another's might not be here, and would be silently empty (a test
 * holds that).
 */
import { fill } from "shared/i18n/languages";
import type english from "../../../src/kefu/widget/locales/en.json";

export type TextKey = keyof (typeof english)["texts"];
type Said = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;
export type Texts = Readonly<Partial<Record<TextKey, Said>>>;

/** Of each language, some of its words: parts.ts. */
export type Files = Readonly<Record<string, () => Promise<Texts>>>;

export const FIRST: Files = import.meta.glob<Texts>("../../../src/kefu/widget/locales/*.json", {
  query: "?first",
  import: "default",
});

const LOCALES = Object.keys(FIRST).map(localeOf);

/** The language that is nearest to `asked`, where no server says which. */
export function nearest(asked: string): string {
  const [language] = asked.toLowerCase().split("-");
  return LOCALES.find((one) => one.toLowerCase().split("-")[0] === language) ?? "en";
}

/** `locale`: one that there is a file of. */
export async function loadTexts(locale: string, files: Files): Promise<Texts> {
  const path = Object.keys(files).find((one) => localeOf(one) === locale);
  return (await files[path ?? ""]?.()) ?? {};
}

/** `{n}` chooses among plurals, and is written as the language writes numbers. */
export function say(
  texts: Texts,
  locale: string,
  key: TextKey,
  values: Readonly<Record<string, string | number>> = {},
): string {
  const said = texts[key] ?? "";
  const n = Number(values.n);
  const form = new Intl.PluralRules(locale).select(Number.isNaN(n) ? 0 : n);
  const text = typeof said === "string" ? said : (said[form] ?? said.other ?? "");
  const written = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === "number" ? value.toLocaleString(locale) : value,
  ]);
  return fill(text, Object.fromEntries(written));
}

function localeOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1, -".json".length);
}
