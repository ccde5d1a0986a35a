/**
 * Whom one knows: a list that is sought through, and beside it the one that the address names.
 *
 * Rules: the newest first, part by part. On a phone there is the list or the contact.
 */
import type { Contact } from "protocol";
import { type ReactNode, useCallback, useState } from "react";
import { useLink, useRoute, useRouter } from "../shell/router";
import { usePaged } from "../store/paged";
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Avatar } from "../ui/avatar";
import { Button, IconButton } from "../ui/button";
import { Empty } from "../ui/empty";
import { Icon } from "../ui/icon";
import { SearchField } from "../ui/search-field";
import { ContactPage } from "./contact";
import styles from "./contacts.module.css";
import { Create } from "./dialogs";
import { useMay } from "./facts";

export default function Contacts() {
  const { t } = useTexts();
  const route = useRoute();
  const { query, contact } = route.page === "contacts" ? route : { query: "", contact: null };
  return (
    <div className={styles.contacts} data-open={contact !== null}>
      <List query={query} open={contact} />
      <div className={styles.one}>
        {contact === null ? (
          <Empty art="chat" title={t("contacts:choose")} about={t("contacts:choose.about")} />
        ) : (
          <ContactPage key={contact} id={contact} />
        )}
      </div>
    </div>
  );
}

interface ListProps {
  readonly query: string;
  readonly open: number | null;
}

function List({ query, open }: ListProps) {
  const { t } = useTexts();
  const router = useRouter();
  const { client } = useStoreItself();
  const canCreate = useMay("edit_contacts");
  const [isCreating, setCreating] = useState(false);
  const census = useStore(({ contacts }) => contacts.census);
  // biome-ignore lint/correctness/useExhaustiveDependencies: there is another, or one less
  const load = useCallback(
    (cursor: string | undefined) => {
      const part = { limit: 50, ...(cursor && { cursor }) };
      return query
        ? client.call("contact.search", { ...part, text: query })
        : client.call("contact.list", part);
    },
    [client, query, census],
  );
  const { items, isMore, isFailed, more } = usePaged(load);
  return (
    <section className={styles.list} aria-label={t("shell:nav.contacts")}>
      <header className={styles.head}>
        <h1>{t("shell:nav.contacts")}</h1>
        {canCreate && (
          <IconButton icon="plus" label={t("contacts:create")} onPress={() => setCreating(true)} />
        )}
      </header>
      <search className={styles.search}>
        <SearchField
          label={t("contacts:find")}
          value={query}
          onSearch={(text) => router.replace({ page: "contacts", query: text, contact: open })}
        />
      </search>
      <div className={styles.rows} aria-busy={items === null && !isFailed}>
        <ul>
          {items?.map((one) => (
            <Row key={one.id} told={one} query={query} isOpen={one.id === open} />
          ))}
        </ul>
        {items?.length === 0 && <Nothing isSought={query !== ""} />}
        {isFailed && <p role="alert">{t("contacts:failed")}</p>}
        {(isMore || isFailed) && (
          <Button isSmall onPress={more}>
            {t(isFailed ? "contacts:retry" : "contacts:more")}
          </Button>
        )}
      </div>
      {isCreating && <Create onClose={() => setCreating(false)} />}
    </section>
  );
}

function Nothing({ isSought }: { readonly isSought: boolean }): ReactNode {
  const { t } = useTexts();
  return isSought ? (
    <Empty art="search" title={t("contacts:none")} about={t("contacts:none.about")} />
  ) : (
    <Empty art="cup" title={t("contacts:empty")} about={t("contacts:empty.about")} />
  );
}

interface RowProps {
  readonly told: Contact;
  readonly query: string;
  readonly isOpen: boolean;
}

function Row({ told, query, isOpen }: RowProps) {
  const { t } = useTexts();
  const known = useStore(({ contacts }) => contacts.get(told.id));
  const { id, name, email, phone, verified, blocked } = known ?? told;
  const link = useLink({ page: "contacts", query, contact: id });
  const called = name || t("list:visitor");
  return (
    <li>
      <a {...link} className={styles.row} aria-current={isOpen ? "true" : undefined}>
        <Avatar name={called} id={id} />
        <span className={styles.words}>
          <b dir="auto">{called}</b>
          <span>{email ?? phone}</span>
        </span>
        {blocked ? (
          <span className={styles.mark} title={t("contacts:blocked")}>
            <Icon name="block" />
            <span className={styles.unseen}>{t("contacts:blocked")}</span>
          </span>
        ) : (
          !verified && (
            <span className={styles.mark} title={t("conversation:unverified")}>
              <Icon name="shield" />
              <span className={styles.unseen}>{t("conversation:unverified")}</span>
            </span>
          )
        )}
      </a>
    </li>
  );
}
