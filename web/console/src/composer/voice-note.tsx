/**
 * A voice note as it is recorded, in the place of the composer's buttons: fetched with the first press.
 *
 * Rules: what is recorded can be heard before it goes; Escape throws it away. Without a microphone it is
 * said what to do (shared/recording has the rest).
 */
import { type KeyboardEvent, useEffect, useReducer, useRef, useState } from "react";
import { Recording, type Sounding } from "shared/recording/recording";
import { clockOf } from "shared/recording/wave";
import { Voice, Wave } from "../conversation/voice";
import { useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Button, IconButton } from "../ui/button";
import styles from "./voice-note.module.css";

interface Props {
  readonly send: (file: File, sounding: Sounding) => void;
  readonly onClose: () => void;
}

export function VoiceNote({ send, onClose }: Props) {
  const { t } = useTexts();
  const { toasts } = useStoreItself();
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const place = useRef<HTMLElement>(null);
  const hears = useRef({ send, onClose });
  hears.current = { send, onClose };
  const [recording] = useState(
    () =>
      new Recording({
        shown: draw,
        ticked: draw,
        full: () => toasts.show({ key: "composer:record.full" }),
        sent: (file, sounding) => {
          hears.current.send(file, sounding);
          hears.current.onClose();
        },
      }),
  );
  useEffect(() => {
    void recording.start();
    return () => recording.cancel();
  }, [recording]);
  const { is } = recording.state;
  // What one had pressed may not be there any more.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each state
  useEffect(() => {
    if (!place.current?.contains(document.activeElement)) {
      place.current?.querySelector<HTMLElement>("[data-kefu=send], button")?.focus();
    }
  }, [is]);
  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      onClose();
    }
  };
  return (
    <section
      ref={place}
      className={styles.note}
      aria-label={t("composer:record")}
      onKeyDown={press}
    >
      <IconButton icon="x" isSmall label={t("composer:record.cancel")} onPress={onClose} />
      <Middle recording={recording} />
      {(is === "recording" || is === "recorded") && (
        <Button isSmall kind="solid" data-kefu="send" onPress={() => sendIt(recording, onClose)}>
          {t("composer:send")}
        </Button>
      )}
    </section>
  );
}

/** A press that was no word leaves nothing. */
function sendIt(recording: Recording, onClose: () => void): void {
  recording.send();
  if (recording.state.is === "off") {
    onClose();
  }
}

function Middle({ recording }: { readonly recording: Recording }) {
  const { t } = useTexts();
  const { state, levels, seconds, sounding } = recording;
  switch (state.is) {
    case "failed":
      return (
        <p className={styles.words} role="alert">
          {t(
            state.why === "missing" && !isSecureContext
              ? "composer:record.insecure" // browsers hide all microphones from plain http
              : `composer:record.${state.why}`,
          )}
        </p>
      );
    case "recording":
      return (
        <>
          <Wave levels={levels} />
          <span className={styles.time} role="timer" aria-label={t("composer:record.on")}>
            {clockOf(seconds)}
          </span>
          <IconButton
            icon="stop"
            isSmall
            label={t("composer:record.stop")}
            onPress={() => recording.stop()}
          />
        </>
      );
    case "recorded":
      return (
        <Voice
          url={state.url}
          name={state.file.name}
          size={state.file.size}
          durationMs={sounding.duration_ms}
          peaks={sounding.peaks}
        />
      );
    default:
      return <p className={styles.words}>{t("composer:record.asking")}</p>;
  }
}
