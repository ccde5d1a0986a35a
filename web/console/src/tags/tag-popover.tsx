/** The list of tags under what opened it. */
import type { RefObject } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";
import { useTexts } from "../texts/texts";
import { TagChooser } from "./tag-chooser";
import type { Choosing } from "./tag-picker";
import styles from "./tags.module.css";

interface Props extends Choosing {
  readonly button: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

export function TagPopover({ button, onClose, ...choosing }: Props) {
  const { t } = useTexts();
  return (
    <Popover
      className={styles.pop ?? ""}
      triggerRef={button}
      placement="bottom end"
      offset={4}
      isOpen
      onOpenChange={onClose}
    >
      <Dialog aria-label={t("tags:tags")} className={styles.dialog ?? ""}>
        <TagChooser {...choosing} onClose={onClose} />
      </Dialog>
    </Popover>
  );
}
