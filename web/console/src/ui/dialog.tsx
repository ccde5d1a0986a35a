/** A dialog over everything: it traps the focus and gives it back, and Escape closes it. */
import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components/Modal";
import { useTexts } from "../texts/texts";
import { IconButton } from "./button";
import styles from "./dialog.module.css";

interface Props {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Dialog({ title, isOpen, onClose, children }: Props) {
  const { t } = useTexts();
  return (
    <ModalOverlay
      className={styles.overlay ?? ""}
      isOpen={isOpen}
      onOpenChange={onClose}
      isDismissable
    >
      <Modal className={styles.modal ?? ""}>
        <AriaDialog className={styles.dialog ?? ""}>
          <header>
            <Heading slot="title">{title}</Heading>
            <IconButton icon="x" isSmall label={t("shell:close")} onPress={onClose} />
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
