/** Keeps what is shown as a view: a new one, or the one that is open under another name, shared or not. */
import { type FormEvent, useState } from "react";
import { useRouter } from "../shell/router";
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import styles from "./filter-panel.module.css";
import type { Inbox } from "./inbox";
import { type List, wholeOf } from "./views";

interface Props {
  readonly route: Inbox;
  readonly list: List;
  readonly onClose: () => void;
}

const MOST_CHARS = 60;

export function ViewForm({ route, list, onClose }: Props) {
  const { t } = useTexts();
  const router = useRouter();
  const store = useStoreItself();
  const saved = useStore(({ kept }) => kept.views.get(route.saved ?? 0));
  const me = useStore(({ directory }) => directory.me?.agent);
  const [isShared, setShared] = useState(saved?.shared ?? false);
  const [isBusy, setBusy] = useState(false);
  const isOwn = saved?.owner === me?.id;
  const canChange = saved !== undefined && (isOwn || me?.role !== "agent");
  const attempt = async (work: () => Promise<number | null>) => {
    setBusy(true);
    try {
      const id = await work();
      const { saved: _, filter: __, sort: ___, ...rest } = route;
      router.go({ ...rest, view: "all", team: null, ...(id !== null && { saved: id }) });
      onClose();
    } catch (error) {
      setBusy(false);
      store.refused(error);
    }
  };
  const keep = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name")).trim();
    if (!name) {
      return;
    }
    const what = { name, filter: wholeOf(list.view, list.filter), sort: list.sort };
    void attempt(async () => {
      const { id } = canChange
        ? await store.client.call("view.update", {
            view: saved.id,
            ...what,
            ...(isOwn && { shared: isShared }),
          })
        : await store.client.call("view.create", { ...what, shared: isShared });
      return id;
    });
  };
  return (
    <form className={styles.view} onSubmit={keep}>
      <Field
        label={t(canChange ? "list:view.this" : "list:view.save")}
        name="name"
        required
        maxLength={MOST_CHARS}
        defaultValue={canChange ? saved.name : ""}
        placeholder={t("list:view.name")}
        autoComplete="off"
      />
      {(!canChange || isOwn) && (
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={isShared}
            onChange={({ target }) => setShared(target.checked)}
          />
          {t("list:view.shared")}
        </label>
      )}
      <div className={styles.acts}>
        {canChange && (
          <Button
            kind="plain"
            isSmall
            isDisabled={isBusy}
            onPress={() =>
              void attempt(async () => {
                await store.client.call("view.delete", { view: saved.id });
                return null;
              })
            }
          >
            {t("list:view.delete")}
          </Button>
        )}
        <Button type="submit" kind="line" isSmall isDisabled={isBusy}>
          {t(canChange ? "list:view.change" : "list:view.keep")}
        </Button>
      </div>
    </form>
  );
}
