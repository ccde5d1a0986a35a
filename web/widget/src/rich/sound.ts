/**
 * A short tone for what others say, off until one wants it.
 *
 * Rules: it is made, not fetched. A browser plays nothing before one has pressed something.
 */
import type { Memory } from "client/memory";

const KEY = "sound";
const NOTES = [660, 880]; // Hz
const NOTE_S = 0.12;
const LOUDNESS = 0.06;

export class Sound {
  private readonly memory: Memory;
  private context: AudioContext | null = null;

  constructor(memory: Memory) {
    this.memory = memory;
  }

  get isOn(): boolean {
    return this.memory.get(KEY) === "1";
  }

  toggle(): void {
    this.memory.set(KEY, this.isOn ? "0" : "1");
    this.ring();
  }

  ring(): void {
    if (!this.isOn) {
      return;
    }
    this.context ??= new AudioContext();
    const { context } = this;
    void context.resume();
    const volume = new GainNode(context, { gain: 0 });
    volume.connect(context.destination);
    NOTES.forEach((frequency, count) => {
      const from = context.currentTime + count * NOTE_S;
      const note = new OscillatorNode(context, { frequency });
      note.connect(volume);
      note.start(from);
      note.stop(from + NOTE_S);
    });
    const end = context.currentTime + NOTES.length * NOTE_S;
    volume.gain.linearRampToValueAtTime(LOUDNESS, context.currentTime + 0.02);
    volume.gain.setValueAtTime(LOUDNESS, end - 0.08);
    volume.gain.linearRampToValueAtTime(0, end);
  }
}
