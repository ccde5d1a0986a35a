/**
 * A voice note as it is recorded, in the composer's place: recording, listened to, sent.
 *
 * Rules: the microphone is asked for by a press and let go as soon as recording ends. Without it, what
 * to do is said in words. A recording that is too long ends by itself and is not lost; nothing is sent
 * that one did not send.
 */
import type { App } from "../app";
import { Drawn, Icon } from "../parts/icon";
import { barsOf, clockOf, waveOf } from "../rich/measures";
import { Voice } from "../rich/voice";
import type { TextKey } from "../texts";
import { loudest } from "./peaks";

const MOST_S = 300;
const LEAST_S = 0.5;
const LOOK_MS = 100;
const BARS = 34;
const MOST_PEAKS = 64;
const BITS_PER_S = 32_000;
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/webm", "audio/ogg;codecs=opus"];
const STOP = "M6 6h8v8H6z";

const FAULTS: Readonly<Record<string, TextKey>> = {
  NotAllowedError: "record.denied",
  SecurityError: "record.denied",
  NotFoundError: "record.missing",
  NotReadableError: "record.busy",
};

type State =
  | { readonly is: "off" | "asking" }
  | { readonly is: "recording"; readonly since: number }
  | { readonly is: "recorded"; readonly file: File; readonly url: string }
  | { readonly is: "failed"; readonly why: TextKey };

export class Recorder {
  private readonly app: App;
  private state: State = { is: "off" };
  private recorder: MediaRecorder | null = null;
  private context: AudioContext | null = null;
  private levels: number[] = [];
  private seconds = 0;
  private isWanted = true;
  private timer = 0;

  constructor(app: App) {
    this.app = app;
  }

  async start(): Promise<void> {
    if (this.state.is !== "off" && this.state.is !== "failed") {
      return;
    }
    this.show({ is: "asking" });
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      if ((this.state as State).is === "asking") {
        this.record(stream);
      } else {
        release(stream);
      }
    } catch (error) {
      const name = error instanceof Error ? error.name : "";
      this.fail(FAULTS[name] ?? "record.missing");
    }
  }

  /** In the composer's place; undefined: nothing is recorded. */
  foot() {
    const { state, app } = this;
    if (state.is === "off") {
      return undefined;
    }
    return (
      <section class="k-foot k-record" aria-label={app.text("record.title")}>
        {this.button("record.cancel", <Icon name="close" />, () => this.cancel())}
        {this.middle(state)}
      </section>
    );
  }

  /** Nothing is recorded any more; false: nothing was. */
  escape(): boolean {
    const isOn = this.state.is !== "off";
    if (isOn) {
      this.cancel();
    }
    return isOn;
  }

  private cancel(): void {
    this.isWanted = false;
    this.stop();
    if (this.state.is === "recorded") {
      URL.revokeObjectURL(this.state.url);
    }
    this.show({ is: "off" });
    queueMicrotask(() => this.app.composer?.focus());
  }

  /** What is recorded so far waits to be heard. */
  stop(): void {
    if (this.recorder?.state === "recording") {
      this.recorder.stop();
    }
  }

  private middle(state: State) {
    const { app } = this;
    switch (state.is) {
      case "failed":
        return (
          <p class="k-grow" role="alert">
            {app.text(state.why)}
          </p>
        );
      case "asking":
        return <p class="k-grow">{app.text("record.asking")}</p>;
      case "recording":
        return (
          <>
            <Wave levels={this.levels} />
            <span class="k-num" role="timer">
              {clockOf(this.seconds)}
            </span>
            {this.button("record.stop", <Drawn path={STOP} />, () => this.stop())}
            {this.send()}
          </>
        );
      case "recorded":
        return (
          <>
            <Voice
              app={app}
              file={{ id: 0, url: state.url, size: state.file.size, ...this.sounding() }}
            />
            {this.send()}
          </>
        );
      default:
        return null;
    }
  }

  private send() {
    const label = this.app.text("send");
    const act = () => this.deliver();
    return (
      <button class="k-send" type="button" aria-label={label} data-kefu="send" onClick={act}>
        <i>
          <Icon name="send" />
        </i>
      </button>
    );
  }

  private button(key: TextKey, shown: preact.ComponentChildren, act: () => void) {
    return (
      <button class="k-icon" type="button" aria-label={this.app.text(key)} onClick={act}>
        {shown}
      </button>
    );
  }

  private record(stream: MediaStream): void {
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind)) ?? "";
    const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS_PER_S });
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => void parts.push(data);
    recorder.onstop = () => {
      clearInterval(this.timer);
      release(stream);
      void this.context?.close();
      if (this.isWanted) {
        this.keep(new Blob(parts, { type: recorder.mimeType.split(";")[0] ?? "" }));
      }
    };
    for (const track of stream.getAudioTracks()) {
      track.onended = () => this.stop(); // it was pulled out, or taken away
    }
    this.recorder = recorder;
    this.isWanted = true;
    this.levels = [];
    this.seconds = 0;
    recorder.start();
    this.listen(stream, performance.now());
    this.show({ is: "recording", since: performance.now() });
    this.app.announce(this.app.text("record.on"));
  }

  private listen(stream: MediaStream, since: number): void {
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 2048 });
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.context = context;
    this.timer = window.setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      this.levels.push(samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0));
      this.seconds = (performance.now() - since) / 1_000;
      if (this.seconds >= MOST_S) {
        this.stop();
        this.app.announce(this.app.text("record.full"));
      }
      this.app.changed();
    }, LOOK_MS);
  }

  private keep(blob: Blob): void {
    const end = blob.type.includes("mp4") ? "m4a" : blob.type.includes("ogg") ? "ogg" : "webm";
    const at = new Date().toISOString().slice(0, 16).replace("T", "-").replace(":", "");
    const file = new File([blob], `voice-${at}.${end}`, { type: blob.type });
    if (this.isSending) {
      this.isSending = false;
      this.pass(file);
      this.show({ is: "off" });
    } else {
      this.show({ is: "recorded", file, url: URL.createObjectURL(blob) });
    }
  }

  private isSending = false;

  private deliver(): void {
    const { state } = this;
    if (state.is === "recording") {
      if (this.seconds < LEAST_S) {
        this.cancel(); // a press that was no word
        return;
      }
      this.isSending = true;
      this.stop();
    } else if (state.is === "recorded") {
      URL.revokeObjectURL(state.url);
      this.pass(state.file);
      this.show({ is: "off" });
    }
    queueMicrotask(() => this.app.composer?.focus());
  }

  private pass(file: File): void {
    const { app } = this;
    const sounding = this.sounding();
    app.show("talk");
    void app.upload.get().then((upload) => upload.addVoice(file, sounding));
  }

  private sounding() {
    const duration_ms = Math.round(this.seconds * 1_000);
    return { duration_ms, peaks: loudest(this.levels, MOST_PEAKS) };
  }

  private fail(why: TextKey): void {
    if (this.state.is === "asking") {
      this.show({ is: "failed", why });
    }
  }

  private show(state: State): void {
    this.state = state;
    this.app.changed();
    queueMicrotask(() => this.focus());
  }

  /** What one had pressed is not there any more. */
  private focus(): void {
    const foot = document.querySelector(".k-record");
    if (foot && !foot.contains(document.activeElement)) {
      foot.querySelector<HTMLElement>(".k-send, .k-icon")?.focus();
    }
  }
}

/** The last seconds, as loud as they were. */
function Wave({ levels }: { readonly levels: readonly number[] }) {
  const shown = levels.slice(-BARS).map((level) => Math.min(100, level * 160));
  const bars = [...barsOf([0], Math.max(0, BARS - shown.length)), ...shown];
  return (
    <span class="k-wave">
      <svg viewBox={`0 0 ${BARS * 5} 28`} preserveAspectRatio="none" aria-hidden="true">
        <path d={waveOf(bars)} />
      </svg>
    </span>
  );
}

function release(stream: MediaStream): void {
  for (const track of stream.getTracks()) {
    track.stop();
  }
}
