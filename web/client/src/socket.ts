/**
 * A WebSocket of `kefu.v1`.
 *
 * Rules: a command that is not answered in time means that the connection is dead, whatever the
 * browser believes; so does silence, once a ping is not answered. From the end on nothing of the
 * socket is heard. What is larger than the server takes is refused here: it would end the connection.
 */
import {
  afterClose,
  type CommandName,
  type Commands,
  decode,
  encode,
  type FeedPage,
  type OpenFeed,
  SUBPROTOCOL,
} from "protocol";
import type { Ports, Socket } from "./ports";
import {
  ANSWER_MS,
  type Ending,
  GONE,
  LOOK_MS,
  SILENCE_MS,
  Unanswered,
  type Whose,
  type Wire,
  type WireEvents,
} from "./wire";

const LOST = 1006;
const BLOCKED = 4001;
const LOGGED_OUT = 4101;
const IDENTITY_CHANGED = 4102;

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (reason: Unanswered) => void;
  readonly askedMs: number;
}

export class SocketWire implements Wire {
  readonly kind = "socket";
  private readonly ports: Ports;
  private readonly events: WireEvents;
  private readonly socket: Socket;
  private readonly waiting = new Map<number, Waiting>();
  private stopLooking: () => void;
  private lastId = 0;
  private heardMs: number;
  private pingedMs: number | null = null;
  private isUp = false;
  private isOver = false;
  private refusal = "";
  private mostBytes = Number.POSITIVE_INFINITY;

  constructor(ports: Ports, { url, token, widget }: Whose, events: WireEvents) {
    const { WebSocket } = ports;
    if (!WebSocket) {
      throw new Error("there is no WebSocket");
    }
    this.ports = ports;
    this.events = events;
    this.heardMs = ports.clock.now();
    this.socket = new WebSocket(`${url.replace(/^http/, "ws")}/api/v1/realtime`, SUBPROTOCOL);
    const hello = { ...(token && { token }), ...(widget && { widget }) };
    this.socket.onopen = () => void this.sayHello(hello);
    this.socket.onmessage = ({ data }) => this.read(data);
    this.socket.onclose = ({ code }) => this.end(code);
    this.stopLooking = ports.clock.after(ANSWER_MS, () => this.end(LOST));
  }

  ask(name: CommandName, form: object, key?: string): Promise<unknown> {
    return this.isUp ? this.send(name, form, key) : Promise.reject(new Unanswered(GONE));
  }

  page(from: OpenFeed): Promise<FeedPage> {
    return this.ask("feed.open", from) as Promise<FeedPage>;
  }

  follow(): void {
    // `feed.open` has begun it
  }

  check(): void {
    if (this.isUp && this.pingedMs === null) {
      this.pingedMs = this.ports.clock.now();
      this.send("ping", {}).catch(() => undefined); // that it was lost is told by `ended`
    }
  }

  close(): void {
    if (this.isOver) {
      return;
    }
    this.isOver = true;
    this.isUp = false;
    this.stopLooking();
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of waiting) {
      reject(new Unanswered(GONE));
    }
  }

  private send(name: CommandName, form: object, key?: string): Promise<unknown> {
    const id = ++this.lastId;
    const frame = encode(id, name, form as never, key);
    // Escapes are bytes of UTF-8.
    if (encodeURI(frame).replace(/%../g, "_").length > this.mostBytes) {
      return Promise.reject(new Unanswered({ ...GONE, code: "too_large" }));
    }
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, askedMs: this.ports.clock.now() });
      try {
        this.socket.send(frame);
      } catch {
        this.end(LOST);
      }
    });
  }

  private async sayHello(hello: Commands["hello"]["form"]): Promise<void> {
    try {
      const { actor, server } = (await this.send("hello", hello)) as Commands["hello"]["answer"];
      if (!this.isOver) {
        this.isUp = true;
        this.mostBytes = server?.limits?.message_bytes ?? this.mostBytes;
        this.stopLooking();
        this.look();
        this.events.up(actor, server?.limits);
      }
    } catch (error) {
      const { code } = error as Unanswered;
      this.refusal = code === GONE.code ? "" : code;
    }
  }

  private read(data: unknown): void {
    const incoming = decode(data);
    this.heardMs = this.ports.clock.now();
    this.pingedMs = null;
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
        this.events.told(incoming);
    }
  }

  private take(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }

  /** A socket can look open and be dead: now and then, see whether it is. */
  private look(): void {
    const nowMs = this.ports.clock.now();
    const [oldest] = this.waiting.values();
    if (oldest && nowMs - oldest.askedMs >= ANSWER_MS) {
      this.end(LOST);
      return;
    }
    if (nowMs - this.heardMs >= SILENCE_MS) {
      this.check();
    }
    this.stopLooking = this.ports.clock.after(LOOK_MS, () => this.look());
  }

  private end(code: number): void {
    if (!this.isOver) {
      this.close();
      // A refusal of hello is known only once its promise has run.
      void Promise.resolve().then(() => this.events.ended(this.endingOf(code)));
    }
  }

  private endingOf(code: number): Ending {
    const comeback = afterClose(code);
    if (comeback !== "renew") {
      return { comeback, code: code === BLOCKED ? "not_allowed" : this.refusal };
    }
    if (code === IDENTITY_CHANGED) {
      return { comeback: "now", code: "" };
    }
    const isRefused = code === LOGGED_OUT || this.refusal !== "";
    return { comeback: isRefused ? "renew" : "retry", code: this.refusal || "unauthenticated" };
  }
}
