/** One contact: who they are, what is known of them, what was said with them; what can be done. */
import { Unanswered } from "client/wire";
import type { Contact, Conversation } from "protocol";
import { useCallback, useEffect, useState } from "react";
import { plain } from "shared/core/plain";
import { dayOf } from "shared/i18n/times";
import { useLink, useRouter } from "../shell/router";
import { usePaged } from "../store/paged";
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Avatar } from "../ui/avatar";
import { Button, IconButton } from "../ui/button";
import { Empty } from "../ui/empty";
import { Icon } from "../ui/icon";
import { Item, Line, Menu } from "../ui/menu";
import styles from "./contact.module.css";
import { Begin, Block, Merge } from "./dialogs";
import { Addresses, Blocked, Name, Noted, useMay } from "./facts";

/** As the server has it now; null: there is none, or it is not for one's eyes. */
function useOne(id: number): Contact | null | undefined {
  const store = useStoreItself();
  const router = useRouter();
  const [isGone, setGone] = useState(false);
  useEffect(() => {
    let isMeant = true;
    store.client.call("contact.get", { contact: id }).then(
      (contact) => {
        store.contacts.put(contact);
        if (isMeant && contact.id !== id) {
          router.replace({ page: "contacts", query: "", contact: contact.id }); // it was merged
        }
      },
      (error: unknown) => {
        if (!(error instanceof Unanswered)) {
          throw error;
        }
        if (isMeant && error.code === "not_found") {
          setGone(true);
        }
      },
    );
    return () => {
      isMeant = false;
    };
  }, [store, router, id]);
  const known = useStore(({ contacts }) => contacts.get(id));
  return isGone ? null : known;
}

export function ContactPage({ id }: { readonly id: number }) {
  const { t } = useTexts();
  const contact = useOne(id);
  if (contact === null) {
    return <Empty art="search" title={t("contacts:gone")} about={t("contacts:gone.about")} />;
  }
  if (!contact) {
    return <div aria-busy="true" />;
  }
  return (
    <article className={styles.contact} aria-label={contact.name || t("list:visitor")}>
      <Head contact={contact} />
      <div className={styles.body}>
        {contact.blocked && <Blocked />}
        {!contact.verified && (
          <p className={styles.alert} role="note">
            <Icon name="shield" />
            <span>
              <b>{t("details:unverified")}</b>{" "}
              {t(contact.email ? "details:unverified.email" : "details:unverified.about")}
            </span>
          </p>
        )}
        <Addresses contact={contact} />
        <Known contact={contact} />
        <Noted contact={contact} />
        {contact.tags && contact.tags.length > 0 && (
          <section className={styles.part}>
            <h3>{t("details:tags")}</h3>
            <p>{contact.tags.join(" · ")}</p>
          </section>
        )}
        <Talks contact={contact.id} />
      </div>
    </article>
  );
}

type Asking = "begin" | "merge" | "block";

function Head({ contact }: { readonly contact: Contact }) {
  const { t } = useTexts();
  const store = useStoreItself();
  const router = useRouter();
  const canBegin = useMay("begin");
  const canMerge = useMay("merge_contacts");
  const [asking, setAsking] = useState<Asking | null>(null);
  const close = () => setAsking(null);
  const unblock = () => {
    const { contacts } = store;
    contacts
      .change(contact.id, { blocked: false }, "contact.unblock", {})
      .catch((error) => store.refused(error));
  };
  const name = contact.name || t("list:visitor");
  return (
    <header className={styles.head}>
      <IconButton
        icon="left"
        label={t("contacts:back")}
        className={styles.back}
        onPress={() => router.go({ page: "contacts", query: "", contact: null })}
      />
      <Avatar name={name} id={contact.id} size={40} />
      <h2>
        <Name contact={contact} />
      </h2>
      {canBegin && !contact.blocked && (
        <Button kind="solid" icon="chat" onPress={() => setAsking("begin")}>
          {t("contacts:begin")}
        </Button>
      )}
      {canMerge && (
        <Menu
          label={t("contacts:acts")}
          button={<IconButton icon="dots" label={t("contacts:acts")} />}
        >
          <Item icon="users" label={t("contacts:merge")} onAction={() => setAsking("merge")} />
          <Line />
          {contact.blocked ? (
            <Item icon="check" label={t("contacts:unblock")} onAction={unblock} />
          ) : (
            <Item
              icon="block"
              isDanger
              label={t("contacts:block")}
              onAction={() => setAsking("block")}
            />
          )}
        </Menu>
      )}
      {asking === "begin" && <Begin contact={contact} onClose={close} />}
      {asking === "merge" && <Merge contact={contact} onClose={close} />}
      {asking === "block" && <Block contact={contact} onClose={close} />}
    </header>
  );
}

/** What nobody here changes. */
function Known({ contact }: { readonly contact: Contact }) {
  const { t, locale } = useTexts();
  const dateOf = (at: string | undefined) => at && dayOf(new Date(at), new Date(), locale);
  const facts = [
    [t("details:id"), contact.user_id],
    [t("contacts:since"), dateOf(contact.created_at)],
    [t("contacts:seen"), dateOf(contact.seen_at)],
    [t("contacts:consent"), dateOf(contact.consented_at)],
  ] as const;
  return (
    <section className={styles.part}>
      <h3>{t("details:about")}</h3>
      <dl className={styles.facts}>
        {facts.map(
          ([what, value]) =>
            value && (
              <div key={what}>
                <dt>{what}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}

function Talks({ contact }: { readonly contact: number }) {
  const { t } = useTexts();
  const { client } = useStoreItself();
  const load = useCallback(
    (cursor: string | undefined) =>
      client.call("conversation.list", { contact, limit: 20, ...(cursor && { cursor }) }),
    [client, contact],
  );
  const { items, isMore, more } = usePaged(load);
  return (
    <section className={styles.part}>
      <h3>{t("contacts:talks")}</h3>
      {items?.length === 0 && <p className={styles.none}>{t("contacts:talks.none")}</p>}
      <ul>
        {items?.map((one) => (
          <Talk key={one.id} told={one} />
        ))}
      </ul>
      {isMore && (
        <Button isSmall onPress={more}>
          {t("contacts:more")}
        </Button>
      )}
    </section>
  );
}

function Talk({ told }: { readonly told: Conversation }) {
  const { t, locale } = useTexts();
  const one = useStore((store) => store.conversation(told.id)) ?? told;
  const link = useLink({ page: "inbox", view: "mine", team: null, conversation: one.id });
  const { last_message: last, updated_at: at, status, assignee } = one;
  const isOurs = last?.sender.role === "agent" || last?.sender.role === "bot";
  const text = last && (isOurs ? plain(last.text) : last.text);
  return (
    <li>
      <a {...link} className={styles.talk}>
        <span dir="auto">{text || t("details:earlier.empty")}</span>
        <span className={styles.state}>
          {[status && t(`contacts:status.${status}`), assignee?.name].filter(Boolean).join(" · ")}
        </span>
        <time dateTime={at}>{dayOf(new Date(at), new Date(), locale)}</time>
      </a>
    </li>
  );
}
