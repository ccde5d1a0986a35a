/** What one does seldom: loaded with the first press on the menu, or at the end of a conversation. */
import "../style/more.css";
import "../style/form.css";
import "../style/seldom.css";
import type { Texts } from "../texts";
import { Asks } from "./asks";
import { type Item, Menu } from "./menu";
import { Rating } from "./rating";
import type { Rich } from "./rich";
import { type Ask, Sheet } from "./sheet";
import { Sound } from "./sound";

export const words = import.meta.glob<Texts>("../../../../src/kefu/widget/locales/*.json", {
  query: "?seldom",
  import: "default",
});

export class Seldom {
  readonly asks: Asks;
  readonly rating: Rating;
  readonly sound: Sound;
  readonly rich: Rich;
  private items: readonly Item[] | null = null;
  private opener: HTMLElement | null = null;
  private sheet: Ask | null = null;

  constructor(rich: Rich) {
    this.rich = rich;
    this.sound = new Sound(rich.app.memory);
    this.asks = new Asks(this);
    this.rating = new Rating(this);
  }

  become(): void {
    this.items = null;
    this.sheet = null;
    this.rating.become();
  }

  get isMenu(): boolean {
    return this.items !== null;
  }

  over() {
    const { app } = this.rich;
    return (
      <>
        {this.items && <Menu label={app.text("seldom.menu")} items={this.items} seldom={this} />}
        {this.sheet && (
          <Sheet key={this.sheet.title} app={app} ask={this.sheet} closed={() => this.answered()} />
        )}
      </>
    );
  }

  toggleMenu(opener: HTMLElement): void {
    if (this.items) {
      this.closeMenu();
    } else {
      this.opener = opener;
      this.items = this.asks.items();
      this.rich.app.changed();
    }
  }

  closeMenu(): void {
    this.items = null;
    this.opener?.focus();
    this.rich.app.changed();
  }

  ask(ask: Ask): void {
    this.sheet = ask;
    this.rich.app.changed();
  }

  answered(): void {
    this.sheet = null;
    this.rich.app.changed();
  }

  /** As pages copied before there was a clipboard to write to; whether it worked. */
  copy(text: string): boolean {
    const field = document.createElement("textarea");
    const focused = document.activeElement as HTMLElement | null;
    field.value = text;
    field.className = "k-sr";
    document.body.append(field);
    field.select();
    const isDone = document.execCommand("copy");
    field.remove();
    focused?.focus();
    return isDone;
  }

  /** Closes what is open; false: nothing was. */
  escape(): boolean {
    if (this.items) {
      this.closeMenu();
    } else if (this.sheet) {
      this.answered();
    } else {
      return false;
    }
    return true;
  }
}

export function openSeldom(rich: Rich): Seldom {
  return new Seldom(rich);
}
