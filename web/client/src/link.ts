/**
 * The connection that outlives its wires: it is made again until the server says no.
 *
 * Rules: every loss is mended after a random time that grows; what says that it may work now (network,
 * window, a page that is shown again) is tried at once. Where WebSocket does not come through, HTTP
 * does, and WebSocket is tried again later. One wire at a time: whatever an old one does late changes
 * nothing of the new one. After `close` nothing is left: no timer, no listener, no promise.
 * Not here: what is told (sync).
 */
import type { CommandName, FeedPage, Limits, OpenFeed, Who } from "protocol";
import type { Ports, Sign } from "./ports";
import { SocketWire } from "./socket";
import { type Ending, GONE, type MakeWire, type Told, Unanswered, type Wire } from "./wire";

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;
/** So often in a row may a socket fail before HTTP is tried. */
const SOCKET_TRIES = 2;
const BARRED_MS = 300_000;

/** The longest wait before another attempt; a random part of it is waited. */
export function backoffMs(attempt: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
}

export interface LinkOptions {
  readonly ports: Ports;
  /** Where Kefu is: `https://chat.example.com`. */
  readonly url: string;
  /** The way where WebSocket is barred, loaded when it is needed; null: there is none. */
  readonly fallback: (() => Promise<MakeWire> | MakeWire) | null;
  /** Whose it is, to keep tabs of different people apart. */
  readonly name: string;
  readonly token?: string | undefined;
  readonly widget?: string | undefined;
}

export interface LinkEvents {
  up(actor: Who, limits?: Limits): void;
  told(told: Told): void;
  behind(): void;
  polled(): void;
  /** Lost; it comes back. */
  down(): void;
  /** It does not come back. `code`: the server's refusal, or "". */
  stopped(ending: Ending): void;
}

export class Link {
  private readonly options: LinkOptions;
  private readonly events: LinkEvents;
  private readonly stopListening: (() => void) | undefined;
  private wire: Wire | null = null;
  private stopWaiting: (() => void) | null = null;
  private isLoading = false;
  private attempt = 0;
  private socketFailures = 0;
  private barredUntilMs = 0;
  private isUp = false;
  private isOver = false;

  constructor(options: LinkOptions, events: LinkEvents) {
    this.options = options;
    this.events = events;
    this.stopListening = options.ports.signals?.listen((sign) => this.see(sign));
  }

  get kind(): Wire["kind"] | null {
    return this.isUp ? (this.wire?.kind ?? null) : null;
  }

  open(): void {
    const { ports, fallback } = this.options;
    if (this.isOver || this.wire || this.isLoading) {
      return;
    }
    this.stopWaiting?.();
    this.stopWaiting = null;
    const isBarred = ports.clock.now() < this.barredUntilMs || this.socketFailures >= SOCKET_TRIES;
    if (ports.WebSocket && !(fallback && isBarred)) {
      this.make((...how) => new SocketWire(...how));
    } else if (fallback) {
      void this.load(fallback);
    }
  }

  ask(name: CommandName, form: object, key?: string): Promise<unknown> {
    const { wire } = this;
    return wire && this.isUp ? guarded(wire.ask(name, form, key)) : Promise.reject(gone());
  }

  page(from: OpenFeed): Promise<FeedPage> {
    const { wire } = this;
    return wire && this.isUp ? guarded(wire.page(from)) : Promise.reject(gone());
  }

  follow(position: () => string | null): void {
    this.wire?.follow(position);
  }

  /** All that was missed is here: the next loss is a new one. */
  settle(): void {
    this.attempt = 0;
  }

  /** Makes it anew, at once: who one is may have changed, or what is here is of another past. */
  renew(): void {
    if (this.wire) {
      this.attempt = 0;
      this.lose({ comeback: "now", code: "" });
    }
  }

  close(): void {
    this.isOver = true;
    this.isUp = false;
    this.stopListening?.();
    this.stopWaiting?.();
    this.wire?.close();
    this.wire = null;
  }

  private async load(fallback: () => Promise<MakeWire> | MakeWire): Promise<void> {
    this.isLoading = true;
    const make = await Promise.resolve(fallback()).catch(() => null);
    this.isLoading = false;
    if (make && !this.isOver) {
      this.make(make);
    } else {
      this.lose({ comeback: "retry", code: "" });
    }
  }

  private make(make: MakeWire): void {
    const { ports, url, token, widget, name } = this.options;
    let wire: Wire | null = null;
    const isCurrent = () => !this.isOver && wire === this.wire;
    wire = make(
      ports,
      { url, name, ...(token && { token }), ...(widget && { widget }) },
      {
        up: (actor, limits) => isCurrent() && this.up(actor, limits),
        told: (told) => isCurrent() && this.events.told(told),
        behind: () => isCurrent() && this.events.behind(),
        polled: () => isCurrent() && this.events.polled(),
        ended: (ending) => isCurrent() && this.lose(ending),
      },
    );
    this.wire = wire;
  }

  private up(actor: Who, limits?: Limits): void {
    this.isUp = true;
    if (this.wire?.kind === "socket") {
      this.barredUntilMs = 0;
    } else if (this.socketFailures >= SOCKET_TRIES) {
      this.barredUntilMs = this.options.ports.clock.now() + BARRED_MS;
    }
    this.socketFailures = 0;
    this.events.up(actor, limits);
  }

  private lose(ending: Ending): void {
    const { wire, isUp } = this;
    this.wire = null;
    this.isUp = false;
    wire?.close();
    if (!isUp) {
      // After HTTP failed as well, the socket has another try.
      this.socketFailures = wire?.kind === "socket" ? this.socketFailures + 1 : 0;
    }
    if (isUp) {
      this.events.down();
    }
    if (this.isOver) {
      return;
    }
    if (ending.comeback === "stop" || ending.comeback === "renew") {
      this.close();
      this.events.stopped(ending);
      return;
    }
    const { clock, random } = this.options.ports;
    const isNow = ending.comeback === "now" && this.attempt === 0;
    const [chance = 0] = random(1);
    const delayMs = isNow ? 0 : Math.round((backoffMs(this.attempt) * chance) / 255);
    this.attempt += 1;
    this.stopWaiting?.();
    this.stopWaiting = clock.after(delayMs, () => this.open());
  }

  private see(sign: Sign): void {
    if (sign === "back") {
      this.renew(); // what was open before the page was kept aside is dead
    }
    if (sign === "online" || sign === "shown" || sign === "back") {
      this.hurry();
    } else if (sign === "offline") {
      this.wire?.check();
    }
  }

  /** It may work now: without back-off. */
  private hurry(): void {
    if (this.isUp) {
      this.wire?.check();
    } else if (!this.isOver) {
      this.wire?.close();
      this.wire = null;
      this.attempt = 0;
      this.open();
    }
  }
}

function gone(): Unanswered {
  return new Unanswered(GONE);
}

/** Whoever asked may have gone, too: that nobody waits for a refusal is no fault. */
function guarded<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
