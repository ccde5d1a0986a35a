/**
 * What somebody said: a bubble of the visitor's at the left, of the team's at the right; a note as a
 * note, never as a bubble.
 *
 * Rules: hooks as in the widget: `data-kefu="message"`, `data-from`, `data-state`.
 */
import type { Chat } from "client";
import type { Block, Message, PersonId } from "protocol";
import { momentOf, timeOf } from "shared/i18n/times";
import { useStore, useStoreItself } from "../store/use";
import { type TextKey, useTexts } from "../texts/texts";
import { Avatar } from "../ui/avatar";
import { Icon, type IconName } from "../ui/icon";
import { useLater } from "../ui/later";
import { ActsButton, Editing, useActing } from "./acting";
import { answersTo, chosenOf } from "./answered";
import { Files } from "./files";
import type { Line, State } from "./lines";
import { Marked } from "./marked";
import { Quote } from "./quote";
import { isSetBy } from "./reactions";
import styles from "./said.module.css";
import { timeThere } from "./zones";

interface Props {
  readonly line: Line;
  readonly chat: Chat;
}

export function Said({ line, chat }: Props) {
  return line.type === "note" ? (
    <Note line={line} chat={chat} />
  ) : (
    <Bubble line={line} chat={chat} />
  );
}

function Bubble({ line, chat }: Props) {
  const { isOurs, isFirst, isLast, state, message, sender } = line;
  const me = useStore((store) => store.me.id);
  const isOwn = sender === null || (sender.role === "agent" && sender.id === me);
  const isFailed = state === "failed" || state === "lost";
  const kinds = [
    styles.said,
    isOurs && styles.ours,
    isFirst && styles.first,
    isFailed && styles.failed,
    state === "waiting" && styles.waiting,
  ];
  return (
    <li
      className={kinds.filter(Boolean).join(" ")}
      data-kefu="message"
      data-from={isOwn ? "me" : FROM[sender.role]}
      data-state={state ?? undefined}
      data-seq={message?.seq}
    >
      {!isOurs && isLast && sender && <Avatar name={sender.name} id={sender.id ?? 0} size={28} />}
      <Quote line={line} chat={chat} />
      <Words line={line} />
      <FilesOf line={line} />
      <Rich line={line} chat={chat} />
      {message?.reactions?.length ? <Reactions message={message} chat={chat} /> : null}
      {(isLast || isFailed || message?.edited_at) && <Meta line={line} chat={chat} isOwn={isOwn} />}
      <ActsOf message={message} />
    </li>
  );
}

/** As the widget's hooks have it. */
const FROM = {
  visitor: "visitor",
  peer: "visitor",
  agent: "team",
  bot: "bot",
  system: "system",
} as const;

/** What can be done with it; nothing with what is not stored, or is gone. */
function ActsOf({ message }: { readonly message: Message | undefined }) {
  return message && !message.deleted_at ? (
    <span className={styles.acts}>
      <ActsButton message={message} />
    </span>
  ) : null;
}

function Words({ line: { text, message, isOurs } }: { readonly line: Line }) {
  const { t } = useTexts();
  const { editing } = useActing();
  if (message?.deleted_at) {
    return <div className={`${styles.bubble} ${styles.deleted}`}>{t("conversation:deleted")}</div>;
  }
  if (message && editing?.seq === message.seq) {
    return <Editing message={message} />;
  }
  return text ? (
    <div className={styles.bubble} dir="auto">
      <Marked text={text} isTeam={isOurs} />
    </div>
  ) : null;
}

/** Of what is not stored yet, those that this page has sent. */
function FilesOf({ line: { message, unsent, isOurs } }: { readonly line: Line }) {
  const { attachments } = useStoreItself();
  const sent = unsent?.more.files?.flatMap((id) => attachments.info(id) ?? []);
  return <Files files={message?.files ?? sent ?? []} isOurs={isOurs} />;
}

/** Cards, suggestions and forms, with what the visitor did with them; that a form was answered. */
function Rich({ line, chat }: Props) {
  const { t } = useTexts();
  const { message, unsent } = line;
  const blocks = message?.blocks ?? (unsent?.more.blocks as readonly Block[] | undefined) ?? [];
  if (message?.answers) {
    return <div className={styles.bubble}>{t("conversation:form.answered")}</div>;
  }
  return blocks.length ? <BlocksOf blocks={blocks} message={message} chat={chat} /> : null;
}

interface BlocksProps {
  readonly blocks: readonly Block[];
  readonly message: Message | undefined;
  readonly chat: Chat;
}

function BlocksOf({ blocks, message, chat }: BlocksProps) {
  const messages = useStore(() => chat.thread?.messages) ?? [];
  const part = useLater(true, () => import("./blocks"));
  return (
    part && (
      <part.Blocks
        blocks={blocks}
        chosen={message ? chosenOf(messages, message) : null}
        answers={message ? answersTo(messages, message.seq) : null}
      />
    )
  );
}

interface ReactionsProps {
  readonly message: Message;
  readonly chat: Chat;
}

function Reactions({ message, chat }: ReactionsProps) {
  const { t } = useTexts();
  const { react } = useActing();
  const me = useStore((store) => store.me);
  const agents = useStore(({ directory }) => directory.agents);
  const visitor = useStore((store) => store.conversation(chat.id)?.contact?.name);
  const nameOf = ({ role, id }: PersonId) =>
    (role === "visitor" ? visitor : agents.get(id)?.name) ?? "";
  return (
    <p className={styles.reactions}>
      {message.reactions?.map((reaction) => {
        const { emoji, people } = reaction;
        const isOn = isSetBy(reaction, me);
        const names = people.map(nameOf).join(", ");
        return (
          <button
            key={emoji}
            type="button"
            title={names}
            aria-pressed={isOn}
            aria-label={t("conversation:reacted", { emoji, names })}
            onClick={() => react(message, emoji, !isOn)}
          >
            {emoji} {people.length > 1 && people.length}
          </button>
        );
      })}
    </p>
  );
}

const STATES: Readonly<Record<State, IconName | null>> = {
  waiting: "clock",
  sent: null,
  delivered: "check",
  read: "check2",
  failed: "warn",
  lost: "warn",
};

function Meta({ line, chat, isOwn }: Props & { readonly isOwn: boolean }) {
  const { t } = useTexts();
  const isLive = useStore(({ client }) => client.status === "live");
  const { state, at, message, sender, isOurs } = line;
  if (state === "failed" || state === "lost") {
    return <Failed line={line} chat={chat} />;
  }
  const icon = state && STATES[state];
  const stage = state === "waiting" && isLive ? "sending" : state;
  return (
    <p className={styles.meta}>
      {isOurs && !isOwn && sender && <span>{sender.name} ·</span>}
      <Time at={at} chat={chat} />
      <Edited message={message} />
      {stage && <span>· {t(`conversation:state.${stage}`)}</span>}
      {icon && <Icon name={icon} size={14} />}
    </p>
  );
}

/** In one's own zone; with the pointer on it the visitor's, where that is another. */
function Time({ at, chat }: { readonly at: string; readonly chat: Chat }) {
  const { t, locale } = useTexts();
  const zone = useStore((store) => store.conversation(chat.id)?.time_zone);
  const date = new Date(at);
  const there = timeThere(date, zone, locale);
  const when = momentOf(date, locale);
  return (
    <time
      dateTime={at}
      title={there ? t("conversation:time.there", { when, there, zone: zone ?? "" }) : when}
    >
      {timeOf(date, locale)}
    </time>
  );
}

/** A press shows what it said before. */
function Edited({ message }: { readonly message: Message | undefined }) {
  const { t } = useTexts();
  const { show } = useActing();
  return message?.edited_at && !message.deleted_at ? (
    <>
      ·
      <button
        type="button"
        aria-label={t("conversation:act-on.history")}
        onClick={() => show({ is: "history", message })}
      >
        {t("conversation:edited")}
      </button>
    </>
  ) : null;
}

/** Why the server refused it, as far as one can act on it. */
const REASONS: Readonly<Record<string, TextKey>> = {
  too_many: "conversation:failed.too-many",
  too_large: "conversation:failed.too-large",
  not_allowed: "conversation:failed.not-allowed",
  not_found: "conversation:failed.not-found",
  illegal_state: "conversation:failed.illegal-state",
};

function Failed({ line: { unsent, state }, chat }: Props) {
  const { t } = useTexts();
  const store = useStoreItself();
  if (!unsent) {
    return null;
  }
  const { client_id: id, text, error = "" } = unsent;
  const why = state === "lost" ? "conversation:failed.lost" : REASONS[error];
  return (
    <p className={styles.meta} role="alert">
      <Icon name="warn" size={14} />
      {t(why ?? "conversation:failed")}
      <button type="button" onClick={() => store.client.retry(id, chat.id)}>
        {t("conversation:retry")}
      </button>
      <button type="button" onClick={() => void navigator.clipboard.writeText(text)}>
        {t("conversation:copy")}
      </button>
      <button type="button" onClick={() => store.client.drop(id)}>
        {t("conversation:drop")}
      </button>
    </p>
  );
}

function Note({ line, chat }: Props) {
  const { t } = useTexts();
  const { editing } = useActing();
  const { sender, at, state, message, text } = line;
  const me = useStore((store) => store.me);
  return (
    <li
      className={`${styles.note} ${state === "failed" ? styles.failed : ""}`}
      data-kefu="message"
      data-from={sender && sender.id !== me.id ? "team" : "me"}
      data-note="true"
      data-state={state ?? undefined}
      data-seq={message?.seq}
    >
      <p className={styles.noteHead}>
        <Icon name="note" size={14} />
        <b>{sender?.name ?? me.name}</b>
        <span className={styles.noteMeta}>
          {t("conversation:note")} · <Time at={at} chat={chat} /> <Edited message={message} />
          {state === "waiting" && ` · ${t("conversation:state.waiting")}`}
        </span>
        <ActsOf message={message} />
      </p>
      <Quote line={line} chat={chat} />
      {message && editing?.seq === message.seq ? (
        <Editing message={message} />
      ) : message?.deleted_at ? (
        t("conversation:deleted")
      ) : (
        <Marked text={text} isTeam />
      )}
      <FilesOf line={line} />
      {message?.reactions?.length ? <Reactions message={message} chat={chat} /> : null}
      {(state === "failed" || state === "lost") && <Failed line={line} chat={chat} />}
    </li>
  );
}
