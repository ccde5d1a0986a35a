/**
 * What is heard, what the system shows, and when neither: for the page of preferences, or by itself.
 *
 * Rules: each counts at once, in every browser of whoever sets it. What the browser itself allows stands
 * beside it, since nothing here changes that.
 */
import { useId, useState } from "react";
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Button } from "../ui/button";
import rows from "../ui/setting.module.css";
import { SwitchRow } from "../ui/switch";
import styles from "./settings.module.css";

const EVENTS = ["offer", "message", "mention"] as const;

/** Its words are those of `sounds`, which are to be learned before. */
export function HearingSettings() {
  return (
    <>
      <Sounds />
      <OfTheSystem />
      <Quiet />
    </>
  );
}

function usePreferences() {
  const store = useStoreItself();
  const now = useStore(({ preferences }) => preferences.now);
  const set: typeof store.preferences.set = (change) =>
    store.preferences.set(change).catch((error) => store.refused(error));
  return { now, set };
}

function Sounds() {
  const { t } = useTexts();
  const { now, set } = usePreferences();
  const hearing = useStore((store) => store.hearing);
  const id = useId();
  const { sounds } = now;
  const [volume, setVolume] = useState<number | null>(null); // while it is moved
  const settle = () => {
    if (volume !== null) {
      setVolume(null);
      void set({ sounds: { ...sounds, volume } });
    }
  };
  return (
    <section className={styles.part} aria-labelledby={id}>
      <h2 id={id}>{t("sounds:settings.sounds")}</h2>
      {EVENTS.map((event) => (
        <SwitchRow
          key={event}
          label={t(`sounds:settings.${event}`)}
          isOn={sounds[event]}
          onChange={(isOn) => void set({ sounds: { ...sounds, [event]: isOn } })}
        />
      ))}
      <SwitchRow
        label={t("sounds:settings.repeat")}
        isOn={sounds.repeat}
        onChange={(repeat) => void set({ sounds: { ...sounds, repeat } })}
      />
      <div className={rows.row}>
        <div className={rows.words}>
          <label htmlFor={`${id}-volume`}>{t("sounds:settings.volume")}</label>
        </div>
        <input
          id={`${id}-volume`}
          className={styles.volume}
          type="range"
          min="0"
          max="100"
          step="5"
          value={volume ?? sounds.volume}
          onChange={({ target }) => setVolume(target.valueAsNumber)}
          onPointerUp={settle}
          onKeyUp={settle}
          onBlur={settle}
        />
        <Button isSmall onPress={() => void hearing?.sample("offer")}>
          {t("sounds:settings.try")}
        </Button>
      </div>
    </section>
  );
}

function OfTheSystem() {
  const { t } = useTexts();
  const { now, set } = usePreferences();
  const hearing = useStore((store) => store.hearing);
  const permission = useStore((store) => store.hearing?.notices.permission ?? "none");
  const id = useId();
  const { notifications } = now;
  return (
    <section className={styles.part} aria-labelledby={id}>
      <h2 id={id}>{t("sounds:why.permission")}</h2>
      {EVENTS.map((event) => (
        <SwitchRow
          key={event}
          label={t(`sounds:settings.${event}`)}
          isOn={notifications[event]}
          onChange={(isOn) => void set({ notifications: { ...notifications, [event]: isOn } })}
        />
      ))}
      <p className={styles.about}>
        <span>{t(`sounds:why.permission.${permission}`)}</span>
        {permission === "default" && (
          <Button isSmall onPress={() => void hearing?.notices.ask()}>
            {t("sounds:fix.permission")}
          </Button>
        )}
      </p>
    </section>
  );
}

const DAYS = [1, 2, 3, 4, 5, 6, 7] as const;
/** 1 January 2024 was a Monday. */
const dayName = (day: number, locale: string) =>
  new Date(2024, 0, day).toLocaleDateString(locale, { weekday: "short" });

function Quiet() {
  const { t, locale } = useTexts();
  const { now, set } = usePreferences();
  const id = useId();
  const quiet = now.quiet_hours;
  const night = () => ({
    begin: "20:00",
    end: "08:00",
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    days: DAYS,
  });
  return (
    <section className={styles.part} aria-labelledby={id}>
      <h2 id={id}>{t("sounds:why.quiet")}</h2>
      <SwitchRow
        label={t("sounds:settings.quiet")}
        about={t("sounds:settings.quiet.about")}
        isOn={quiet !== null}
        onChange={(isOn) => void set({ quiet_hours: isOn ? night() : null })}
      />
      {quiet && (
        <>
          <div className={`${rows.row} ${styles.hours}`}>
            {(["begin", "end"] as const).map((end) => (
              <label key={end}>
                {t(`sounds:settings.${end}`)}
                <input
                  type="time"
                  value={quiet[end]}
                  onChange={({ target }) =>
                    target.value && void set({ quiet_hours: { ...quiet, [end]: target.value } })
                  }
                />
              </label>
            ))}
            <span>{quiet.time_zone}</span>
          </div>
          <div className={`${rows.row} ${styles.days}`}>
            {DAYS.map((day) => (
              <label key={day}>
                <input
                  type="checkbox"
                  checked={quiet.days.includes(day)}
                  onChange={() => {
                    const days = DAYS.filter((one) => quiet.days.includes(one) !== (one === day));
                    void set({ quiet_hours: { ...quiet, days } });
                  }}
                />
                <span>{dayName(day, locale)}</span>
              </label>
            ))}
          </div>
        </>
      )}
    </section>
  );
}
