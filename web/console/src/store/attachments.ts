/**
 * Files that go with the next reply or note of a conversation.
 *
 * Rules: a file is on its way as soon as it is given, one after the other, and is attached when the
 * server has it. Reply and note have their own, as drafts do. One that was not taken stays with its
 * reason until it is sent again or taken away. Somebody else who signs in finds none.
 */
import type { Client } from "client/core";
import type { FileInfo } from "protocol";
import type { Sounding } from "shared/recording/recording";
import type { TextKey, Values } from "../texts/texts";
import type { Mode } from "./drafts";

export interface Attachment {
  readonly id: number;
  readonly file: File;
  readonly name: string;
  readonly bytes: number;
  readonly sent: number;
  /** Where this browser has it, if it can draw it. */
  readonly picture: string | null;
  /** As the server has it; null: it is not there yet. */
  readonly info: FileInfo | null;
  readonly fault: Fault | null;
  /** Of a recording: how long and how loud. */
  readonly sounding?: Sounding;
  /** It goes by itself, as soon as the server has it. */
  readonly then?: (file: FileInfo) => void;
}

/** What is known of files beside themselves. */
export type About = Pick<Attachment, "sounding" | "then">;

export interface Fault {
  readonly key: TextKey;
  readonly values?: Values;
  /** To send it again may help. */
  readonly isPassing: boolean;
}

/** The part that sends could not be fetched. */
const CUT: Fault = { key: "composer:file.cut", isPassing: true };
const NONE: readonly Attachment[] = [];

export class Attachments {
  private lists: ReadonlyMap<string, readonly Attachment[]> = new Map();
  private readonly known = new Map<number, FileInfo>();
  private readonly aborts = new Map<number, AbortController>();
  private readonly client: Client;
  private readonly changed: () => void;
  private last: Promise<void> = Promise.resolve();
  private lastId = 0;
  private whose: number | undefined;

  constructor(client: Client, changed: () => void) {
    this.client = client;
    this.changed = changed;
  }

  /** The same list until something of it has changed. */
  of(conversation: number, mode: Mode): readonly Attachment[] {
    return this.lists.get(`${conversation} ${mode}`) ?? NONE;
  }

  /** What is known of a file that goes with a message that is not stored yet. */
  info(file: number): FileInfo | undefined {
    return this.known.get(file);
  }

  add(conversation: number, mode: Mode, files: readonly File[], about: About = {}): void {
    const fresh = files.map((file) => ({
      ...about,
      id: ++this.lastId,
      file,
      name: file.name,
      bytes: file.size,
      sent: 0,
      picture: null,
      info: null,
      fault: null,
    }));
    this.put(`${conversation} ${mode}`, [...this.of(conversation, mode), ...fresh]);
    for (const { id } of fresh) {
      this.begin(conversation, id);
    }
  }

  retry(conversation: number, id: number): void {
    this.set(id, { fault: null, sent: 0 });
    this.begin(conversation, id);
  }

  cancel(id: number): void {
    this.aborts.get(id)?.abort();
    this.aborts.delete(id);
    const picture = this.find(id)?.picture;
    if (picture) {
      URL.revokeObjectURL(picture);
    }
    for (const [key, list] of this.lists) {
      if (list.some((one) => one.id === id)) {
        this.put(
          key,
          list.filter((one) => one.id !== id),
        );
      }
    }
  }

  /** The ids of those that are to go with what is said now; they are attached no more. */
  take(conversation: number, mode: Mode): readonly number[] {
    const files = this.of(conversation, mode).flatMap(({ info }) => info ?? []);
    this.put(`${conversation} ${mode}`, NONE);
    return files.map(({ id }) => id);
  }

  /** Drops what is not of whom is signed in. */
  follow(me: number | undefined): void {
    if (this.whose !== me) {
      this.whose = me;
      for (const one of [...this.lists.values()].flat()) {
        this.cancel(one.id);
      }
      this.known.clear();
    }
  }

  private begin(conversation: number, id: number): void {
    const abort = new AbortController();
    this.aborts.set(id, abort);
    this.last = this.last.then(() => this.run(conversation, id, abort.signal));
  }

  private async run(conversation: number, id: number, signal: AbortSignal): Promise<void> {
    const one = this.find(id);
    if (!one || signal.aborted) {
      return;
    }
    const sending = await import("../composer/upload").catch(() => null);
    if (!sending) {
      this.set(id, { fault: CUT });
      return;
    }
    try {
      const info = await sending.upload(one, conversation, this.client, {
        signal,
        set: (patch) => this.set(id, patch),
      });
      this.known.set(info.id, info);
      if (one.then) {
        this.cancel(id); // it is attached no more
        one.then(info);
      } else {
        this.set(id, { info });
      }
    } catch (error) {
      if (!signal.aborted) {
        this.set(id, { fault: sending.faultOf(error, this.client) });
      }
    }
  }

  private find(id: number): Attachment | undefined {
    return [...this.lists.values()].flat().find((one) => one.id === id);
  }

  private set(id: number, patch: Partial<Attachment>): void {
    for (const [key, list] of this.lists) {
      if (list.some((one) => one.id === id)) {
        this.put(
          key,
          list.map((one) => (one.id === id ? { ...one, ...patch } : one)),
        );
      }
    }
  }

  private put(key: string, list: readonly Attachment[]): void {
    this.lists = new Map([...this.lists, [key, list]]);
    this.changed();
  }
}
