/** What lies over the timeline while one does something with a message: fetched with the first press. */
import type { Message, Version } from "protocol";
import {
  type FormEvent,
  type KeyboardEvent,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { MenuItem, MenuSection } from "react-aria-components/Menu";
import { momentOf } from "shared/i18n/times";
import { addressOf } from "../shell/routes";
import type { Store } from "../store/store";
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { useLater } from "../ui/later";
import { Item, Line, MenuAt } from "../ui/menu";
import { type Acting, type Over, useActing } from "./acting";
import styles from "./acts.module.css";
import { Marked } from "./marked";
import { asLiked, isSetBy, LIKED } from "./reactions";

interface Props {
  readonly over: Over;
}

export function Acts({ over }: Props) {
  switch (over.is) {
    case "menu":
      return <ActsMenu over={over} at={over.at} />;
    case "history":
      return <History over={over} />;
    case "delete":
      return <Erase over={over} />;
    case "emoji":
      return <MoreEmoji over={over} at={over.at} />;
  }
}

function ActsMenu({ over, at }: Props & { readonly at: Element }) {
  const { message } = over;
  const { t } = useTexts();
  const store = useStoreItself();
  const acting = useActing();
  const me = useStore((one) => one.me);
  const role = useStore(({ directory }) => directory.agents.get(me.id ?? 0)?.role);
  const isOwn = message.sender.role === "agent" && message.sender.id === me.id;
  const mayErase = isOwn || role === "supervisor" || role === "admin";
  const { text, seq, conversation } = message;
  return (
    <MenuAt label={t("conversation:acts")} at={at} onClose={() => acting.leave(over)}>
      <Emoji message={message} acting={acting} />
      <Item
        icon="smile"
        label={t("conversation:react.more")}
        onAction={() => acting.show({ is: "emoji", message, at })}
      />
      <Line />
      <Item
        icon="reply"
        label={t("conversation:act-on.reply")}
        onAction={() => acting.quote(message)}
      />
      {text && (
        <Item
          icon="copy"
          label={t("conversation:act-on.copy")}
          onAction={() => void copy(store, text)}
        />
      )}
      <Item
        icon="ext"
        label={t("conversation:act-on.link")}
        onAction={() => void copy(store, linkTo(conversation, seq))}
      />
      {isOwn && text && (
        <Item
          icon="pencil"
          label={t("conversation:act-on.edit")}
          onAction={() => acting.edit(message)}
        />
      )}
      {message.edited_at && (
        <Item
          icon="clock"
          label={t("conversation:act-on.history")}
          onAction={() => acting.show({ is: "history", message })}
        />
      )}
      {mayErase && <Line />}
      {mayErase && (
        <Item
          icon="x"
          label={t("conversation:act-on.delete")}
          isDanger
          onAction={() => acting.show({ is: "delete", message })}
        />
      )}
    </MenuAt>
  );
}

function Emoji({ message, acting }: { readonly message: Message; readonly acting: Acting }) {
  const { t } = useTexts();
  const me = useStore((store) => store.me);
  return (
    <MenuSection className={styles.emoji ?? ""} aria-label={t("conversation:react")}>
      {LIKED.map((emoji) => {
        const isOn = message.reactions?.some((one) => one.emoji === emoji && isSetBy(one, me));
        const label = t(isOn ? "conversation:react.off" : "conversation:react.on", { emoji });
        return (
          <MenuItem
            key={emoji}
            className={isOn ? `${styles.sign} ${styles.on}` : (styles.sign ?? "")}
            textValue={label}
            aria-label={label}
            onAction={() => acting.react(message, emoji, !isOn)}
          >
            {emoji}
          </MenuItem>
        );
      })}
    </MenuSection>
  );
}

function MoreEmoji({ over, at }: Props & { readonly at: Element }) {
  const { leave, react } = useActing();
  const part = useLater(true, () => import("../composer/emoji"));
  return (
    part && (
      <part.EmojiPicker
        at={at}
        take={(sign) => react(over.message, asLiked(sign), true)}
        onClose={() => leave(over)}
      />
    )
  );
}

/** The address that leads to a message. */
function linkTo(conversation: number, seq: number): string {
  const route = { page: "inbox", view: "mine", team: null, conversation, message: seq } as const;
  return `${location.origin}${addressOf(route)}`;
}

/** A page without https has no clipboard, and one may have forbidden it. */
async function copy({ toasts }: Store, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toasts.show({ key: "conversation:copied" });
  } catch {
    toasts.show({ key: "conversation:copy.none", isFault: true });
  }
}

function History({ over }: Props) {
  const { message } = over;
  const { t, locale } = useTexts();
  const store = useStoreItself();
  const { leave } = useActing();
  const [versions, setVersions] = useState<readonly Version[] | null>(null);
  const { conversation, seq } = message;
  useEffect(() => {
    store.client.call("message.history", { conversation, seq }).then(
      ({ items = [] }) => setVersions(items),
      (error) => store.refused(error),
    );
  }, [store, conversation, seq]);
  return (
    <Dialog title={t("conversation:history")} isOpen onClose={() => leave(over)}>
      <ol className={styles.versions}>
        {versions?.map(({ text, until }) => (
          <li key={until}>
            <p>{t("conversation:history.until", { when: momentOf(new Date(until), locale) })}</p>
            <Marked text={text} isTeam={message.sender.role !== "visitor"} />
          </li>
        ))}
        <li>
          <p>{t("conversation:history.now")}</p>
          <Marked text={message.text} isTeam={message.sender.role !== "visitor"} />
        </li>
      </ol>
    </Dialog>
  );
}

function Erase({ over }: Props) {
  const { message } = over;
  const { t } = useTexts();
  const { leave, erase } = useActing();
  const close = () => leave(over);
  const about = message.type === "note" ? "conversation:delete.note" : "conversation:delete.about";
  return (
    <Dialog title={t("conversation:delete")} isOpen onClose={close}>
      <p className={styles.about}>{t(about)}</p>
      <div className={styles.buttons}>
        <Button onPress={close}>{t("conversation:cancel")}</Button>
        <Button
          kind="danger"
          autoFocus
          onPress={() => {
            erase(message);
            close();
          }}
        >
          {t("conversation:act-on.delete")}
        </Button>
      </div>
    </Dialog>
  );
}

/** In the place of the words: Enter keeps them, Escape leaves them as they were. */
export function Editor({ message }: { readonly message: Message }) {
  const { t } = useTexts();
  const { editing, edit, save } = useActing();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(editing?.text ?? message.text);
  const put = () => {
    const words = text.trim();
    if (words && words !== message.text) {
      save(message, words);
    } else {
      edit(null);
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is as high as its text
  useLayoutEffect(() => {
    if (field.current) {
      field.current.style.height = "auto";
      field.current.style.height = `${field.current.scrollHeight}px`;
    }
  }, [text]);
  useLayoutEffect(() => {
    const end = field.current?.value.length ?? 0;
    field.current?.focus();
    field.current?.setSelectionRange(end, end);
  }, []);
  const press = (event: KeyboardEvent) => {
    const isPlain = !event.shiftKey && !event.altKey;
    if (event.key === "Escape") {
      event.stopPropagation();
      edit(null);
    } else if (event.key === "Enter" && isPlain) {
      event.preventDefault();
      put();
    }
  };
  return (
    <form
      className={styles.editor}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        put();
      }}
    >
      <textarea
        ref={field}
        value={text}
        aria-label={t("conversation:act-on.edit")}
        rows={1}
        dir="auto"
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={press}
      />
      <div className={styles.buttons}>
        <Button isSmall onPress={() => edit(null)}>
          {t("conversation:cancel")}
        </Button>
        <Button isSmall kind="solid" type="submit" isDisabled={!text.trim()}>
          {t("conversation:save")}
        </Button>
      </div>
    </form>
  );
}
