/**
 * A visitor's chat: the connection, the conversation that is followed, and what a visitor does.
 *
 * Rules: marks and typing are best effort; what is said is not (sender).
 * Not here: elements (the page).
 */
import {
  type CommandName,
  type Commands,
  type DeviceInfo,
  type Person,
  type Queued,
  thread as threads,
  type Welcome,
} from "protocol";
import { cut } from "shared/core/cut";
import { Connection, Unanswered } from "./connection";
import { ChatCopy } from "./copy";
import { drawId } from "./device";
import { Following } from "./following";
import { type About, Sender, type SenderEvents } from "./sender";

const TYPING_EVERY_MS = 3_000;
const MOST_PREVIEWED = 2_000;

export interface Visit {
  /** The inbox's widget key. */
  readonly widget: string;
  readonly token: string;
  /** Under which name words are kept in the browser: `scopeOf` of link/device. */
  readonly scope: string;
  /** What is typed is shown to the team before it is sent. */
  readonly preview: boolean;
  about(): About;
}

export interface ChatEvents extends SenderEvents {
  changed(): void;
  /** It does not come back; the code is the server's refusal, or "". */
  stopped(code: string): void;
}

export class Chat {
  readonly copy: ChatCopy;
  readonly sender: Sender;
  readonly following: Following;
  private readonly visit: Visit;
  private readonly connection: Connection;
  private readMark = 0;
  private gotMark = 0;
  private typedAtMs = Number.NEGATIVE_INFINITY;

  constructor(visit: Visit, events: ChatEvents) {
    this.visit = visit;
    this.copy = new ChatCopy(visit.widget, events.changed, visit.scope);
    this.connection = new Connection(
      { token: visit.token, widget: visit.widget },
      {
        up: (actor) => void this.up(actor),
        down: (isEnded) => this.down(isEnded),
        stopped: events.stopped,
        heard: (told) => this.following.hear(told),
      },
    );
    const { copy, connection } = this;
    this.following = new Following(copy, connection);
    this.sender = new Sender({ copy, connection, following: this.following }, visit.about, events);
  }

  /** Connects. `conversation`: the one to show; null: the one that was shown last. */
  open(conversation: number | null): void {
    if (conversation !== null) {
      this.copy.prefer(conversation);
    }
    this.connection.open();
  }

  /** Leaves a conversation that is over; the next message begins another. */
  beginAnew(): void {
    const { thread } = this.copy;
    if (thread) {
      this.tell("conversation.close", { conversation: thread.conversation.id });
      this.copy.leave();
    }
  }

  /** Rejects with `Unanswered`. */
  async end(): Promise<void> {
    const conversation = this.copy.thread?.conversation.id;
    if (conversation !== undefined) {
      await this.connection.call("conversation.end", { conversation }, drawId());
    }
  }

  /** Rejects with `Unanswered`. */
  async rate(score: number, comment: string): Promise<void> {
    const conversation = this.copy.thread?.conversation.id;
    if (conversation !== undefined) {
      await this.connection.call("conversation.rate", { conversation, score, comment });
    }
  }

  /** The browsers that are this visitor's. Rejects with `Unanswered`. */
  async devices(): Promise<readonly DeviceInfo[]> {
    return (await this.connection.call("device.list", {})).items;
  }

  /** Lets one of them read no more. Rejects with `Unanswered`. */
  async endDevice(device: number): Promise<void> {
    await this.connection.call("device.end", { device });
  }

  /** Has the conversation sent to the visitor's own address. Rejects with `Unanswered`. */
  async sendLetter(): Promise<Queued> {
    const conversation = this.copy.thread?.conversation.id ?? 0;
    return await this.connection.call("conversation.send_transcript", { conversation });
  }

  /** Tells the team that one types, now and then. */
  typed(text: string): void {
    const conversation = this.copy.thread?.conversation.id;
    const nowMs = performance.now();
    if (conversation !== undefined && text && nowMs - this.typedAtMs > TYPING_EVERY_MS) {
      this.typedAtMs = nowMs;
      const shown = this.visit.preview ? { text: cut(text, MOST_PREVIEWED) } : {};
      this.tell("conversation.typing", { conversation, ...shown });
    }
  }

  /** Says that everything that is here has arrived, or was seen. */
  mark(): void {
    const { thread, isLevel } = this.copy;
    if (!thread || !isLevel) {
      return; // what is here may be of another past
    }
    const form = { conversation: thread.conversation.id, seq: thread.level };
    if (!document.hidden && thread.level > this.readMark) {
      this.readMark = this.gotMark = thread.level;
      this.tell("conversation.read", form);
    } else if (thread.level > this.gotMark) {
      this.gotMark = thread.level;
      this.tell("conversation.delivered", form);
    }
  }

  /** Forgets who does not type any more. */
  expire(): void {
    this.copy.change((thread) => threads.expireTyping(thread, Date.now()));
  }

  private async up(actor: Welcome["actor"]): Promise<void> {
    const { id, name = "" } = actor;
    const me: Person = { role: "visitor", name, ...(id && { id }) };
    const isSame = this.copy.thread?.me.id === me.id;
    this.readMark = this.gotMark = 0;
    this.copy.become(me);
    this.copy.setOnline(true);
    await (this.copy.thread && isSame ? this.following.catchUp() : this.following.find());
    await this.sender.pump();
  }

  private down(isEnded: boolean): void {
    this.following.down();
    this.copy.setOnline(false);
    if (isEnded) {
      this.copy.end();
    }
  }

  /** For what does no harm if it fails. */
  private tell<Name extends CommandName>(name: Name, form: Commands[Name]["form"]): void {
    this.connection.call(name, form).catch((error: unknown) => {
      if (!(error instanceof Unanswered)) {
        throw error;
      }
    });
  }
}
