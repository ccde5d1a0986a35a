/** One conversation in a list: who, since when, what was said last, tags. */
import type { Conversation, Person } from "protocol";
import { memo, useLayoutEffect, useRef, useSyncExternalStore } from "react";
import { dayOf, timeOf } from "shared/i18n/times";
import { priorityOf } from "../doing/doing";
import { useLink } from "../shell/router";
import { useNow } from "../store/clock";
import { useConversation, useStore, useStoreItself } from "../store/use";
import { hueOf } from "../tags/hues";
import { useTexts } from "../texts/texts";
import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icon";
import type { Inbox } from "./inbox";
import { type Preview, previewOf } from "./preview";
import styles from "./row.module.css";
import type { Selection } from "./selection";
import { isMine, isShown, type List } from "./views";
import { clockOf, latenessOf, waitOf } from "./waiting";

export const ROW_PX = { comfortable: 76, compact: 64 } as const;

interface Props {
  readonly id: number;
  readonly route: Inbox;
  readonly list: List;
  readonly selection: Selection;
  /** In pixels, from the beginning of the list. */
  readonly top: number;
  readonly position: number;
  readonly count: number;
}

export const Row = memo(function Row(props: Props) {
  const { id, route, list, selection, top, position, count } = props;
  const place = useRef<HTMLLIElement>(null);
  const isChosen = useSyncExternalStore(selection.subscribe, () => selection.has(id));
  // Through the DOM: the policy lets a script do that, and a `style` in markup not.
  useLayoutEffect(() => {
    place.current?.style.setProperty("translate", `0 ${top}px`);
  }, [top]);
  return (
    <li
      ref={place}
      className={styles.place}
      aria-setsize={count}
      aria-posinset={position}
      data-chosen={isChosen || undefined}
    >
      <Card id={id} route={route} list={list} />
      <Handles id={id} isChosen={isChosen} onChoose={() => selection.toggle(id)} />
    </li>
  );
});

/** By itself: a row that moves because another has changed is not drawn anew. */
const Card = memo(function Card({ id, route, list }: Pick<Props, "id" | "route" | "list">) {
  const { t } = useTexts();
  const conversation = useConversation(id);
  const me = useStore((store) => store.me.id ?? 0);
  const unread = useStore((store) => (conversation ? store.unreadOf(conversation) : 0));
  const isHere = useStore((store) => (conversation ? store.isHere(conversation) : null));
  const link = useLink({ ...route, conversation: id, message: null });
  const isPast = useStore(
    (store) =>
      conversation !== undefined && !isShown(list.view, list.filter, conversation, store.seeing()),
  );
  if (!conversation) {
    return null;
  }
  const { contact, assignee, kind } = conversation;
  const name = contact?.name || t("list:visitor");
  const isOpen = route.conversation === id;
  const kinds = [styles.row, unread > 0 && styles.unread, isPast && styles.past];
  const holder = assignee && !isMine(conversation, me) ? assignee.name : null;
  return (
    <a
      {...link}
      className={kinds.filter(Boolean).join(" ")}
      aria-current={isOpen ? "true" : undefined}
      data-kefu="conversation-card"
      data-conversation={id}
      data-past={isPast || undefined}
    >
      <Avatar name={name} id={contact?.id ?? id} dot={isHere ? "online" : undefined} />
      <span className={styles.body}>
        <span className={styles.first}>
          <span className={styles.name}>{name}</span>
          {isHere && <span className={styles.unseen}>{t("list:here")}</span>}
          {kind === "desk" && contact && !conversation.contact_verified && (
            <span className={styles.unverified} title={t("list:unverified")}>
              <Icon name="shield" size={12} />
              <span className={styles.unseen}>{t("list:unverified")}</span>
            </span>
          )}
          <When id={id} />
        </span>
        <span className={styles.second}>
          <Said id={id} />
          {unread > 0 && (
            <span className={styles.badge}>
              <span aria-hidden="true">{unread > 99 ? "99+" : unread}</span>
              <span className={styles.unseen}>{t("list:unread", { count: unread })}</span>
            </span>
          )}
        </span>
        <span className={styles.third}>
          <Marks conversation={conversation} />
          <Here id={id} />
          {holder && (
            <span className={styles.holder}>
              <Icon name="user" size={12} />
              {holder}
            </span>
          )}
        </span>
      </span>
    </a>
  );
});

interface HandlesProps {
  readonly id: number;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

/** In place of picture and time, where the pointer or the focus is: to choose the row, and its menu. */
function Handles({ id, isChosen, onChoose }: HandlesProps) {
  const { t } = useTexts();
  const name = useConversation(id)?.contact?.name || t("list:visitor");
  return (
    <>
      <label className={styles.choose}>
        <input
          type="checkbox"
          tabIndex={-1}
          checked={isChosen}
          aria-label={t("list:choose", { name })}
          onChange={onChoose}
        />
      </label>
      <button
        type="button"
        tabIndex={-1}
        className={styles.more}
        aria-label={t("list:menu.of", { name })}
        data-menu={id}
      >
        <Icon name="dots" />
      </button>
    </>
  );
}

/** How urgent it is, whether it rests, its tags; without any the inbox. */
function Marks({ conversation }: { readonly conversation: Conversation }) {
  const { t } = useTexts();
  const inboxes = useStore(({ directory }) => directory.inboxes);
  const known = useStore(({ kept }) => kept.tags);
  const { tags = [], status } = conversation;
  const priority = priorityOf(conversation);
  return (
    <span className={styles.tags}>
      {URGENT.includes(priority) && (
        <span className={styles.urgent}>{t(`list:priority.${priority}`)}</span>
      )}
      {status === "snoozed" && <span>{t("list:status.snoozed")}</span>}
      {status === "pending" && <span>{t("list:status.pending")}</span>}
      {!tags.length && inboxes.size > 1 && (
        <span>{inboxes.get(conversation.inbox ?? 0)?.name}</span>
      )}
      {tags.map((tag) => (
        <span key={tag} className={styles.tag} data-hue={hueOf(tag, known.get(tag))}>
          {tag}
        </span>
      ))}
    </span>
  );
}

/** Said in words: high and urgent. */
const URGENT: readonly number[] = [3, 4];

/** Which colleagues write in it, else who looks at it. */
function Here({ id }: { readonly id: number }) {
  const { t } = useTexts();
  const me = useStore((store) => store.me.id);
  const typists = useStore((store) => store.typists.of(id));
  const lookers = useStore((store) => store.lookersOf(id));
  const writing = [...typists.values()].map(({ person }) => person);
  const isOther = ({ role, id: own }: Person) => role === "agent" && own !== me;
  const writers = writing.filter(isOther);
  const others = writers.length ? writers : lookers.filter(isOther);
  const [first] = others;
  if (!first) {
    return null;
  }
  const names = others.map(({ name }) => name).join(", ");
  const said = t(writers.length ? "list:writes" : "list:looks", { names });
  return (
    <span className={`${styles.here} ${writers.length ? styles.writes : ""}`} title={said}>
      <Icon name={writers.length ? "pencil" : "eye"} size={14} />
      <span className={styles.unseen}>{said}</span>
      <span aria-hidden="true">{others.length > 1 ? others.length : first.name}</span>
    </span>
  );
}

/** How long somebody waits, which moves; else when something was said last. */
function When({ id }: { readonly id: number }) {
  const { t, locale } = useTexts();
  const since = useStore((store) => store.conversation(id)?.waiting_since);
  const updated = useStore((store) => store.conversation(id)?.updated_at);
  const nowMs = useNow(since !== undefined);
  if (since) {
    const wait = waitOf(since, nowMs);
    const lateness = latenessOf(wait);
    const icon = { calm: "clock", amber: "clock", red: "warn" } as const;
    return (
      <span className={`${styles.when} ${styles[lateness]}`}>
        <Icon name={icon[lateness]} size={12} />
        <span className={styles.unseen}>{t("list:waits")}</span>
        <time>{clockOf(wait, locale)}</time>
      </span>
    );
  }
  const at = new Date(updated ?? 0);
  const isToday = at.toDateString() === new Date(nowMs).toDateString();
  return (
    <time className={styles.when} dateTime={updated}>
      {isToday ? timeOf(at, locale) : shortDay(at, new Date(nowMs), locale)}
    </time>
  );
}

function shortDay(at: Date, now: Date, locale: string): string {
  const isNear = now.getTime() - at.getTime() < 48 * 3_600_000;
  const day = { day: "numeric", month: "short" } as const;
  return isNear ? dayOf(at, now, locale) : at.toLocaleDateString(locale, day);
}

function Said({ id }: { readonly id: number }) {
  const { t } = useTexts();
  const store = useStoreItself();
  const conversation = useConversation(id);
  const me = useStore((one) => one.me.id);
  const typists = useStore((one) => one.typists.of(id));
  const draft = useStore((one) => one.drafts.get(id, "reply"));
  const isLive = useStore(({ client }) => client.status === "live");
  useStore((one) => one.unsentKey(id)); // drawn anew when it is another
  if (!conversation) {
    return null;
  }
  // What was typed before the connection was lost is not known to be typed still.
  const typing = isLive ? typists.values() : [];
  const preview = previewOf(conversation, store.client.unsent(id), draft, typing);
  return (
    <span className={`${styles.said} ${styles[preview.kind]}`}>{wordsOf(preview, t, me)}</span>
  );
}

function wordsOf(preview: Preview, t: ReturnType<typeof useTexts>["t"], me: number | undefined) {
  switch (preview.kind) {
    case "failed":
      return t("list:failed", { text: preview.text });
    case "draft":
      return (
        <>
          <b>{t("list:draft")}</b> {preview.text}
        </>
      );
    case "typing":
      return t("list:typing");
    case "live":
      return preview.text;
    case "said": {
      const words =
        preview.what === "words"
          ? preview.text
          : t(`list:last.${preview.what}`, { name: preview.text });
      if (!preview.isOurs) {
        return words;
      }
      const { id, name = "" } = preview.sender ?? { id: me };
      return id === me ? t("list:ours", { text: words }) : t("list:theirs", { name, text: words });
    }
  }
}
