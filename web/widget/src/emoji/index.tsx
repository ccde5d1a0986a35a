/** The emoji picker, and its names in the visitor's language: loaded with the first press. */
import "../style/more.css";
import "../style/form.css";
import "../style/emoji.css";
import { type Group, groupsOf, type Names } from "shared/emoji/find";
import type { App } from "../app";
import type { Texts } from "../texts";
import { Picker } from "./picker";

export const words = import.meta.glob<Texts>("../../../../src/kefu/widget/locales/*.json", {
  query: "?emoji",
  import: "default",
});

const FILES = import.meta.glob<Names>("../../../shared/src/emoji/names/*.json", {
  import: "default",
});

const NAMES = "../../../shared/src/emoji/names/";

export class Emoji {
  private readonly app: App;
  private groups: readonly Group[] = [];
  private language = "";
  private isOpen = false;

  constructor(app: App) {
    this.app = app;
  }

  async toggle(): Promise<void> {
    await this.load();
    this.isOpen = !this.isOpen;
    this.app.changed();
  }

  over() {
    const { app, groups, isOpen } = this;
    return isOpen && <Picker app={app} groups={groups} close={() => this.escape()} />;
  }

  /** Closes it; false: it was not open. */
  escape(): boolean {
    const { isOpen, app } = this;
    this.isOpen = false;
    if (isOpen) {
      app.composer?.focus();
      app.changed();
    }
    return isOpen;
  }

  /** A language without names has the English ones. */
  private async load(): Promise<void> {
    const { locale } = this.app;
    if (this.language !== locale) {
      const load = FILES[`${NAMES}${locale}.json`] ?? FILES[`${NAMES}en.json`];
      this.groups = groupsOf((await load?.()) ?? {});
      this.language = locale;
    }
  }
}

export function openEmoji(app: App): Emoji {
  return new Emoji(app);
}
