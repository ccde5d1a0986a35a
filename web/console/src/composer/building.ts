/**
 * What one builds to send: a form, a card, suggestions; from what stands in the builder's fields. Pure.
 *
 * Rules: what the server would refuse is told by the field that it is about, before anything is sent
 * (kefu.core.content).
 */
import type { Block, Card, Field, Option } from "protocol";
import type { TextKey } from "../texts/texts";

export type Kind = Block["type"];

/** A question; its answers, of which one is chosen, stand one to a line. */
export interface Question {
  readonly id: number;
  readonly label: string;
  readonly type: NonNullable<Field["type"]>;
  readonly isRequired: boolean;
  readonly options: string;
}

/** A button of a card; without an address the visitor answers with its words. */
export interface Press {
  readonly id: number;
  readonly label: string;
  readonly url: string;
}

export interface Draft {
  readonly kind: Kind;
  /** What is said with it. */
  readonly text: string;
  readonly title: string;
  readonly body: string;
  readonly image: string;
  readonly imageAlt: string;
  readonly presses: readonly Press[];
  readonly questions: readonly Question[];
  /** One to a line. */
  readonly suggestions: string;
}

export const TYPES = [
  "text",
  "textarea",
  "email",
  "phone",
  "number",
  "select",
  "checkbox",
] as const;
export const MOST_PRESSES = 5;
export const MOST_QUESTIONS = 20;
const MOST_OPTIONS = 30;
const MOST_LABEL = 100;

export function emptyDraft(kind: Kind, text: string): Draft {
  const question = { id: 1, label: "", type: "text", isRequired: true, options: "" } as const;
  const questions = kind === "form" ? [question] : [];
  const nothing = { title: "", body: "", image: "", imageAlt: "", suggestions: "" };
  return { kind, text, ...nothing, presses: [], questions };
}

/** The block as far as it is one, for whoever looks at it while it is built. */
export function blockOf(draft: Draft): Block {
  switch (draft.kind) {
    case "card":
      return cardOf(draft);
    case "quick_replies":
      return { type: "quick_replies", options: optionsOf(draft.suggestions) };
    case "form":
      return {
        type: "form",
        fields: draft.questions.map(fieldOf),
        ...(draft.title.trim() && { title: draft.title.trim() }),
      };
  }
}

/** What is missing or wrong; null: it can be sent. */
export function faultOf(draft: Draft): TextKey | null {
  switch (draft.kind) {
    case "card":
      return cardFault(draft);
    case "quick_replies":
      return suggestionsFault(draft);
    case "form":
      return formFault(draft);
  }
}

function cardOf({ title, body, image, imageAlt, presses }: Draft): Card {
  const buttons = presses
    .filter(({ label }) => label.trim())
    .map(({ label, url }) => {
      const words = label.trim();
      return url.trim()
        ? ({ type: "link", label: words, url: url.trim() } as const)
        : ({ type: "reply", label: words, value: words } as const);
    });
  return {
    type: "card",
    title: title.trim(),
    ...(body.trim() && { text: body.trim() }),
    ...(image.trim() && { image_url: image.trim() }),
    ...(image.trim() && imageAlt.trim() && { image_alt: imageAlt.trim() }),
    ...(buttons.length && { buttons }),
  };
}

function fieldOf({ label, type, isRequired, options }: Question, index: number): Field {
  return {
    name: `q${index + 1}`,
    label: label.trim(),
    type,
    ...(isRequired && { required: true }),
    ...(type === "select" && { options: optionsOf(options) }),
  };
}

/** Each line once. */
function optionsOf(text: string): readonly Option[] {
  const lines = text.split("\n").map((line) => line.trim());
  return [...new Set(lines.filter(Boolean))].map((line) => ({ label: line, value: line }));
}

function cardFault({ title, image, presses }: Draft): TextKey | null {
  if (!title.trim() || title.trim().length > MOST_LABEL) {
    return "build:fault.title";
  }
  if (image.trim() && !isAddress(image, ["https:"])) {
    return "build:fault.image";
  }
  const isWrong = ({ label, url }: Press) =>
    isLong(label) || (url.trim() && !isAddress(url, ["https:", "http:", "mailto:", "tel:"]));
  return presses.some(isWrong) ? "build:fault.button" : null;
}

function suggestionsFault({ text, suggestions }: Draft): TextKey | null {
  if (!text.trim()) {
    return "build:fault.text";
  }
  return areOptions(suggestions) ? null : "build:fault.suggestions";
}

function formFault({ questions }: Draft): TextKey | null {
  if (!questions.length || questions.some(({ label }) => !label.trim() || isLong(label))) {
    return "build:fault.question";
  }
  const isPoor = ({ type, options }: Question) => type === "select" && !areOptions(options);
  return questions.some(isPoor) ? "build:fault.options" : null;
}

function areOptions(text: string): boolean {
  const options = optionsOf(text);
  const isFit = options.length > 0 && options.length <= MOST_OPTIONS;
  return isFit && !options.some(({ label }) => isLong(label));
}

function isLong(label: string): boolean {
  return label.trim().length > MOST_LABEL;
}

function isAddress(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text.trim()) && protocols.includes(new URL(text.trim()).protocol);
}
