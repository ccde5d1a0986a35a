/**
 * All that was said, by its words, and contacts: each hit leads to the message itself.
 *
 * Rules: the address has what is searched, so that it can be passed on. What was found is shown as text in
 * pieces, never as markup.
 */
import type { MessageHit } from "protocol";
import { useCallback } from "react";
import { dayOf, timeOf } from "shared/i18n/times";
import { Page } from "../shell/page";
import { useLink, useRoute, useRouter } from "../shell/router";
import { usePaged } from "../store/paged";
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { Empty } from "../ui/empty";
import { Icon } from "../ui/icon";
import { SearchField } from "../ui/search-field";
import styles from "./search.module.css";

/** Contacts that are shown beside what was said; all of them are on their own page. */
const MOST_CONTACTS = 5;

export default function Search() {
  const { t } = useTexts();
  const router = useRouter();
  const route = useRoute();
  const { query, inbox } = route.page === "search" ? route : { query: "", inbox: null };
  return (
    <Page title={t("shell:nav.search")} tools={<ToContacts />}>
      <search className={styles.tools}>
        <SearchField
          label={t("search:find")}
          hint={t("search:hint")}
          value={query}
          isFirst
          onSearch={(text) => router.replace({ page: "search", query: text, inbox })}
        />
        <InboxChoice
          inbox={inbox}
          onChoose={(chosen) => router.replace({ page: "search", query, inbox: chosen })}
        />
      </search>
      {query ? (
        <Results query={query} inbox={inbox} />
      ) : (
        <Empty art="search" title={t("search:empty")} about={t("search:empty.about")} />
      )}
    </Page>
  );
}

/** On a phone the navigation has no room for them. */
function ToContacts() {
  const { t } = useTexts();
  const link = useLink({ page: "contacts", query: "", contact: null });
  return (
    <a className={`${styles.all} ${styles.narrow}`} {...link}>
      {t("shell:nav.contacts")}
    </a>
  );
}

interface ChoiceProps {
  readonly inbox: number | null;
  readonly onChoose: (inbox: number | null) => void;
}

/** Where there is one inbox, there is nothing to choose. */
function InboxChoice({ inbox, onChoose }: ChoiceProps) {
  const { t } = useTexts();
  const inboxes = useStore(({ directory }) => directory.inboxes);
  return inboxes.size > 1 ? (
    <select
      className={styles.choice}
      aria-label={t("search:inbox")}
      value={inbox ?? ""}
      onChange={({ target }) => onChoose(Number(target.value) || null)}
    >
      <option value="">{t("search:inbox.all")}</option>
      {[...inboxes.values()].map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  ) : null;
}

interface Asked {
  readonly query: string;
  readonly inbox: number | null;
}

function Results({ query, inbox }: Asked) {
  const { t } = useTexts();
  const { client } = useStoreItself();
  const loadSaid = useCallback(
    (cursor: string | undefined) =>
      client.call("message.search", { text: query, inbox, ...(cursor && { cursor }) }),
    [client, query, inbox],
  );
  const loadContacts = useCallback(
    () => client.call("contact.search", { text: query, inbox, limit: MOST_CONTACTS }),
    [client, query, inbox],
  );
  const said = usePaged(loadSaid);
  const contacts = usePaged(loadContacts);
  if (said.isFailed && !said.items) {
    return (
      <p className={styles.failed} role="alert">
        {t("search:failed")}{" "}
        <Button isSmall onPress={said.more}>
          {t("search:retry")}
        </Button>
      </p>
    );
  }
  if (said.items?.length === 0 && contacts.items?.length === 0) {
    return <Empty art="search" title={t("search:none")} about={t("search:none.about")} />;
  }
  return (
    <div className={styles.results} aria-busy={said.items === null}>
      {contacts.items !== null && contacts.items.length > 0 && (
        <section>
          <h2>{t("search:contacts")}</h2>
          <ul>
            {contacts.items.map(({ id, name, email, phone }) => (
              <ContactHit key={id} id={id} name={name} about={email ?? phone ?? ""} />
            ))}
          </ul>
          {contacts.isMore && <AllContacts query={query} />}
        </section>
      )}
      {said.items !== null && said.items.length > 0 && (
        <section>
          <h2>{t("search:said")}</h2>
          <ul>
            {said.items.map((hit) => (
              <Hit key={`${hit.conversation} ${hit.seq}`} hit={hit} />
            ))}
          </ul>
          {said.isMore && (
            <Button isSmall className={styles.more} onPress={said.more}>
              {t("search:more")}
            </Button>
          )}
        </section>
      )}
    </div>
  );
}

function AllContacts({ query }: { readonly query: string }) {
  const { t } = useTexts();
  const link = useLink({ page: "contacts", query, contact: null });
  return (
    <a className={styles.all} {...link}>
      {t("search:more-contacts")}
    </a>
  );
}

interface ContactProps {
  readonly id: number;
  readonly name: string;
  readonly about: string;
}

function ContactHit({ id, name, about }: ContactProps) {
  const { t } = useTexts();
  const link = useLink({ page: "contacts", query: "", contact: id });
  const called = name || t("list:visitor");
  return (
    <li>
      <a className={styles.hit} {...link}>
        <Avatar name={called} id={id} />
        <span className={styles.words}>
          <b dir="auto">{called}</b>
          {about && <span>{about}</span>}
        </span>
      </a>
    </li>
  );
}

function Hit({ hit }: { readonly hit: MessageHit }) {
  const { t, locale } = useTexts();
  const { conversation, seq, sender, contact, snippet, at, inbox, type } = hit;
  const link = useLink({ page: "inbox", view: "mine", team: null, conversation, message: seq });
  const inboxes = useStore(({ directory }) => directory.inboxes);
  const name = contact?.name || t("list:visitor");
  const isTheirs = sender.role === "visitor" || sender.role === "peer";
  const date = new Date(at);
  const about = [
    type === "note" && t("search:note"),
    inboxes.size > 1 && inboxes.get(inbox ?? 0)?.name,
    `${dayOf(date, new Date(), locale)} ${timeOf(date, locale)}`,
  ];
  return (
    <li>
      <a className={styles.hit} {...link}>
        <Avatar name={name} id={contact?.id ?? conversation} />
        <span className={styles.words}>
          <b dir="auto">
            {isTheirs ? name : t("search:said-by", { name: sender.name, contact: name })}
          </b>
          <span dir="auto">
            {snippet.map(({ text, hit: isHit }, index) =>
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, in their order
              isHit ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
            )}
          </span>
        </span>
        <span className={styles.about}>
          {type === "note" && <Icon name="note" size={14} />}
          {about.filter(Boolean).join(" · ")}
        </span>
      </a>
    </li>
  );
}
