/**
 * The chat as a whole: what it knows of the inbox and the host, and which screen is shown.
 *
 * Rules: what is shown is drawn anew after each change, once. Who opens and looks asks nothing of the
 * server and connects to nothing: the talk is loaded for the first words, or for somebody who has a
 * conversation. The composer is one element for as long as the chat is there, so the keyboard stays.
 * Not here: the conversation (talk), what an inbox asks first (form).
 */

import { drawId } from "client/device";
import { Memory } from "client/memory";
import { type ComponentChildren, render } from "preact";
import type { PublicInbox } from "protocol";
import { retryDelayMs } from "shared/core/backoff";
import { recall } from "shared/view/memory";
import { First } from "./first";
import type { Host } from "./host";
import { Lazy } from "./lazy";
import { Composer } from "./parts/composer";
import { Home } from "./screens/home";
import { Waiting } from "./screens/waiting";
import { loadTexts, nearest, say, type TextKey, type Texts } from "./texts";
import { dress } from "./theme";

export type View = "home" | "form" | "talk";

/** What a screen puts around the composer. */
export interface Screen {
  readonly top: ComponentChildren;
  /** The one line above the composer. */
  readonly strip?: ComponentChildren;
  /** In the composer's place; null: nothing is. */
  readonly foot?: ComponentChildren;
  /** Over everything else: a menu, a dialog. */
  readonly over?: ComponentChildren;
}

export interface Place {
  readonly url: string;
  readonly title: string;
  readonly referrer: string;
}

export class App {
  readonly widget: string;
  readonly host: Host;
  /** Under which name this browser keeps what is written. */
  scope: string;
  memory: Memory;
  first: First;
  readonly talk = new Lazy(
    async () => (await import("./talk")).openTalk(this),
    () => this.changed(),
  );
  readonly form = new Lazy(
    async () => (await import("./form")).openForm(this),
    () => this.changed(),
  );
  readonly page = new Lazy(
    async () => new (await import("./page")).AloneAsPage(this),
    () => this.changed(),
  );
  /** Not there as long as it is not known, and where there is no such inbox. */
  inbox!: PublicInbox;
  /** The conversation that a letter's link opened. */
  opened: number | null = null;
  /** Of the host's page; null: the visitor's system has one. */
  theme: "light" | "dark" | null = null;
  locale = "en";
  view: View = "home";
  isOpen = true;
  isPhone = false;
  /** Where the visitor is; of a chat that is a page itself, nothing of a site. */
  place: Place | null = null;
  /** What the site's page said of the visitor before there was a conversation. */
  attributes: Readonly<Record<string, unknown>> = {};
  /** Which invitation the visitor was shown, and answers. */
  invitation: string | null = null;
  /** What a screen reader is to be told. */
  said = "";
  private texts!: Texts;
  private root!: HTMLElement;
  private isDue = false;

  constructor(widget: string, host: Host) {
    this.widget = widget;
    this.host = host;
    this.scope = widget;
    this.memory = new Memory(storage(), widget);
    this.first = new First(this.memory);
  }

  async start(root: HTMLElement): Promise<void> {
    this.root = root;
    const hello = await this.host.hello;
    this.isPhone = hello?.isPhone ?? false;
    this.isOpen = hello?.isOpen ?? true;
    this.place = hello?.page ?? null;
    this.attributes = hello?.attributes ?? {};
    this.invitation = hello?.invitation ?? null;
    this.theme = hello?.theme ?? null;
    const asked = hello?.locale || recall("language") || (navigator.languages[0] ?? "");
    await this.speak(asked, hello?.config ?? null);
    this.host.listen((told) => this.hear(told));
    if (!this.host.isFrame) {
      await this.enterPage();
    }
    if (this.isKnown) {
      this.view = "talk";
      void this.talk.get();
    }
    this.changed();
    this.host.tell({ kefu: 1, type: "ready", version: 1 });
  }

  /** Speaks the language that is nearest to `locale`; `inbox`: as it is told in it, if that is here. */
  async speak(locale: string, inbox: PublicInbox | null = null): Promise<void> {
    const found = inbox ?? (await this.loadInbox(locale));
    const spoken = found?.locale ?? nearest(locale);
    this.texts = await loadTexts(spoken);
    this.locale = spoken;
    if (found) {
      this.inbox = found;
      dress(document.documentElement, found, this.theme);
    }
    this.changed();
  }

  /** Of a page of its own it is to be clear first whose conversation it shows. */
  private async enterPage(): Promise<void> {
    const page = await this.page.get();
    this.opened = await page.enter(this.inbox ?? null);
    this.scope = page.scope;
    this.memory = new Memory(storage(), page.scope);
    this.first = new First(this.memory);
  }

  /** This browser has a conversation, or words that are on their way. */
  get isKnown(): boolean {
    return this.memory.get("who") !== null || this.first.isWaiting;
  }

  text(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
    return say(this.texts, this.locale, key, values);
  }

  /** What one writes, wherever one is: it begins a conversation, or goes on with the one shown. */
  say(text: string): void {
    if (this.talk.value) {
      this.talk.value.say(text);
    } else {
      this.first.keep(drawId(random), text, this.about());
      void this.talk.get();
    }
    this.show("talk");
  }

  /** What goes with a first message. */
  about(): object {
    const { page: _, ...about } = { page: null, ...this.invited() };
    const { url: page, title, referrer } = this.place ?? {};
    return {
      ...about,
      ...(page && { page, title, referrer }),
      ...(Object.keys(this.attributes).length && { attributes: this.attributes }),
      locale: this.locale,
      time_zone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    };
  }

  show(view: View): void {
    this.view = view;
    this.changed();
  }

  /** Says it to a screen reader. */
  announce(said: string): void {
    this.said = said;
    this.changed();
  }

  close(): void {
    this.host.tell({ kefu: 1, type: "close" });
  }

  /** Draws anew, once for all that changes now. A hidden frame has no animation frames. */
  changed(): void {
    if (!this.isDue && this.texts) {
      this.isDue = true;
      queueMicrotask(() => {
        this.isDue = false;
        render(<Panel app={this} />, this.root);
      });
    }
  }

  private invited() {
    return this.invitation ? { invitation: this.invitation } : {};
  }

  private hear(told: Parameters<Parameters<Host["listen"]>[0]>[0]): void {
    switch (told.type) {
      case "open":
        this.isOpen = true;
        this.invitation = told.invitation ?? this.invitation;
        break;
      case "close":
        this.isOpen = false;
        break;
      case "theme":
        dress(document.documentElement, this.inbox, told.theme);
        return;
      case "page":
        this.place = told.page;
        break;
      case "set":
        this.attributes = { ...this.attributes, ...told.attributes };
        break;
    }
    this.changed();
  }

  /** Until the server answers. */
  private async loadInbox(locale: string): Promise<PublicInbox | null> {
    for (let count = 0; ; count++) {
      try {
        const path = `/api/v1/widgets/${encodeURIComponent(this.widget)}`;
        const answer = await fetch(`${path}?locale=${encodeURIComponent(locale)}`);
        if (answer.ok || answer.status === 404) {
          return answer.ok ? await answer.json() : null;
        }
      } catch {
        // no connection
      }
      await new Promise((resolve) => setTimeout(resolve, retryDelayMs(count, Math.random())));
    }
  }
}

function Panel({ app }: { readonly app: App }) {
  const page = app.page.value;
  const { top, strip, foot, over } = page?.screen() ?? screenOf(app);
  const named = { role: app.host.isFrame ? "dialog" : "main", "aria-label": titleOf(app) } as const;
  const panel = (
    <div class="k-panel" {...named}>
      {top}
      {strip}
      {foot === undefined ? <Composer key="composer" app={app} /> : foot}
      {over}
      <div class="k-live k-sr" aria-live="polite">
        {app.said}
      </div>
    </div>
  );
  return page ? (
    <div class="k-alone">
      {page.bars()}
      {panel}
    </div>
  ) : (
    panel
  );
}

function titleOf(app: App): string {
  return app.text("chat", { name: app.inbox?.name ?? "Kefu" });
}

function screenOf(app: App): Screen {
  switch (app.view) {
    case "talk":
      return app.talk.now?.screen() ?? Waiting(app);
    case "form":
      return app.form.now?.screen() ?? Waiting(app);
    case "home":
      return Home(app);
  }
}

export function storage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

export function random(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}
