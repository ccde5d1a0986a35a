/**
 * What a conversation has beside words: parts of messages, what one can do with them, and what stands
 * in a menu because one does it seldom.
 *
 * Rules: the server decides what is; what one presses is asked of it and shown once it is told. At one
 * message at a time acts are shown: where the pointer is, the focus, or a finger was long.
 * Not here: the list and its words (talk), what is on its way (upload), recording, emoji.
 */

import type { More } from "client";
import { Unanswered } from "client/wire";
import type { FileInfo, Message, PersonId, Reaction } from "protocol";
import type { App } from "../app";
import { Lazy } from "../lazy";
import { IconButton } from "../parts/button";
import type { Line } from "../talk/lines";
import type { Talk } from "../talk/talk";
import type { TextKey } from "../texts";
import { Acts, Reactions } from "./acts";
import { BlockOf, Suggestions } from "./blocks";
import { FileOf } from "./files";
import { endOf } from "./measures";
import type { Seldom } from "./seldom";
import { lineOf } from "./words";

const LONG_MS = 450;
const MOVED_PX = 10;
/** Without a word of the server: its own default. */
const EDIT_S = 900;

type Given = Readonly<Record<string, string | number | boolean>>;

export class Rich {
  readonly app: App;
  /** Menu, questions, rating. */
  readonly seldom: Lazy<Seldom>;
  readonly forms = new Lazy(
    async () => (await import("./forms")).FormOf,
    () => this.app.changed(),
  );
  readonly voice = new Lazy(
    async () => (await import("./voice")).Voice,
    () => this.app.changed(),
  );
  /** Own pictures as this page has them, by the file's number. */
  readonly local = new Map<number, string>();
  /** The message whose acts are shown. */
  at: number | null = null;
  private readonly links = new Map<number, FileInfo>();
  /** Files that were on their way when this page was last left, or are. */
  private readonly waiting: Set<number>;
  private quoted: Message | null = null;
  private stopPress: () => void = () => undefined;
  private pressed = { x: 0, y: 0 };

  constructor(app: App) {
    this.app = app;
    this.seldom = app.part(
      () => import("./seldom"),
      ({ openSeldom }) => openSeldom(this),
    );
    this.waiting = new Set(app.memory.keys("file.").map(Number));
  }

  get talk(): Talk {
    const { value } = this.app.talk;
    if (!value) {
      throw new Error("rich comes after the talk");
    }
    return value;
  }

  // Parts of a message

  quote(line: Line) {
    const seq = line.message?.quote ?? line.unsent?.more.quote;
    if (seq === undefined) {
      return null;
    }
    const { app } = this;
    const message = this.find(seq);
    return (
      <button class="k-quote" type="button" onClick={() => this.jump(seq)}>
        {message ? <Quoted app={app} message={message} /> : <b>{app.text("rich.earlier")}</b>}
      </button>
    );
  }

  /** In the message that answers a form of the conversation, which shows what was answered. */
  answers({ message, unsent }: Line): string | null {
    const { answers, quote } = message ?? unsent?.more ?? {};
    return answers && quote !== undefined ? this.app.text("rich.answered") : null;
  }

  parts(line: Line) {
    const { files = [], blocks = [] } = line.message ?? {};
    const sent = line.unsent?.more.files ?? [];
    this.forget(files);
    const all = files.length ? files : sent.flatMap((id) => this.kept(id));
    return (
      <>
        {all.map((file) => (
          <FileOf key={file.id} rich={this} seq={line.seq} file={file} />
        ))}
        {blocks.map((block, at) => (
          <BlockOf key={at} rich={this} line={line} block={block} />
        ))}
      </>
    );
  }

  /** Under a message: who likes it, and what one may answer. */
  under(line: Line) {
    const { message } = line;
    const options = message?.blocks?.flatMap((block) =>
      block.type === "quick_replies" ? block.options : [],
    );
    return (
      <>
        {message?.reactions?.length ? (
          <Reactions rich={this} message={message} reactions={message.reactions} />
        ) : null}
        {options?.length ? <Suggestions rich={this} line={line} options={options} /> : null}
      </>
    );
  }

  acts({ message }: Line) {
    return message && message.seq === this.at ? <Acts rich={this} message={message} /> : null;
  }

  // Around the composer

  /** What is quoted by what one writes. */
  strip() {
    const { app, quoted } = this;
    return quoted && this.isHere(quoted) ? (
      <div class="k-strip">
        <div class="k-grow k-quote">
          <Quoted app={app} message={quoted} />
        </div>
        <IconButton icon="close" label={app.text("rich.unquote")} onClick={() => this.unquote()} />
      </div>
    ) : undefined;
  }

  /** What goes with the words that are sent now. */
  takeMore(): { readonly quote?: number } {
    const { quoted } = this;
    this.quoted = null;
    return quoted && this.isHere(quoted) ? { quote: quoted.seq } : {};
  }

  private isHere({ conversation }: Message): boolean {
    return conversation === this.talk.chat?.id;
  }

  /** In the composer's place: how it was. */
  foot() {
    return this.seldom.now?.rating.foot();
  }

  over() {
    return this.seldom.value?.over();
  }

  // What one does seldom

  private rare(act: (seldom: Seldom) => void): void {
    void this.seldom.get().then(act);
  }

  get isMenu(): boolean {
    return this.seldom.value?.isMenu ?? false;
  }

  toggleMenu(opener: HTMLElement): void {
    this.rare((seldom) => seldom.toggleMenu(opener));
  }

  ring(): void {
    this.rare(({ sound }) => sound.ring());
  }

  askEmail(): void {
    this.rare(({ asks }) => asks.email());
  }

  leaveMessage(): void {
    this.rare(({ asks }) => asks.message());
  }

  edit(message: Message): void {
    this.rare(({ asks }) => asks.edit(message));
  }

  erase(message: Message): void {
    this.rare(({ asks }) => asks.erase(message));
  }

  /** Closes what is open, the innermost first; false: nothing was. */
  escape(): boolean {
    if (this.seldom.value?.escape()) {
      return true;
    }
    const { quoted } = this;
    if (quoted) {
      this.unquote();
    }
    return quoted !== null;
  }

  /** Somebody else is here, who sees nothing of whoever was. */
  become(): void {
    for (const picture of this.local.values()) {
      URL.revokeObjectURL(picture);
    }
    this.local.clear();
    this.links.clear();
    this.at = null;
    this.quoted = null;
    this.seldom.value?.become();
  }

  // Acts

  /** Shows a message, also one that is older than what is here. */
  private async jump(seq: number): Promise<void> {
    const { talk } = this;
    const { chat, scroll } = talk;
    while (!scroll.to(`[data-row="${seq}"]`) && chat?.hasEarlier && chat === talk.chat) {
      await chat.loadEarlier();
      await new Promise((resolve) => setTimeout(resolve)); // until it is drawn
    }
    document.querySelector<HTMLElement>(`[data-row="${seq}"]`)?.focus({ preventScroll: true });
  }

  /** Says what a button stands for; what one is about to quote is for other words. */
  reply(value: string): void {
    this.pass(value, {});
  }

  answer(seq: number, answers: Given): void {
    this.pass("", { quote: seq, answers });
  }

  private pass(text: string, more: More): void {
    const { client, chat } = this.talk;
    client.say(text, chat?.id ?? null, more);
    this.talk.toEnd();
  }

  quoteIt(message: Message): void {
    this.quoted = message;
    this.app.composer?.focus();
    this.app.changed();
  }

  /** A frame may not be allowed the clipboard; what one presses may still copy. */
  async copy(text: string): Promise<void> {
    const { app } = this;
    const isDone = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    if (isDone || (await this.seldom.get()).copy(text)) {
      app.announce(app.text("rich.copied"));
    }
  }

  async react({ conversation, seq }: Message, emoji: string, on: boolean): Promise<void> {
    await this.try(() => this.talk.client.call("message.react", { conversation, seq, emoji, on }));
  }

  /** Does it; what goes wrong is said. */
  async try(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.app.announce(this.app.text(faultOf(error)));
    }
  }

  mayChange({ sender, at }: Message): boolean {
    const { edit_s = EDIT_S } = this.talk.client.limits ?? {};
    return sender.role === "visitor" && Date.now() - Date.parse(at) < edit_s * 1_000;
  }

  // What is known

  find(seq: number): Message | undefined {
    return this.talk.thread?.messages.find((one) => one.seq === seq);
  }

  isMine(reaction: Reaction | undefined): boolean {
    return reaction?.people.some((one) => this.isMe(one)) ?? false;
  }

  namesOf(people: readonly PersonId[]): string {
    const names = people.map((one) =>
      this.isMe(one) ? this.app.text("talk.you") : this.nameOf(one),
    );
    return new Intl.ListFormat(this.app.locale).format(names);
  }

  /** What the form of that message was answered with, also if that is on its way. */
  answersTo(seq: number): Given | undefined {
    const said = this.talk.thread?.messages.find((one) => one.quote === seq && one.answers);
    const unsent = this.talk.unsent.find(
      ({ more, delivery }) => more.quote === seq && more.answers && delivery !== "failed",
    );
    return said?.deleted_at ? undefined : (said?.answers ?? unsent?.more.answers);
  }

  // Links of files

  /** The file with the link that holds longest. */
  fresh(file: FileInfo): FileInfo {
    const known = this.links.get(file.id);
    return known?.url && endOf(known.url) > endOf(file.url ?? "") ? known : file;
  }

  isOver({ url = "" }: { readonly url?: string }): boolean {
    return endOf(url) <= Date.now();
  }

  /** Asks for a new link; whether there is one. */
  async refresh(
    seq: number | undefined,
    file: { readonly id: number; readonly url?: string },
  ): Promise<boolean> {
    const conversation = this.talk.chat?.id;
    if (seq === undefined || conversation === undefined) {
      return false;
    }
    const form = { conversation, after: seq - 1, before: seq + 1 };
    try {
      const { items } = await this.talk.client.call("message.list", form);
      const found = items.flatMap(({ files = [] }) => files);
      for (const one of found) {
        this.links.set(one.id, one);
      }
      this.app.changed();
      return found.some(({ id, url }) => id === file.id && url !== file.url);
    } catch {
      return false;
    }
  }

  /** What is known of a file that is on its way. */
  keep(file: FileInfo, picture: string | null): void {
    this.app.memory.set(`file.${file.id}`, JSON.stringify(file));
    this.waiting.add(file.id);
    if (picture) {
      this.local.set(file.id, picture);
    }
  }

  /** Their message is here. */
  private forget(files: readonly FileInfo[]): void {
    for (const { id } of files) {
      if (this.waiting.delete(id)) {
        this.app.memory.remove(`file.${id}`);
      }
    }
  }

  private kept(id: number): FileInfo[] {
    const kept = this.app.memory.get(`file.${id}`);
    return [kept ? JSON.parse(kept) : { id, name: this.app.text("rich.file"), type: "", size: 0 }];
  }

  // The list

  hear(event: Event): void {
    const list = event.currentTarget as Element;
    const row = (event.target as Element).closest<HTMLElement>("[data-row]");
    switch (event.type) {
      case "pointerover":
        if (isMouse(event)) {
          this.show(row);
        }
        return;
      case "pointerleave":
        if (isMouse(event) && !list.contains(document.activeElement)) {
          this.show(null);
        }
        return;
      case "focusin":
        this.show(row);
        return;
      case "focusout":
        if (!list.contains((event as FocusEvent).relatedTarget as Node | null)) {
          this.show(null);
        }
        return;
      case "pointerdown":
        this.press(event as PointerEvent, row);
        return;
      case "pointerup":
      case "pointercancel":
        this.stopPress();
        return;
      case "keydown":
        this.walk(event as KeyboardEvent, row);
    }
  }

  private press(event: PointerEvent, row: HTMLElement | null): void {
    this.stopPress();
    if (isMouse(event)) {
      return;
    }
    this.pressed = { x: event.clientX, y: event.clientY };
    const timer = setTimeout(() => {
      this.show(row);
      document.addEventListener("pointerdown", this.leave);
    }, LONG_MS);
    this.stopPress = () => clearTimeout(timer);
    row?.addEventListener("pointermove", this.move, { passive: true });
  }

  private readonly move = ({ clientX, clientY }: PointerEvent): void => {
    if (Math.hypot(clientX - this.pressed.x, clientY - this.pressed.y) > MOVED_PX) {
      this.stopPress();
    }
  };

  /** A finger is put elsewhere. */
  private readonly leave = ({ target }: Event): void => {
    if (!(target as Element).closest(`[data-row="${this.at}"]`)) {
      document.removeEventListener("pointerdown", this.leave);
      this.show(null);
    }
  };

  /** Arrow keys go from message to message. */
  private walk(event: KeyboardEvent, row: HTMLElement | null): void {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step && row && event.target === row) {
      const all = [
        ...(row.parentElement?.querySelectorAll<HTMLElement>("[data-row][tabindex]") ?? []),
      ];
      const next = all[all.indexOf(row) + step];
      if (next) {
        event.preventDefault();
        next.focus();
      }
    }
  }

  private show(row: HTMLElement | null): void {
    const seq = Number(row?.dataset.row) || null;
    const at = this.find(seq ?? 0)?.deleted_at ? null : seq;
    if (at !== this.at) {
      this.at = at;
      this.app.changed();
    }
  }

  private unquote(): void {
    this.quoted = null;
    this.app.composer?.focus();
    this.app.changed();
  }

  private isMe({ role, id }: PersonId): boolean {
    const { me } = this.talk.client;
    return role === me.role && id === me.id;
  }

  private nameOf({ role, id }: PersonId): string {
    const { messages = [], conversation } = this.talk.thread ?? {};
    const { assignee, contact, members = [] } = conversation ?? {};
    const known = messages.flatMap(({ sender, activity }) => [sender, activity?.agent]);
    const all = [assignee, contact, ...members, ...known];
    const found = all.find((one) => one?.role === role && one.id === id);
    return found?.name || this.app.inbox.name;
  }
}

function Quoted({ app, message }: { readonly app: App; readonly message: Message }) {
  const { sender } = message;
  return (
    <>
      <b dir="auto">{sender.role === "visitor" ? app.text("talk.you") : sender.name}</b>
      <span class="k-one" dir="auto">
        {lineOf(app, message)}
      </span>
    </>
  );
}

export function faultOf(error: unknown): TextKey {
  const code = error instanceof Unanswered ? error.code : "";
  return code === "illegal_state" ? "rich.late" : "rich.fault";
}

function isMouse(event: Event): boolean {
  return (event as PointerEvent).pointerType === "mouse";
}
