/** What is known of a contact, to be changed where it stands: beside a chat and on the contact's page. */
import type { Contact } from "protocol";
import { type ReactNode, useState } from "react";
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Button, IconButton } from "../ui/button";
import { Editable } from "../ui/editable";
import styles from "./facts.module.css";

/** Whether the caller may do it to contacts. */
export function useMay(what: "edit_contacts" | "merge_contacts" | "begin"): boolean {
  return useStore(({ directory }) => directory.me?.may?.includes(what) ?? false);
}

/** Name, addresses. What the site has signed is changed by nobody here: it says who they are. */
export function Name({ contact }: { readonly contact: Contact }) {
  const { t } = useTexts();
  const { contacts } = useStoreItself();
  const { id, name } = contact;
  const isMine = useMay("edit_contacts");
  return isMine ? (
    <Editable
      label={t("details:name")}
      value={name}
      none={t("list:visitor")}
      isNeeded
      onKeep={(text) => contacts.change(id, { name: text }, "contact.update", { name: text })}
    />
  ) : (
    name || t("list:visitor")
  );
}

const ADDRESSES = [
  { field: "email", type: "email" },
  { field: "phone", type: "tel" },
] as const;

export function Addresses({ contact }: { readonly contact: Contact }) {
  const { t } = useTexts();
  const { contacts } = useStoreItself();
  const isMine = useMay("edit_contacts");
  return (
    <dl className={styles.facts}>
      {ADDRESSES.map(({ field, type }) => (
        <Fact key={field} name={t(`details:${field}`)}>
          {isMine ? (
            <Editable
              label={t(`details:${field}`)}
              value={contact[field] ?? ""}
              none={t("details:add")}
              type={type}
              maxLength={320}
              onKeep={(text) =>
                contacts.change(contact.id, { [field]: text }, "contact.update", {
                  [field]: text || null,
                })
              }
            />
          ) : (
            contact[field]
          )}
        </Fact>
      ))}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt title={name}>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** What the site and the team have noted, each by its name. */
export function Noted({ contact }: { readonly contact: Contact }) {
  const { t } = useTexts();
  const store = useStoreItself();
  const isMine = useMay("edit_contacts");
  const [isAdding, setAdding] = useState(false);
  const { id, attributes = {} } = contact;
  const set = (name: string, text: string) => {
    const { [name]: _, ...others } = attributes;
    const next = text ? { ...attributes, [name]: text } : others;
    const form = { attributes: { [name]: text || null } };
    return store.contacts.change(id, { attributes: next }, "contact.update", form);
  };
  const entries = Object.entries(attributes);
  return (
    <section className={styles.part}>
      <h3>
        {t("details:attributes")}
        {isMine && (
          <IconButton
            icon="plus"
            isSmall
            label={t("details:attributes.add")}
            onPress={() => setAdding(true)}
          />
        )}
      </h3>
      {isAdding && (
        <form
          className={styles.adding}
          onSubmit={(event) => {
            event.preventDefault();
            const form = new FormData(event.currentTarget);
            const name = String(form.get("name")).trim();
            const value = String(form.get("value")).trim();
            if (name && value) {
              setAdding(false);
              set(name, value).catch((error) => store.refused(error));
            }
          }}
          onKeyDown={(event) => {
            if (event.key === "Escape") {
              event.stopPropagation();
              setAdding(false);
            }
          }}
        >
          <input
            // biome-ignore lint/a11y/noAutofocus: it appears because one asked for it
            autoFocus
            name="name"
            required
            maxLength={60}
            aria-label={t("details:attributes.name")}
            placeholder={t("details:attributes.name")}
          />
          <input
            name="value"
            required
            maxLength={200}
            aria-label={t("details:attributes.value")}
            placeholder={t("details:attributes.value")}
          />
          <Button type="submit" isSmall>
            {t("details:keep")}
          </Button>
        </form>
      )}
      <dl className={styles.facts}>
        {entries.map(([name, value]) => (
          <Fact key={name} name={name}>
            {isMine && typeof value === "string" ? (
              <Editable
                label={name}
                value={value}
                none={t("details:none")}
                maxLength={1000}
                onKeep={(text) => set(name, text)}
              />
            ) : (
              String(value)
            )}
          </Fact>
        ))}
      </dl>
      {!entries.length && !isAdding && <p className={styles.none}>{t("details:none")}</p>}
    </section>
  );
}

/** Who is refused whatever they send. */
export function Blocked() {
  const { t } = useTexts();
  return (
    <p className={styles.blocked} role="note">
      {t("details:blocked")}
    </p>
  );
}
