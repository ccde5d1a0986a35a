/** What one hears, and why one heard nothing, each in a dialog. */
import { useTexts } from "../texts/texts";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import styles from "./dialogs.module.css";
import { HearingSettings } from "./settings";

export { CentreDialog } from "./centre-dialog";
export { Why } from "./why";

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onWhy: () => void;
}

export function Settings({ isOpen, onClose, onWhy }: Props) {
  const { t } = useTexts();
  return (
    <Dialog title={t("shell:act.hearing")} isOpen={isOpen} onClose={onClose}>
      <HearingSettings />
      <div className={styles.foot}>
        <Button isSmall onPress={onWhy}>
          {t("sounds:why")}
        </Button>
      </div>
    </Dialog>
  );
}
