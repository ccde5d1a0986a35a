/**
 * What a visitor asks for seldom: a transcript, letters, an end, another text for what was said.
 *
 * Rules: what cannot be undone is asked first. A letter goes to the address that the visitor left, and
 * the answer says which that is; a server that sends none offers none. Why something cannot be done is
 * said as the server knows it.
 */
import { drawId } from "client/device";
import { isCode, Unanswered } from "client/wire";
import type { Message } from "protocol";
import { random } from "../app";
import { CHECK, EYE } from "../talk/icons";
import { DeviceList } from "./devices";
import { PAGE } from "./icons";
import type { Item } from "./menu";
import type { Rich } from "./rich";
import { saveAs, transcriptOf } from "./saving";
import type { Seldom } from "./seldom";
import { type AskField, Refused } from "./sheet";

const BELL = "M5 8.5a5 5 0 0 1 10 0c0 4 1.5 5 1.5 5h-13S5 12.5 5 8.5zM8.5 16.5h3";
const LETTER =
  "M4.5 4.5h11a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-11a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2zM3 6l7 5 7-5";
const MOST_EMAIL = 320;
const MOST_TEXT = 10_000;

export class Asks {
  private readonly seldom: Seldom;

  constructor(seldom: Seldom) {
    this.seldom = seldom;
  }

  private get rich(): Rich {
    return this.seldom.rich;
  }

  /** How one keeps what was said: by mail, or as a file where no mail is sent. */
  get keeping() {
    const { app } = this.rich;
    return app.inbox.mail
      ? { text: app.text("seldom.transcript"), act: () => void this.transcript() }
      : { text: app.text("seldom.transcript.save"), act: () => void this.saveTranscript() };
  }

  items(): readonly Item[] {
    const { app, talk } = this.rich;
    const { sound } = this.seldom;
    const isOver = talk.thread?.conversation.status === "resolved";
    const item = (path: string, text: string, act: () => void) => ({ path, text, act });
    return [
      { path: PAGE, ...this.keeping },
      ...(app.inbox.mail ? [item(LETTER, app.text("seldom.email"), () => this.email())] : []),
      {
        ...item(BELL, app.text(sound.isOn ? "seldom.sound.on" : "seldom.sound.off"), () =>
          sound.toggle(),
        ),
        isOn: sound.isOn,
      },
      item(EYE, app.text("seldom.devices"), () => this.devices()),
      ...(isOver ? [] : [item(CHECK, app.text("seldom.end"), () => this.end())]),
    ];
  }

  /** At once, if there is an address; else asks for one. */
  async transcript(): Promise<void> {
    const { app } = this.rich;
    try {
      const about = await this.sendTranscript();
      this.seldom.ask({ title: app.text("seldom.transcript"), about });
    } catch (error) {
      if (isCode(error, "bad_input")) {
        this.seldom.ask({
          title: app.text("seldom.transcript"),
          about: app.text("seldom.transcript.where"),
          fields: [this.emailField()],
          go: app.text("seldom.transcript.go"),
          act: async ({ email = "" }) => {
            await this.leaveEmail(email);
            return this.sendTranscript().catch((fault) => this.refuse(fault));
          },
        });
      } else {
        this.seldom.ask({ title: app.text("seldom.transcript"), about: this.whyNot(error) });
      }
    }
  }

  /** All of it, also what is not loaded yet. */
  private async saveTranscript(): Promise<void> {
    const { app, talk } = this.rich;
    const { chat } = talk;
    try {
      while (chat?.hasEarlier) {
        await chat.loadEarlier();
      }
      saveAs(`${app.inbox.name}.txt`, transcriptOf(app, chat?.thread?.messages ?? []));
    } catch {
      this.seldom.ask({
        title: app.text("seldom.transcript.save"),
        about: app.text("seldom.fault"),
      });
    }
  }

  /** An answer is also sent there; the place in the queue stays. */
  email(): void {
    const { app } = this.rich;
    this.seldom.ask({
      title: app.text("seldom.email"),
      about: app.text("seldom.email.about"),
      fields: [this.emailField()],
      go: app.text("seldom.save"),
      act: async ({ email = "" }) => {
        await this.leaveEmail(email);
        return app.text("seldom.email.done", { email: email.trim() });
      },
    });
  }

  /** Words and an address: one need not wait any longer. */
  message(): void {
    const { app, talk } = this.rich;
    const text: AskField = {
      name: "text",
      label: app.text("seldom.message.text"),
      kind: "text",
      most: MOST_TEXT,
    };
    this.seldom.ask({
      title: app.text("seldom.message"),
      about: app.text("seldom.message.about"),
      fields: [text, this.emailField()],
      go: app.text("send"),
      act: async ({ email = "", text: said = "" }) => {
        await this.leaveEmail(email);
        talk.say(said);
        return app.text("seldom.message.done", { email: email.trim() });
      },
    });
  }

  end(): void {
    const { app, talk } = this.rich;
    this.seldom.ask({
      title: app.text("seldom.end.really"),
      about: app.text("seldom.end.about"),
      go: app.text("seldom.end"),
      act: async () => {
        if (talk.chat) {
          const form = { conversation: talk.chat.id };
          await talk.client.call("conversation.end", form, drawId(random));
        }
        return null;
      },
    });
  }

  edit({ conversation, seq, text: before }: Message): void {
    const { app, talk } = this.rich;
    this.seldom.ask({
      title: app.text("seldom.edit"),
      fields: [
        { name: "text", label: app.text("write"), kind: "text", most: MOST_TEXT, value: before },
      ],
      go: app.text("seldom.save"),
      act: async ({ text = "" }) => {
        await talk.client
          .call("message.edit", { conversation, seq, text })
          .catch((error) => this.tooLate(error));
        return null;
      },
    });
  }

  erase({ conversation, seq }: Message): void {
    const { app, talk } = this.rich;
    this.seldom.ask({
      title: app.text("seldom.delete.really"),
      about: app.text("seldom.delete.about"),
      go: app.text("seldom.delete"),
      act: async () => {
        await talk.client
          .call("message.delete", { conversation, seq })
          .catch((error) => this.tooLate(error));
        return null;
      },
    });
  }

  devices(): void {
    const { app, talk } = this.rich;
    this.seldom.ask({
      title: app.text("seldom.devices"),
      about: app.text("seldom.devices.about"),
      body: () => <DeviceList app={app} client={talk.client} />,
    });
  }

  private get conversation(): number {
    return this.rich.talk.chat?.id ?? 0;
  }

  private emailField(): AskField {
    const label = this.rich.app.text("seldom.email.address");
    return { name: "email", label, kind: "email", most: MOST_EMAIL };
  }

  private async leaveEmail(email: string): Promise<void> {
    const form = { conversation: this.conversation, email: email.trim() };
    try {
      await this.rich.talk.client.call("contact.leave_email", form);
    } catch (error) {
      throw isCode(error, "bad_input")
        ? new Refused(this.rich.app.text("seldom.email.wrong"))
        : error;
    }
  }

  private async sendTranscript(): Promise<string> {
    const form = { conversation: this.conversation };
    const { to, linked } = await this.rich.talk.client.call("conversation.send_transcript", form);
    return this.rich.app.text(linked ? "seldom.transcript.linked" : "seldom.transcript.sent", {
      to,
    });
  }

  private tooLate(error: unknown): never {
    throw isCode(error, "illegal_state") ? new Refused(this.rich.app.text("seldom.late")) : error;
  }

  private refuse(error: unknown): never {
    throw new Refused(this.whyNot(error));
  }

  private whyNot(error: unknown): string {
    const { app, talk } = this.rich;
    const isAnswered = talk.thread?.messages.some(({ sender }) => sender.role !== "visitor");
    switch (error instanceof Unanswered ? error.code : "") {
      case "illegal_state":
        return app.text(isAnswered ? "seldom.transcript.late" : "seldom.transcript.early");
      case "too_many":
        return app.text("seldom.enough");
      default:
        return app.text("seldom.fault");
    }
  }
}
