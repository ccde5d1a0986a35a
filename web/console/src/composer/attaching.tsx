/** Files for what is being written: chosen by the clip, pasted, or let go over the page. */
import type { FileInfo } from "protocol";
import { type ClipboardEvent, type ReactElement, useRef, useState } from "react";
import type { Sounding } from "shared/recording/recording";
import type { Attachment } from "../store/attachments";
import type { Mode } from "../store/drafts";
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { IconButton } from "../ui/button";
import { useLater } from "../ui/later";
import { useDropping } from "./dropping";

/** The server's own default, until it has said another. */
const MOST_FILES = 10;

export interface Attaching {
  readonly files: readonly Attachment[];
  /** The server has not got them all. */
  readonly isWaiting: boolean;
  /** Some are dragged over the page now. */
  readonly isOver: boolean;
  add(files: readonly File[]): void;
  paste(event: ClipboardEvent): void;
  /** Their ids, for the message that is sent now. */
  take(): { readonly files?: readonly number[] };
}

export function useAttaching(conversation: number, mode: Mode, added: () => void): Attaching {
  const { attachments, client, toasts } = useStoreItself();
  const files = useStore((store) => store.attachments.of(conversation, mode));
  const add = (given: readonly File[]) => {
    const most = client.limits?.message_files ?? MOST_FILES;
    const room = Math.max(0, most - files.length);
    attachments.add(conversation, mode, given.slice(0, room));
    if (given.length > room) {
      toasts.show({ key: "composer:file.most", values: { count: most }, isFault: true });
    }
    added();
  };
  return {
    files,
    isWaiting: files.some(({ info }) => !info),
    isOver: useDropping(add),
    add,
    paste: (event) => {
      const { files: pasted, types } = event.clipboardData;
      // An office program puts a picture of the text beside the text.
      if (pasted.length && !types.includes("text/plain")) {
        event.preventDefault();
        add([...pasted]);
      }
    },
    take: () => (files.length ? { files: attachments.take(conversation, mode) } : {}),
  };
}

interface AttachedProps {
  readonly conversation: number;
  readonly files: readonly Attachment[];
}

export function Attached({ conversation, files }: AttachedProps) {
  const part = useLater(files.length > 0, () => import("./tray"));
  return part && files.length > 0 && <part.Tray conversation={conversation} files={files} />;
}

export function AttachButton({ add }: Pick<Attaching, "add">) {
  const { t } = useTexts();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton
        icon="clip"
        label={t("composer:attach")}
        isSmall
        data-kefu="attach"
        onPress={() => picker.current?.click()}
      />
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          add([...(currentTarget.files ?? [])]);
          currentTarget.value = "";
        }}
      />
    </>
  );
}

export interface Speaking {
  readonly isOn: boolean;
  readonly part: ReactElement | null;
  start(): void;
}

/** A voice note: a reply goes by itself, what is for a note is attached to it. */
export function useSpeaking(conversation: number, mode: Mode, done: () => void): Speaking {
  const { attachments, client } = useStoreItself();
  const [isOn, setOn] = useState(false);
  const part = useLater(isOn, () => import("./voice-note"));
  const send = (file: File, sounding: Sounding) => {
    const then = ({ id }: FileInfo) => void client.say("", conversation, { files: [id] });
    attachments.add(conversation, mode, [file], { sounding, ...(mode === "reply" && { then }) });
  };
  const close = () => {
    setOn(false);
    done();
  };
  return {
    isOn,
    part: part && isOn ? <part.VoiceNote send={send} onClose={close} /> : null,
    start: () => setOn(true),
  };
}
