/**
 * The page's language, and how its words get into the page.
 *
 * Rules: an element says which text it shows, by `data-text` (its text), `data-placeholder` or
 * `data-label` (its accessible name), with the values of its `{blanks}` in `data-values`, so that
 * a change of language needs nothing but a walk through the page. Only text is ever set, never
 * markup.
 * Not here: the texts (texts.ts).
 */
import { recall, remember } from "../view/memory";
import { fill, LANGUAGES, type Language, pickLanguage, TEXTS, type TextKey } from "./texts";

let language: Language = pickLanguage(recall("language"), navigator.languages);

export function textOf(key: TextKey, values: Record<string, string> = {}): string {
  return fill(TEXTS[language][key], values);
}

/** Shows a text of the dictionary in `element`, now and after each change of language. */
export function setText(
  element: HTMLElement,
  key: TextKey,
  values: Record<string, string> = {},
): void {
  element.dataset.text = key;
  element.dataset.values = JSON.stringify(values);
  element.textContent = textOf(key, values);
}

/** Shows text that is nobody's to translate. */
export function setPlainText(element: HTMLElement, text: string): void {
  delete element.dataset.text;
  element.textContent = text;
}

/** Puts the page into its language and makes its switch (`button[data-language]`) work. */
export function startLanguage(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-language]")) {
    const wanted = LANGUAGES.find((code) => code === button.dataset.language);
    button.addEventListener("click", () => {
      language = wanted ?? language;
      remember("language", language);
      translatePage();
    });
  }
  translatePage();
}

function translatePage(): void {
  document.documentElement.lang = language;
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-text]")) {
    element.textContent = textFrom(element, "text");
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-placeholder]")) {
    element.setAttribute("placeholder", textFrom(element, "placeholder"));
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-label]")) {
    element.setAttribute("aria-label", textFrom(element, "label"));
  }
}

function textFrom(element: HTMLElement, attribute: string): string {
  const values: Record<string, string> = JSON.parse(element.dataset.values ?? "{}");
  return textOf(element.dataset[attribute] as TextKey, values);
}
