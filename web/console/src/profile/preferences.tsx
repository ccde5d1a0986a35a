/**
 * How the console looks, how one sends, what is told by letter, and what is heard.
 *
 * Rules: what is chosen counts at once, in every window of whoever chooses, and is taken back with the
 * reason if the server refuses it.
 */
import type { SetPreferences } from "protocol";
import { useContext } from "react";
import { HearingSettings } from "../hearing/settings";
import { ActsContext } from "../keys/acts";
import { useLook } from "../shell/look";
import { DENSITIES, THEMES } from "../shell/theme";
import { useStore, useStoreItself } from "../store/use";
import { LANGUAGES, useTexts } from "../texts/texts";
import { Button } from "../ui/button";
import { SegmentsRow } from "../ui/segments";
import { SwitchRow } from "../ui/switch";
import styles from "./profile.module.css";

const LANGUAGE_NAMES = { "zh-CN": "中文", en: "English" } as const;

export function PreferencesForm() {
  const { t } = useTexts();
  const store = useStoreItself();
  const acts = useContext(ActsContext);
  const { setLanguage } = useLook();
  const isTold = useStore(({ preferences }) => preferences.isTold);
  const now = useStore(({ preferences }) => preferences.now);
  if (!isTold) {
    return <NotTold />;
  }
  const prefer = (change: SetPreferences) => {
    store.preferences.set(change).catch((error) => store.refused(error));
  };
  const { mail } = now;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <>
      <div className={styles.part}>
        <h3>{t("profile:look")}</h3>
        <SegmentsRow
          label={t("shell:language")}
          about={t("profile:zone", { zone })}
          options={[
            { id: "browser", label: t("profile:language.browser") },
            ...LANGUAGES.map((id) => ({ id, label: LANGUAGE_NAMES[id], lang: id })),
          ]}
          value={now.language ?? "browser"}
          onChange={(id) => setLanguage(id === "browser" ? null : id)}
        />
        <SegmentsRow
          label={t("shell:theme")}
          options={THEMES.map((id) => ({ id, label: t(`profile:theme.${id}`) }))}
          value={now.theme}
          onChange={(theme) => prefer({ theme })}
        />
        <SegmentsRow
          label={t("profile:density")}
          about={t("profile:density.about")}
          options={DENSITIES.map((id) => ({ id, label: t(`profile:density.${id}`) }))}
          value={now.density}
          onChange={(density) => prefer({ density })}
        />
      </div>
      <div className={styles.part}>
        <h3>{t("profile:writing")}</h3>
        <SegmentsRow
          label={t("profile:send")}
          about={t(`profile:send.${now.send_with}.about`)}
          options={(["enter", "ctrl_enter"] as const).map((id) => ({
            id,
            label: t(`profile:send.${id}`),
          }))}
          value={now.send_with}
          onChange={(send_with) => prefer({ send_with })}
        />
      </div>
      <div className={styles.part}>
        <h3>{t("profile:mail")}</h3>
        <p className={styles.about}>{t("profile:mail.about")}</p>
        {(["waiting", "answers"] as const).map((what) => (
          <SwitchRow
            key={what}
            label={t(`profile:mail.${what}`)}
            about={t(`profile:mail.${what}.about`)}
            isOn={mail[what]}
            onChange={(isOn) => prefer({ mail: { ...mail, [what]: isOn } })}
          />
        ))}
      </div>
      <div className={styles.part}>
        <HearingSettings />
        <div className={styles.more}>
          <Button onPress={() => acts.run("why")}>{t("sounds:why")}</Button>
        </div>
      </div>
    </>
  );
}

/** What one prefers is not here yet: nothing is shown that one would change unseen. */
export function NotTold() {
  const { t } = useTexts();
  const isLive = useStore(({ client }) => client.status === "live");
  return (
    <p className={styles.about} role="status">
      {t(isLive ? "shell:loading" : "profile:offline")}
    </p>
  );
}
