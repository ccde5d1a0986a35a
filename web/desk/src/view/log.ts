/**
 * Shows the conversation's lines: one's own right, the team's left, events in the middle.
 *
 * Rules: elements are kept by the line's key and only changed where the line changed, so a screen
 * reader hears each line once and a focused button stays. The log follows the newest line unless
 * its reader has scrolled up.
 * Not here: what the lines are (core/lines), one line's elements (line).
 */
import { byId, create } from "shared/view/dom";
import type { Line } from "../core/lines";
import { words } from "../i18n/language";
import { bodyOf, type LineActs, metaOf } from "./line";

/** Closer to the end than this counts as reading the newest line. */
const NEAR_END_PX = 48;

interface Shown {
  readonly element: HTMLElement;
  readonly body: string;
  readonly meta: string;
}

export class LogView {
  private readonly scroller = byId("scroller", HTMLElement);
  private readonly lines = byId("lines", HTMLElement);
  private readonly newest = byId("newest", HTMLButtonElement);
  private readonly acts: LineActs;
  private shown = new Map<string, Shown>();
  private lastKey = "";
  private firstKey = "";

  constructor(acts: LineActs) {
    this.acts = acts;
    this.newest.addEventListener("click", () => this.toEnd());
    this.scroller.addEventListener("scroll", () => {
      this.newest.hidden ||= this.isNearEnd();
    });
    // A phone's keyboard opens and shuts, what is below grows: stay at the end.
    new ResizeObserver(() => this.newest.hidden && this.toEnd()).observe(this.scroller);
  }

  render(lines: readonly Line[]): void {
    const isFollowing = this.isNearEnd();
    const before = this.shown;
    const fromEnd = this.scroller.scrollHeight - this.scroller.scrollTop;
    const firstBefore = this.firstKey;
    this.shown = new Map();
    for (const [index, line] of lines.entries()) {
      const shown = this.show(line, before.get(line.key));
      before.delete(line.key);
      this.shown.set(line.key, shown);
      this.place(shown.element, index);
      group(shown.element, line, { before: lines[index - 1], after: lines[index + 1] });
    }
    for (const { element } of before.values()) {
      element.remove();
    }
    this.firstKey = lines.find(({ from }) => from !== "date")?.key ?? "";
    const last = lines.at(-1);
    const isNew = last !== undefined && last.key !== this.lastKey;
    this.lastKey = last?.key ?? "";
    if (isFollowing || (isNew && last.from === "me")) {
      this.toEnd();
    } else if (isNew) {
      this.newest.hidden = false;
    } else if (firstBefore && firstBefore !== this.firstKey) {
      this.scroller.scrollTop = this.scroller.scrollHeight - fromEnd; // earlier ones came on top
    }
  }

  toEnd(): void {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.newest.hidden = true;
  }

  private show(line: Line, known: Shown | undefined): Shown {
    const { name, text, deleted, what, from, at, edited, delivery, error, clientId, chosen } = line;
    const files = line.files?.map(({ id }) => id);
    const who = from === "me" ? "" : name;
    // Times and days are written in the page's language; a day is called otherwise tomorrow.
    const day = from === "date" ? [words.language, new Date().toDateString()] : [];
    const body = JSON.stringify({ who, text, deleted, what, files, chosen, day });
    const meta = JSON.stringify({ at, edited, delivery, error, clientId, in: words.language });
    const element = known?.element ?? create("div", "");
    if (known?.body !== body) {
      element.replaceChildren(...bodyOf(line, this.acts), create("p", "meta"));
    }
    if (known?.body !== body || known.meta !== meta) {
      element.querySelector(".meta")?.replaceChildren(...metaOf(line, this.acts));
    }
    element.className = `line ${from}${deleted ? " gone" : ""}`;
    element.dataset.delivery = delivery ?? "";
    return { element, body, meta };
  }

  private place(element: HTMLElement, index: number): void {
    const there = this.lines.children[index] ?? null;
    if (there !== element) {
      this.lines.insertBefore(element, there);
    }
  }

  private isNearEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }
}

/** Each of these says so by itself. */
function isUndone(line: Line | undefined): boolean {
  return line?.delivery === "failed" || line?.delivery === "lost";
}

/** Of several lines in a row by one person the first has the name, the last the time. */
function group(
  element: HTMLElement,
  line: Line,
  { before, after }: { before: Line | undefined; after: Line | undefined },
): void {
  const isSame = (other: Line | undefined) =>
    other?.from === line.from && (line.from === "me" || other.name === line.name);
  element.classList.toggle("follows", isSame(before));
  element.classList.toggle("more", isSame(after) && !isUndone(after) && !isUndone(line));
}
