/**
 * What is seen of the thread stays where it is, whatever comes before or after it.
 *
 * Rules: whoever is at the end stays at the end. Whoever reads back keeps the first message in sight where
 * it is, to the pixel: when older ones are put in front, a picture loads, new ones come. The browser's
 * own anchoring is off (not every browser has it), so nothing is done twice.
 */

/** Closer to the end than this counts as reading the newest. */
const NEAR_PX = 48;

export class Scroll {
  isAtEnd = true;
  private readonly moved: () => void;
  private body: HTMLElement | null = null;
  private anchor: { readonly row: Element; readonly top: number } | null = null;
  private watched = new WeakSet<Element>();
  private readonly sizes = new ResizeObserver(() => this.settle());

  /** `moved`: one is somewhere else now. */
  constructor(moved: () => void) {
    this.moved = moved;
  }

  /** The element that scrolls; null: it is not there any more. */
  readonly attach = (body: HTMLElement | null): void => {
    if (body === this.body) {
      return;
    }
    this.sizes.disconnect();
    this.body?.removeEventListener("scroll", this.note);
    this.body = body;
    this.watched = new WeakSet();
    body?.addEventListener("scroll", this.note, { passive: true });
    this.drawn();
  };

  /** What is in it was drawn anew. */
  drawn(): void {
    for (const part of this.body ? [this.body, ...this.body.children] : []) {
      if (!this.watched.has(part)) {
        this.watched.add(part);
        this.sizes.observe(part);
      }
    }
    this.settle();
  }

  /** How far it is to what is older. */
  get above(): number {
    return this.body?.scrollTop ?? Number.POSITIVE_INFINITY;
  }

  toEnd(): void {
    this.isAtEnd = true;
    this.settle();
  }

  /** Puts the row at the top; null: there is none. */
  to(selector: string): Element | null {
    const { body } = this;
    const row = body?.querySelector(selector);
    if (!body || !row) {
      return null;
    }
    body.scrollTop += row.getBoundingClientRect().top - topOf(body) - NEAR_PX;
    this.note();
    return row;
  }

  /** Puts things back where they were, after something has changed its place or size. */
  settle(): void {
    const { body, anchor } = this;
    if (!body?.clientHeight) {
      return; // it is not shown
    }
    if (this.isAtEnd) {
      body.scrollTop = body.scrollHeight;
    } else if (anchor?.row.isConnected) {
      const off = anchor.row.getBoundingClientRect().top - topOf(body) - anchor.top;
      if (off) {
        body.scrollTop += off;
      }
    }
    this.keep(body);
  }

  close(): void {
    this.attach(null);
  }

  private readonly note = (): void => {
    const { body } = this;
    if (body?.clientHeight) {
      this.isAtEnd = body.scrollHeight - body.scrollTop - body.clientHeight < NEAR_PX;
      this.keep(body);
      this.moved();
    }
  };

  /** Remembers the first message in sight; lines between messages have other places tomorrow. */
  private keep(body: HTMLElement): void {
    const top = topOf(body);
    for (const row of body.querySelectorAll("[data-kefu=message]")) {
      const { top: at, bottom } = row.getBoundingClientRect();
      if (bottom > top) {
        this.anchor = { row, top: at - top };
        return;
      }
    }
  }
}

function topOf(body: HTMLElement): number {
  return body.getBoundingClientRect().top;
}
