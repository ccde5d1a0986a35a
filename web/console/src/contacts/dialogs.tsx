/**
 * What is done to a contact in a dialog: made, written to, made one with another, blocked.
 *
 * Rules: what will happen is said before; what is refused is said in the dialog, where it can be mended.
 */
import { Unanswered } from "client/wire";
import type { Contact, Inbox } from "protocol";
import { type FormEvent, type ReactNode, useCallback, useRef, useState } from "react";
import { useRouter } from "../shell/router";
import { usePaged } from "../store/paged";
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { SearchField } from "../ui/search-field";
import styles from "./dialogs.module.css";

interface AskProps {
  readonly title: string;
  readonly act: string;
  readonly isDanger?: boolean;
  readonly isReady?: boolean;
  readonly onClose: () => void;
  /** Rejects with Unanswered. */
  readonly onSend: (form: FormData) => Promise<void>;
  readonly children: ReactNode;
}

/** A form in a dialog, which goes when it is done. */
function Ask({ title, act, isDanger, isReady = true, onClose, onSend, children }: AskProps) {
  const { t } = useTexts();
  const [fault, setFault] = useState("");
  const [isBusy, setBusy] = useState(false);
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    setFault("");
    try {
      await onSend(new FormData(event.currentTarget));
      onClose();
    } catch (error) {
      if (!(error instanceof Unanswered)) {
        throw error;
      }
      setFault(error.code === "gone" ? t("shell:fault.gone") : error.message);
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <form className={styles.form} onSubmit={send}>
        {children}
        {fault && (
          <p className={styles.fault} role="alert">
            {fault}
          </p>
        )}
        <Button type="submit" kind={isDanger ? "danger" : "solid"} isDisabled={isBusy || !isReady}>
          {act}
        </Button>
      </form>
    </Dialog>
  );
}

/** Where a chat can be begun, and a contact can be made: widgets' inboxes that take visitors. */
function useInboxes(): readonly Inbox[] {
  const inboxes = useStore(({ directory }) => directory.inboxes);
  return [...inboxes.values()].filter(({ kind, active }) => kind === "widget" && active);
}

function InboxField({ about }: { readonly about: string }) {
  const { t } = useTexts();
  const inboxes = useInboxes();
  return inboxes.length > 1 ? (
    <label className={styles.choice}>
      {t("contacts:inbox")}
      <select name="inbox">
        {inboxes.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <span>{about}</span>
    </label>
  ) : (
    <input type="hidden" name="inbox" value={inboxes[0]?.id ?? ""} />
  );
}

export function Create({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTexts();
  const store = useStoreItself();
  const router = useRouter();
  const send = async (form: FormData) => {
    const [email, phone] = [String(form.get("email")), String(form.get("phone"))];
    const made = await store.client.call("contact.create", {
      inbox: Number(form.get("inbox")),
      name: String(form.get("name")),
      ...(email && { email }),
      ...(phone && { phone }),
    });
    store.contacts.count(made);
    router.go({ page: "contacts", query: "", contact: made.id });
  };
  return (
    <Ask title={t("contacts:create")} act={t("contacts:create.go")} onClose={onClose} onSend={send}>
      <Field label={t("details:name")} name="name" required maxLength={200} autoFocus />
      <Field label={t("details:email")} name="email" type="email" maxLength={320} />
      <Field label={t("details:phone")} name="phone" type="tel" maxLength={40} />
      <InboxField about={t("contacts:create.inbox")} />
      <p className={styles.about}>{t("contacts:create.about")}</p>
    </Ask>
  );
}

interface OfContact {
  readonly contact: Contact;
  readonly onClose: () => void;
}

export function Begin({ contact, onClose }: OfContact) {
  const { t } = useTexts();
  const store = useStoreItself();
  const router = useRouter();
  const name = contact.name || t("list:visitor");
  // Sent again after a break it begins the same one.
  const id = useRef(crypto.randomUUID());
  const send = async (form: FormData) => {
    const { conversation } = await store.client.call("conversation.begin", {
      contact: contact.id,
      inbox: Number(form.get("inbox")),
      client_id: id.current,
      text: String(form.get("text")),
    });
    router.go({ page: "inbox", view: "mine", team: null, conversation: conversation.id });
  };
  return (
    <Ask
      title={t("contacts:begin.with", { name })}
      act={t("contacts:begin.go")}
      onClose={onClose}
      onSend={send}
    >
      <label className={styles.choice}>
        {t("contacts:begin.text")}
        {/* biome-ignore lint/a11y/noAutofocus: it is what one came for */}
        <textarea name="text" rows={4} required autoFocus dir="auto" />
      </label>
      <InboxField about={t("contacts:begin.inbox")} />
      <p className={styles.about}>{t("contacts:begin.about")}</p>
    </Ask>
  );
}

export function Block({ contact, onClose }: OfContact) {
  const { t } = useTexts();
  const { contacts } = useStoreItself();
  const send = () => contacts.change(contact.id, { blocked: true }, "contact.block", {});
  return (
    <Ask
      title={t("contacts:block.of", { name: contact.name || t("list:visitor") })}
      act={t("contacts:block")}
      isDanger
      onClose={onClose}
      onSend={send}
    >
      <p>{t("contacts:block.about")}</p>
    </Ask>
  );
}

/** The other one is sought; then which of the two stays is chosen, and what will be is said. */
export function Merge({ contact, onClose }: OfContact) {
  const { t } = useTexts();
  const store = useStoreItself();
  const router = useRouter();
  const [other, setOther] = useState<Contact | null>(null);
  const [stays, setStays] = useState(contact.id);
  const into = other && stays === other.id ? other : contact;
  const from = into === contact ? other : contact;
  const nameOf = (one: Contact | null) => one?.name || t("list:visitor");
  const send = async () => {
    if (from) {
      const form = { contact: into.id, other: from.id };
      store.contacts.count(await store.client.call("contact.merge", form));
      router.go({ page: "contacts", query: "", contact: into.id });
    }
  };
  return (
    <Ask
      title={t("contacts:merge.of", { name: nameOf(contact) })}
      act={t("contacts:merge.go")}
      isReady={other !== null}
      onClose={onClose}
      onSend={send}
    >
      {other === null ? (
        <Others but={contact.id} onChoose={setOther} />
      ) : (
        <>
          <fieldset className={styles.two}>
            <legend>{t("contacts:merge.stays")}</legend>
            {[contact, other].map((one) => (
              <label key={one.id}>
                <input
                  type="radio"
                  name="stays"
                  checked={stays === one.id}
                  onChange={() => setStays(one.id)}
                />
                <Avatar name={nameOf(one)} id={one.id} />
                <span>
                  <b>{nameOf(one)}</b>
                  <span>{[one.email, one.phone].filter(Boolean).join(" · ")}</span>
                </span>
              </label>
            ))}
          </fieldset>
          <p>{t("contacts:merge.about", { into: nameOf(into), from: nameOf(from) })}</p>
        </>
      )}
    </Ask>
  );
}

interface OthersProps {
  readonly but: number;
  readonly onChoose: (contact: Contact) => void;
}

function Others({ but, onChoose }: OthersProps) {
  const { t } = useTexts();
  const { client } = useStoreItself();
  const [query, setQuery] = useState("");
  const load = useCallback(
    () =>
      query
        ? client.call("contact.search", { text: query, limit: 8 })
        : client.call("contact.list", { limit: 8 }),
    [client, query],
  );
  const { items } = usePaged(load);
  const others = items?.filter(({ id }) => id !== but);
  return (
    <>
      <SearchField label={t("contacts:find")} value={query} isFirst onSearch={setQuery} />
      <ul className={styles.others}>
        {others?.map((one) => (
          <li key={one.id}>
            <button type="button" onClick={() => onChoose(one)}>
              <Avatar name={one.name || t("list:visitor")} id={one.id} />
              <span>
                <b>{one.name || t("list:visitor")}</b>
                <span>{[one.email, one.phone].filter(Boolean).join(" · ")}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {others?.length === 0 && <p role="status">{t("contacts:none")}</p>}
    </>
  );
}
