/**
 * The chat's menu: what one does seldom.
 *
 * Rules: it closes once something was chosen, by Escape, and when one goes elsewhere.
 */
import { byId } from "shared/view/dom";

export interface MenuActs {
  sendLetter(): void;
  showDevices(): void;
}

export class Menu {
  private readonly menu = byId("menu", HTMLDetailsElement);

  constructor(acts: MenuActs) {
    this.choose("menu-letter", () => acts.sendLetter());
    this.choose("menu-devices", () => acts.showDevices());
    this.menu.addEventListener("keydown", ({ key }) => {
      if (key === "Escape" && this.menu.open) {
        this.close();
        this.menu.querySelector("summary")?.focus();
      }
    });
    document.addEventListener("click", ({ target }) => {
      if (!(target instanceof Node && this.menu.contains(target))) {
        this.close();
      }
    });
  }

  show(isShown: boolean): void {
    this.menu.hidden = !isShown;
  }

  private choose(id: string, act: () => void): void {
    byId(id, HTMLButtonElement).addEventListener("click", () => {
      this.close();
      act();
    });
  }

  private close(): void {
    this.menu.open = false;
  }
}
