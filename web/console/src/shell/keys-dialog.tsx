/** All keys, as they are now. */
import { useState } from "react";
import { useAct, useKeys } from "../keys/acts";
import { ACTS } from "../keys/choice";
import { useTexts } from "../texts/texts";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Keys } from "../ui/keys";
import styles from "./keys-dialog.module.css";
import { useRouter } from "./router";

export function KeysDialog() {
  const { t } = useTexts();
  const [isOpen, setOpen] = useState(false);
  const keys = useKeys();
  const router = useRouter();
  useAct("keys", () => setOpen(true));
  return (
    <Dialog title={t("shell:keys")} isOpen={isOpen} onClose={() => setOpen(false)}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t("shell:keys.act")}</th>
            <th scope="col">{t("shell:keys.outside")}</th>
            <th scope="col">{t("shell:keys.anywhere")}</th>
          </tr>
        </thead>
        <tbody>
          {ACTS.map((act) => (
            <tr key={act}>
              <th scope="row">{t(`shell:act.${act}`)}</th>
              <td>{keys[act].outside && <Keys act={act} />}</td>
              <td>
                <Keys act={act} isAnywhere />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button
        className={styles.change}
        onPress={() => {
          router.go({ page: "profile", section: "keys" });
          setOpen(false);
        }}
      >
        {t("shell:keys.change")}
      </Button>
    </Dialog>
  );
}
