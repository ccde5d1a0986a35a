/**
 * The keys of every act: changed, switched off, put back.
 *
 * Rules: a chord is chosen by pressing it; meanwhile no key does anything else. One that cannot be chosen
 * says why, one that another act has says which, beside the row; taken from there it is that act's no
 * more. What is chosen counts at once, in every window of whoever chooses.
 */
import { useEffect, useEffectEvent, useState } from "react";
import {
  ACTS,
  type Choice,
  chordAt,
  holderOf,
  holderOfUsual,
  isUsual,
  type Place,
  putBack,
  SLOTS,
  takeChord,
  withChord,
} from "../keys/choice";
import { type Act, type Chord, namesOf } from "../keys/keys";
import { type Recorded, record } from "../keys/recording";
import { type Reason, refusalOf } from "../keys/refusal";
import { isMac } from "../keys/system";
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Button, IconButton } from "../ui/button";
import { ChordKeys } from "../ui/keys";
import { SwitchRow } from "../ui/switch";
import styles from "./keys.module.css";
import { NotTold } from "./preferences";
import parts from "./profile.module.css";

/** What is said beneath an act. */
interface Said {
  readonly act: Act;
  readonly chord: Chord;
  readonly reason?: Reason;
  /** Who has the chord, and how it is taken from there. */
  readonly holder?: Place;
  readonly take?: (choice: Choice) => Choice;
}

export function KeysForm() {
  const { t } = useTexts();
  const store = useStoreItself();
  const isTold = useStore(({ preferences }) => preferences.isTold);
  const choice: Choice = useStore(({ preferences }) => preferences.now.keys ?? NONE);
  const hasSingle = useStore(({ preferences }) => preferences.now.keys_on ?? true);
  const [recording, setRecording] = useState<Place | null>(null);
  const [said, setSaid] = useState<Said | null>(null);
  const prefer = (change: Parameters<typeof store.preferences.set>[0]) => {
    store.preferences.set(change).catch((error) => store.refused(error));
  };
  const keep = (keys: Choice) => {
    setSaid(null);
    prefer({ keys });
  };
  const hear = useEffectEvent((recorded: Recorded) => {
    if (!recording || recorded.kind === "left") {
      setRecording(null);
      setSaid(null);
      return;
    }
    const chord = recorded.kind === "chord" ? recorded.chord : "";
    const reason = chord ? refusalOf(chord, recording.slot) : "alt-gr";
    if (reason) {
      setSaid({ act: recording.act, chord, reason }); // another can be pressed at once
      return;
    }
    setRecording(null);
    const holder = holderOf(choice, chord, recording);
    if (holder) {
      const take = (now: Choice) => takeChord(now, recording, chord);
      setSaid({ act: recording.act, chord, holder, take });
    } else {
      keep(withChord(choice, recording, chord));
    }
  });
  useEffect(() => (recording ? record(window, isMac, hear) : undefined), [recording]);
  if (!isTold) {
    return <NotTold />;
  }
  const restore = (act: Act) => {
    const holder = holderOfUsual(choice, act);
    if (holder) {
      const take = (now: Choice) => putBack(now, act);
      setSaid({ act, chord: chordAt({}, holderless(choice, act)), holder, take });
    } else {
      keep(putBack(choice, act));
    }
  };
  return (
    <>
      <div className={parts.part}>
        <SwitchRow
          label={t("profile:keys.single")}
          about={t("profile:keys.single.about")}
          isOn={hasSingle}
          onChange={(keys_on) => prefer({ keys_on })}
        />
      </div>
      <div className={parts.part}>
        <p className={parts.about}>{t("profile:keys.about")}</p>
        <table className={styles.table} data-single={hasSingle}>
          <thead>
            <tr>
              <th scope="col">{t("shell:keys.act")}</th>
              <th scope="col">{t("shell:keys.outside")}</th>
              <th scope="col">{t("shell:keys.anywhere")}</th>
              <td />
            </tr>
          </thead>
          {ACTS.map((act) => (
            <tbody key={act} data-act={act}>
              <tr>
                <th scope="row">{t(`shell:act.${act}`)}</th>
                {SLOTS.map((slot) => (
                  <Cell
                    key={slot}
                    place={{ act, slot }}
                    chord={chordAt(choice, { act, slot })}
                    isRecording={recording?.act === act && recording.slot === slot}
                    onRecord={(isOn) => {
                      setSaid(null);
                      setRecording(isOn ? { act, slot } : null);
                    }}
                    onOff={() => keep(withChord(choice, { act, slot }, ""))}
                  />
                ))}
                <td className={styles.back}>
                  {!isUsual(choice, act) && (
                    <IconButton
                      icon="retry"
                      isSmall
                      label={t("profile:keys.back", { act: t(`shell:act.${act}`) })}
                      onPress={() => restore(act)}
                    />
                  )}
                </td>
              </tr>
              {said?.act === act && <Message said={said} onTake={(take) => keep(take(choice))} />}
            </tbody>
          ))}
        </table>
        {Object.keys(choice).length > 0 && (
          <Button className={styles.all} onPress={() => keep({})}>
            {t("profile:keys.back.all")}
          </Button>
        )}
      </div>
    </>
  );
}

const NONE: Choice = {};

/** Where a usual key of the act stands that another has by now. */
function holderless(choice: Choice, act: Act): Place {
  const slot = SLOTS.find((one) => {
    const usual = chordAt({}, { act, slot: one });
    return usual && holderOf(choice, usual, { act, slot: one });
  });
  return { act, slot: slot ?? "outside" };
}

interface CellProps {
  readonly place: Place;
  readonly chord: Chord;
  readonly isRecording: boolean;
  readonly onRecord: (isOn: boolean) => void;
  readonly onOff: () => void;
}

function Cell({ place, chord, isRecording, onRecord, onOff }: CellProps) {
  const { t } = useTexts();
  const act = t(`shell:act.${place.act}`);
  const column = t(`shell:keys.${place.slot}`);
  const keys = chord ? namesOf(chord, isMac).join(" ") : t("profile:keys.none");
  return (
    <td data-slot={place.slot}>
      <span className={styles.cell}>
        <button
          type="button"
          className={styles.key}
          data-recording={isRecording}
          onClick={() => onRecord(!isRecording)}
          onBlur={() => isRecording && onRecord(false)}
        >
          {isRecording ? (
            t("profile:keys.press")
          ) : (
            <>
              <span className={styles.unseen}>{t("profile:keys.of", { act, column, keys })}</span>
              {chord ? <ChordKeys chord={chord} /> : <span aria-hidden="true">–</span>}
            </>
          )}
        </button>
        {chord && !isRecording && (
          <IconButton
            icon="x"
            isSmall
            className={styles.off}
            label={t("profile:keys.off", { act, keys })}
            onPress={onOff}
          />
        )}
        <span className={styles.unseen} role="status">
          {isRecording && t("profile:keys.recording", { act })}
        </span>
      </span>
    </td>
  );
}

interface MessageProps {
  readonly said: Said;
  readonly onTake: (take: (choice: Choice) => Choice) => void;
}

/** Why it was not chosen, beneath its row. */
function Message({ said, onTake }: MessageProps) {
  const { t } = useTexts();
  const { chord, reason, holder, take } = said;
  const keys = chord && namesOf(chord, isMac).join(" ");
  return (
    <tr>
      <td colSpan={4} className={styles.message}>
        <span role="alert">
          {reason && t(`profile:refusal.${reason}`, { keys })}
          {holder && t("profile:keys.held", { keys, act: t(`shell:act.${holder.act}`) })}
        </span>{" "}
        {take && (
          <Button isSmall onPress={() => onTake(take)}>
            {t("profile:keys.take")}
          </Button>
        )}
      </td>
    </tr>
  );
}
