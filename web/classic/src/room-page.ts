/**
 * The agent's and the visitor's page: they differ in how one gets in and in their words.
 *
 * Rules: one thing is shown at a time: the name form, "no agent is free" (visitors), or the chat.
 * Not here: the connection (link/room-link), the bubbles (view/log), the form (view/join-form).
 */

import { setPlainText } from "shared/i18n/words";
import { Composer } from "shared/view/composer";
import { byId, initial } from "shared/view/dom";
import { countInTitle } from "shared/view/title";
import { cleanName } from "./core/names";
import type { Ending } from "./core/rooms-ending";
import {
  type Frame,
  type Notice,
  type Refusal,
  type Role,
  readNotice,
} from "./core/rooms-protocol";
import {
  append,
  confirm,
  failPending,
  type Line,
  refuseOldest,
  remove,
  type Thread,
} from "./core/thread";
import { words } from "./i18n/language";
import type { TextKey } from "./i18n/texts";
import { askForRoom, RoomLink } from "./link/room-link";
import { isMissing } from "./link/site";
import { JoinForm } from "./view/join-form";
import { LogView } from "./view/log";

/** An echo that takes longer means that the connection is dead, whatever the browser believes. */
const ECHO_TIMEOUT_MS = 10_000;

export class RoomPage {
  private readonly role: Role;
  private readonly form: JoinForm;
  private readonly log: LogView;
  private readonly composer = new Composer((text) => this.say(text));
  private readonly chat = byId("chat", HTMLElement);
  private readonly empty = byId("empty", HTMLElement);
  private readonly bar = byId("bar", HTMLElement);
  private readonly over = document.getElementById("over");
  private readonly none = document.getElementById("none");
  private link: RoomLink | null = null;
  private thread: Thread = [];
  private name = "";
  /** Who sits on the other side; "" = nobody yet. */
  private peer = "";
  private online = false;
  private lines = 0;

  constructor(role: Role) {
    this.role = role;
    words.start();
    void this.offerTheOtherSide();
    this.form = new JoinForm(role, `${role}.join`, (name) => void this.enter(name));
    this.log = new LogView(
      byId("log", HTMLElement),
      byId("newest", HTMLButtonElement),
      (line) => this.retry(line),
      showSystemLine,
    );
    byId("leave", HTMLButtonElement).addEventListener("click", () => this.leave());
    document.getElementById("again")?.addEventListener("click", () => void this.enter(this.name));
    document.getElementById("retry")?.addEventListener("click", () => void this.enter(this.name));
    document.getElementById("wait")?.addEventListener("click", () => this.connect());
    document.getElementById("back")?.addEventListener("click", () => this.leave());
  }

  /** To be both sides oneself is for trying it out: only a demo has the small demo's page. */
  private async offerTheOtherSide(): Promise<void> {
    byId("other", HTMLElement).hidden = await isMissing("/demo.html");
  }

  private async enter(name: string): Promise<void> {
    this.name = name;
    if (this.role === "kefu") {
      this.connect();
      return;
    }
    const answer = await askForRoom(name);
    if (answer?.kind === "seat") {
      this.connect();
    } else if (answer?.kind === "no-agent") {
      this.show(this.none);
      document.getElementById("wait")?.focus();
    } else {
      this.backToForm(...whyNoRoom(answer));
    }
  }

  private connect(): void {
    this.thread = [];
    this.peer = "";
    const token = this.role === "kefu" ? cleanName(byId("token", HTMLInputElement).value) : "";
    this.link = new RoomLink(
      { role: this.role, name: this.name, token },
      {
        joined: () => this.joined(),
        lost: () => this.lost(),
        heard: (frame) => this.heard(frame),
        ended: (ending, reason) => this.ended(ending, reason),
      },
    );
    this.link.open();
  }

  private joined(): void {
    const first = this.chat.hidden || this.over?.hidden === false;
    this.online = true;
    this.show(this.chat);
    if (first) {
      words.setText(byId("me", HTMLElement), "chat.me", { name: this.name });
      this.composer.take(this.role);
      this.composer.focus();
    }
    this.render();
  }

  private lost(): void {
    this.online = false;
    this.peer = "";
    this.thread = failPending(this.thread);
    this.render();
  }

  private heard(frame: Frame): void {
    if (frame.kind === "said") {
      this.heardSaid(frame.sender, frame.text);
    } else if (frame.kind === "system") {
      this.heardSystem(frame.text, frame.notice);
    }
    this.render();
  }

  private heardSaid(sender: string, text: string): void {
    const confirmed = sender === this.name ? confirm(this.thread, text) : null;
    if (confirmed) {
      this.thread = confirmed;
      return;
    }
    this.peer ||= sender;
    this.add("peer", sender, text);
    countInTitle();
  }

  private heardSystem(text: string, notice: Notice | null): void {
    if (notice) {
      const here = notice.kind === "serving" || notice.kind === "visitor-entered";
      this.peer = here ? notice.name : "";
    } else {
      this.thread = refuseOldest(this.thread);
    }
    this.add("system", "", text);
    countInTitle();
  }

  private ended(ending: Ending, reason: string): void {
    this.link = null;
    this.online = false;
    this.thread = failPending(this.thread);
    if (ending === "agent-left") {
      this.render();
      this.show(this.chat, this.over);
      document.getElementById("again")?.focus();
    } else {
      this.backToForm(...whyOf(ending, reason));
    }
  }

  private say(text: string): void {
    const id = this.add("me", this.name, text);
    if (!this.link?.say(text)) {
      this.thread = failPending(this.thread);
    }
    this.render();
    setTimeout(() => {
      if (this.thread.some((line) => line.id === id && line.delivery === "pending")) {
        this.link?.renew();
      }
    }, ECHO_TIMEOUT_MS);
  }

  private retry(line: Line): void {
    if (this.canSend()) {
      this.thread = remove(this.thread, line.id);
      this.say(line.text);
    }
  }

  private add(from: Line["from"], sender: string, text: string): number {
    const id = ++this.lines;
    const delivery = from === "me" ? "pending" : "sent";
    this.thread = append(this.thread, { id, from, sender, text, atMs: Date.now(), delivery });
    return id;
  }

  private leave(): void {
    this.link?.leave();
    this.link = null;
    this.online = false;
    this.form.reset();
    this.show(this.form.section);
  }

  private backToForm(key: TextKey, reason = ""): void {
    this.show(this.form.section);
    this.form.fail(key, reason);
  }

  private show(...sections: (HTMLElement | null)[]): void {
    for (const section of [this.form.section, this.none, this.chat, this.over]) {
      if (section) {
        section.hidden = !sections.includes(section);
      }
    }
  }

  /** A visitor may speak while waiting: the next agent reads it. An agent needs somebody. */
  private canSend(): boolean {
    return this.online && (this.role === "yonghu" || this.peer !== "");
  }

  private status(): TextKey {
    if (!this.online) {
      return this.link ? "chat.offline" : "chat.ended";
    }
    return this.peer ? "chat.with" : `${this.role}.waiting`;
  }

  private render(): void {
    this.bar.hidden = this.online || this.link === null;
    this.empty.hidden = this.thread.length > 0;
    this.chat.dataset.state = !this.online ? "lost" : this.peer ? "talking" : "waiting";
    byId("avatar", HTMLElement).textContent = initial(this.peer);
    const peer = byId("peer", HTMLElement);
    if (this.peer) {
      setPlainText(peer, this.peer);
    } else {
      words.setText(peer, `${this.role}.title`);
    }
    words.setText(byId("status", HTMLElement), this.status());
    this.composer.allow(this.canSend());
    this.log.render(this.thread);
  }
}

function showSystemLine(element: HTMLElement, text: string): void {
  const notice = readNotice(text);
  if (notice) {
    words.setText(element, `chat.${notice.kind}`, { name: notice.name });
  } else {
    setPlainText(element, text);
  }
}

function whyNoRoom(refusal: Refusal | null): [TextKey, string] {
  if (!refusal) {
    return ["join.unreachable", ""];
  }
  const { kind, reason } = refusal;
  if (kind === "bad-name") {
    return whyOf("name", reason);
  }
  return [reason ? "join.refused" : "join.asked-too-often", reason];
}

function whyOf(ending: Exclude<Ending, "agent-left">, reason: string): [TextKey, string] {
  switch (ending) {
    case "name":
      return [reason ? "name.refused" : "name.refused-plainly", reason];
    case "token":
      return ["kefu.token.refused", ""];
    case "too-many":
      return ["join.too-many", ""];
    case "unreachable":
      return [reason ? "join.refused" : "join.unreachable", reason];
  }
}
