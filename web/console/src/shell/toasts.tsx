/** What is said for a few seconds, at the foot: done with a way back, or refused. */
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Button, IconButton } from "../ui/button";
import { Icon } from "../ui/icon";
import styles from "./toasts.module.css";

export function Toasts() {
  const { t } = useTexts();
  const store = useStoreItself();
  const all = useStore(({ toasts }) => toasts.all);
  return (
    <div className={styles.toasts} role="status" aria-label={t("shell:toasts")}>
      {all.map(({ id, key, values, isFault = false, undo }) => (
        <div key={id} className={`${styles.toast} ${isFault ? styles.fault : ""}`}>
          {isFault && <Icon name="warn" />}
          <p>{t(key, values)}</p>
          {undo && (
            <Button
              kind="plain"
              isSmall
              onPress={() => {
                store.toasts.putAway(id);
                undo();
              }}
            >
              {t("shell:undo")}
            </Button>
          )}
          <IconButton
            isSmall
            icon="x"
            label={t("shell:dismiss")}
            onPress={() => store.toasts.putAway(id)}
          />
        </div>
      ))}
    </div>
  );
}
