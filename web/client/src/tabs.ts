/**
 * Which tab of a browser reads what happens, and tells the others: a browser has few connections to
 * one host, and a stream holds one for good.
 *
 * Rules: of the tabs that are seen, one reads the stream (Web Locks) and passes on each frame
 * (BroadcastChannel), to tabs of the same person only. Of the hidden ones, one asks now and then,
 * if no tab reads the stream. Whoever hears nothing for long takes over. A tab that comes to hear, or
 * whose reader changed, asks by itself for what it may have missed.
 * Not here: how it is read (source), what was missed (sync).
 */
import { decode } from "protocol";
import { type Http, Turn } from "./http";
import type { Channel, Ports } from "./ports";
import { Source, type Tell } from "./source";
import { LOOK_MS, SILENCE_MS, type Unanswered, type WireEvents } from "./wire";

const TAKE_OVER_MS = SILENCE_MS + 2 * LOOK_MS;

/** What the tab that reads tells the others: a frame, or how it reads. */
interface Passed {
  readonly text?: string;
  readonly about?: "level" | "polled";
  readonly isStream: boolean;
}

export class Tabs {
  private readonly ports: Ports;
  private readonly name: string;
  private readonly events: WireEvents;
  private readonly source: Source;
  private readonly ended: (error: Unanswered) => void;
  private channel: Channel | null = null;
  private turn = new Turn();
  private isReading = false;
  private heardMs: number;
  private streamHeardMs = Number.NEGATIVE_INFINITY;
  private stopLooking: (() => void) | undefined;
  private stopListening: (() => void) | undefined;

  /** `name`: whose tabs they are. */
  constructor(
    parts: { ports: Ports; http: Http; name: string; position: () => string | null },
    events: WireEvents,
    ended: (error: Unanswered) => void,
  ) {
    this.ports = parts.ports;
    this.name = `kefu.${parts.name}`;
    this.source = new Source(parts.ports, parts.http, parts.position);
    this.events = events;
    this.ended = ended;
    this.heardMs = this.ports.clock.now();
  }

  start(): void {
    const { signals, locks, channel } = this.ports;
    if (locks && channel) {
      this.channel = channel(this.name);
      this.channel.onmessage = ({ data }) => this.hear(data as Passed);
      this.look();
      this.events.behind(); // what was passed on before this tab came to hear
    }
    this.stopListening = signals?.listen((sign) => {
      if (sign === "shown" || sign === "hidden") {
        this.queue(false);
      }
    });
    this.queue(false);
  }

  close(): void {
    this.turn.end();
    this.stopLooking?.();
    this.stopListening?.();
    if (this.channel) {
      this.channel.onmessage = null;
      this.channel.close();
    }
  }

  private get isHidden(): boolean {
    return this.ports.signals?.isHidden() ?? false;
  }

  /** Waits for the turn to read, in the place of any other; `steal`: takes it. */
  private queue(steal: boolean): void {
    this.turn.end();
    const turn = new Turn();
    this.turn = turn;
    this.isReading = false;
    const { isHidden } = this;
    const { locks } = this.ports;
    const read = () => (turn.isOver ? Promise.resolve() : this.read(turn, isHidden));
    if (!locks || !this.channel) {
      void read();
      return;
    }
    const abort = new this.ports.AbortController();
    turn.add(abort);
    const name = `${this.name}.${isHidden ? "look" : "stream"}`;
    const how = steal ? { steal } : { signal: abort.signal };
    locks.request(name, how, read).catch(() => this.lost(turn, read));
  }

  /** The lock was given up, taken by another tab, or is not to be had: a sandboxed page has none. */
  private lost(turn: Turn, read: () => Promise<void>): void {
    if (turn.isOver) {
      return;
    }
    if (this.isReading) {
      this.queue(false);
    } else {
      void read();
    }
  }

  private async read(turn: Turn, isHidden: boolean): Promise<void> {
    this.isReading = true;
    const isStream = !isHidden;
    const pass = (passed: Omit<Passed, "isStream">) =>
      this.channel?.postMessage({ ...passed, isStream } satisfies Passed);
    const tell: Tell = {
      told: (told, text) => {
        pass({ text });
        this.events.told(told);
      },
      level: () => pass({ about: "level" }),
      polled: () => {
        pass({ about: "polled" });
        this.events.polled();
      },
    };
    try {
      await (isHidden
        ? this.source.look(turn, tell, () => this.isStreamRead())
        : this.source.follow(turn, tell));
    } catch (error) {
      if (!turn.isOver) {
        this.ended(error as Unanswered);
      }
    }
  }

  private isStreamRead(): boolean {
    return this.ports.clock.now() - this.streamHeardMs < TAKE_OVER_MS;
  }

  private hear({ text, about, isStream }: Passed): void {
    this.heardMs = this.ports.clock.now();
    if (isStream) {
      this.streamHeardMs = this.heardMs;
    }
    if (this.isReading && !this.isHidden) {
      return; // two read for a moment, while one takes over
    }
    if (about === "level") {
      this.events.behind();
    } else if (about === "polled") {
      this.events.polled();
    }
    const incoming = decode(text);
    if (incoming.kind === "event" || incoming.kind === "signal" || incoming.kind === "heartbeat") {
      this.events.told(incoming);
    }
  }

  /** Now and then: does anybody read? */
  private look(): void {
    if (!this.isReading && this.ports.clock.now() - this.heardMs >= TAKE_OVER_MS) {
      this.heardMs = this.ports.clock.now();
      this.queue(true);
      this.events.behind();
    }
    this.stopLooking = this.ports.clock.after(LOOK_MS, () => this.look());
  }
}
