/**
 * All that the client needs of the world around it, handed in.
 *
 * Rules: nothing else in this package touches a global, so that it runs in a page, a worker, Node.js
 * and a test with a clock of its own. What is null is done without.
 * Not here: what becomes of what is stored (memory), what the signals lead to (link).
 */

export interface Ports {
  /** null: events and commands go over HTTP. */
  readonly WebSocket: (new (url: string, subprotocol: string) => Socket) | null;
  readonly fetch: (url: string, init: Request) => Promise<Response>;
  readonly AbortController: new () => Abort;
  readonly TextDecoder: new () => Decoder;
  /** Of this browser; null: nothing outlives the page. May throw, and be full. */
  readonly storage: Store | null;
  readonly clock: Clock;
  /** Random bytes that nobody can guess. */
  readonly random: (count: number) => Uint8Array;
  /** What the page hears of network and window. */
  readonly signals: Signals | null;
  /** Both together: one stream serves all tabs. */
  readonly locks: Locks | null;
  readonly channel: ((name: string) => Channel) | null;
}

export interface Socket {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number }) => void) | null;
  send(data: string): void;
  close(): void;
}

export interface Request {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly cache: "no-store";
  readonly signal: AbortSignal;
}

export interface Response {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: { getReader(): Reader } | null;
  json(): Promise<unknown>;
}

export interface Reader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

export interface AbortSignal {
  readonly aborted: boolean;
}

export interface Abort {
  readonly signal: AbortSignal;
  abort(): void;
}

export interface Decoder {
  decode(bytes: Uint8Array, options: { readonly stream: boolean }): string;
}

export interface Store {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  key(index: number): string | null;
  readonly length: number;
}

export interface Clock {
  /** Milliseconds that only grow, whatever becomes of the wall clock. */
  now(): number;
  /** Unix milliseconds. */
  wall(): number;
  /** Calls back once, after so many milliseconds; what it returns takes that back. */
  after(delayMs: number, act: () => void): () => void;
}

/** `back`: the page was kept aside, and is shown again: what it had open is dead. */
export type Sign = "online" | "offline" | "shown" | "hidden" | "back";

export interface Signals {
  readonly isHidden: () => boolean;
  /** Calls back until what it returns is called. */
  listen(act: (sign: Sign) => void): () => void;
}

export interface Locks {
  request(
    name: string,
    options: { readonly signal?: AbortSignal; readonly steal?: boolean },
    held: () => Promise<void>,
  ): Promise<void>;
}

export interface Channel {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(data: unknown): void;
  close(): void;
}

type Listening = (name: string, act: (event: { readonly persisted?: boolean }) => void) => void;

/** A window, a worker or Node's `globalThis`: as much of it as is used. */
export interface Scope {
  readonly WebSocket?: unknown;
  readonly fetch: unknown;
  readonly AbortController: unknown;
  readonly TextDecoder: unknown;
  readonly BroadcastChannel?: unknown;
  readonly crypto: unknown;
  readonly performance: { now(): number };
  readonly Date: { now(): number };
  readonly setTimeout: unknown;
  readonly clearTimeout: unknown;
  readonly addEventListener?: unknown;
  readonly removeEventListener?: unknown;
  readonly document?: unknown;
  readonly localStorage?: unknown;
  readonly navigator?: unknown;
}

/** What a window, a worker or Node.js has. */
export function portsOf(scope: Scope): Ports {
  const page = scope.document as (Target & { readonly visibilityState: string }) | undefined;
  const { locks } = (scope.navigator ?? {}) as { locks?: Locks };
  const isWindow = page !== undefined && locks !== undefined;
  const set = scope.setTimeout as (act: () => void, delayMs: number) => unknown;
  const clear = scope.clearTimeout as (timer: unknown) => void;
  const fetch = scope.fetch as Ports["fetch"];
  const crypto = scope.crypto as { getRandomValues(bytes: Uint8Array): Uint8Array };
  const Broadcast = scope.BroadcastChannel as (new (name: string) => Channel) | undefined;
  return {
    WebSocket: (scope.WebSocket ?? null) as Ports["WebSocket"],
    fetch: (url, init) => fetch.call(scope, url, init),
    AbortController: scope.AbortController as Ports["AbortController"],
    TextDecoder: scope.TextDecoder as Ports["TextDecoder"],
    storage: page ? storageOf(scope) : null,
    clock: {
      now: () => scope.performance.now(),
      wall: () => scope.Date.now(),
      after: (delayMs, act) => {
        const timer = set.call(scope, act, delayMs);
        return () => clear.call(scope, timer);
      },
    },
    random: (count) => crypto.getRandomValues(new Uint8Array(count)),
    signals: page ? signalsOf(scope as Scope & Target, page) : null,
    locks: isWindow ? locks : null,
    channel: isWindow && Broadcast ? (name) => new Broadcast(name) : null,
  };
}

interface Target {
  readonly addEventListener: Listening;
  readonly removeEventListener: Listening;
}

/** To ask for it may throw where a browser keeps nothing. */
function storageOf(scope: Scope): Store | null {
  try {
    return (scope.localStorage ?? null) as Store | null;
  } catch {
    return null;
  }
}

function signalsOf(scope: Target, page: Target & { readonly visibilityState: string }): Signals {
  const isHidden = () => page.visibilityState === "hidden";
  return {
    isHidden,
    listen: (act) => {
      const online = () => act("online");
      const offline = () => act("offline");
      const seen = () => act(isHidden() ? "hidden" : "shown");
      const back = ({ persisted }: { readonly persisted?: boolean }) => persisted && act("back");
      const heard: readonly (readonly [Target, string, typeof back])[] = [
        [scope, "online", online],
        [scope, "offline", offline],
        [scope, "pageshow", back],
        [page, "visibilitychange", seen],
      ];
      for (const [target, name, hear] of heard) {
        target.addEventListener(name, hear);
      }
      return () => {
        for (const [target, name, hear] of heard) {
          target.removeEventListener(name, hear);
        }
      };
    },
  };
}
