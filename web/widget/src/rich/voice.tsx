/**
 * A voice note: played, stopped, and listened to from anywhere.
 *
 * Rules: one plays at a time. Nothing is fetched before somebody wants to hear it; the waveform and the
 * length come with the file, or are worked out once it is here.
 */
import "../style/voice.css";
import { Component } from "preact";
import { barsOf, clockOf, waveOf } from "shared/recording/wave";
import type { App } from "../app";
import { Drawn } from "../parts/icon";
import { DOWN } from "../talk/icons";
import type { Rich } from "./rich";

const PAUSE = "M7 5v10M13 5v10";
const PLAY = "M7 4.5l8.5 5.5L7 15.5z";

const BARS = 34;
const MOST_READ = 5_000_000; // bytes
const STEP_S = 1;

/** What is to be heard. `peaks`: how loud it is, from 0 to 100. */
export interface Note {
  readonly id: number;
  readonly size: number;
  readonly url?: string;
  readonly duration_ms?: number;
  readonly peaks?: readonly number[];
}

interface Props {
  readonly app: App;
  readonly file: Note;
  /** Of a message: where a link that has ended is asked for anew. */
  readonly rich?: Rich;
  readonly seq?: number | undefined;
}

interface State {
  readonly at: number;
  readonly length: number;
  readonly isPlaying: boolean;
  readonly hasFailed: boolean;
  readonly peaks: readonly number[];
}

let playing: Voice | null = null;

export class Voice extends Component<Props, State> {
  override state: State = {
    at: 0,
    length: (this.props.file.duration_ms ?? 0) / 1000,
    isPlaying: false,
    hasFailed: false,
    peaks: this.props.file.peaks ?? [],
  };
  private audio: HTMLAudioElement | null = null;

  override componentWillUnmount(): void {
    this.audio?.pause();
    this.audio = null;
  }

  override render({ app, file }: Props, { at, length, isPlaying, hasFailed, peaks }: State) {
    const bars = barsOf(peaks.length ? peaks : [20], BARS);
    const done = length ? Math.round((at / length) * BARS) : 0;
    const time = length ? `${clockOf(at)} / ${clockOf(length)}` : clockOf(at);
    return (
      <div class="k-voice">
        <button
          class="k-play"
          type="button"
          aria-label={app.text(isPlaying ? "voice.pause" : "voice.play", { time: clockOf(length) })}
          onClick={this.toggle}
        >
          <Drawn path={isPlaying ? PAUSE : PLAY} />
        </button>
        <span class="k-wave">
          <svg viewBox={`0 0 ${BARS * 5} 28`} preserveAspectRatio="none" aria-hidden="true">
            <path class="rest" d={waveOf(bars.slice(done), done)} />
            <path d={waveOf(bars.slice(0, done))} />
          </svg>
          <input
            type="range"
            min={0}
            max={length || 1}
            step={STEP_S / 10}
            value={at}
            disabled={!length}
            aria-label={app.text("voice.seek")}
            aria-valuetext={time}
            onInput={({ currentTarget }) => this.seek(Number(currentTarget.value))}
          />
        </span>
        <span class="k-num">{hasFailed ? app.text("voice.unplayed") : time}</span>
        {hasFailed && file.url && (
          <a class="k-icon" href={file.url} download aria-label={app.text("voice.save")}>
            <Drawn path={DOWN} />
          </a>
        )}
      </div>
    );
  }

  private readonly toggle = async (): Promise<void> => {
    if (this.state.isPlaying) {
      this.audio?.pause();
      return;
    }
    const { rich, seq, file } = this.props;
    if (rich?.isOver(file)) {
      await rich.refresh(seq, file);
    }
    const audio = this.sound();
    playing?.audio?.pause();
    playing = this;
    try {
      await audio.play();
    } catch {
      this.setState({ hasFailed: !audio.paused || audio.error !== null });
    }
  };

  private seek(at: number): void {
    this.sound().currentTime = at;
    this.setState({ at });
  }

  private sound(): HTMLAudioElement {
    if (this.audio) {
      return this.audio;
    }
    const audio = new Audio(this.props.file.url);
    const told = () => {
      const { duration, currentTime, paused } = audio;
      const length = Number.isFinite(duration) ? duration : this.state.length;
      this.setState({ at: currentTime, length, isPlaying: !paused });
    };
    for (const name of ["play", "pause", "timeupdate", "durationchange"]) {
      audio.addEventListener(name, told);
    }
    audio.addEventListener("ended", () => {
      audio.currentTime = 0;
      told();
    });
    audio.addEventListener("error", () => this.setState({ hasFailed: true, isPlaying: false }));
    this.audio = audio;
    void this.read();
    return audio;
  }

  /** Length and waveform, where the file came without. */
  private async read(): Promise<void> {
    const { file } = this.props;
    if (this.state.peaks.length || !file.url || file.size > MOST_READ) {
      return;
    }
    try {
      const { peaksOf } = await import("shared/recording/peaks");
      const { peaks, seconds } = await peaksOf(await (await fetch(file.url)).arrayBuffer());
      this.setState({ peaks, length: seconds });
    } catch {
      // it plays without them
    }
  }
}
