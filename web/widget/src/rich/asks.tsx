/**
 * What a visitor asks for seldom: a transcript, letters, an end, another text for what was said.
 *
 * Rules: what cannot be undone is asked first. A letter goes to the address that the visitor left, and
 * the answer says which that is. Why something cannot be done is said as the server knows it.
 */
import { isCode, Unanswered } from "client/wire";
import type { Message } from "protocol";
import { CHECK, EYE } from "../talk/icons";
import { DeviceList } from "./devices";
import { REPLY } from "./icons";
import type { Item } from "./menu";
import type { Rich } from "./rich";
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

  items(): readonly Item[] {
    const { app, talk } = this.rich;
    const { sound } = this.seldom;
    const isOver = talk.thread?.conversation.status === "resolved";
    const item = (path: string, text: string, act: () => void) => ({ path, text, act });
    return [
      item(LETTER, app.text("rich.transcript"), () => this.transcript()),
      item(REPLY, app.text("rich.email"), () => this.email()),
      {
        ...item(BELL, app.text(sound.isOn ? "rich.sound.on" : "rich.sound.off"), () =>
          sound.toggle(),
        ),
        isOn: sound.isOn,
      },
      item(EYE, app.text("rich.devices"), () => this.devices()),
      ...(isOver ? [] : [item(CHECK, app.text("rich.end"), () => this.end())]),
    ];
  }

  /** At once, if there is an address; else asks for one. */
  async transcript(): Promise<void> {
    const { app } = this.rich;
    try {
      const about = await this.sendTranscript();
      this.seldom.ask({ title: app.text("rich.transcript"), about });
    } catch (error) {
      if (isCode(error, "bad_input")) {
        this.seldom.ask({
          title: app.text("rich.transcript"),
          about: app.text("rich.transcript.where"),
          fields: [this.emailField()],
          go: app.text("rich.transcript.go"),
          act: async ({ email = "" }) => {
            await this.leaveEmail(email);
            return this.sendTranscript().catch((fault) => this.refuse(fault));
          },
        });
      } else {
        this.seldom.ask({ title: app.text("rich.transcript"), about: this.whyNot(error) });
      }
    }
  }

  /** An answer is also sent there; the place in the queue stays. */
  email(): void {
    const { app } = this.rich;
    this.seldom.ask({
      title: app.text("rich.email"),
      about: app.text("rich.email.about"),
      fields: [this.emailField()],
      go: app.text("rich.save"),
      act: async ({ email = "" }) => {
        await this.leaveEmail(email);
        return app.text("rich.email.done", { email: email.trim() });
      },
    });
  }

  /** Words and an address: one need not wait any longer. */
  message(): void {
    const { app, talk } = this.rich;
    const text: AskField = {
      name: "text",
      label: app.text("rich.message.text"),
      kind: "text",
      most: MOST_TEXT,
    };
    this.seldom.ask({
      title: app.text("rich.message"),
      about: app.text("rich.message.about"),
      fields: [text, this.emailField()],
      go: app.text("send"),
      act: async ({ email = "", text: said = "" }) => {
        await this.leaveEmail(email);
        talk.say(said);
        return app.text("rich.message.done", { email: email.trim() });
      },
    });
  }

  end(): void {
    const { app, talk } = this.rich;
    this.seldom.ask({
      title: app.text("rich.end.really"),
      about: app.text("rich.end.about"),
      go: app.text("rich.end"),
      act: async () => {
        await talk.end();
        return null;
      },
    });
  }

  edit({ conversation, seq, text: before }: Message): void {
    const { app, talk } = this.rich;
    this.seldom.ask({
      title: app.text("rich.edit"),
      fields: [
        { name: "text", label: app.text("write"), kind: "text", most: MOST_TEXT, value: before },
      ],
      go: app.text("rich.save"),
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
      title: app.text("rich.delete.really"),
      about: app.text("rich.delete.about"),
      go: app.text("rich.delete"),
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
      title: app.text("rich.devices"),
      about: app.text("rich.devices.about"),
      body: () => <DeviceList app={app} client={talk.client} />,
    });
  }

  private get conversation(): number {
    return this.rich.talk.chat?.id ?? 0;
  }

  private emailField(): AskField {
    const label = this.rich.app.text("rich.email.address");
    return { name: "email", label, kind: "email", most: MOST_EMAIL };
  }

  private async leaveEmail(email: string): Promise<void> {
    const form = { conversation: this.conversation, email: email.trim() };
    try {
      await this.rich.talk.client.call("contact.leave_email", form);
    } catch (error) {
      throw isCode(error, "bad_input")
        ? new Refused(this.rich.app.text("rich.email.wrong"))
        : error;
    }
  }

  private async sendTranscript(): Promise<string> {
    const form = { conversation: this.conversation };
    const { to, linked } = await this.rich.talk.client.call("conversation.send_transcript", form);
    return this.rich.app.text(linked ? "rich.transcript.linked" : "rich.transcript.sent", { to });
  }

  private tooLate(error: unknown): never {
    throw isCode(error, "illegal_state") ? new Refused(this.rich.app.text("rich.late")) : error;
  }

  private refuse(error: unknown): never {
    throw new Refused(this.whyNot(error));
  }

  private whyNot(error: unknown): string {
    const { app, talk } = this.rich;
    const isAnswered = talk.thread?.messages.some(({ sender }) => sender.role !== "visitor");
    switch (error instanceof Unanswered ? error.code : "") {
      case "illegal_state":
        return app.text(isAnswered ? "rich.transcript.late" : "rich.transcript.early");
      case "too_many":
        return app.text("rich.enough");
      default:
        return app.text("rich.fault");
    }
  }
}
