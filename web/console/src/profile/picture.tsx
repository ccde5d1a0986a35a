/**
 * One's picture: chosen, moved until the right square of it shows, sent, taken away.
 *
 * Rules: what is sent is the square alone, drawn anew in this browser, so nothing else of the file (where
 * it was taken, say) leaves it. The server makes it small and keeps that.
 */
import { Unanswered } from "client/wire";
import type { AgentInfo, Refusal } from "protocol";
import { useEffect, useRef, useState } from "react";
import { prepare } from "shared/upload/prepare";
import { useStore, useStoreItself } from "../store/use";
import { type TextKey, useTexts } from "../texts/texts";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import styles from "./profile.module.css";
import { squareOf } from "./square";

/** Twice what the server keeps. */
const SIDE_PX = 256;
const KINDS = "image/png,image/jpeg,image/webp,image/gif,image/bmp,image/heic";

const FAULTS: Readonly<Partial<Record<Refusal["code"], TextKey>>> = {
  bad_input: "profile:picture.none",
  too_large: "profile:picture.none",
  too_many: "account:fault.too-many",
};

export function PictureForm() {
  const { t } = useTexts();
  const store = useStoreItself();
  const me = useStore((one) => one.me);
  const picture = useStore(({ directory }) => directory.me?.agent?.avatar);
  const [bitmap, setBitmap] = useState<ImageBitmap | null>(null);
  const [fault, setFault] = useState<TextKey | null>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const choose = async (file: File) => {
    setFault(null);
    try {
      setBitmap(await createImageBitmap((await prepare(file)).blob));
    } catch {
      setFault("profile:picture.none");
    }
  };
  const remove = async () => {
    setFault(null);
    try {
      store.directory.know(await store.client.call("agent.remove_avatar", {}));
    } catch (error) {
      if (!(error instanceof Unanswered)) {
        throw error;
      }
      setFault("account:fault.unreachable");
    }
  };
  return (
    <div className={styles.picture}>
      {bitmap ? (
        <Crop bitmap={bitmap} onDone={() => setBitmap(null)} onFault={setFault} />
      ) : (
        <>
          <Avatar name={me.name} id={me.id ?? 0} size={64} picture={picture} />
          <div className={styles.acts}>
            <Button onPress={() => chooser.current?.click()}>{t("profile:picture.choose")}</Button>
            {picture && (
              <Button kind="plain" onPress={() => void remove()}>
                {t("profile:picture.remove")}
              </Button>
            )}
          </div>
        </>
      )}
      {/* Pressed by the button: one of the browser's own speaks its language. */}
      <input
        ref={chooser}
        hidden
        type="file"
        accept={KINDS}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          target.value = ""; // the same can be chosen again
          if (file) {
            void choose(file);
          }
        }}
      />
      {fault && (
        <p className={styles.fault} role="alert">
          {t(fault)}
        </p>
      )}
    </div>
  );
}

interface CropProps {
  readonly bitmap: ImageBitmap;
  readonly onDone: () => void;
  readonly onFault: (fault: TextKey | null) => void;
}

function Crop({ bitmap, onDone, onFault }: CropProps) {
  const { t } = useTexts();
  const store = useStoreItself();
  const [at, setAt] = useState(0.5);
  const [isBusy, setBusy] = useState(false);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const { x, y, side } = squareOf(bitmap.width, bitmap.height, at);
    const pen = canvas.current?.getContext("2d");
    pen?.clearRect(0, 0, SIDE_PX, SIDE_PX);
    pen?.drawImage(bitmap, x, y, side, side, 0, 0, SIDE_PX, SIDE_PX);
  }, [bitmap, at]);
  const send = async () => {
    setBusy(true);
    onFault(null);
    const answer = await put(canvas.current);
    setBusy(false);
    if ("id" in answer) {
      store.directory.know(answer);
      onDone();
    } else {
      onFault(FAULTS[answer.code] ?? "account:fault.unreachable");
    }
  };
  return (
    <>
      <canvas
        ref={canvas}
        className={styles.crop}
        width={SIDE_PX}
        height={SIDE_PX}
        role="img"
        aria-label={t("profile:picture.preview")}
      />
      <div>
        {bitmap.width !== bitmap.height && (
          <label className={styles.slider}>
            {t("profile:picture.move")}
            <input
              type="range"
              min="0"
              max="1"
              step="0.01"
              value={at}
              onChange={({ target }) => setAt(Number(target.value))}
            />
          </label>
        )}
        <span className={styles.acts}>
          <Button kind="solid" isDisabled={isBusy} onPress={() => void send()}>
            {t("profile:picture.use")}
          </Button>
          <Button kind="plain" onPress={onDone}>
            {t("profile:cancel")}
          </Button>
        </span>
      </div>
    </>
  );
}

/** Who one is then, or why it was not taken. */
async function put(
  canvas: HTMLCanvasElement | null,
): Promise<AgentInfo | { code: Refusal["code"] }> {
  const blob = await new Promise<Blob | null>((resolve) => canvas?.toBlob(resolve, "image/png"));
  try {
    const headers = { "content-type": "application/octet-stream" };
    const answer = await fetch("/api/v1/me/avatar", { method: "PUT", headers, body: blob });
    const said = await answer.json();
    return answer.ok ? said : { code: said.error.code };
  } catch {
    return { code: "gone" };
  }
}
