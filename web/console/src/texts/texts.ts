/**
 * The console's words, in a file for each part of it and language (`en/list.json`).
 *
 * Rules: every language has the same keys and in each text the same `{blanks}`; a text with a number has
 * a form for each of the language's kinds of number (`_one`, `_other`: `Intl.PluralRules`), chosen by
 * `count`. One language is loaded, the other when it is chosen; the words of what the first screen does
 * without (`en/later/account.json`) come with it. A test holds that.
 */
import i18next from "i18next";
import { createContext, useContext } from "react";
import { LANGUAGES, type Language, pickLanguage } from "shared/i18n/languages";
import { localeOf } from "shared/i18n/times";
import { recall, remember } from "shared/view/memory";
import type composer from "./en/composer.json";
import type conversation from "./en/conversation.json";
import type details from "./en/details.json";
import type hearing from "./en/hearing.json";
import type account from "./en/later/account.json";
import type build from "./en/later/build.json";
import type command from "./en/later/command.json";
import type contacts from "./en/later/contacts.json";
import type profile from "./en/later/profile.json";
import type search from "./en/later/search.json";
import type sounds from "./en/later/sounds.json";
import type visitors from "./en/later/visitors.json";
import type welcome from "./en/later/welcome.json";
import type list from "./en/list.json";
import type shell from "./en/shell.json";
import type tags from "./en/tags.json";

/** A part of the console that has words; each has a file in every language. */
interface Parts {
  readonly account: typeof account;
  readonly build: typeof build;
  readonly command: typeof command;
  readonly contacts: typeof contacts;
  readonly search: typeof search;
  readonly composer: typeof composer;
  readonly conversation: typeof conversation;
  readonly details: typeof details;
  readonly hearing: typeof hearing;
  readonly list: typeof list;
  readonly profile: typeof profile;
  readonly shell: typeof shell;
  readonly sounds: typeof sounds;
  readonly visitors: typeof visitors;
  readonly tags: typeof tags;
  readonly welcome: typeof welcome;
}

type Plain<Key> = Key extends `${infer Base}_${Intl.LDMLPluralRule}` ? Base : Key;

/** `list:tab.mine`. */
export type TextKey = {
  [Part in keyof Parts]: `${Part}:${Plain<keyof Parts[Part] & string>}`;
}[keyof Parts];

export type Values = Readonly<Record<string, string | number>>;

const FILES: Readonly<Record<Language, () => Promise<{ readonly words: object }>>> = {
  en: () => import("./en"),
  "zh-CN": () => import("./zh-CN"),
};

/** Of parts that the first screen does without. */
const LATER = import.meta.glob<object>("./*/later/*.json", { import: "default" });

/** What components say, in one language; another object after a change of it. */
export interface Texts {
  readonly language: Language;
  /** How times and numbers are written. */
  readonly locale: string;
  t(key: TextKey, values?: Values): string;
}

const words = i18next.createInstance();
/** Parts of `LATER` that are in use. */
const learned = new Set<string>();

/** Loads the words of a part that the first screen does without, before it is shown. */
export async function learn(part: keyof Parts): Promise<void> {
  learned.add(part);
  const { language } = words;
  const texts = await LATER[`./${language}/later/${part}.json`]?.();
  words.addResourceBundle(language, part, texts);
}

/** Loads the language and says its words from then on. `apart`: a page of its own has these alone. */
export async function speak(language: Language, apart?: readonly (keyof Parts)[]): Promise<Texts> {
  const parts = apart ?? [...learned];
  const [whole, ...others] = await Promise.all([
    apart ? null : FILES[language](),
    ...parts.map((part) => LATER[`./${language}/later/${part}.json`]?.()),
  ]);
  const more = Object.fromEntries(parts.map((part, at) => [part, others[at]]));
  const resources = { ...whole?.words, ...more };
  await words.init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: resources as Record<string, Record<string, string>> },
    keySeparator: false,
    interpolation: { prefix: "{", suffix: "}", escapeValue: false },
  });
  document.documentElement.lang = language;
  const t = words.getFixedT(language);
  return {
    language,
    locale: localeOf(language, navigator.languages),
    t: (key, values) => t(key, { ...values }),
  };
}

/** In the language of now, for what is no component. */
export function sayNow(key: TextKey, values?: Values): string {
  return words.t(key, { ...values });
}

/** Says single words of the first screen, and of `later`, in another language, for whoever seeks them. */
export async function otherWords(language: Language, later: keyof Parts): Promise<Texts["t"]> {
  const [whole, part] = await Promise.all([
    FILES[language](),
    LATER[`./${language}/later/${later}.json`]?.(),
  ]);
  const all = { ...whole.words, [later]: part } as Record<string, Record<string, string>>;
  return (key, values = {}) => {
    const [part = "", name = ""] = key.split(":");
    const text = all[part]?.[name] ?? "";
    return text.replace(/\{(\w+)\}/g, (_, blank: string) => String(values[blank] ?? ""));
  };
}

/** As chosen before, else as the browser asks. */
export function chosenLanguage(): Language {
  return pickLanguage(recall("language"), navigator.languages);
}

/** null: as the browser asks. */
export function choose(language: Language | null): void {
  remember("language", language ?? "");
}

export { LANGUAGES };

export const TextsContext = createContext<Texts | null>(null);

export function useTexts(): Texts {
  const texts = useContext(TextsContext);
  if (!texts) {
    throw new Error("there are no texts above this component");
  }
  return texts;
}
