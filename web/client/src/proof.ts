/**
 * A proof of who a visitor is, until the server has taken or refused it.
 *
 * Rules: it is said again for as long as no answer comes; of two the later one holds. While one is on
 * its way nothing is sent: whose it would be is not known.
 * Not here: what becomes of a browser that is another person's from then on (client).
 */
import type { CommandName, VisitorInfo } from "protocol";
import type { Clock } from "./ports";
import { GONE, isCode, Unanswered } from "./wire";

const RETRY_MS = 1_000;

interface Pending {
  readonly jwt: string;
  resolve(): void;
  reject(error: unknown): void;
}

export class Proof {
  private readonly clock: Clock;
  private readonly ask: (name: CommandName, form: object) => Promise<unknown>;
  private readonly settled: (taken: VisitorInfo | null) => void;
  private pending: Pending | null = null;
  private stopWaiting: (() => void) | null = null;

  /** `settled`: nothing is on its way any more; null: it was refused. */
  constructor(
    clock: Clock,
    ask: (name: CommandName, form: object) => Promise<unknown>,
    settled: (taken: VisitorInfo | null) => void,
  ) {
    this.clock = clock;
    this.ask = ask;
    this.settled = settled;
  }

  get isPending(): boolean {
    return this.pending !== null;
  }

  /** Rejects with `Unanswered`: refused, or `gone`, since another took its place. */
  say(jwt: string): Promise<void> {
    this.drop();
    return new Promise((resolve, reject) => {
      this.pending = { jwt, resolve, reject };
      void this.attempt();
    });
  }

  /** There is a way to the server. */
  up(): void {
    void this.attempt();
  }

  drop(): void {
    this.stopWaiting?.();
    const { pending } = this;
    this.pending = null;
    pending?.reject(new Unanswered(GONE));
  }

  private async attempt(): Promise<void> {
    this.stopWaiting?.();
    const { pending } = this;
    if (!pending) {
      return;
    }
    const answer = await this.ask("contact.identify", { jwt: pending.jwt }).catch(
      (caught: unknown) => caught,
    );
    const error = answer instanceof Error ? answer : null;
    if (pending !== this.pending) {
      return;
    }
    if (isCode(error, "gone", "unavailable", "too_many")) {
      const delayMs = (error instanceof Unanswered && error.retryMs) || RETRY_MS;
      this.stopWaiting = this.clock.after(delayMs, () => void this.attempt());
      return;
    }
    this.pending = null;
    error ? pending.reject(error) : pending.resolve();
    this.settled(error ? null : (answer as VisitorInfo));
  }
}
