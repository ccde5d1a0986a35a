/**
 * What a screen reader is told: what the others say, as it comes.
 *
 * Rules: once, and never what stood there before, nor one's own. Who types is said once for a spell,
 * a place in the queue at most every half minute. Nothing is said of a panel that is not open.
 */
import type { Event, Message } from "protocol";
import { readable } from "../marked";
import { isHeard } from "./lines";
import type { Talk } from "./talk";

const PLACE_EVERY_MS = 30_000;

export class Heard {
  private readonly talk: Talk;
  private typist = "";
  private place = "";
  private placedMs = Number.NEGATIVE_INFINITY;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private said: string[] = [];
  /** What came before is said before. */
  private reading: Promise<unknown> = Promise.resolve();

  constructor(talk: Talk) {
    this.talk = talk;
  }

  /** Another conversation is shown. */
  begin(): void {
    this.typist = "";
    this.place = "";
    this.close();
  }

  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  event({ on, conversation, message }: Event): void {
    const { chat, rows } = this.talk;
    if (!message || conversation !== chat?.id) {
      return;
    }
    if (on === "message.added" && isHeard(message)) {
      void this.read(message);
    }
    const last = rows.at(-1);
    if (last?.kind === "event" && last.key === `e${message.seq}`) {
      this.say(this.talk.happened(last));
    }
  }

  /** Reads it out, without its marks: what reads them may be on its way. */
  private async read(message: Message): Promise<void> {
    const { app } = this.talk;
    const name = message.sender.name || app.inbox.name;
    const earlier = this.reading;
    this.reading = Promise.all([earlier, readable(app, message.text)]);
    await this.reading;
    this.say(app.text("talk.said", { name, text: this.talk.wordsOf(message) }));
  }

  changed(): void {
    const { app, typist } = this.talk;
    const name = typist?.name ?? "";
    if (name && name !== this.typist) {
      this.say(app.text("talk.typing", { name }));
    }
    this.typist = name;
    this.sayPlace();
  }

  private sayPlace(): void {
    const { place } = this.talk;
    const queue = this.talk.queue.value; // its words come with it
    if (place !== null && !queue) {
      void this.talk.queue.get().then(() => this.sayPlace());
      return;
    }
    const said = place === null ? "" : (queue?.placeOf(this.talk, place) ?? "");
    if (said === this.place || this.timer) {
      return;
    }
    const restMs = this.placedMs + PLACE_EVERY_MS - performance.now();
    if (said && restMs > 0) {
      this.timer = setTimeout(() => {
        this.timer = undefined;
        this.sayPlace();
      }, restMs);
      return;
    }
    this.place = said;
    if (said) {
      this.placedMs = performance.now();
      this.say(said);
    }
  }

  /** What comes in one turn is said together. */
  private say(text: string): void {
    const { app } = this.talk;
    if (!app.isOpen) {
      return;
    }
    if (!this.said.length) {
      queueMicrotask(() => {
        const all = this.said.join("\n");
        this.said = [];
        app.announce(all);
      });
    }
    this.said.push(text);
  }
}
