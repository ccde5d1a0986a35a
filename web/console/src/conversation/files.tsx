/** Files of a message: pictures as pictures, sound to be heard, all else by name and size. */
import type { FileInfo } from "protocol";
import { useTexts } from "../texts/texts";
import { Icon } from "../ui/icon";
import styles from "./files.module.css";

interface Props {
  readonly files: readonly FileInfo[];
  readonly isOurs: boolean;
}

export function Files({ files, isOurs }: Props) {
  return files.map((file) => <OneFile key={file.id} file={file} isOurs={isOurs} />);
}

function OneFile({ file, isOurs }: { readonly file: FileInfo; readonly isOurs: boolean }) {
  const { t, locale } = useTexts();
  const { name, type, size, url, preview, width, height } = file;
  if (preview) {
    const alt = isOurs ? name : t("conversation:photo", { name });
    return (
      <a className={styles.picture} href={url} target="_blank" rel="noopener" title={name}>
        <img src={preview} alt={alt} width={width} height={height} loading="lazy" />
      </a>
    );
  }
  if (type.startsWith("audio/") && url) {
    return (
      // biome-ignore lint/a11y/useMediaCaption: what somebody recorded has none
      <audio className={styles.sound} src={url} controls preload="none" aria-label={name} />
    );
  }
  return (
    <a className={styles.file} href={url} download={name}>
      <span className={styles.sign}>
        <Icon name="file" />
      </span>
      <span className={styles.words}>
        <b>{name}</b>
        <span>{sizeOf(size, locale)}</span>
      </span>
      <Icon name="download" />
      <span className={styles.unseen}>{t("conversation:download")}</span>
    </a>
  );
}

export function sizeOf(bytes: number, locale: string): string {
  const [value, unit] =
    bytes < 1000
      ? [bytes, "byte"]
      : bytes < 1_000_000
        ? [bytes / 1000, "kilobyte"]
        : [bytes / 1_000_000, "megabyte"];
  const form = { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 } as const;
  return new Intl.NumberFormat(locale, form as Intl.NumberFormatOptions).format(value);
}
