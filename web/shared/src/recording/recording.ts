/**
 * A voice note as it is recorded: recorded, kept to be heard, sent or thrown away.
 *
 * Rules: the microphone is asked for by `start` and let go as soon as recording ends. A recording that is
 * too long ends by itself and is not lost; nothing is sent that was not asked to be sent.
 * Not here: what it looks like.
 */
import { loudest } from "./peaks";

const MOST_S = 300;
const LEAST_S = 0.5;
const LOOK_MS = 100;
const MOST_PEAKS = 64;
const BITS_PER_S = 32_000;
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/webm", "audio/ogg;codecs=opus"];

/** Why there is no recording: one said no, there is no microphone, or something else has it. */
export type Fault = "denied" | "missing" | "busy";

const FAULTS: Readonly<Record<string, Fault>> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  NotReadableError: "busy",
};

export type State =
  | { readonly is: "off" | "asking" | "recording" }
  | { readonly is: "recorded"; readonly file: File; readonly url: string }
  | { readonly is: "failed"; readonly why: Fault };

/** How long it is and how loud from moment to moment, as goes with the file. */
export interface Sounding {
  readonly duration_ms: number;
  readonly peaks: readonly number[];
}

export interface Hears {
  /** It stands otherwise. */
  shown(): void;
  /** While it is recorded: a moment later. */
  ticked(): void;
  /** It ended by itself. */
  full(): void;
  sent(file: File, sounding: Sounding): void;
}

export class Recording {
  state: State = { is: "off" };
  /** How loud it was, from moment to moment, from 0 to 1. */
  levels: number[] = [];
  seconds = 0;
  private readonly hears: Hears;
  private recorder: MediaRecorder | null = null;
  private context: AudioContext | null = null;
  private isWanted = true;
  private isSending = false;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(hears: Hears) {
    this.hears = hears;
  }

  get sounding(): Sounding {
    const duration_ms = Math.round(this.seconds * 1_000);
    return { duration_ms, peaks: loudest(this.levels, MOST_PEAKS) };
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
      if ((this.state as State).is === "asking") {
        this.show({ is: "failed", why: FAULTS[name] ?? "missing" });
      }
    }
  }

  /** What is recorded so far waits to be heard. */
  stop(): void {
    if (this.recorder?.state === "recording") {
      this.recorder.stop();
    }
  }

  cancel(): void {
    this.isWanted = false;
    this.stop();
    if (this.state.is === "recorded") {
      URL.revokeObjectURL(this.state.url);
    }
    this.show({ is: "off" });
  }

  /** What is recorded goes; what still is, ends first. */
  send(): void {
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
      this.hears.sent(state.file, this.sounding);
      this.show({ is: "off" });
    }
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
    this.isSending = false;
    this.levels = [];
    this.seconds = 0;
    recorder.start();
    this.listen(stream, performance.now());
    this.show({ is: "recording" });
  }

  private listen(stream: MediaStream, since: number): void {
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 2048 });
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.context = context;
    this.timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      this.levels.push(samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0));
      this.seconds = (performance.now() - since) / 1_000;
      if (this.seconds >= MOST_S) {
        this.stop();
        this.hears.full();
      }
      this.hears.ticked();
    }, LOOK_MS);
  }

  private keep(blob: Blob): void {
    const end = blob.type.includes("mp4") ? "m4a" : blob.type.includes("ogg") ? "ogg" : "webm";
    const at = new Date().toISOString().slice(0, 16).replace("T", "-").replace(":", "");
    const file = new File([blob], `voice-${at}.${end}`, { type: blob.type });
    if (this.isSending) {
      this.isSending = false;
      this.hears.sent(file, this.sounding);
      this.show({ is: "off" });
    } else {
      this.show({ is: "recorded", file, url: URL.createObjectURL(blob) });
    }
  }

  private show(state: State): void {
    this.state = state;
    this.hears.shown();
  }
}

function release(stream: MediaStream): void {
  for (const track of stream.getTracks()) {
    track.stop();
  }
}
