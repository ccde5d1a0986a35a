/**
 * One line of the log as elements.
 *
 * Rules: what was said is only ever text: Markdown of the team's, plain of one's own. Words of the page
 * are set by their keys, so that they follow its language.
 * Not here: which lines there are and in which order (log).
 */
import type { Block, Card, FileInfo } from "protocol";
import { isFollowable } from "shared/core/markdown";
import { whyUnshown } from "shared/core/unshown";
import { dayOf, localeOf, timeOf } from "shared/i18n/times";
import { create, createButton } from "shared/view/dom";
import { linkTo, putMarkdown, putPlain } from "shared/view/markdown";
import { canRetry, type Delivery, type Line } from "../core/lines";
import { words } from "../i18n/language";
import type { TextKey } from "../i18n/texts";

export interface LineActs {
  retry(clientId: string): void;
  /** What was lost. */
  sayAgain(clientId: string): void;
  /** Back into the box that one writes in. */
  edit(clientId: string): void;
  drop(clientId: string): void;
  /** A button of a message was chosen, which says something. */
  reply(text: string): void;
}

const DELIVERY = {
  pending: "chat.sending",
  sent: "chat.sent",
  read: "chat.read",
  failed: "chat.failed",
  lost: "chat.lost",
} as const satisfies Record<Delivery, TextKey>;

const REASONS: Readonly<Record<string, TextKey>> = {
  too_many: "chat.failed.too-many",
  not_allowed: "chat.failed.not-allowed",
  illegal_state: "chat.failed.illegal-state",
  bad_input: "chat.failed.bad-input",
  too_large: "chat.failed.bad-input",
  conflict: "chat.failed.conflict",
  not_found: "chat.failed.not-found",
};

/** What is said, and what goes with it. */
export function bodyOf(line: Line, acts: LineActs): HTMLElement[] {
  if (line.from === "date") {
    const day = document.createElement("time");
    day.dateTime = line.at;
    day.textContent = dayOf(new Date(line.at), new Date(), locale());
    return [day];
  }
  if (line.from === "event") {
    const said = create("p", "bubble");
    words.setText(said, `chat.${line.what ?? "resolved"}`, { name: line.name });
    return [said];
  }
  const who = create("p", line.from === "me" ? "unseen" : "who-said");
  if (line.from === "me") {
    words.setText(who, "chat.me");
  } else {
    who.textContent = line.name;
  }
  return [who, ...contentOf(line, acts)];
}

/** When, and what became of it. */
export function metaOf(line: Line, acts: LineActs): (HTMLElement | string)[] {
  const parts: (HTMLElement | string)[] = [];
  if (line.from === "date") {
    return parts;
  }
  if (line.from !== "event" && line.delivery !== "pending" && line.delivery !== "failed") {
    parts.push(timeElement(line.at));
  }
  if (line.edited && !line.deleted) {
    parts.push(worded("chat.edited"));
  }
  if (line.delivery) {
    const reason = line.error && REASONS[line.error];
    parts.push(worded(line.delivery === "failed" && reason ? reason : DELIVERY[line.delivery]));
  }
  const { clientId } = line;
  if (clientId && (line.delivery === "failed" || line.delivery === "lost")) {
    const both = create("span", "acts"); // on one row
    const drop = button("chat.drop", () => acts.drop(clientId));
    both.append(nextTryOf(line, clientId, acts), " · ", drop);
    parts.push(both);
  }
  return parts.flatMap((part, index) => (index ? ["\u00a0· ", part] : [part]));
}

function nextTryOf({ delivery, error }: Line, clientId: string, acts: LineActs): HTMLElement {
  if (delivery === "lost") {
    return button("chat.lost.again", () => acts.sayAgain(clientId));
  }
  return canRetry(error)
    ? button("chat.retry", () => acts.retry(clientId))
    : button("chat.edit", () => acts.edit(clientId));
}

function contentOf(line: Line, acts: LineActs): HTMLElement[] {
  const bubble = create("div", "bubble");
  if (line.deleted) {
    words.setText(bubble, "chat.deleted");
    return [bubble];
  }
  (line.from === "me" ? putPlain : putMarkdown)(bubble, line.text);
  const attached = create("div", "attached");
  attached.append(...(line.files ?? []).map(fileOf));
  const choose = { say: acts.reply, chosen: line.chosen };
  attached.append(...(line.blocks ?? []).map((block) => blockOf(block, choose)));
  return [...(line.text ? [bubble] : []), ...(attached.childElementCount ? [attached] : [])];
}

function fileOf(file: FileInfo): HTMLElement {
  const why = whyUnshown(file);
  if (!why) {
    return linkOf(file);
  }
  const both = create("div", "");
  const said = create("p", "hint");
  words.setText(said, `file.${why}`);
  both.append(linkOf(file), said);
  return both;
}

function linkOf({ name, url, preview }: FileInfo): HTMLElement {
  if (!url?.startsWith("/api/")) {
    const plain = create("span", "hint");
    plain.textContent = name;
    return plain;
  }
  const link = linkTo(url, name);
  if (preview?.startsWith("/api/")) {
    const image = document.createElement("img");
    image.src = preview;
    image.alt = name;
    image.loading = "lazy";
    link.replaceChildren(image);
  }
  return link;
}

/** To choose once. */
interface Choose {
  say(text: string): void;
  readonly chosen: string | undefined;
}

function blockOf(block: Block, choose: Choose): HTMLElement {
  switch (block.type) {
    case "card":
      return cardOf(block, choose);
    case "quick_replies":
      return choices(block.options, choose);
    case "form": {
      const said = create("p", "hint");
      words.setText(said, "chat.form");
      return said;
    }
  }
}

function cardOf({ title, text = "", buttons = [] }: Card, choose: Choose): HTMLElement {
  const card = create("div", "card-block");
  const name = document.createElement("strong");
  name.textContent = title;
  const about = create("div", "");
  putMarkdown(about, text);
  const replies = buttons.filter((one) => one.type === "reply");
  const row = choices(replies, choose);
  for (const one of buttons) {
    if (one.type === "link" && isFollowable(one.url)) {
      row.append(linkTo(one.url, one.label));
    }
  }
  card.append(name, about, row);
  return card;
}

function choices(
  options: readonly { readonly label: string; readonly value: string }[],
  { say, chosen }: Choose,
): HTMLElement {
  const row = create("div", "choices");
  for (const { label, value } of options) {
    const choice = createButton("", () => say(value));
    choice.textContent = label;
    if (chosen !== undefined) {
      choice.disabled = true;
      choice.setAttribute("aria-pressed", String(value === chosen));
    }
    row.append(choice);
  }
  return row;
}

function worded(key: TextKey): HTMLElement {
  const state = create("span", "state");
  words.setText(state, key);
  return state;
}

function button(key: TextKey, act: () => void): HTMLElement {
  const made = createButton("link", act);
  words.setText(made, key);
  return made;
}

function timeElement(at: string): HTMLElement {
  const shown = document.createElement("time");
  shown.dateTime = at;
  shown.textContent = timeOf(new Date(at), locale());
  return shown;
}

function locale(): string {
  return localeOf(words.language, navigator.languages);
}
