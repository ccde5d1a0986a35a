/** The notification centre: what was for oneself, each a way to its conversation. */
import { useEffect, useState } from "react";
import { dayOf, timeOf } from "shared/i18n/times";
import { useLink } from "../shell/router";
import { useStore } from "../store/use";
import { useTexts } from "../texts/texts";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Empty } from "../ui/empty";
import { Icon } from "../ui/icon";
import type { Centre } from "./centre";
import styles from "./centre.module.css";
import type { Told } from "./told";

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onWhy: () => void;
}

const ICONS = { given: "user", woken: "retry", missed: "warn", mention: "at" } as const;

export function CentreDialog({ isOpen, onClose, onWhy }: Props) {
  const { t } = useTexts();
  const centre = useStore(({ hearing }) => hearing?.centre ?? null);
  const unread = useStore(({ hearing }) => hearing?.centre.unread ?? 0);
  return (
    <Dialog title={t("shell:act.notices")} isOpen={isOpen} onClose={onClose}>
      {centre && <List centre={centre} onClose={onClose} />}
      <div className={styles.foot}>
        <Button isSmall isDisabled={unread === 0} onPress={() => void centre?.readAll()}>
          {t("sounds:centre.read-all")}
        </Button>
        <Button isSmall kind="plain" onPress={onWhy}>
          {t("sounds:why")}
        </Button>
      </div>
    </Dialog>
  );
}

function List({ centre, onClose }: { readonly centre: Centre; readonly onClose: () => void }) {
  const { t } = useTexts();
  const told = useStore(() => centre.all);
  const count = useStore(({ team }) => team.mentions);
  const [notes, setNotes] = useState<readonly Told[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another number, other notes
  useEffect(() => {
    void centre.mentions().then(setNotes);
  }, [centre, count]);
  const all = [...told, ...notes].sort((a, b) => (a.at < b.at ? 1 : -1));
  if (!all.length) {
    return (
      <Empty art="cup" title={t("sounds:centre.empty")} about={t("sounds:centre.empty.about")} />
    );
  }
  return (
    <ul className={styles.list}>
      {all.map((one) => (
        <Line key={`${one.kind} ${one.conversation} ${one.seq}`} told={one} onClose={onClose} />
      ))}
    </ul>
  );
}

function Line({ told, onClose }: { readonly told: Told; readonly onClose: () => void }) {
  const { t, locale } = useTexts();
  const { kind, conversation, at, by, isRead } = told;
  const name = useStore((store) => store.conversation(conversation)?.contact?.name);
  const { href, onClick } = useLink({ page: "inbox", view: "mine", team: null, conversation });
  const [date, now] = [new Date(at), new Date()];
  const isToday = date.toDateString() === now.toDateString();
  return (
    <li>
      <a
        href={href}
        className={isRead ? styles.read : styles.unread}
        onClick={(event) => {
          onClick(event);
          onClose();
        }}
      >
        <Icon name={ICONS[kind]} />
        <span>
          <b>{t(`sounds:centre.${kind}`, { name: name || t("list:visitor") })}</b>
          {by && <span>{by}</span>}
        </span>
        <time dateTime={at}>{isToday ? timeOf(date, locale) : dayOf(date, now, locale)}</time>
        {!isRead && <span className={styles.unseen}>{t("sounds:centre.unread")}</span>}
      </a>
    </li>
  );
}
