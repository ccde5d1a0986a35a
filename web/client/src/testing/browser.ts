/** A browser with tabs: what a page is handed in, and what can go wrong with it. */
import type { Channel, Locks, Ports, Sign, Signals, Store } from "../ports";
import type { TestClock } from "./clock";
import type { Server } from "./server";

export class TestStore implements Store {
  readonly kept = new Map<string, string>();
  fault: "none" | "throws" | "full" = "none";

  getItem(key: string): string | null {
    this.check("throws");
    return this.kept.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.check("throws", "full");
    this.kept.set(key, value);
  }

  removeItem(key: string): void {
    this.check("throws");
    this.kept.delete(key);
  }

  key(index: number): string | null {
    return [...this.kept.keys()][index] ?? null;
  }

  get length(): number {
    this.check("throws");
    return this.kept.size;
  }

  private check(...faults: readonly string[]): void {
    if (faults.includes(this.fault)) {
      throw new Error(this.fault);
    }
  }
}

class TestSignals implements Signals {
  private readonly hears = new Set<(sign: Sign) => void>();
  private isAside = false;

  readonly isHidden = () => this.isAside;

  get listeners(): number {
    return this.hears.size;
  }

  listen(act: (sign: Sign) => void): () => void {
    this.hears.add(act);
    return () => this.hears.delete(act);
  }

  give(sign: Sign): void {
    if (sign === "shown" || sign === "hidden") {
      this.isAside = sign === "hidden";
    }
    for (const hear of [...this.hears]) {
      hear(sign);
    }
  }
}

interface Claim {
  readonly held: () => Promise<void>;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/** Web Locks, as far as they are used: one holder of a name, a queue, and taking over. */
class TestLocks implements Locks {
  private readonly holders = new Map<string, Claim>();
  private readonly queues = new Map<string, Claim[]>();

  request(
    name: string,
    { signal, steal }: { signal?: { aborted: boolean }; steal?: boolean },
    held: () => Promise<void>,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const claim = { held, resolve, reject };
      const queue = this.queues.get(name) ?? [];
      this.queues.set(name, queue);
      onAbort(signal, () => {
        const at = queue.indexOf(claim);
        if (at >= 0) {
          queue.splice(at, 1);
          reject(new Error("aborted"));
        }
      });
      if (steal) {
        this.holders.get(name)?.reject(new Error("stolen"));
        this.hold(name, claim);
      } else {
        queue.push(claim);
        this.next(name);
      }
    });
  }

  private next(name: string): void {
    const first = this.holders.has(name) ? undefined : this.queues.get(name)?.shift();
    if (first) {
      this.hold(name, first);
    }
  }

  private hold(name: string, claim: Claim): void {
    this.holders.set(name, claim);
    void Promise.resolve()
      .then(claim.held)
      .finally(() => {
        claim.resolve();
        if (this.holders.get(name) === claim) {
          this.holders.delete(name);
          this.next(name);
        }
      });
  }
}

class TestAbort {
  readonly signal: { aborted: boolean; onabort: (() => void)[] } = { aborted: false, onabort: [] };

  abort(): void {
    if (!this.signal.aborted) {
      this.signal.aborted = true;
      for (const act of this.signal.onabort) {
        act();
      }
    }
  }
}

export function onAbort(signal: object | undefined, act: () => void): void {
  (signal as TestAbort["signal"] | undefined)?.onabort.push(act);
}

export class Browser {
  readonly store = new TestStore();
  readonly clock: TestClock;
  private readonly server: Server;
  private readonly locks = new TestLocks();
  private readonly channels = new Set<Channel & { name: string }>();
  private drawn = 0;

  constructor(server: Server) {
    this.server = server;
    this.clock = server.clock;
  }

  get openChannels(): number {
    return this.channels.size;
  }

  /** What a page of this browser gets, with what the test says otherwise. */
  tab(other: Partial<Ports> = {}): Ports & { readonly signals: TestSignals } {
    const signals = new TestSignals();
    return {
      WebSocket: this.server.WebSocket,
      fetch: this.server.fetch,
      AbortController: TestAbort,
      TextDecoder,
      storage: this.store,
      clock: this.clock,
      random: (count) => this.draw(count),
      locks: this.locks,
      channel: (name) => this.channel(name),
      ...other,
      signals,
    };
  }

  /** Bytes of no chance: always others, and the longest waits. */
  private draw(count: number): Uint8Array {
    this.drawn += 1;
    return Uint8Array.from({ length: count }, (_, at) =>
      count === 1 ? 255 : (this.drawn * 31 + at * 7) % 256,
    );
  }

  private channel(name: string): Channel {
    const own: Channel & { name: string } = {
      name,
      onmessage: null,
      postMessage: (data) => {
        const others = [...this.channels].filter((one) => one !== own && one.name === name);
        this.clock.after(0, () => {
          for (const { onmessage } of others) {
            onmessage?.({ data: structuredClone(data) });
          }
        });
      },
      close: () => this.channels.delete(own),
    };
    this.channels.add(own);
    return own;
  }
}
