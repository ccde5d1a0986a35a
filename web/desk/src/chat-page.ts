/**
 * The chat, once the inbox is known: what a visitor sees and does.
 *
 * Rules: what is shown is made of the copy of the conversation, all of it, after each change.
 * Not here: how the copy is kept true (link), what is asked first (view/begin-form).
 */
import type { Conversation, PublicInbox } from "protocol";
import { setPlainText } from "shared/i18n/words";
import { Composer } from "shared/view/composer";
import { byId, initial } from "shared/view/dom";
import { putMarkdown } from "shared/view/markdown";
import { countInTitle } from "shared/view/title";
import { linesOf, withDates } from "./core/lines";
import { words } from "./i18n/language";
import type { TextKey } from "./i18n/texts";
import { Chat, type Visit } from "./link/chat";
import { Unanswered } from "./link/connection";
import { BeginForm } from "./view/begin-form";
import { DeviceList } from "./view/devices";
import { putHours } from "./view/hours";
import { LogView } from "./view/log";
import { Menu } from "./view/menu";
import { showNotice } from "./view/notice";
import { RatingForm } from "./view/rating";
import { showStopped } from "./view/stopped";

const LOOK_EVERY_MS = 1_000;
const LATE_MS = 3_000;

/** What the dot beside the status shows. */
const STATES: Readonly<Record<string, string>> = { open: "talking", queued: "waiting" };

const LETTER_FAULTS: Readonly<Record<string, TextKey>> = {
  bad_input: "letter.no-address",
  illegal_state: "letter.not-now",
  too_many: "letter.enough",
};

export type Device = Pick<Visit, "widget" | "token" | "scope">;

export class ChatPage {
  private readonly inbox: PublicInbox;
  private readonly chat: Chat;
  private readonly log: LogView;
  private readonly composer: Composer;
  private readonly begin: BeginForm;
  private readonly rating: RatingForm;
  private readonly menu: Menu;
  private readonly bar = byId("bar", HTMLElement);
  private readonly greeting = byId("greeting", HTMLElement);
  private readonly end = byId("end", HTMLButtonElement);
  private readonly ending = byId("ending", HTMLElement);
  private readonly earlier = byId("earlier", HTMLButtonElement);
  private readonly composed = byId("composer", HTMLFormElement);
  private heardSeq: number | null = null;
  /** Long enough to say that there is no connection. */
  private isLate = false;

  /** `scope`: the name under which what is written is kept. */
  constructor({ widget, token, scope }: Device, inbox: PublicInbox) {
    this.inbox = inbox;
    const preview = inbox.preview ?? false;
    this.chat = new Chat(
      {
        widget,
        token,
        scope,
        preview,
        about: () => ({
          locale: words.language,
          time_zone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
          page: location.origin + location.pathname,
        }),
      },
      {
        changed: () => this.render(),
        stopped: (code) => showStopped(code === "not_allowed" ? "blocked" : "stopped"),
        notBegun: (error, { client_id, text }, order) => {
          this.begin.learn(error);
          if (this.begin.isNeeded) {
            this.chat.sender.drop(client_id);
            this.begin.refuse(error, text, order);
          }
        },
      },
    );
    const { sender, following } = this.chat;
    this.log = new LogView({
      retry: (id) => sender.retry(id),
      sayAgain: (id) => sender.sayAgain(id),
      edit: (id) => this.composer.put(sender.take(id)),
      drop: (id) => sender.drop(id),
      reply: (text) => sender.say(text),
    });
    this.composer = new Composer((text) => sender.say(text));
    this.composer.take(`chat.${scope}`);
    this.begin = new BeginForm(inbox, scope, (text, order) => sender.say(text, order));
    this.rating = new RatingForm((score, comment) => this.chat.rate(score, comment));
    const devices = new DeviceList({
      list: () => this.chat.devices(),
      end: (id) => this.chat.endDevice(id),
    });
    this.menu = new Menu({
      sendLetter: () => void this.sendLetter(),
      showDevices: () => void devices.open(),
    });
    this.listen();
    this.earlier.addEventListener("click", () => this.try(following.loadEarlier()));
    this.end.addEventListener("click", () => this.askToEnd(true));
    this.ending.querySelector("button")?.addEventListener("click", () => this.askToEnd(false));
    byId("ending-yes", HTMLButtonElement).addEventListener("click", () => {
      this.askToEnd(false);
      this.try(this.chat.end());
    });
    byId("again", HTMLButtonElement).addEventListener("click", () => this.again());
    byId("lost-read", HTMLButtonElement).addEventListener("click", () => this.chat.copy.read());
  }

  /** Shows the page and connects. `conversation`: the one to show; null: the last one. */
  open(conversation: number | null): void {
    if (this.inbox.greeting) {
      putMarkdown(this.greeting, this.inbox.greeting);
    } else {
      words.setText(this.greeting, "chat.greeting");
    }
    setPlainText(byId("site", HTMLElement), this.inbox.name);
    byId("opening", HTMLElement).hidden = true;
    byId("preview", HTMLElement).hidden = !this.inbox.preview;
    byId("chat", HTMLElement).hidden = false;
    this.render();
    this.chat.open(conversation);
    setInterval(() => this.chat.expire(), LOOK_EVERY_MS);
    setTimeout(() => {
      this.isLate = true;
      this.render();
    }, LATE_MS);
  }

  private listen(): void {
    const draft = byId("draft", HTMLTextAreaElement);
    draft.addEventListener("input", () => this.chat.typed(draft.value));
    document.addEventListener("visibilitychange", () => this.chat.mark());
    for (const button of document.querySelectorAll("button[data-language]")) {
      button.addEventListener("click", () => this.render());
    }
  }

  /** Shows the question, with its harmless answer under the finger, or takes it away. */
  private askToEnd(isAsked: boolean): void {
    this.ending.hidden = !isAsked;
    (isAsked ? byId("ending-no", HTMLButtonElement) : this.end).focus();
  }

  private async sendLetter(): Promise<void> {
    try {
      const { to, linked } = await this.chat.sendLetter();
      showNotice(linked ? "letter.sent.linked" : "letter.sent", { to });
    } catch (error) {
      showNotice(LETTER_FAULTS[error instanceof Unanswered ? error.code : ""] ?? "letter.fault");
    }
  }

  private again(): void {
    this.chat.beginAnew();
    this.begin.renew();
    if (this.isAsking()) {
      this.begin.focus();
    } else {
      this.composer.focus();
    }
  }

  private render(): void {
    const { thread, online, sending, hasEarlier } = this.chat.copy;
    const conversation = thread?.conversation;
    this.isLate ||= online;
    this.renderTrouble();
    this.renderWho(conversation);
    this.renderBeginning(conversation);
    this.earlier.hidden = !(thread && hasEarlier);
    this.greeting.hidden = !this.earlier.hidden;
    this.log.render(withDates(linesOf(thread, sending), new Date()));
    const isOver = conversation?.status === "resolved";
    this.renderTyping(isOver ? undefined : thread?.typing[0]?.person.name);
    byId("over", HTMLElement).hidden = !isOver;
    this.end.hidden = !conversation || isOver;
    this.ending.hidden ||= this.end.hidden;
    words.setPlaceholder(byId("draft", HTMLTextAreaElement), isOver ? "over.write" : "chat.write");
    this.menu.show(conversation !== undefined);
    this.rating.show(this.inbox.rating ?? false, conversation?.rating);
    this.composer.allow(true); // what has no connection waits for one
    this.countHeard();
    this.chat.mark();
    if (this.chat.copy.isKnown) {
      document.querySelector("main")?.removeAttribute("aria-busy");
    }
  }

  /** What is between the page and the server now, and what became of the past. */
  private renderTrouble(): void {
    const { online, isStuck, loss } = this.chat.copy;
    this.bar.hidden = online ? !isStuck : !this.isLate;
    words.setText(this.bar, online ? "chat.stuck" : "chat.reconnecting");
    const lost = byId("lost", HTMLElement);
    lost.hidden = !loss;
    byId("aside-about", HTMLElement).hidden = loss === "ended"; // it is shown no more
    if (loss) {
      words.setText(byId("lost-about", HTMLElement), `chat.lost.${loss}`);
    }
  }

  private renderTyping(name: string | undefined): void {
    const typing = byId("typing", HTMLElement);
    if (name) {
      words.setText(typing, "chat.typing", { name });
    } else {
      setPlainText(typing, "");
    }
  }

  private renderWho(conversation: Conversation | undefined): void {
    const name = conversation?.assignee?.name;
    setPlainText(byId("peer", HTMLElement), name ?? this.inbox.name);
    byId("avatar", HTMLElement).textContent = initial(name ?? this.inbox.name);
    const status = byId("status", HTMLElement);
    const position = this.chat.copy.thread?.position;
    if (position && conversation?.status === "queued") {
      words.setText(status, "status.queue", { position: String(position) });
    } else {
      words.setText(status, this.statusOf(conversation));
    }
    const state = conversation && STATES[conversation.status ?? ""];
    byId("chat", HTMLElement).dataset.state = state ?? "";
  }

  private statusOf(conversation: Conversation | undefined) {
    switch (conversation?.status) {
      case undefined:
        return this.inbox.open ? "status.ready" : "status.closed";
      case "queued":
        return "status.waiting";
      case "open":
        return "status.open";
      case "resolved":
        return "status.resolved";
      default: // pending, snoozed
        return "status.pending";
    }
  }

  /** What is there before the first message; a conversation that goes on needs none of it. */
  private renderBeginning(conversation: Conversation | undefined): void {
    const hours = byId("hours", HTMLElement);
    const isClosed = !this.inbox.open;
    hours.hidden = !isClosed || conversation?.status === "open";
    if (isClosed) {
      putHours(hours, this.inbox);
    }
    const isNew = !conversation && !this.chat.copy.isWaiting;
    this.begin.element.hidden = !this.isAsking();
    this.composed.hidden = isNew && (this.isShut || this.begin.isNeeded);
  }

  private get isShut(): boolean {
    return !this.inbox.open && this.inbox.offline === "closed";
  }

  private isAsking(): boolean {
    const { thread, isWaiting, isKnown } = this.chat.copy;
    const isNew = isKnown && !thread && !isWaiting;
    return isNew && this.begin.isNeeded && !this.isShut;
  }

  private countHeard(): void {
    const last = this.chat.copy.thread?.messages.at(-1);
    if (
      last &&
      this.heardSeq !== null &&
      last.seq > this.heardSeq &&
      last.sender.role !== "visitor"
    ) {
      countInTitle();
    }
    this.heardSeq = last?.seq ?? null;
  }

  /** What failed because the connection is gone is shown by the bar. */
  private try(asked: Promise<void>): void {
    asked.catch(() => undefined);
  }
}
