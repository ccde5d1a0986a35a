/**
 * The page's language, and how its words get into the page.
 *
 * Rules: an element says which text it shows, by `data-text` (its text), `data-placeholder` or
 * `data-label` (its accessible name), with the values of its `{blanks}` in `data-values`, so that
 * a change of language needs nothing but a walk through the page. Only text is ever set, never
 * markup.
 * Not here: the texts (each page's own `texts.ts`), which languages there are (languages.ts).
 */
import { recall, remember } from "../view/memory";
import { fill, LANGUAGES, type Language, pickLanguage, type Texts } from "./languages";

type Values = Record<string, string>;

export class Words<Key extends string> {
  language: Language = pickLanguage(recall("language"), navigator.languages);
  private readonly texts: Texts<Key>;

  constructor(texts: Texts<Key>) {
    this.texts = texts;
  }

  textOf(key: Key, values: Values = {}): string {
    return fill(this.texts[this.language][key], values);
  }

  /** Shows a text of the dictionary in `element`, now and after each change of language. */
  setText(element: HTMLElement, key: Key, values: Values = {}): void {
    element.dataset.text = key;
    element.dataset.values = JSON.stringify(values);
    const text = this.textOf(key, values);
    if (element.textContent !== text) {
      element.textContent = text; // not again: a screen reader would say it again
    }
  }

  /** Names `element` for those who do not see it, now and after each change of language. */
  setLabel(element: HTMLElement, key: Key, values: Values = {}): void {
    element.dataset.label = key;
    element.dataset.values = JSON.stringify(values);
    element.setAttribute("aria-label", this.textOf(key, values));
  }

  /** Says in an empty field what it is for, now and after each change of language. */
  setPlaceholder(element: HTMLInputElement | HTMLTextAreaElement, key: Key): void {
    element.dataset.placeholder = key;
    element.placeholder = this.textOf(key);
  }

  /**
   * Puts the page into its language and makes its switch (`button[data-language]`) work.
   * `then`: after that and after each change, for what a text alone does not say.
   */
  start(then: () => void = () => {}): void {
    for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-language]")) {
      const wanted = LANGUAGES.find((code) => code === button.dataset.language);
      button.addEventListener("click", () => {
        this.language = wanted ?? this.language;
        remember("language", this.language);
        this.translatePage();
        then();
      });
    }
    this.translatePage();
    then();
  }

  private translatePage(): void {
    document.documentElement.lang = this.language;
    for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-language]")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === this.language));
    }
    for (const element of document.querySelectorAll<HTMLElement>("[data-text]")) {
      element.textContent = this.textFrom(element, "text");
    }
    for (const element of document.querySelectorAll<HTMLElement>("[data-placeholder]")) {
      element.setAttribute("placeholder", this.textFrom(element, "placeholder"));
    }
    for (const element of document.querySelectorAll<HTMLElement>("[data-label]")) {
      element.setAttribute("aria-label", this.textFrom(element, "label"));
    }
  }

  private textFrom(element: HTMLElement, attribute: string): string {
    const values: Values = JSON.parse(element.dataset.values ?? "{}");
    return this.textOf(element.dataset[attribute] as Key, values);
  }
}

/** Shows text that is nobody's to translate. */
export function setPlainText(element: HTMLElement, text: string): void {
  delete element.dataset.text;
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
