/**
 * Files that one sends: shown at once, on their way in the order in which they were given.
 *
 * Rules: each is a message of its own, which is said as soon as the server has the file; from then on it
 * is in the outbox, and outlives the page. What is too large is told before it is sent. One that could
 * not be sent stays with its reason until it is sent again or taken away.
 */

import { deviceToken, drawId } from "client/device";
import type { FileInfo } from "protocol";
import { prepare, type Size } from "shared/upload/prepare";
import { NotSent, sendFile } from "shared/upload/send";
import { type App, random } from "../app";
import { IconButton } from "../parts/button";
import { fitted } from "../parts/fitted";
import { Drawn } from "../parts/icon";
import { CLOCK } from "../parts/later";
import { PAGE, RETRY } from "../rich/icons";
import { kindOf, sizeOf } from "../rich/measures";
import { ALERT } from "../talk/icons";
import type { TextKey } from "../texts";
import { Drop } from "./drop";

/** The server's own default, until it has said another. */
const MOST_BYTES = 20_000_000;
const AT_ONCE = 10;

/** What a voice note tells beside its content. */
export interface Sounding {
  readonly duration_ms: number;
  readonly peaks: readonly number[];
}

interface Parcel {
  readonly id: string;
  readonly file: File;
  readonly sounding: Sounding | null;
  name: string;
  bytes: number;
  sent: number;
  /** Where this browser has it, if it can draw it. */
  picture: string | null;
  size: Size | null;
  fault: TextKey | null;
  canRetry: boolean;
  abort: AbortController;
}

const FAULTS: Readonly<Record<string, TextKey>> = {
  too_large: "upload.large",
  too_many: "upload.many",
  unavailable: "upload.none",
  not_allowed: "upload.barred",
  bad_input: "upload.bad",
};
/** To send these again helps, or may. */
const PASSING = new Set(["cut", "too_many", "unauthenticated", "unavailable"]);

export class Upload {
  private readonly app: App;
  private parcels: readonly Parcel[] = [];
  private readonly dropping: Drop;
  private last: Promise<void> = Promise.resolve();

  constructor(app: App) {
    this.app = app;
    this.dropping = new Drop(app, (files) => this.add(files));
  }

  /** Where an inbox asks something first, files wait until that is answered. */
  add(files: readonly File[]): void {
    this.app.show(this.mayBegin ? "talk" : "form");
    for (const file of files.slice(0, AT_ONCE)) {
      this.put(file, null);
    }
    if (files.length > AT_ONCE) {
      this.app.announce(this.app.text("upload.most", { n: AT_ONCE }));
    }
  }

  addVoice(file: File, sounding: Sounding): void {
    this.put(file, sounding);
  }

  /** Somebody else is here: what was on its way was not theirs. */
  become(): void {
    for (const parcel of this.parcels) {
      this.cancel(parcel);
    }
  }

  /** Over the chat. */
  over() {
    return this.dropping.view();
  }

  /** After what else is on its way. */
  rows() {
    return this.parcels.map((parcel) => (
      <li
        key={`c${parcel.id}`}
        class={parcel.fault ? "k-m me first last fail" : "k-m me first last"}
        data-kefu="message"
        data-from="me"
        data-state={parcel.fault ? "failed" : "sending"}
        data-row=""
      >
        {parcel.picture && <PictureOf parcel={parcel} />}
        {this.tile(parcel)}
        {parcel.fault ? this.failed(parcel, parcel.fault) : this.going()}
      </li>
    ));
  }

  private put(file: File, sounding: Sounding | null): void {
    const parcel: Parcel = {
      id: drawId(random),
      file,
      sounding,
      name: file.name || this.app.text("upload.file"),
      bytes: file.size,
      sent: 0,
      picture: null,
      size: null,
      fault: null,
      canRetry: true,
      abort: new AbortController(),
    };
    this.parcels = [...this.parcels, parcel];
    this.begin(parcel);
  }

  private begin(parcel: Parcel): void {
    this.last = this.last.then(() => this.run(parcel));
    this.app.changed();
  }

  private async run(parcel: Parcel): Promise<void> {
    if (parcel.abort.signal.aborted) {
      return;
    }
    try {
      const { blob, name, size } = await prepare(parcel.file);
      Object.assign(parcel, { name: name || parcel.name, size, bytes: blob.size });
      if (size) {
        parcel.picture ??= URL.createObjectURL(blob);
      }
      this.app.changed();
      await this.fits(blob);
      await this.deliver(parcel, blob);
    } catch (error) {
      if (!parcel.abort.signal.aborted) {
        const code = error instanceof NotSent ? error.code : "cut";
        parcel.fault = FAULTS[code] ?? "upload.cut";
        parcel.canRetry = PASSING.has(code);
        this.app.announce(`${this.app.text(parcel.fault, this.most)} ${parcel.name}`);
      }
    }
  }

  private async fits(blob: Blob): Promise<void> {
    if (blob.size > this.mostBytes) {
      throw new NotSent("too_large");
    }
    if (!blob.size) {
      throw new NotSent("bad_input");
    }
  }

  private async deliver(parcel: Parcel, blob: Blob): Promise<void> {
    const { app } = this;
    const talk = await app.talk.get();
    await this.until(() => this.mayBegin);
    parcel.abort.signal.throwIfAborted();
    const conversation = talk.chat?.id;
    const query = new URLSearchParams({
      name: parcel.name,
      ...(conversation !== undefined && { conversation: String(conversation) }),
    });
    const { duration_ms, peaks = [] } = parcel.sounding ?? {};
    if (duration_ms) {
      query.set("duration_ms", String(duration_ms));
    }
    for (const peak of peaks) {
      query.append("peaks", String(peak));
    }
    const headers = {
      Authorization: `Bearer ${deviceToken(app.memory, random)}`,
      "X-Kefu-Widget": app.widget,
      "Content-Type": "application/octet-stream",
    };
    const file = await sendFile(
      { path: `/api/v1/files?${query}`, headers, blob },
      {
        signal: parcel.abort.signal,
        progress: (sent) => {
          parcel.sent = Math.min(sent, parcel.bytes);
          app.changed();
        },
        mended: () => this.until(() => talk.client.status !== "connecting"),
      },
    );
    const rich = await app.rich.get();
    rich.keep(known(file, parcel), parcel.picture);
    this.remove(parcel);
    talk.client.say("", conversation ?? talk.chat?.id ?? null, {
      client_id: parcel.id,
      files: [file.id],
    });
  }

  /** Nothing is asked before what one sends, or it was answered. */
  private get mayBegin(): boolean {
    const { asks, talk } = this.app;
    return asks === null || (talk.value?.chat ?? null) !== null;
  }

  private async until(isTrue: () => boolean): Promise<void> {
    const { client } = await this.app.talk.get();
    while (!isTrue()) {
      await new Promise<void>((resolve) => {
        const stop = client.on("change", () => {
          stop();
          resolve();
        });
      });
    }
  }

  private get mostBytes(): number {
    return this.app.talk.value?.client.limits?.file_bytes ?? MOST_BYTES;
  }

  private get most() {
    return { size: sizeOf(this.mostBytes, this.app.locale) };
  }

  private tile(parcel: Parcel) {
    const { app } = this;
    const { name, sent, bytes, fault } = parcel;
    const all = sizeOf(bytes, app.locale);
    const share = Math.round((sent / (bytes || 1)) * 100);
    return (
      <div class="k-file">
        <span class="k-ext" aria-hidden="true">
          {kindOf(name) || <Drawn path={PAGE} />}
        </span>
        <span>
          <b class="k-one" dir="auto">
            {name}
          </b>
          <small>
            {fault ? all : app.text("upload.sent", { done: sizeOf(sent, app.locale), all })}
          </small>
          {!fault && (
            <span
              class="k-prog"
              role="progressbar"
              aria-label={name}
              aria-valuenow={share}
              aria-valuemin={0}
              aria-valuemax={100}
            >
              <i ref={(bar) => bar?.style.setProperty("width", `${share}%`)} />
            </span>
          )}
        </span>
        <IconButton
          icon="close"
          label={app.text("upload.cancel", { name })}
          onClick={() => this.cancel(parcel)}
        />
      </div>
    );
  }

  private going() {
    return (
      <p class="k-meta">
        <Drawn path={CLOCK} />
        {this.app.text("upload.sending")}
      </p>
    );
  }

  private failed(parcel: Parcel, fault: TextKey) {
    const { app } = this;
    return (
      <p class="k-failed">
        <span>
          <Drawn path={ALERT} class="k-i s" />
          {app.text(fault, this.most)}
        </span>
        {parcel.canRetry && (
          <button class="k-link" type="button" onClick={() => this.retry(parcel)}>
            <Drawn path={RETRY} class="k-i s" />
            {app.text("upload.retry")}
          </button>
        )}
      </p>
    );
  }

  private retry(parcel: Parcel): void {
    parcel.fault = null;
    parcel.sent = 0;
    this.begin(parcel);
  }

  private cancel(parcel: Parcel): void {
    parcel.abort.abort();
    if (parcel.picture) {
      URL.revokeObjectURL(parcel.picture);
    }
    this.remove(parcel);
    this.app.composer?.focus();
  }

  private remove(parcel: Parcel): void {
    this.parcels = this.parcels.filter((one) => one !== parcel);
    this.app.changed();
  }
}

function PictureOf({ parcel }: { readonly parcel: Parcel }) {
  const { width, height } = fitted(parcel.size ?? {});
  return (
    <span class="k-pic">
      <img src={parcel.picture ?? ""} width={width} height={height} alt={parcel.name} />
    </span>
  );
}

/** What the server says of it, and what only its sender knows. */
function known(file: FileInfo, { size, sounding }: Parcel): FileInfo {
  return { ...sounding, ...size, ...file };
}
