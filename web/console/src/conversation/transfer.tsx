/**
 * Gives a conversation to a colleague or a team, with a note that is stored together with it.
 *
 * Rules: whoever is not there can be chosen, and it is said what becomes of it: it waits in the queue.
 */
import { type FormEvent, useState } from "react";
import { useConversation, useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Icon } from "../ui/icon";
import { type Target, targetsOf } from "./targets";
import styles from "./transfer.module.css";

interface Props {
  readonly id: number;
  readonly onClose: () => void;
}

export default function Transfer({ id, onClose }: Props) {
  const { t } = useTexts();
  const store = useStoreItself();
  const conversation = useConversation(id);
  const agents = useStore(({ directory }) => directory.agents);
  const teams = useStore(({ directory }) => directory.teams);
  const presence = useStore(({ client }) => client.presence);
  const [wanted, setWanted] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  if (!conversation) {
    return null;
  }
  const all = targetsOf(conversation, agents.values(), teams.values(), presence);
  const target = all.find((one) => keyOf(one) === chosen);
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!target) {
      return;
    }
    const note = String(new FormData(event.currentTarget).get("note")).trim();
    const form = { conversation: id, [target.kind]: target.id, ...(note && { note }) };
    setBusy(true);
    try {
      const { status } = await store.client.call("conversation.transfer", form);
      const isAbsent = target.kind === "agent" && status === "queued";
      const key = isAbsent ? "conversation:transfer.absent" : "conversation:transfer.done";
      store.toasts.show({ key, values: { name: target.name } });
      onClose();
    } catch (error) {
      setBusy(false);
      store.refused(error);
    }
  };
  const isMeant = ({ name }: Target) => name.toLowerCase().includes(wanted.trim().toLowerCase());
  return (
    <Dialog title={t("conversation:transfer")} isOpen onClose={onClose}>
      <form className={styles.form} onSubmit={send}>
        <input
          type="search"
          autoFocus
          aria-label={t("conversation:transfer.find")}
          placeholder={t("conversation:transfer.find")}
          value={wanted}
          onChange={({ target: field }) => setWanted(field.value)}
        />
        <fieldset className={styles.targets}>
          <legend className={styles.unseen}>{t("conversation:transfer.to")}</legend>
          {all.filter(isMeant).map((one) => (
            <label key={keyOf(one)} className={styles.target}>
              <input
                type="radio"
                name="target"
                required
                checked={chosen === keyOf(one)}
                onChange={() => setChosen(keyOf(one))}
              />
              {one.kind === "team" ? (
                <Icon name="users" />
              ) : (
                <Avatar
                  name={one.name}
                  id={one.id}
                  size={20}
                  picture={agents.get(one.id)?.avatar}
                />
              )}
              <span className={styles.name}>{one.name}</span>
              {!one.isThere && (
                <span className={styles.absent}>{t("conversation:transfer.not-there")}</span>
              )}
            </label>
          ))}
          {!all.some(isMeant) && <p>{t("conversation:transfer.nobody")}</p>}
        </fieldset>
        <label>
          {t("conversation:transfer.note")}
          <textarea name="note" rows={3} />
        </label>
        <p className={styles.hint} role="status">
          {target && !target.isThere && t(`conversation:transfer.waits.${target.kind}`)}
        </p>
        <Button type="submit" kind="solid" isDisabled={isBusy || !target}>
          {t("conversation:transfer.go")}
        </Button>
      </form>
    </Dialog>
  );
}

function keyOf({ kind, id }: Target): string {
  return `${kind} ${id}`;
}
