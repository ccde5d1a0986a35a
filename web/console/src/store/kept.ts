/**
 * Tags and saved views, which the team keeps: read once a connection, then as signals tell.
 *
 * Rules: a map is the same until something in it has changed. A signal that comes while they are read
 * makes them be read once more. What could not be read is asked again with the next connection.
 */
import type { Client } from "client/core";
import { Unanswered } from "client/wire";
import type { Signal, Tag, View } from "protocol";
import { onceLive } from "./live";

export class Kept {
  /** By name, in its order. */
  tags: ReadonlyMap<string, Tag> = new Map();
  /** Those that one sees, by id, in the order of their names. */
  views: ReadonlyMap<number, View> = new Map();
  /** They have been read once. */
  isKnown = false;
  private readonly client: Client;
  private readonly changed: () => void;
  private isReading = false;
  private isOvertaken = false;

  constructor(client: Client, changed: () => void) {
    this.client = client;
    this.follow = onceLive(client, () => void this.read());
    this.changed = changed;
  }

  /** Reads all of it when a connection has become live. */
  readonly follow: () => void;

  forget(): void {
    this.tags = new Map();
    this.views = new Map();
    this.isKnown = false;
  }

  hear(signal: Signal): void {
    if (signal.on === "tag") {
      const { tag: id, name, color, was, gone } = signal;
      const others = [...this.tags.values()].filter((one) => one.id !== id && one.name !== was);
      const known = others.filter((one) => one.name !== name);
      const kept = others.find((one) => one.name === name);
      const tag = gone
        ? was === undefined
          ? undefined
          : kept
        : { id, name, ...(color && { color }) };
      this.tags = tagsOf(tag ? [...known, tag] : known);
    } else if (signal.on === "view") {
      const { view: id, saved } = signal;
      const others = [...this.views.values()].filter((one) => one.id !== id);
      this.views = viewsOf(saved ? [...others, saved] : others);
    } else {
      return;
    }
    this.isOvertaken = this.isReading;
    this.changed();
  }

  private async read(): Promise<void> {
    const { client } = this;
    this.isReading = true;
    try {
      do {
        this.isOvertaken = false;
        const [tags, views] = await Promise.all([
          client.call("tag.list", {}),
          client.call("view.list", {}),
        ]);
        this.tags = tagsOf(tags.items ?? []);
        this.views = viewsOf(views.items ?? []);
        this.isKnown = true;
        this.changed();
      } while (this.isOvertaken);
    } catch (error) {
      if (!(error instanceof Unanswered)) {
        throw error;
      }
    } finally {
      this.isReading = false;
    }
  }
}

function tagsOf(all: readonly Tag[]): ReadonlyMap<string, Tag> {
  return new Map([...all].sort(byName).map((one) => [one.name, one]));
}

function viewsOf(all: readonly View[]): ReadonlyMap<number, View> {
  return new Map([...all].sort(byName).map((one) => [one.id, one]));
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name.localeCompare(b.name);
}
