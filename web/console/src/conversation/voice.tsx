/**
 * A voice note: played, stopped, and listened to from anywhere.
 *
 * Rules: one plays at a time. Nothing is fetched before somebody wants to hear it; the waveform and the
 * length come with the file, or are worked out once it is here.
 */
import { useEffect, useRef, useState } from "react";
import { barsOf, clockOf, waveOf } from "shared/recording/wave";
import { useTexts } from "../texts/texts";
import { Icon } from "../ui/icon";
import styles from "./voice.module.css";

const BARS = 34;
const MOST_READ = 5_000_000; // bytes
const STEP_S = 0.1;

interface Props {
  readonly url: string;
  readonly name: string;
  readonly size: number;
  readonly durationMs: number;
  /** How loud it is, from 0 to 100; none: that is not known yet. */
  readonly peaks: readonly number[];
}

let playing: HTMLAudioElement | null = null;

export function Voice({ url, name, size, durationMs, peaks: given }: Props) {
  const { t } = useTexts();
  const audio = useRef<HTMLAudioElement>(null);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(durationMs / 1_000);
  const [isPlaying, setPlaying] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const [peaks, setPeaks] = useState(given);
  useEffect(() => {
    const { current } = audio;
    return () => current?.pause();
  }, []);
  const bars = barsOf(peaks.length ? peaks : [20], BARS);
  const done = length ? Math.round((at / length) * BARS) : 0;
  const time = length ? `${clockOf(at)} / ${clockOf(length)}` : clockOf(at);
  const toggle = async () => {
    const { current } = audio;
    if (!current?.paused) {
      current?.pause();
      return;
    }
    playing?.pause();
    playing = current;
    void read();
    try {
      await current.play();
    } catch {
      setFailed(current.error !== null);
    }
  };
  /** Length and waveform, where the file came without. */
  const read = async () => {
    if (peaks.length || size > MOST_READ) {
      return;
    }
    try {
      const { peaksOf } = await import("shared/recording/peaks");
      const found = await peaksOf(await (await fetch(url)).arrayBuffer());
      setPeaks(found.peaks);
      setLength(found.seconds);
    } catch {
      // it plays without them
    }
  };
  return (
    <div className={styles.voice} data-kefu="voice">
      <button
        type="button"
        className={styles.play}
        aria-label={t(isPlaying ? "conversation:voice.pause" : "conversation:voice.play", {
          time: clockOf(length),
        })}
        onClick={toggle}
      >
        <Icon name={isPlaying ? "pause" : "play"} />
      </button>
      <span className={styles.wave}>
        <svg viewBox={`0 0 ${BARS * 5} 28`} preserveAspectRatio="none" aria-hidden="true">
          <path className={styles.rest} d={waveOf(bars.slice(done), done)} />
          <path d={waveOf(bars.slice(0, done))} />
        </svg>
        <input
          type="range"
          min={0}
          max={length || 1}
          step={STEP_S}
          value={at}
          disabled={!length}
          aria-label={t("conversation:voice.seek")}
          aria-valuetext={time}
          onChange={({ currentTarget }) => {
            setAt(Number(currentTarget.value));
            if (audio.current) {
              audio.current.currentTime = Number(currentTarget.value);
            }
          }}
        />
      </span>
      <span className={styles.time}>{hasFailed ? t("conversation:voice.unplayed") : time}</span>
      {hasFailed && (
        <a href={url} download={name} aria-label={t("conversation:download")}>
          <Icon name="download" />
        </a>
      )}
      {/* biome-ignore lint/a11y/useMediaCaption: what somebody recorded has none */}
      <audio
        ref={audio}
        src={url}
        preload="none"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onTimeUpdate={({ currentTarget }) => setAt(currentTarget.currentTime)}
        onDurationChange={({ currentTarget: { duration } }) =>
          Number.isFinite(duration) && setLength(duration)
        }
        onEnded={() => setAt(0)}
        onError={() => {
          setFailed(true);
          setPlaying(false);
        }}
      />
    </div>
  );
}

/** The last seconds of what is being recorded, as loud as they were. */
export function Wave({ levels }: { readonly levels: readonly number[] }) {
  const shown = levels.slice(-BARS).map((level) => Math.min(100, level * 160));
  const bars = [...barsOf([0], Math.max(0, BARS - shown.length)), ...shown];
  return (
    <span className={styles.wave}>
      <svg viewBox={`0 0 ${BARS * 5} 28`} preserveAspectRatio="none" aria-hidden="true">
        <path d={waveOf(bars)} />
      </svg>
    </span>
  );
}
