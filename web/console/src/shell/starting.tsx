/** Before it is known who one is. Nothing for a moment, then the columns' shape. */
import { useTexts } from "../texts/texts";
import styles from "./starting.module.css";

export function Starting() {
  const { t } = useTexts();
  return (
    <div className={styles.starting} role="status">
      <p>{t("shell:starting")}</p>
    </div>
  );
}
