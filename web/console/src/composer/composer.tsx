/**
 * Where one answers, or writes a note for the team.
 *
 * Rules: Reply comes first; a note turns the whole box yellow, so that nobody takes one for the other.
 * What is written is kept within 400 ms, for each conversation and for reply and note apart. Nothing
 * is lost by sending: what goes out waits in the outbox until it is stored. What has files is sent when
 * the server has them all.
 */
import type { Chat } from "client";
import {
  type FormEvent,
  type KeyboardEvent,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useAct, useKeys } from "../keys/acts";
import { namesOf } from "../keys/keys";
import { isMac } from "../keys/system";
import type { Mode } from "../store/drafts";
import { useStore, useStoreItself } from "../store/use";
import { type TextKey, useTexts, type Values } from "../texts/texts";
import { Button, IconButton } from "../ui/button";
import { AttachButton, Attached, useAttaching, useSpeaking } from "./attaching";
import { begin, useCompleting } from "./completing";
import styles from "./composer.module.css";
import { EmojiButton } from "./emoji-button";
import { useFilling } from "./filling";
import { overBy } from "./length";
import { colleagues, mentionedIn } from "./mentions";
import { MoreButton } from "./more-button";
import { QuoteStrip, useQuoting } from "./quoting";

const KEPT_MS = 300;

export function Composer({ chat }: { readonly chat: Chat }) {
  const { t } = useTexts();
  const store = useStoreItself();
  const [mode, setMode] = useState<Mode>("reply");
  const field = useRef<HTMLTextAreaElement>(null);
  const draft = useDraft(chat.id, mode);
  const status = useStore((one) => one.conversation(chat.id)?.status);
  const wants = useStore(({ focus }) => focus === chat.id);
  const isByEnter = useStore(({ preferences }) => preferences.now.send_with === "enter");
  const attaching = useAttaching(chat.id, mode, () => field.current?.focus());
  const speaking = useSpeaking(chat.id, mode, () => field.current?.focus());
  const quoting = useQuoting(chat, mode);
  const completing = useCompleting({ chat, mode, text: draft.text, field });
  const isEmpty = !draft.text.trim() && !attaching.files.length;
  const over = overBy(draft.text);
  const isReady = !isEmpty && !attaching.isWaiting && over === 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is as high as its text
  useLayoutEffect(() => fit(field.current), [draft.text, mode]);
  useEffect(() => {
    if (wants) {
      const { focusMode } = store;
      setMode((now) => focusMode ?? now);
      field.current?.focus();
      store.wantFocus(null);
    }
  }, [wants, store]);
  const go = (to: Mode) => () => {
    setMode(to);
    field.current?.focus();
  };
  const filling = useFilling(chat, draft.text);
  const send = (isLast = false) => {
    const text = isReady ? filling.take() : null;
    if (text === null) {
      return;
    }
    const more = { ...attaching.take(), ...quoting.take() };
    if (mode === "note") {
      const { directory, me } = store;
      const inbox = store.conversation(chat.id)?.inbox;
      const named = mentionedIn(text, colleagues(directory.agents.values(), inbox, me.id));
      chat.note(text, { ...more, ...(named.length && { mentions: named }) });
    } else {
      chat.say(text, more);
    }
    draft.put("");
    if (isLast && mode === "reply") {
      void store.change(
        chat.id,
        { status: "resolved" },
        "conversation.set_status",
        { conversation: chat.id, status: "resolved" },
        { key: "conversation:done.resolved" },
      );
    }
  };
  useAct("reply", go("reply"));
  useAct("note", go("note"));
  useAct("switch", go(mode === "reply" ? "note" : "reply"));
  useAct("send", () => send());
  useAct("send-resolve", status === "open" && isReady ? () => send(true) : null);
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (completing.press(event)) {
      return;
    }
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    if (event.key === "Enter" && isPlain && isByEnter) {
      event.preventDefault();
      send();
    }
    if (event.key === "Escape") {
      event.currentTarget.blur();
    }
  };
  const label = t(mode === "note" ? "composer:note" : "composer:reply");
  return (
    <form
      className={classOf(mode, attaching.isOver)}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        send();
        field.current?.focus(); // the button, which was pressed, can be pressed no more
      }}
    >
      {completing.list}
      <div className={styles.modes}>
        <Modes mode={mode} go={go} />
        <span className={styles.state} role="status">
          <State
            mode={mode}
            isKept={draft.isKept && draft.text.trim() !== ""}
            isOver={attaching.isOver}
            over={over}
          />
        </span>
      </div>
      <QuoteStrip quoting={quoting} />
      <textarea
        ref={field}
        value={draft.text}
        aria-label={label}
        placeholder={t(mode === "note" ? "composer:note.hint" : "composer:reply.hint")}
        rows={1}
        dir="auto"
        data-kefu="composer"
        onChange={(event) => {
          draft.put(event.target.value);
          completing.move(event.target.selectionStart);
          chat.type();
        }}
        {...completing.described}
        onSelect={({ currentTarget }) => completing.move(currentTarget.selectionStart)}
        onBlur={() => completing.move(null)}
        onKeyDown={press}
        onPaste={attaching.paste}
      />
      {filling.untold && (
        <p className={styles.told} role="alert">
          {t("composer:variables.unknown", { names: filling.untold })}
        </p>
      )}
      <Attached conversation={chat.id} files={attaching.files} />
      {speaking.part ?? (
        <div className={styles.bar}>
          <AttachButton add={attaching.add} />
          <EmojiButton field={field} />
          {mode === "reply" && (
            <MoreButton chat={chat} text={draft.text} sent={() => draft.put("")} />
          )}
          <IconButton
            icon="slash"
            label={t("composer:canned")}
            isSmall
            data-kefu="canned"
            onPress={() => field.current && begin(field.current, "/")}
          />
          <IconButton
            icon="mic"
            label={t("composer:record")}
            isSmall
            data-kefu="record"
            onPress={speaking.start}
          />
          <Hint isByEnter={isByEnter} isWaiting={attaching.isWaiting} />
          <Button
            type="submit"
            kind="solid"
            isSmall
            act="send"
            data-kefu="send"
            isDisabled={!isReady}
          >
            {t(mode === "note" ? "composer:add" : "composer:send")}
          </Button>
        </div>
      )}
    </form>
  );
}

function Modes({ mode, go }: { readonly mode: Mode; readonly go: (to: Mode) => () => void }) {
  const { t } = useTexts();
  return (["reply", "note"] as const).map((one) => (
    <button
      key={one}
      type="button"
      aria-pressed={mode === one}
      data-kefu={one === "note" ? "note" : undefined}
      onClick={go(one)}
    >
      {t(`composer:${one}`)}
    </button>
  ));
}

interface StateProps {
  readonly mode: Mode;
  readonly isKept: boolean;
  readonly isOver: boolean;
  /** By how many characters it is too long. */
  readonly over: number;
}

function State({ mode, isKept, isOver, over }: StateProps) {
  const { t } = useTexts();
  if (over) {
    return <span className={styles.long}>{t("composer:long", { count: over })}</span>;
  }
  if (isOver) {
    return t("composer:drop");
  }
  return mode === "note" ? t("composer:note.about") : isKept && t("composer:kept");
}

interface HintProps {
  readonly isByEnter: boolean;
  readonly isWaiting: boolean;
}

/** Why it cannot be sent yet, or by which key it is. */
function Hint({ isByEnter, isWaiting }: HintProps) {
  const { t } = useTexts();
  const keys = useKeys();
  const isLive = useStore(({ client }) => client.status === "live");
  const [key, values]: [TextKey, Values?] = isWaiting
    ? ["composer:file.waits"]
    : !isLive
      ? ["composer:waits"]
      : isByEnter
        ? ["composer:enter"]
        : keys.send.anywhere
          ? ["composer:by-key", { keys: namesOf(keys.send.anywhere, isMac).join(" ") }]
          : ["composer:by-button"];
  return <span className={styles.hint}>{t(key, values)}</span>;
}

function classOf(mode: Mode, isOver: boolean): string {
  const kinds = [styles.composer, mode === "note" && styles.note, isOver && styles.over];
  return kinds.filter(Boolean).join(" ");
}

/** The draft of a conversation: shown at once, kept a moment later, and when one leaves. */
function useDraft(id: number, mode: Mode) {
  const store = useStoreItself();
  const { drafts } = store;
  const [text, setText] = useState(() => drafts.get(id, mode));
  const [isKept, setKept] = useState(true);
  const waiting = useRef<{ readonly mode: Mode; readonly text: string } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const shown = useRef(mode);
  const keep = useRef(() => {
    clearTimeout(timer.current);
    if (waiting.current) {
      drafts.set(id, waiting.current.mode, waiting.current.text);
      waiting.current = null;
      setKept(true);
    }
  });
  if (shown.current !== mode) {
    shown.current = mode;
    const { current } = waiting;
    setText(current?.mode === mode ? current.text : drafts.get(id, mode));
  }
  useEffect(() => {
    const { current: leave } = keep;
    addEventListener("pagehide", leave);
    return () => {
      removeEventListener("pagehide", leave);
      leave();
    };
  }, []);
  return {
    text,
    isKept,
    put: (next: string) => {
      if (waiting.current?.mode !== mode) {
        keep.current(); // the other's, before this takes its place
      }
      setText(next);
      setKept(false);
      waiting.current = { mode, text: next };
      clearTimeout(timer.current);
      timer.current = setTimeout(keep.current, next ? KEPT_MS : 0);
    },
  };
}

/** As high as its text, within the sheet's bounds. */
function fit(field: HTMLTextAreaElement | null): void {
  if (field) {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }
}
