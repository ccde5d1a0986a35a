/**
 * A voice note as it is recorded, in the composer's place: recording, listened to, sent.
 *
 * Rules: the microphone is asked for by a press and let go as soon as recording ends. Without it, what
 * to do is said in words. A recording that is too long ends by itself and is not lost; nothing is sent
 * that one did not send.
 */
import { Recording, type State } from "shared/recording/recording";
import { barsOf, clockOf, waveOf } from "shared/recording/wave";
import type { App } from "../app";
import { Drawn, Icon } from "../parts/icon";
import { Voice } from "../rich/voice";
import type { TextKey } from "../texts";

const BARS = 34;
const STOP = "M6 6h8v8H6z";

export class Recorder {
  private readonly app: App;
  private readonly recording: Recording;

  constructor(app: App) {
    this.app = app;
    this.recording = new Recording({
      shown: () => {
        if (this.recording.state.is === "recording") {
          app.announce(app.text("record.on"));
        }
        app.changed();
        queueMicrotask(() => this.focus());
      },
      ticked: () => app.changed(),
      full: () => app.announce(app.text("record.full")),
      sent: (file, sounding) => {
        app.show("talk");
        void app.upload.get().then((upload) => upload.addVoice(file, sounding));
      },
    });
  }

  start(): Promise<void> {
    return this.recording.start();
  }

  stop(): void {
    this.recording.stop();
  }

  /** In the composer's place; undefined: nothing is recorded. */
  foot() {
    const { app } = this;
    const { state } = this.recording;
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
    const isOn = this.recording.state.is !== "off";
    if (isOn) {
      this.cancel();
    }
    return isOn;
  }

  private cancel(): void {
    this.recording.cancel();
    queueMicrotask(() => this.app.composer?.focus());
  }

  private middle(state: State) {
    const { app, recording } = this;
    switch (state.is) {
      case "failed":
        return (
          <p class="k-grow" role="alert">
            {app.text(`record.${state.why}`)}
          </p>
        );
      case "asking":
        return <p class="k-grow">{app.text("record.asking")}</p>;
      case "recording":
        return (
          <>
            <Wave levels={recording.levels} />
            <span class="k-num" role="timer">
              {clockOf(recording.seconds)}
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
              file={{ id: 0, url: state.url, size: state.file.size, ...recording.sounding }}
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
    const act = () => {
      this.recording.send();
      queueMicrotask(() => this.app.composer?.focus());
    };
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
