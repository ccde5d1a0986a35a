/** What goes with the next message: each file with how far it is, or why it was not taken. */
import { sizeOf } from "../conversation/files";
import type { Attachment } from "../store/attachments";
import { useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { IconButton } from "../ui/button";
import { Icon } from "../ui/icon";
import styles from "./tray.module.css";

interface Props {
  readonly conversation: number;
  readonly files: readonly Attachment[];
}

export function Tray({ conversation, files }: Props) {
  const { t } = useTexts();
  return (
    <ul className={styles.tray} aria-label={t("composer:files")}>
      {files.map((one) => (
        <OneFile key={one.id} conversation={conversation} file={one} />
      ))}
    </ul>
  );
}

function OneFile({ conversation, file }: { conversation: number; file: Attachment }) {
  const { t } = useTexts();
  const { attachments } = useStoreItself();
  const { id, name, picture, fault, info } = file;
  const state = fault ? "failed" : info ? "attached" : "sending";
  return (
    <li
      className={`${styles.file} ${fault ? styles.failed : ""}`}
      data-kefu="attachment"
      data-state={state}
    >
      {picture ? (
        <img src={picture} alt="" />
      ) : (
        <span className={styles.sign}>
          <Icon name={fault ? "warn" : "file"} />
        </span>
      )}
      <span className={styles.words}>
        <b dir="auto" title={name}>
          {name}
        </b>
        {fault ? <span role="alert">{t(fault.key, fault.values)}</span> : <HowFar file={file} />}
      </span>
      {fault?.isPassing && (
        <IconButton
          icon="retry"
          label={t("composer:file.retry", { name })}
          isSmall
          onPress={() => attachments.retry(conversation, id)}
        />
      )}
      <IconButton
        icon="x"
        label={t("composer:file.cancel", { name })}
        isSmall
        onPress={() => attachments.cancel(id)}
      />
    </li>
  );
}

function HowFar({ file: { name, bytes, sent, info } }: { file: Attachment }) {
  const { t, locale } = useTexts();
  const all = sizeOf(bytes, locale);
  return info ? (
    <span>{all}</span>
  ) : (
    <>
      <span>{t("composer:file.sent", { done: sizeOf(sent, locale), all })}</span>
      <progress aria-label={name} value={sent} max={bytes || 1} />
    </>
  );
}
