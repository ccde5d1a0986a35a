/**
 * Shows one thread as bubbles: one's own right, the other's left, the system's centred and grey.
 *
 * Rules: people's text is only ever text. Elements are kept per line, so a screen reader hears
 * each line once. The log follows the newest line unless its reader has scrolled up.
 * Not here: what becomes of a line (core/thread).
 */

import { create, createButton } from "shared/view/dom";
import type { Line, Thread } from "../core/thread";
import { words } from "../i18n/language";
import type { TextKey } from "../i18n/texts";

/** Closer to the end than this counts as reading the newest line. */
const NEAR_END_PX = 48;

const DELIVERY = {
  pending: "chat.sending",
  sent: "chat.sent",
  failed: "chat.failed",
} as const satisfies Record<Line["delivery"], TextKey>;

/** Fills in a system line: in the page's language, or as the server said it. */
export type ShowSystemLine = (element: HTMLElement, text: string) => void;

interface Shown {
  readonly line: Line;
  readonly element: HTMLElement;
  readonly meta: HTMLElement;
}

export class LogView {
  private readonly scroller: HTMLElement;
  private readonly newest: HTMLButtonElement;
  private readonly onRetry: (line: Line) => void;
  private readonly showSystemLine: ShowSystemLine;
  private shown = new Map<number, Shown>();

  constructor(
    scroller: HTMLElement,
    newest: HTMLButtonElement,
    onRetry: (line: Line) => void,
    showSystemLine: ShowSystemLine,
  ) {
    this.scroller = scroller;
    this.newest = newest;
    this.onRetry = onRetry;
    this.showSystemLine = showSystemLine;
    newest.addEventListener("click", () => this.toEnd());
    scroller.addEventListener("scroll", () => {
      newest.hidden ||= this.isNearEnd();
    });
    // A phone's keyboard opens and shuts: stay at the end.
    new ResizeObserver(() => newest.hidden && this.toEnd()).observe(scroller);
  }

  render(thread: Thread): void {
    const follow = this.isNearEnd();
    const before = this.shown;
    this.shown = new Map();
    let added: Line | undefined;
    for (const [index, line] of thread.entries()) {
      const known = before.get(line.id);
      const shown = known ?? this.build(line);
      before.delete(line.id);
      if (!known) {
        this.scroller.append(shown.element);
        added = line;
      }
      if (known?.line !== line && line.from === "me") {
        this.showDelivery(shown, line);
      }
      const next = thread[index + 1];
      shown.element.classList.toggle(
        "more",
        next?.sender === line.sender && next.from === line.from,
      );
      this.shown.set(line.id, { ...shown, line });
    }
    for (const { element } of before.values()) {
      element.remove();
    }
    if (follow || added?.from === "me") {
      this.toEnd();
    } else if (added) {
      this.newest.hidden = false;
    }
  }

  private build(line: Line): Shown {
    const element = create("div", `line ${line.from}`);
    element.dataset.line = String(line.id);
    const text = create("p", "bubble");
    const meta = create("p", "meta");
    if (line.from === "system") {
      this.showSystemLine(text, line.text);
    } else {
      text.textContent = line.text;
      meta.textContent = time(line.atMs);
    }
    text.dir = "auto";
    element.append(text, meta);
    return { line, element, meta };
  }

  private showDelivery({ element, meta }: Shown, line: Line): void {
    element.dataset.delivery = line.delivery;
    const state = create("span", "state");
    words.setText(state, DELIVERY[line.delivery]);
    meta.replaceChildren(state);
    if (line.delivery === "failed") {
      const retry = createButton("link", () => this.onRetry(line));
      words.setText(retry, "chat.retry");
      meta.append(" · ", retry);
    } else if (line.delivery === "sent") {
      meta.prepend(`${time(line.atMs)} · `);
    }
  }

  private isNearEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  private toEnd(): void {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.newest.hidden = true;
  }
}

function time(atMs: number): string {
  return new Date(atMs).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
}
