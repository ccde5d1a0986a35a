/** The emoji and their names: the console's language names them, the words of both find them. */
import { type Group, groupsOf, type Names, withWords } from "shared/emoji/find";
import { LANGUAGES, type Language } from "shared/i18n/languages";

const NAMES = "../../../shared/src/emoji/names/";
const FILES = import.meta.glob<Names>("../../../shared/src/emoji/names/*.json", {
  import: "default",
});

/** Rejects if they cannot be fetched. */
export async function readEmoji(language: Language): Promise<readonly Group[]> {
  const others = LANGUAGES.filter((one) => one !== language);
  const read = async (one: Language) => groupsOf((await FILES[`${NAMES}${one}.json`]?.()) ?? {});
  const [own = [], ...more] = await Promise.all([language, ...others].map(read));
  return more.reduce(withWords, own);
}
