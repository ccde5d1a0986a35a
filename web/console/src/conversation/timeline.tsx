/**
 * What was said and what happened, the newest at the foot.
 *
 * Rules: the newest hundred entries are in the page, in sight or not, so that a search in the page and
 * a screen reader find them; older ones come page by page as one scrolls back. What is read stays where it
 * is, to the pixel, whatever comes before or after it. New words are said once, apart from the list. The
 * message that the address names, or a quote leads to, is brought into sight and marked; what is between
 * is fetched.
 */
import type { Chat } from "client";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { dayOf } from "shared/i18n/times";
import { Scroll } from "shared/view/scroll";
import { useRoute } from "../shell/router";
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Button } from "../ui/button";
import { Messages } from "./acting";
import { Happened } from "./happened";
import { type Row, rowsOf } from "./lines";
import { Live } from "./live";
import { Said } from "./said";
import styles from "./timeline.module.css";

/** So many of the newest are always here. */
const MOST_NEWEST = 100;
/** Closer to the top than this, the page before is fetched. */
const NEAR_PX = 600;

export function Timeline({ chat }: { readonly chat: Chat }) {
  const { t } = useTexts();
  const rows = useRows(chat);
  const { scroll, isAtEnd, jump } = useScroll(chat);
  useLayoutEffect(() => scroll.drawn());
  const newest = rows.findLast((row) => row.kind === "said" && !row.line.isOurs);
  const stop = rows.findLast((row) => row.kind === "said" && row.line.message);
  return (
    <div className={styles.place}>
      <div
        ref={scroll.attach}
        className={styles.log}
        role="log"
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
        tabIndex={0}
        aria-label={t("conversation:messages")}
      >
        <Messages stop={stop?.kind === "said" ? stop.line.message?.seq : undefined} jump={jump}>
          <ol className={styles.stream}>
            {rows.map((row) => (
              <RowView key={row.key} row={row} chat={chat} />
            ))}
            <Live chat={chat} />
          </ol>
        </Messages>
      </div>
      {!isAtEnd && (
        <Button isSmall className={styles.toEnd} onPress={() => scroll.toEnd()} icon="down">
          {t("conversation:to-end")}
        </Button>
      )}
      <p className={styles.unseen} role="status">
        {newest?.kind === "said" && `${newest.line.sender?.name ?? ""}: ${newest.line.text}`}
      </p>
    </div>
  );
}

function RowView({ row, chat }: { readonly row: Row; readonly chat: Chat }) {
  const { t, locale } = useTexts();
  switch (row.kind) {
    case "said":
      return <Said line={row.line} chat={chat} />;
    case "happened":
      return <Happened message={row.message} />;
    case "day":
      return (
        <li className={styles.separator}>
          <time dateTime={row.at}>{dayOf(new Date(row.at), new Date(), locale)}</time>
        </li>
      );
    case "new":
      return <li className={`${styles.separator} ${styles.new}`}>{t("conversation:new")}</li>;
  }
}

/** The rows; the same ones until something of the thread, or of what is on its way, has changed. */
function useRows(chat: Chat): readonly Row[] {
  const messages = useStore(() => chat.thread?.messages);
  const receipts = useStore((store) => store.conversation(chat.id)?.contact_receipts);
  useStore((one) => one.unsentKey(chat.id)); // drawn anew when it is another
  const store = useStoreItself();
  const [newAfter] = useState(() => {
    const { conversation } = chat;
    const own = store.team.marks.get(chat.id)?.read;
    return conversation && store.unreadOf(conversation)
      ? (own ?? conversation.team_receipts?.read ?? 0)
      : null;
  });
  useStore(({ revising }) => revising.version);
  const seen = (messages ?? []).map((one) => store.revising.view(one));
  return rowsOf({ messages: seen, unsent: chat.unsent, receipts, newAfter });
}

interface Scrolling {
  readonly scroll: Scroll;
  readonly isAtEnd: boolean;
  /** Leads to a message, whether it is here yet or not. */
  readonly jump: (seq: number) => void;
}

function useScroll(chat: Chat): Scrolling {
  const [isAtEnd, setAtEnd] = useState(true);
  const moved = useRef<() => void>(() => undefined);
  const [scroll] = useState(() => {
    const made: Scroll = new Scroll(() => {
      setAtEnd(made.isAtEnd);
      moved.current();
    });
    return made;
  });
  const own = useStore(() => chat.unsent.at(-1)?.client_id);
  // What oneself says is seen: the end comes into sight with it.
  useLayoutEffect(() => {
    if (own) {
      scroll.toEnd();
      setAtEnd(true);
    }
  }, [own, scroll]);
  useEffect(() => () => scroll.close(), [scroll]);
  const [wanted, jump] = useWanted(chat);
  useEarlier(chat, scroll, moved, wanted?.seq ?? null);
  useReveal(chat, scroll, wanted);
  return { scroll, isAtEnd, jump };
}

/** A message that is to be seen; another object each time that it is asked for. */
interface Wanted {
  readonly seq: number;
  /** By a press, not by the address: the focus goes along. */
  readonly isPressed: boolean;
}

/** The message that the address names, then the one that a quote led to; and the way to lead to one. */
function useWanted({ id }: Chat): readonly [Wanted | null, (seq: number) => void] {
  const route = useRoute();
  const named =
    route.page === "inbox" && route.conversation === id ? (route.message ?? null) : null;
  const [wanted, setWanted] = useState<Wanted | null>(null);
  useEffect(() => setWanted(named === null ? null : { seq: named, isPressed: false }), [named]);
  return [wanted, (seq) => setWanted({ seq, isPressed: true })];
}

/** Brings the message into sight as soon as it is here. */
function useReveal(chat: Chat, scroll: Scroll, wanted: Wanted | null): void {
  const first = useStore(() => chat.thread?.messages[0]?.seq ?? Number.POSITIVE_INFINITY);
  const isHere = wanted !== null && first <= wanted.seq;
  useEffect(() => {
    const row = isHere ? scroll.to(`[data-seq="${wanted.seq}"]`) : null;
    row?.toggleAttribute("data-found", true);
    if (wanted?.isPressed) {
      row?.querySelector<HTMLElement>("[data-kefu=acts]")?.focus({ preventScroll: true });
    }
    return () => {
      row?.toggleAttribute("data-found", false);
    };
  }, [scroll, wanted, isHere]);
}

/** Fetches what is older: up to a hundred at once, then as one scrolls back or looks for a message. */
function useEarlier(
  chat: Chat,
  scroll: Scroll,
  moved: RefObject<() => void>,
  wanted: number | null,
): void {
  const count = useStore(() => chat.thread?.messages.length ?? 0);
  const isBusy = useRef(false);
  useEffect(() => {
    const look = () => {
      const isFar = wanted !== null && (chat.thread?.messages[0]?.seq ?? 0) > wanted;
      const isWanted = count < MOST_NEWEST || scroll.above < NEAR_PX || isFar;
      if (isWanted && chat.hasEarlier && !isBusy.current) {
        isBusy.current = true;
        const done = () => {
          isBusy.current = false;
        };
        chat.loadEarlier().then(done, done); // refused: with the next scroll or entry
      }
    };
    moved.current = look;
    look();
  }, [chat, scroll, moved, count, wanted]);
}
