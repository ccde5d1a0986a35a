/**
 * What one prefers: how the console looks, what is heard and shown, and when nothing is.
 *
 * Rules: the server keeps it, so it is the same in every browser. It is read once a connection and followed
 * by the signal that every change sends; until it is known the defaults hold. A change shows at once.
 */
import type { Client } from "client/core";
import { Unanswered } from "client/wire";
import type { Preferences as Kept, SetPreferences } from "protocol";
import { onceLive } from "./live";

/** All of it, with the server's defaults in place of what is left out. */
export type Preferred = Required<{
  readonly [Key in keyof Kept]: Key extends "sounds" | "notifications" | "mail"
    ? Required<NonNullable<Kept[Key]>>
    : Kept[Key];
}>;

export const DEFAULTS: Preferred = {
  language: null,
  theme: "system",
  density: "comfortable",
  send_with: "enter",
  sounds: { offer: true, message: true, mention: true, repeat: true, volume: 80 },
  notifications: { offer: true, message: true, mention: true },
  mail: { waiting: false, answers: false },
  keys_on: true,
  keys: {},
  quiet_hours: null,
};

export class Preferences {
  now: Preferred = DEFAULTS;
  /** It is what the server told, or was just chosen: no default that stands in. */
  isTold = false;
  /** The server has been asked. */
  isKnown = false;
  private readonly client: Client;
  private readonly changed: () => void;
  /** Changes of one's own that are on their way: until the last is answered, what is told is old. */
  private pending = 0;

  constructor(client: Client, changed: () => void) {
    this.client = client;
    this.follow = onceLive(client, () => void this.read());
    this.changed = changed;
    client.on("signal", (signal) => {
      if (signal.on === "preferences" && !this.pending) {
        this.hear(signal.preferences);
      }
    });
  }

  /** Shows it at once; rejects with `Unanswered` if the server refused, and takes it back. */
  async set(change: SetPreferences): Promise<void> {
    const before = this.now;
    this.pending += 1;
    this.hear({ ...before, ...resetIn(change) });
    let after: Kept = before;
    try {
      after = await this.client.call("preferences.update", change);
    } finally {
      this.pending -= 1;
      if (!this.pending) {
        this.hear(after);
      }
    }
  }

  /** Reads it when a connection has become live. */
  readonly follow: () => void;

  forget(): void {
    this.now = DEFAULTS;
    this.isKnown = false;
    this.isTold = false;
  }

  private async read(): Promise<void> {
    try {
      const kept = await this.client.call("preferences.get", {});
      this.isKnown = true;
      if (!this.pending) {
        this.hear(kept);
      }
    } catch (error) {
      this.isKnown = true; // what is not to be had is at its default
      if (!(error instanceof Unanswered)) {
        throw error;
      }
    }
  }

  private hear(told: Kept): void {
    const now = complete(told);
    this.isTold = true;
    if (JSON.stringify(now) !== JSON.stringify(this.now)) {
      this.now = now;
    }
    this.changed();
  }
}

/** What is told, and the defaults of what is not. */
export function complete(told: Kept): Preferred {
  const { sounds, notifications, mail, quiet_hours: quiet } = told;
  return {
    ...DEFAULTS,
    ...told,
    sounds: { ...DEFAULTS.sounds, ...sounds },
    notifications: { ...DEFAULTS.notifications, ...notifications },
    mail: { ...DEFAULTS.mail, ...mail },
    quiet_hours: quiet ?? null,
  };
}

/** null resets to the default. */
function resetIn(change: SetPreferences): Kept {
  const parts = Object.entries(change).map(([key, value]) => [
    key,
    value ?? DEFAULTS[key as keyof Preferred],
  ]);
  return Object.fromEntries(parts) as Kept;
}
