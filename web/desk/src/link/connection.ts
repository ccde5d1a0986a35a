/**
 * A connection of `kefu.v1` that outlives its sockets.
 *
 * Rules: every loss is mended, with growing and random delays, unless the server says that this one
 * is not let in. A command that is not answered in time means that the connection is dead, whatever
 * the browser believes; so does silence, once a ping is not answered. What was asked on a socket
 * that is gone is rejected as `gone`; whoever asked knows whether to ask again.
 * Not here: what the frames mean (link/chat), what they are (protocol).
 */
import {
  afterClose,
  type CommandName,
  type Commands,
  decode,
  encode,
  type Incoming,
  type Refusal,
  SUBPROTOCOL,
  type Welcome,
} from "protocol";
import { retryDelayMs } from "shared/core/backoff";

const ANSWER_TIMEOUT_MS = 10_000;
const SILENCE_MS = 45_000;
const LOOK_EVERY_MS = 5_000;
const LOST = 1006;
const BLOCKED = 4001;
const LOGGED_OUT = 4101;
const IDENTITY_CHANGED = 4102;

export type Told = Extract<Incoming, { kind: "event" | "signal" | "heartbeat" }>;

/** Why a command has no answer: the server's refusal, or `gone`. */
export class Unanswered extends Error {
  readonly code: Refusal["code"] | "gone";
  readonly retryMs: number | null;

  constructor({ code, message, retry_ms }: Refusal) {
    super(message);
    this.code = code;
    this.retryMs = retry_ms;
  }
}

export function isCode(error: unknown, code: Unanswered["code"]): boolean {
  return error instanceof Unanswered && error.code === code;
}

const GONE: Refusal = { code: "gone", message: "", retry_ms: null };

export interface ConnectionEvents {
  /** Let in, for the first time or again. */
  up(actor: Welcome["actor"]): void;
  /** `isEnded`: this browser is nobody's any more. */
  down(isEnded: boolean): void;
  /** Not let in, now or ever; the code is the server's refusal, or "". */
  stopped(code: string): void;
  heard(told: Told): void;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (reason: Unanswered) => void;
  readonly timer: number;
}

export class Connection {
  private readonly hello: Commands["hello"]["form"];
  private readonly events: ConnectionEvents;
  private readonly waiting = new Map<number, Waiting>();
  private socket: WebSocket | null = null;
  private lastId = 0;
  private attempt = 0;
  private timer = 0;
  private isUp = false;
  private isOver = false;
  private heardAtMs = 0;
  private refusal = "";

  constructor(hello: Commands["hello"]["form"], events: ConnectionEvents) {
    this.hello = hello;
    this.events = events;
    addEventListener("offline", () => this.lose());
    addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => this.look(LOOK_EVERY_MS));
    setInterval(() => this.look(SILENCE_MS), LOOK_EVERY_MS);
  }

  open(): void {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/realtime`, SUBPROTOCOL);
    this.socket = socket;
    this.refusal = "";
    this.after(ANSWER_TIMEOUT_MS, () => this.lose());
    socket.onopen = () => void this.sayHello();
    socket.onmessage = ({ data }) => this.read(decode(data));
    socket.onclose = ({ code }) => this.closed(code);
  }

  /** Asks the server; rejects with `Unanswered`. */
  call<Name extends CommandName>(
    name: Name,
    form: Commands[Name]["form"],
    key?: string,
  ): Promise<Commands[Name]["answer"]> {
    return this.isUp ? this.ask(name, form, key) : Promise.reject(new Unanswered(GONE));
  }

  private ask<Name extends CommandName>(
    name: Name,
    form: Commands[Name]["form"],
    key?: string,
  ): Promise<Commands[Name]["answer"]> {
    const { socket } = this;
    if (socket?.readyState !== WebSocket.OPEN) {
      return Promise.reject(new Unanswered(GONE));
    }
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.lose(), ANSWER_TIMEOUT_MS);
      const answered = resolve as (answer: unknown) => void;
      this.waiting.set(id, { resolve: answered, reject, timer });
      socket.send(encode(id, name, form, key));
    });
  }

  private async sayHello(): Promise<void> {
    try {
      const { actor } = await this.ask("hello", this.hello);
      clearTimeout(this.timer);
      this.attempt = 0;
      this.isUp = true;
      this.events.up(actor);
    } catch (error) {
      this.refusal = error instanceof Unanswered ? error.code : "";
    }
  }

  private read(incoming: Incoming): void {
    this.heardAtMs = performance.now();
    switch (incoming.kind) {
      case "answer":
        this.take(incoming.re)?.resolve(incoming.ok);
        return;
      case "refusal":
        this.take(incoming.re)?.reject(new Unanswered(incoming.error));
        return;
      case "event":
      case "signal":
      case "heartbeat":
        this.events.heard(incoming);
    }
  }

  private take(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    clearTimeout(waiting?.timer);
    return waiting;
  }

  /** Says hello anew, at once: this browser has become somebody. */
  renew(): void {
    if (this.socket) {
      this.closed(IDENTITY_CHANGED);
    }
  }

  /** Treats the connection as dead and makes a new one. */
  private lose(): void {
    if (this.socket) {
      this.closed(LOST);
    }
  }

  private closed(code: number): void {
    this.drop();
    const next = afterClose(code);
    const isRefused = this.refusal !== "" && this.refusal !== "gone";
    if (next === "stop" || (next === "renew" && isRefused)) {
      this.isOver = true;
      this.events.stopped(code === BLOCKED ? "not_allowed" : this.refusal);
      return;
    }
    if (this.isUp) {
      this.isUp = false;
      this.events.down(code === LOGGED_OUT);
    }
    const isNow = code === IDENTITY_CHANGED && this.attempt === 0;
    this.after(isNow ? 0 : retryDelayMs(this.attempt, Math.random()), () => this.open());
    this.attempt += 1;
  }

  private drop(): void {
    const { socket } = this;
    this.socket = null;
    clearTimeout(this.timer);
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    for (const id of [...this.waiting.keys()]) {
      this.take(id)?.reject(new Unanswered(GONE));
    }
  }

  /** The network is back: do not wait for the timer. */
  private hurry(): void {
    if (!this.socket && !this.isOver && this.attempt > 0) {
      this.after(0, () => this.open());
    }
  }

  /** A socket can look open and be dead: after so much silence, see whether it is. */
  private look(silenceMs: number): void {
    const isSilent = performance.now() - this.heardAtMs > silenceMs;
    if (this.isUp && isSilent && !document.hidden && !this.waiting.size) {
      this.ask("ping", {}).catch(() => {
        // that it was lost is told by `down`
      });
    }
  }

  private after(delayMs: number, act: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(act, delayMs);
  }
}
