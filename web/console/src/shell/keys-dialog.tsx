/** All keys, as they are now. */
import { useState } from "react";
import { useAct } from "../keys/acts";
import { type Act, KEYS } from "../keys/keys";
import { useTexts } from "../texts/texts";
import { Dialog } from "../ui/dialog";
import { Keys } from "../ui/keys";
import styles from "./keys-dialog.module.css";

export function KeysDialog() {
  const { t } = useTexts();
  const [isOpen, setOpen] = useState(false);
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
          {(Object.keys(KEYS) as Act[]).map((act) => (
            <tr key={act}>
              <th scope="row">{t(`shell:act.${act}`)}</th>
              <td>{KEYS[act].outside && <Keys act={act} />}</td>
              <td>
                <Keys act={act} isAnywhere />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
