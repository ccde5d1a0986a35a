/** The frame of the first run: its four steps, and the site beside them. */
import type { ReactNode } from "react";
import { LanguageSwitch } from "../shell/switches";
import { useTexts } from "../texts/texts";
import { Icon } from "../ui/icon";
import styles from "./steps.module.css";

interface Props {
  /** The visitors' side of it; left out, it is still empty. */
  readonly site?: ReactNode;
  readonly children: ReactNode;
}

export function FirstRun({ site, children }: Props) {
  const { t } = useTexts();
  return (
    <div className={styles.first}>
      <div className={styles.left}>
        <p className={styles.brand}>
          <img src="/icon.svg" alt="" width="28" height="28" />
          Kefu
        </p>
        <div className={styles.middle}>
          <h1>{t("welcome:title")}</h1>
          <p className={styles.about}>{t("welcome:about")}</p>
          <ol className={styles.steps}>{children}</ol>
        </div>
        <div className={styles.foot}>
          <LanguageSwitch />
        </div>
      </div>
      <aside className={styles.site} aria-label={t("welcome:preview")}>
        <div className={styles.browser}>
          <p className={styles.bar}>
            <Icon name="globe" />
            {t("welcome:preview.about")}
          </p>
          {site ?? <div className={styles.empty} />}
        </div>
      </aside>
    </div>
  );
}

interface StepProps {
  readonly number: number;
  readonly state: "done" | "now" | "later";
  readonly title: string;
  /** Behind the title: what was chosen. */
  readonly chosen?: string | undefined;
  readonly about?: string | undefined;
  readonly children?: ReactNode;
}

export function Step({ number, state, title, chosen, about, children }: StepProps) {
  const { t } = useTexts();
  const isDone = state === "done";
  return (
    <li className={`${styles.step} ${styles[state]}`} aria-current={state === "now" && "step"}>
      {isDone ? (
        <span className={styles.number} role="img" aria-label={t("welcome:done")}>
          <Icon name="check" />
        </span>
      ) : (
        <span className={styles.number} aria-hidden="true">
          {number}
        </span>
      )}
      <div className={styles.what}>
        <h2>
          {title}
          {chosen && <span className={styles.chosen}>{chosen}</span>}
        </h2>
        {about && <p className={styles.about}>{about}</p>}
        {children}
      </div>
    </li>
  );
}
