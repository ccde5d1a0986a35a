/**
 * Sounds, made on the spot: nothing is fetched.
 *
 * Rules: a browser keeps a page silent until it is pressed; that is known (`state`), and the first press
 * anywhere unlocks it. Between sounds the audio rests, so that a silent page costs nothing.
 */
import type { Kind } from "./news";
import { gainOf, type Note, TONES } from "./tones";

/** `none`: this browser makes no sounds. */
export type SoundState = "none" | "locked" | "ready";

const REST_MS = 2_000;
const RESUME_MS = 1_000;
const PRESSES = ["pointerup", "keydown", "click"] as const;

export class Sound {
  state: SoundState = "locked";
  private readonly audio: AudioContext | null;
  private readonly changed: () => void;
  private resting: ReturnType<typeof setTimeout> | undefined;

  constructor(page: Window, changed: () => void) {
    this.changed = changed;
    const { AudioContext: Audio } = page as Window & { AudioContext?: typeof AudioContext };
    this.audio = Audio ? new Audio() : null;
    if (!this.audio) {
      this.state = "none";
      return;
    }
    for (const press of PRESSES) {
      page.addEventListener(press, () => void this.unlock(), { capture: true, passive: true });
    }
    void this.unlock(); // where the browser trusts this page already
  }

  /** Within a press; else it is the browser's to refuse, which then never answers. */
  async unlock(): Promise<void> {
    const { audio } = this;
    if (!audio || this.state === "ready") {
      return;
    }
    await audio.resume().catch(() => undefined);
    // Another press may have done it meanwhile.
    if (audio.state === "running" && (this.state as SoundState) !== "ready") {
      this.state = "ready";
      this.rest();
      this.changed();
    }
  }

  /** False: it could not be heard. `part`: so much of the volume, which is a percentage. */
  async play(kind: Kind, volume: number, part = 1): Promise<boolean> {
    const { audio } = this;
    if (!audio || this.state !== "ready") {
      return false;
    }
    clearTimeout(this.resting);
    await Promise.race([audio.resume().catch(() => undefined), wait(RESUME_MS)]);
    if (audio.state !== "running") {
      this.state = "locked"; // a telephone call took it
      this.changed();
      return false;
    }
    const gain = gainOf(volume) * part;
    for (const one of TONES[kind]) {
      this.sound(audio, one, gain);
    }
    this.rest();
    return true;
  }

  private sound(audio: AudioContext, { at, hertz, seconds }: Note, gain: number): void {
    const begin = audio.currentTime + at;
    const envelope = new GainNode(audio, { gain: 0 });
    envelope.gain.setValueAtTime(0, begin);
    envelope.gain.linearRampToValueAtTime(gain, begin + 0.01);
    envelope.gain.setTargetAtTime(0, begin + 0.02, seconds / 4);
    const voice = new OscillatorNode(audio, { type: "sine", frequency: hertz });
    voice.connect(envelope).connect(audio.destination);
    voice.start(begin);
    voice.stop(begin + seconds + 0.1);
  }

  private rest(): void {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => void this.audio?.suspend(), REST_MS);
  }
}

const wait = (ms: number) => new Promise((go) => setTimeout(go, ms));
