/**
 * The chat as a whole: what it knows of the inbox and the host, and which screen is shown.
 *
 * Rules: what is shown is drawn anew after each change, once. Who opens and looks asks nothing of the
 * server and connects to nothing: the talk is loaded for the first words, or for somebody who has a
 * conversation. The composer is one element for as long as the chat is there, so the keyboard stays.
 * Not here: the conversation (talk), what an inbox asks first (form), what follows from who somebody
 * is (known, identity).
 */

import type { More } from "client";
import { Memory } from "client/memory";
import type { Hello } from "loader/bridge";
import { type ComponentChildren, render } from "preact";
import type { PublicInbox } from "protocol";
import { recall, remember, thisTab } from "shared/view/memory";
import type { Asked } from "./ask";
import { drawId, First } from "./first";
import type { Host } from "./host";
import type { Known } from "./known";
import { Lazy } from "./lazy";
import { Composer } from "./parts/composer";
import { Home } from "./screens/home";
import { Waiting } from "./screens/waiting";
import { FIRST, type Files, loadTexts, nearest, say, type TextKey, type Texts } from "./texts";
import { dress, fit } from "./theme";

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

const ID_BYTES = 16;

interface Worded {
  readonly words?: Files | readonly Files[];
}

type Told = Parameters<Parameters<Host["listen"]>[0]>[0];

export class App {
  readonly widget: string;
  readonly host: Host;
  private readonly parts: Lazy<unknown>[] = [];
  memory!: Memory;
  first!: First;
  /** The name under which this person's things are kept. */
  scope!: string;
  /** What the site says of the visitor goes with the first words. */
  readonly talk = this.part(
    async () => {
      const isTold = Object.keys(this.attributes).length > 0;
      const [loaded] = await Promise.all([import("./talk"), isTold && this.fitting.get()]);
      return loaded;
    },
    ({ openTalk }) => openTalk(this),
  );
  readonly form = this.part(
    () => import("./form"),
    ({ openForm }) => openForm(this),
  );
  /** Shows what is more than words. */
  readonly rich = this.part(
    () => import("./rich"),
    ({ openRich }) => openRich(this),
  );
  readonly upload = this.part(
    () => import("./upload"),
    ({ openUpload }) => openUpload(this),
  );
  readonly recorder = this.part(
    () => import("./recorder"),
    ({ openRecorder }) => openRecorder(this),
  );
  readonly emoji = this.part(
    () => import("./emoji"),
    ({ openEmoji }) => openEmoji(this),
  );
  readonly page = this.part(
    () => import("./page"),
    ({ AloneAsPage }) => new AloneAsPage(this),
  );
  readonly identity = this.part(() => import("./identity"));
  readonly fitting = this.part(() => import("./fitting"));
  readonly opening = this.part(() => import("./screens/opening"));
  readonly hours = this.part(() => import("./screens/hours"));
  private readonly asking = this.part(() => import("./asking"));
  private readonly rare = this.part(() => import("./rare"));
  private readonly trap = this.part(() => import("./parts/trap"));
  /** What is told before the chat is opened. */
  readonly offers = this.part(
    () => import("./offers"),
    ({ Offers }) => new Offers(this),
  );
  /** Reads marks and addresses in what people write. */
  readonly words = new Lazy(
    () => import("./words"),
    () => this.talkChanged(),
  );
  /** Who this browser's visitor is; null: nobody in particular yet. */
  known: Known | null = null;
  composer: Composer | null = null;
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
  /** In place of the inbox's own. */
  greeting = "";
  /** What the site's page said of the visitor before there was a conversation. */
  attributes: Readonly<Record<string, unknown>> = {};
  /** The site has said who is here since this page was loaded. */
  isNamed = false;
  /** Which invitation the visitor was shown, and answers. */
  invitation: string | null = null;
  /** What a screen reader is to be told. */
  said = "";
  private texts: Texts = {};
  /** Where the words are that are spoken. */
  private readonly spoken = new Set<Files>([FIRST]);
  private root!: HTMLElement;
  private isDue = false;
  /** How often somebody else has come. */
  turn = 0;
  /** What is shown is new: it gets the focus. */
  private isNew = false;

  constructor(widget: string, host: Host) {
    this.widget = widget;
    this.host = host;
    this.enter(new Memory(storage(), widget).get("scope") ?? widget);
  }

  async start(root: HTMLElement): Promise<void> {
    this.root = root;
    const hello = await this.host.hello;
    if (hello) {
      this.greet(hello);
    }
    const asked = hello?.locale || recall("language") || (navigator.languages[0] ?? "");
    await this.speak(asked, hello?.config ?? null);
    this.host.listen((told) => this.hear(told));
    addEventListener("keydown", (event) => this.press(event));
    addEventListener("dragenter", () => void this.upload.get()); // it says where to drop
    if (!this.host.isFrame) {
      await this.enterPage();
    }
    // That nobody is there is news only where somebody was.
    if (hello?.identity || (hello?.identity === null && this.isKnown)) {
      await (await this.rare.get()).identify(this, hello.identity);
    }
    if (this.isKnown) {
      this.enterKnown();
    }
    this.changed();
    this.host.tell({ kefu: 1, type: "ready", version: 1 });
    if (this.host.isFrame && (this.inbox?.invitations || this.inbox?.watch_visitors)) {
      void this.offers.get();
    }
  }

  private greet(hello: Hello): void {
    this.isOpen = hello.isOpen;
    this.place = hello.page;
    this.attributes = hello.attributes ?? {};
    this.invitation = hello.invitation ?? null;
    const { greeting } = hello.look ?? {};
    this.greeting = typeof greeting === "string" ? greeting : "";
    this.theme = hello.theme;
    this.fit(hello);
  }

  /** Who has a conversation that goes on lands in it, and who reloads where they were. */
  private enterKnown(): void {
    const was = recall(`${this.scope}.view`, thisTab);
    const form = recall(`${this.scope}.form`, thisTab);
    const isForm = this.memory.keys("unsent.").some((id) => form.includes(id));
    const isOpened = this.opened !== null;
    const isTalk = isOpened || this.memory.get("live") || was || this.first.isWaiting;
    this.view = isTalk && !isForm ? "talk" : "home";
    void this.talk.get();
  }

  /** Speaks the language that is nearest to `locale`; `inbox`: as it is told in it, if that is here. */
  async speak(locale: string, inbox: PublicInbox | null = null): Promise<void> {
    const found = inbox ?? (await (await this.asking.get()).loadInbox(this, locale));
    const spoken = found?.locale ?? nearest(locale);
    const texts = await Promise.all([...this.spoken].map((one) => loadTexts(spoken, one)));
    this.texts = Object.assign({}, ...texts);
    this.locale = spoken;
    if (found) {
      this.inbox = found;
      dress(document.documentElement, found, this.theme);
    }
    this.changed();
  }

  /** This browser has a conversation, or words that are on their way. */
  get isKnown(): boolean {
    return this.memory.get("who") !== null || this.first.isWaiting;
  }

  /** What is said in the conversation is seen. */
  get isSeen(): boolean {
    return this.isOpen && this.view === "talk" && document.visibilityState === "visible";
  }

  /** What the inbox asks before a conversation; null: nothing, or that is not known yet. */
  get asks(): Asked | null {
    return this.mayAsk ? (this.form.now?.asked ?? null) : null;
  }

  /** One does not simply write: what is asked, if anything, the form knows. */
  get mayAsk(): boolean {
    const { prechat, consent, open, offline } = this.inbox;
    return !!(prechat || (consent && !this.memory.get("agreed")) || (!open && offline === "form"));
  }

  text(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
    return say(this.texts, this.locale, key, values);
  }

  /** What one writes, wherever one is: it begins a conversation, or goes on with the one shown. */
  say(text: string, more: More = {}): void {
    this.begin(text, more);
    this.show("talk");
  }

  /** As `say`, where something else is shown until it is there. */
  begin(text: string, more: More): void {
    if (this.talk.value) {
      this.talk.value.say(text, more);
    } else {
      this.first.keep(more.client_id ?? drawId(random(ID_BYTES)), text, {
        ...more,
        ...this.about(),
      });
      void this.talk.get();
    }
  }

  /** What goes with a first message. */
  about(): More {
    const { url: page, title, referrer } = this.place ?? {};
    const attributes = this.fitting.value?.fitAttributes(this.attributes);
    return {
      ...(this.invitation && { invitation: this.invitation }),
      ...(page && { page, title: title ?? "", referrer: referrer ?? "" }),
      ...(attributes && { attributes }),
      locale: this.locale,
      time_zone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    };
  }

  show(view: View): void {
    remember(`${this.scope}.view`, view === "talk" ? view : "", thisTab);
    this.isNew ||= view !== this.view;
    this.view = view;
    this.talk.value?.shown();
    this.changed();
  }

  /** A conversation beside those that there are. */
  startNew(): void {
    this.talk.value?.startNew();
    this.isNew = true;
    if (this.mayAsk) {
      void this.form.get().then(({ asked }) => this.show(asked ? "form" : "talk"));
    } else {
      this.show("talk");
    }
  }

  /** What somebody needs and could not be loaded. */
  get missing(): readonly Lazy<unknown>[] {
    return this.parts.filter(({ isMissing }) => isMissing);
  }

  /** Puts `text` where one writes, before what is there. */
  compose(text: string): void {
    this.composer?.insert(text, true);
  }

  /** Says it to a screen reader; the same words once more are said once more. */
  announce(said: string): void {
    this.said = said === this.said ? `${said}\u00a0` : said;
    this.changed();
  }

  close(): void {
    this.host.tell({ kefu: 1, type: "close" });
  }

  /** Closes what is open within; false: nothing is. */
  escape(): boolean {
    const { emoji, recorder, talk } = this;
    return [emoji, recorder, talk].some(({ value }) => value?.escape());
  }

  /** Something of the conversations has changed. */
  talkChanged(): void {
    this.known?.changed();
    this.changed();
  }

  /** Somebody else is here, whose things are kept under `scope`: of whoever was before nothing is shown. */
  become(scope: string): void {
    this.turn += 1;
    this.enter(scope);
    this.view = "home";
    this.said = "";
    this.form.value?.become();
    this.known?.become();
    this.talk.value?.become();
    this.rich.value?.become();
    this.upload.value?.become();
    this.recorder.value?.escape();
    this.changed();
  }

  /** Draws anew, once for all that changes now. A hidden frame has no animation frames. */
  changed(): void {
    if (!this.isDue && Object.keys(this.texts).length) {
      this.isDue = true;
      queueMicrotask(() => this.draw());
    }
  }

  /** A choice of files, or what was pasted or dropped. */
  attach(files: readonly File[]): void {
    void this.upload.get().then((upload) => upload.add(files));
  }

  /** A voice note. */
  record(): void {
    void this.recorder.get().then((recorder) => recorder.start());
  }

  pickEmoji(): void {
    void this.emoji.get().then((emoji) => emoji.toggle());
  }

  /** What one does seldom, below the button that was pressed. */
  openMenu(button: HTMLElement): void {
    void this.rich.get().then((rich) => rich.toggleMenu(button));
  }

  private draw(): void {
    this.isDue = false;
    if (!this.host.isFrame && !this.page.value?.isShown) {
      return; // what is around it comes first, and whose conversation it is
    }
    render(<Panel app={this} />, this.root);
    if (this.isNew && this.isOpen) {
      this.isNew = false;
      this.focus();
    }
  }

  /** To where one writes, or to the head: a phone's keyboard comes when it is asked for. */
  private focus(): void {
    if (this.view === "talk" && matchMedia("(pointer: fine)").matches) {
      this.composer?.focus();
    } else {
      this.root.querySelector<HTMLElement>("[data-focus]")?.focus();
    }
  }

  /** A part of the program, which brings the words that it says; without `open` it is used as it is. */
  part<M extends object, T = M>(
    load: () => Promise<M>,
    open: (loaded: M) => T = (loaded) => loaded as unknown as T,
  ): Lazy<T> {
    const part = new Lazy(
      async () => {
        const loaded = await load();
        const { words = [] } = loaded as Worded;
        await this.learn([words].flat());
        return open(loaded);
      },
      () => this.changed(),
    );
    this.parts.push(part);
    return part;
  }

  private async learn(files: readonly Files[]): Promise<void> {
    const { locale } = this;
    const texts = await Promise.all(files.map((one) => loadTexts(locale, one)));
    this.texts = Object.assign({}, this.texts, ...texts);
    for (const one of files) {
      this.spoken.add(one);
    }
    if (locale !== this.locale) {
      await this.learn(files); // another language is spoken meanwhile
    }
  }

  private enter(scope: string): void {
    this.scope = scope;
    this.memory = new Memory(storage(), scope);
    this.first = new First(this.memory);
  }

  /** Of a page of its own it is to be clear first whose conversation it shows. */
  private async enterPage(): Promise<void> {
    const page = await this.page.get();
    this.opened = await page.enter(this.inbox ?? null);
    this.enter(page.scope);
  }

  private fit(screen: Parameters<typeof fit>[0]): void {
    this.isPhone = screen.isPhone;
    if (screen.isPhone) {
      void this.trap.get();
    }
    fit(screen);
  }

  private press(event: KeyboardEvent): void {
    if (event.key === "Escape" && !event.isComposing && !event.defaultPrevented) {
      this.escape() || this.close();
    } else if (event.key === "Tab" && this.isPhone && this.host.isFrame) {
      this.trap.now?.keepWithin(this.root, event);
    }
  }

  private hear(told: Told): void {
    switch (told.type) {
      case "open":
      case "close":
        this.isOpen = this.isNew = told.type === "open";
        this.recorder.value?.stop();
        this.invitation = (told.type === "open" && told.invitation) || this.invitation;
        this.offers.value?.hide();
        this.talk.value?.shown();
        break;
      case "back":
        this.escape() ? this.host.tell({ kefu: 1, type: "stay" }) : this.close();
        break;
      case "phone":
        this.fit(told);
        break;
      case "theme":
        this.theme = told.theme;
        dress(document.documentElement, this.inbox, told.theme);
        break;
      default:
        void this.rare.get().then(({ hear }) => hear(this, told));
    }
    this.changed();
  }
}

function Panel({ app }: { readonly app: App }) {
  const page = app.page.value;
  const { top, strip, over, ...screen } = page?.screen() ?? screenOf(app);
  const foot = app.recorder.value?.foot() ?? screen.foot;
  const { isFrame } = app.host;
  const Whole = isFrame ? "div" : "main";
  const named = { ...(isFrame && { role: "dialog" as const }), "aria-label": titleOf(app) };
  const panel = (
    <Whole class="k-panel" {...named} {...(isFrame && app.isPhone && { "aria-modal": true })}>
      {top}
      {strip}
      {app.missing.length > 0 && (
        <p class="k-quiet" role="status">
          <button type="button" onClick={() => app.missing.map((part) => part.retry())}>
            <u>{app.text("missing")}</u>
          </button>
        </p>
      )}
      {foot === undefined ? <Composer key={app.turn} app={app} /> : foot}
      {over}
      {app.emoji.value?.over()}
      {app.upload.value?.over()}
      <div class="k-live k-sr" aria-live="polite">
        {app.said}
      </div>
    </Whole>
  );
  return page ? (
    <div class="k-alone">
      <header class="k-bars">{page.bars()}</header>
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
