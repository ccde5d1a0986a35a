/** The head of a conversation: who, whether that was verified, from where; what can be done with it. */
import type { Conversation } from "protocol";
import { lazy, Suspense, useRef, useState } from "react";
import { momentOf, timeOf } from "shared/i18n/times";
import { useLeave } from "../doing/leave";
import { perform } from "../doing/perform";
import { useAct } from "../keys/acts";
import { columns, useDetails } from "../shell/columns";
import { useRouter } from "../shell/router";
import { useConversation, useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Button, IconButton } from "../ui/button";
import { Icon } from "../ui/icon";
import { Item, Line, Menu, Section } from "../ui/menu";
import styles from "./head.module.css";
import { snoozes } from "./snooze";
import { canGive } from "./targets";

const Transfer = lazy(() => import("./transfer"));

export function Head({ id }: { readonly id: number }) {
  const { t } = useTexts();
  const router = useRouter();
  const conversation = useConversation(id);
  const inboxes = useStore(({ directory }) => directory.inboxes);
  const teams = useStore(({ directory }) => directory.teams);
  const me = useStore(({ directory }) => directory.me);
  const isHere = useStore((store) => (conversation ? store.isHere(conversation) : null));
  const isDetailed = useDetails();
  useUnread(conversation);
  if (!conversation) {
    return null;
  }
  const { inbox, team, assignee } = conversation;
  const about = [
    isHere !== null && t(isHere ? "conversation:here" : "conversation:away"),
    inboxes.size > 1 && inboxes.get(inbox ?? 0)?.name,
    teams.get(team ?? 0)?.name,
    assignee ? t("conversation:has", { name: assignee.name }) : t("conversation:nobody"),
  ];
  return (
    <header className={styles.head}>
      <IconButton
        icon="left"
        label={t("conversation:back")}
        className={styles.back}
        onPress={() => {
          const { route } = router;
          if (route.page === "inbox") {
            router.go({ ...route, conversation: null, message: null });
          }
        }}
      />
      <div className={styles.who}>
        <h1>{conversation.contact?.name || t("list:visitor")}</h1>
        <p>
          {conversation.contact && !conversation.contact_verified && (
            <span className={styles.unverified}>
              <Icon name="shield" size={12} />
              {t("conversation:unverified")}
            </span>
          )}
          <span className={styles.about}>{about.filter(Boolean).join(" · ")}</span>
        </p>
      </div>
      {me && canGive(conversation, me) && <GiveAway id={id} />}
      <Acts id={id} conversation={conversation} />
      <IconButton
        icon="panel"
        act="details"
        label={t("conversation:details")}
        isOn={isDetailed}
        onPress={columns.toggle}
      />
    </header>
  );
}

function GiveAway({ id }: { readonly id: number }) {
  const { t } = useTexts();
  const [isOpen, setOpen] = useState(false);
  const open = () => setOpen(true);
  useAct("transfer", open);
  return (
    <>
      <IconButton
        icon="transfer"
        act="transfer"
        label={t("conversation:transfer")}
        onPress={open}
      />
      {isOpen && (
        <Suspense fallback={null}>
          <Transfer id={id} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

/** Offers to have it unread again, where the contact has written something. */
function useUnread(conversation: Conversation | null | undefined): void {
  const store = useStoreItself();
  const leave = useLeave();
  const { id = 0, kind, contact_messages } = conversation ?? {};
  const unread = () => {
    leave([id]);
    void perform(store, [id], { do: "unread" });
  };
  useAct("unread", kind === "desk" && contact_messages ? unread : null);
}

/** A second press within this is of a hand that pressed twice, not of one that thinks otherwise. */
const TWICE_MS = 500;

/** What can be done with it now: take it, end it, put it off, bring it back. */
function Acts({ id, conversation }: { readonly id: number; readonly conversation: Conversation }) {
  const { t, locale } = useTexts();
  const store = useStoreItself();
  const me = useStore((one) => one.me);
  const [isOpen, setOpen] = useState(false);
  const endedMs = useRef(Number.NEGATIVE_INFINITY);
  const { status, kind } = conversation;
  const set = (to: "open" | "pending" | "resolved") => () => {
    const undo = status === "open" || status === "pending" ? () => back(status) : undefined;
    const key = `conversation:done.${to}` as const;
    void store.change(
      id,
      { status: to },
      "conversation.set_status",
      { conversation: id, status: to },
      { key, ...(undo && to !== "open" && { undo }) },
    );
  };
  const back = (to: "open" | "pending") => {
    void store.change(id, { status: to }, "conversation.set_status", {
      conversation: id,
      status: to,
    });
  };
  const snooze = (until: Date | null) => () => {
    const at = until?.toISOString();
    void store.change(
      id,
      { status: "snoozed", ...(at && { snoozed_until: at }) },
      "conversation.set_status",
      { conversation: id, status: "snoozed", ...(at && { until: at }) },
      until
        ? { key: "conversation:done.snoozed", values: { when: momentOf(until, locale) } }
        : { key: "conversation:done.snoozed.reply" },
    );
  };
  const take = () =>
    void store.change(id, { status: "open", assignee: me }, "conversation.pick", {
      conversation: id,
    });
  // In the tutorials' protocols a conversation is whose room it is in: they end it.
  const isDesk = kind === "desk";
  const isLive = isDesk && (status === "open" || status === "pending" || status === "snoozed");
  const isOver = isDesk && status === "resolved";
  useAct("resolve", isLive ? set("resolved") : isOver ? set("open") : null);
  useAct("pending", isLive && status === "open" ? set("pending") : null);
  useAct("snooze", isLive ? () => setOpen(true) : null);
  if (isDesk && status === "queued") {
    return (
      <Button kind="solid" onPress={take}>
        {t("conversation:take")}
      </Button>
    );
  }
  if (isOver) {
    return (
      <Button
        act="resolve"
        onPress={() => store.now() - endedMs.current > TWICE_MS && set("open")()}
      >
        {t("conversation:reopen")}
      </Button>
    );
  }
  if (!isLive) {
    return null;
  }
  const now = new Date();
  return (
    <span className={styles.split}>
      <Button
        act="resolve"
        data-kefu="resolve"
        onPress={() => {
          endedMs.current = store.now();
          set("resolved")();
        }}
      >
        {t("conversation:resolve")}
      </Button>
      <Menu
        label={t("conversation:more-ends")}
        isOpen={isOpen}
        onOpenChange={setOpen}
        button={<IconButton icon="down" isSmall label={t("conversation:more-ends")} />}
      >
        {status === "open" ? (
          <Item
            icon="clock"
            label={t("conversation:pending")}
            act="pending"
            onAction={set("pending")}
          />
        ) : (
          <Item icon="reply" label={t("conversation:open")} onAction={set("open")} />
        )}
        <Line />
        <Section label={t("conversation:snooze")}>
          {snoozes(now).map(({ name, until }) => (
            <Item
              key={name}
              icon={until ? "moon" : "reply"}
              label={t(`conversation:snooze.${name}`)}
              end={until && (name === "hour" ? timeOf(until, locale) : momentOf(until, locale))}
              onAction={snooze(until)}
            />
          ))}
        </Section>
      </Menu>
    </span>
  );
}
