/** Files of a message: pictures as pictures, sound to be heard, all else by name and size. */
import type { FileInfo } from "protocol";
import { useTexts } from "../texts/texts";
import { Icon } from "../ui/icon";
import { useLater } from "../ui/later";
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
    return <Sound file={file} url={url} />;
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

interface SoundProps {
  readonly file: FileInfo;
  readonly url: string;
}

function Sound({ file: { name, size, duration_ms = 0, peaks = [] }, url }: SoundProps) {
  const part = useLater(true, () => import("./voice"));
  return (
    <div className={styles.sound}>
      {part && (
        <part.Voice url={url} name={name} size={size} durationMs={duration_ms} peaks={peaks} />
      )}
    </div>
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
