/**
 * What is offered to oneself: a card, impossible to miss wherever one is, answered with one act.
 *
 * Rules: it stands above the lists, where there is one; on a phone over an open chat it is a strip above the
 * field, and elsewhere it floats. It is in one place of the page alone. Accept opens the chat with the caret
 * in its field. One card at a time, the one that waits longest; the others are counted.
 */
import { useRef, useState, useSyncExternalStore } from "react";
import { useAct } from "../keys/acts";
import { previewOf } from "../list/preview";
import { isOfferTo } from "../list/views";
import { clockOf, waitOf } from "../list/waiting";
import { useLink, useRoute, useRouter } from "../shell/router";
import { useNow } from "../store/clock";
import type { Store } from "../store/store";
import { useConversation, useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { Keys } from "../ui/keys";
import styles from "./offers.module.css";
import { type OfferPlace, placeOf } from "./place";

/** `place`: where this one stands; it is empty while offers stand elsewhere. */
export function Offers({ place }: { readonly place: OfferPlace }) {
  const here = placeOf(useRoute(), useNarrow());
  return here === place ? <Standing place={place} /> : null;
}

/** As in the sheet: one column at a time. */
const NARROW = matchMedia("(max-width: 767px)");

function useNarrow(): boolean {
  return useSyncExternalStore(
    (hear) => {
      NARROW.addEventListener("change", hear);
      return () => NARROW.removeEventListener("change", hear);
    },
    () => NARROW.matches,
  );
}

function Standing({ place }: { readonly place: OfferPlace }) {
  const { t } = useTexts();
  const first = useStore(firstOf);
  const count = useStore(({ counts }) => counts.offers);
  return (
    <div className={styles[place]} aria-live="polite">
      {first !== null && <Offer key={first} id={first} isStrip={place === "strip"} />}
      {count > 1 && <p className={styles.more}>{t("list:offer.more", { count: count - 1 })}</p>}
    </div>
  );
}

interface OfferProps {
  readonly id: number;
  /** One line of it: declining is left to its key and to the list. */
  readonly isStrip: boolean;
}

function Offer({ id, isStrip }: OfferProps) {
  const { t, locale } = useTexts();
  const store = useStoreItself();
  const router = useRouter();
  const conversation = useConversation(id);
  const teams = useStore(({ directory }) => directory.teams);
  const nowMs = useNow(true);
  const link = useLink({ page: "inbox", view: "mine", team: null, conversation: id });
  const { leftS, hold } = useCountdown(id);
  const accept = async () => {
    if (await store.change(id, { offered: false }, "conversation.accept", { conversation: id })) {
      router.go({ page: "inbox", view: "mine", team: null, conversation: id });
      store.wantFocus(id);
    }
  };
  const decline = () =>
    void store.change(id, { offered: false }, "conversation.decline", { conversation: id });
  useAct("accept", () => void accept());
  useAct("decline", decline);
  if (!conversation) {
    return null;
  }
  const { contact, team, waiting_since: since } = conversation;
  const name = contact?.name || t("list:visitor");
  const preview = previewOf(conversation, [], "", []);
  const values = {
    team: teams.get(team ?? 0)?.name ?? "",
    wait: since ? clockOf(waitOf(since, nowMs), locale) : "",
  };
  const about = values.team
    ? t(values.wait ? "list:offer.team-waits" : "list:offer.team", values)
    : t(values.wait ? "list:offer.waits" : "list:offer.new", values);
  return (
    <section className={styles.offer} aria-label={t("list:offer.of", { name })}>
      <a {...link} data-kefu="conversation-card" data-conversation={id}>
        <span className={styles.top}>
          <Icon name="chat" />
          {about}
          {leftS !== null && <Countdown leftS={leftS} />}
        </span>
        <span className={styles.name}>{name}</span>
        <span className={styles.said}>{"text" in preview ? preview.text : ""}</span>
      </a>
      <div className={styles.acts}>
        <Button
          kind="plain"
          className={styles.yes}
          act="accept"
          data-kefu="accept"
          onPressStart={hold}
          onPress={() => void accept()}
        >
          {t(isStrip ? "list:offer.accept-short" : "list:offer.accept")}
          <Keys act="accept" isAnywhere />
        </Button>
        {!isStrip && (
          <Button kind="plain" act="decline" onPress={decline}>
            {t("list:offer.decline")}
          </Button>
        )}
      </div>
    </section>
  );
}

/** An offer ends so long after it was made. */
const OFFER_S = 45;
const HELD_EVERY_MS = 5_000;

interface Counted {
  /** Whole seconds; null: it does not end. */
  readonly leftS: number | null;
  /** While Accept is pressed the server waits. */
  readonly hold: () => void;
}

function useCountdown(id: number): Counted {
  const store = useStoreItself();
  const ends = useStore((one) => one.conversation(id)?.offer_expires_at);
  const [held, setHeld] = useState<string | null>(null);
  const heldMs = useRef(Number.NEGATIVE_INFINITY);
  const nowMs = useNow(ends !== undefined);
  const end = held ?? ends;
  return {
    leftS: end === undefined ? null : Math.max(0, Math.ceil((Date.parse(end) - nowMs) / 1000)),
    hold: () => {
      if (store.now() - heldMs.current >= HELD_EVERY_MS) {
        heldMs.current = store.now();
        store.client
          .call("conversation.hold", { conversation: id })
          .then(({ expires_at }) => setHeld(expires_at))
          .catch(() => undefined); // it is told by the acceptance itself
      }
    },
  };
}

const ROUND = 2 * Math.PI * 7;

/** A ring that runs out, and the seconds. It moves once a second, so nothing has to stand still. */
function Countdown({ leftS }: { readonly leftS: number }) {
  const { t } = useTexts();
  const part = Math.min(1, leftS / OFFER_S) * ROUND;
  return (
    <span className={`${styles.count} ${leftS <= 5 ? styles.late : ""}`}>
      <svg viewBox="0 0 18 18" aria-hidden="true">
        <circle cx="9" cy="9" r="7" />
        <circle cx="9" cy="9" r="7" strokeDasharray={`${part} ${ROUND}`} />
      </svg>
      <span aria-hidden="true">0:{String(leftS).padStart(2, "0")}</span>
      <span className={styles.unseen}>{t("list:offer.left", { seconds: leftS })}</span>
    </span>
  );
}

/** The one that waits longest. */
function firstOf({ conversations, me }: Store): number | null {
  let first: { readonly id: number; readonly at: string } | null = null;
  for (const one of conversations) {
    const at = one.waiting_since ?? one.updated_at;
    if (isOfferTo(one, me.id ?? 0) && (first === null || at < first.at)) {
      first = { id: one.id, at };
    }
  }
  return first?.id ?? null;
}
