/** Who one talks to: the contact, whether that is verified, the page, attributes, tags, what was before. */
import type { Contact, Conversation as Talk } from "protocol";
import { useEffect, useState } from "react";
import { dayOf, timeOf } from "shared/i18n/times";
import { Addresses, Blocked, Name, Noted } from "../contacts/facts";
import { columns } from "../shell/columns";
import { useLink, useRoute } from "../shell/router";
import { useNow } from "../store/clock";
import { useContact, useConversation, useStore, useStoreItself } from "../store/use";
import { ConversationTags } from "../tags/conversation-tags";
import { useTexts } from "../texts/texts";
import { siteOf } from "../ui/address";
import { Avatar } from "../ui/avatar";
import { IconButton } from "../ui/button";
import { Icon } from "../ui/icon";
import { Outside } from "../ui/outside";
import styles from "./details.module.css";
import { Kept } from "./kept";

export function Details({ id }: { readonly id: number }) {
  const { t } = useTexts();
  const conversation = useConversation(id);
  const contact = useContact(conversation?.contact?.id);
  if (!conversation) {
    return <aside className={styles.details} aria-label={t("details:details")} />;
  }
  const name = conversation.contact?.name || t("list:visitor");
  return (
    <aside className={styles.details} aria-label={t("details:details")}>
      <div className={styles.card}>
        <Avatar name={name} id={conversation.contact?.id ?? id} size={40} />
        <div>
          <h2>{contact ? <Name contact={contact} /> : name}</h2>
          {contact && <ToContact id={contact.id} />}
        </div>
        <IconButton
          icon="x"
          isSmall
          label={t("details:close")}
          className={styles.close}
          onPress={columns.toggle}
        />
      </div>
      {contact?.blocked && <Blocked />}
      {contact && !contact.verified && <Unverified contact={contact} />}
      {contact && (
        <div className={styles.addresses}>
          <Addresses contact={contact} />
        </div>
      )}
      <Page conversation={conversation} />
      <About conversation={conversation} contact={contact} />
      {contact && <Noted contact={contact} />}
      <Attributes title={t("details:of-chat")} all={conversation.attributes} />
      <Attributes title={t("details:unverified-attributes")} all={conversation.unverified} />
      <section className={styles.part}>
        <ConversationTags id={id} title={t("details:tags")} />
      </section>
      <Kept id={id} />
      {contact && <Earlier contact={contact.id} current={id} />}
    </aside>
  );
}

function ToContact({ id }: { readonly id: number }) {
  const { t } = useTexts();
  const link = useLink({ page: "contacts", query: "", contact: id });
  return (
    <a className={styles.more} {...link}>
      {t("details:contact")}
    </a>
  );
}

function Unverified({ contact }: { readonly contact: Contact }) {
  const { t } = useTexts();
  const about = contact.email ? "details:unverified.email" : "details:unverified.about";
  return (
    <div className={styles.alert}>
      <Icon name="shield" />
      <p>
        <b>{t("details:unverified")}</b> {t(about)}
      </p>
    </div>
  );
}

function Page({ conversation: { page, title, referrer } }: { readonly conversation: Talk }) {
  const { t } = useTexts();
  if (!page) {
    return null;
  }
  return (
    <section className={styles.part}>
      <h3>{t("details:page")}</h3>
      <p className={styles.cut} title={page}>
        <Outside address={page} title={title} />
      </p>
      {referrer && (
        <p className={styles.cut} title={referrer}>
          {t("details:referrer", { from: siteOf(referrer) })}
        </p>
      )}
    </section>
  );
}

interface AboutProps {
  readonly conversation: Talk;
  readonly contact: Contact | undefined;
}

function About({ conversation, contact }: AboutProps) {
  const { t, locale } = useTexts();
  const { time_zone: zone, locale: language, created_at: began, rating } = conversation;
  const inbox = useStore(({ directory }) => directory.inboxes.get(conversation.inbox ?? 0)?.name);
  const facts: readonly (readonly [string, string | undefined | null])[] = [
    [t("details:id"), contact?.user_id],
    [t("details:language"), language && languageOf(language, locale)],
    [t("details:inbox"), inbox],
    [t("details:began"), momentIn(began, locale)],
    [t("details:rating"), rating ? t("details:rating.of", { rating }) : null],
  ];
  return (
    <section className={styles.part}>
      <h3>{t("details:about")}</h3>
      <dl>
        {zone && <LocalTime zone={zone} />}
        {facts.map(([name, value]) => value && <Fact key={name} name={name} value={value} />)}
      </dl>
    </section>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd title={value}>{value}</dd>
    </>
  );
}

function LocalTime({ zone }: { readonly zone: string }) {
  const { t, locale } = useTexts();
  const nowMs = useNow(true);
  const time = timeIn(zone, nowMs, locale);
  const city = zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
  return time ? (
    <Fact name={t("details:local-time")} value={t("details:local-time.in", { time, city })} />
  ) : null;
}

/** null: the browser knows no such zone. */
function timeIn(timeZone: string, nowMs: number, locale: string): string | null {
  try {
    return new Date(nowMs).toLocaleTimeString(locale, { timeStyle: "short", timeZone });
  } catch {
    return null;
  }
}

function languageOf(tag: string, locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

function momentIn(at: string, locale: string): string {
  const date = new Date(at);
  return `${dayOf(date, new Date(), locale)} ${timeOf(date, locale)}`;
}

interface AttributesProps {
  readonly title: string;
  readonly all: Readonly<Record<string, string | number | boolean>> | undefined;
}

function Attributes({ title, all = {} }: AttributesProps) {
  const entries = Object.entries(all);
  return entries.length ? (
    <section className={styles.part}>
      <h3>{title}</h3>
      <dl>
        {entries.map(([name, value]) => (
          <Fact key={name} name={name} value={String(value)} />
        ))}
      </dl>
    </section>
  ) : null;
}

/** Other conversations of the contact, the newest first. */
function Earlier({ contact, current }: { readonly contact: number; readonly current: number }) {
  const { t } = useTexts();
  const store = useStoreItself();
  const [all, setAll] = useState<readonly Talk[]>([]);
  useEffect(() => {
    let isHere = true;
    store.client
      .call("conversation.list", { contact, limit: 10 })
      .then(({ items }) => isHere && setAll(items.filter(({ id }) => id !== current)))
      .catch(() => undefined); // the rest of the details stands without it
    return () => {
      isHere = false;
    };
  }, [store, contact, current]);
  return all.length ? (
    <section className={styles.part}>
      <h3>{t("details:earlier")}</h3>
      <ul className={styles.earlier}>
        {all.map((one) => (
          <EarlierOne key={one.id} one={one} />
        ))}
      </ul>
    </section>
  ) : null;
}

function EarlierOne({ one }: { readonly one: Talk }) {
  const { t, locale } = useTexts();
  const route = useRoute();
  const view = route.page === "inbox" ? route.view : "mine";
  const link = useLink({ page: "inbox", view, team: null, conversation: one.id });
  const { last_message: last, updated_at: at } = one;
  return (
    <li>
      <a {...link}>{last?.text || t("details:earlier.empty")}</a>
      <time dateTime={at}>{new Date(at).toLocaleDateString(locale, { dateStyle: "medium" })}</time>
    </li>
  );
}
