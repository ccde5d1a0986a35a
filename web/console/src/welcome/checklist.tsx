/**
 * What an admin has still to do, where nothing else is shown: each line leads to where it is done.
 *
 * Rules: it is there for whoever may do it, until all of it is done or it is put away, in this browser.
 */
import { Unanswered } from "client/wire";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { recall, remember } from "shared/view/memory";
import { useLink } from "../shell/router";
import { siteInboxOf } from "../store/directory";
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Button, IconButton } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Icon } from "../ui/icon";
import styles from "./checklist.module.css";
import { Copy } from "./copy";
import { isFromSite, leftOf, TODO, type Todo } from "./todo";

const KEY = "console.checklist";
/** Conversations that are looked at for one from the site. */
const MOST = 100;

export function Checklist() {
  const { t } = useTexts();
  const [isAway, setAway] = useState(() => recall(KEY) === "away");
  const [isAsking, setAsking] = useState(false);
  const title = useId();
  const welcome = useLink({ page: "welcome" });
  const inboxes = useStore(({ directory }) => directory.inboxes);
  const agents = useStore(({ directory }) => directory.agents);
  const isOnSite = useIsOnSite();
  const left = leftOf(inboxes, agents, isOnSite === true);
  const isDone = left.length === 0 && !isAsking; // the link that was made is still to be seen
  if (isAway || isOnSite === null || isDone) {
    return null;
  }
  const act = (todo: Todo) =>
    todo === "colleague" ? (
      <button type="button" onClick={() => setAsking(true)}>
        {t("welcome:todo.colleague")}
      </button>
    ) : (
      <a {...welcome}>{t(`welcome:todo.${todo}`)}</a>
    );
  return (
    <section className={styles.checklist} aria-labelledby={title}>
      <header>
        <h2 id={title}>{t("welcome:todo")}</h2>
        <IconButton
          isSmall
          icon="x"
          label={t("welcome:todo.away")}
          onPress={() => {
            remember(KEY, "away");
            setAway(true);
          }}
        />
      </header>
      <ul>
        {TODO.map((todo) => {
          const isMade = !left.includes(todo);
          return (
            <li key={todo} className={isMade ? styles.done : undefined}>
              {isMade ? (
                <span className={styles.spot} role="img" aria-label={t("welcome:done")}>
                  <Icon name="check" size={14} />
                </span>
              ) : (
                <span className={styles.spot} aria-hidden="true" />
              )}
              <div>
                {isMade ? <span>{t(`welcome:todo.${todo}`)}</span> : act(todo)}
                <p>{t(`welcome:todo.${todo}.about`)}</p>
              </div>
            </li>
          );
        })}
      </ul>
      <Dialog
        title={t("welcome:todo.colleague")}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
      >
        <Invite />
      </Dialog>
    </section>
  );
}

/** Whether somebody has written from the site; null: it is not known yet. */
function useIsOnSite(): boolean | null {
  const store = useStoreItself();
  const inboxes = useStore(({ directory }) => directory.inboxes);
  const isNow = useStore(({ conversations, directory }) =>
    conversations.some((one) => isFromSite(one, directory.inboxes, location.origin)),
  );
  const [wasBefore, setBefore] = useState<boolean | null>(null);
  useEffect(() => {
    let isLate = false;
    store.client.call("conversation.list", { limit: MOST }).then(
      ({ items = [] }) => {
        if (!isLate) {
          setBefore(items.some((one) => isFromSite(one, inboxes, location.origin)));
        }
      },
      () => undefined, // there is no connection: it comes again with the list of inboxes
    );
    return () => {
      isLate = true;
    };
  }, [store, inboxes]);
  return isNow || wasBefore;
}

/** Takes a colleague into the team, and shows the link to be given to them: no letter is needed. */
function Invite() {
  const { t } = useTexts();
  const store = useStoreItself();
  const inbox = useStore(({ directory }) => siteInboxOf(directory.inboxes)?.id);
  const [link, setLink] = useState("");
  const [fault, setFault] = useState("");
  const code = useRef<HTMLElement>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [name, email] = [String(form.get("name")).trim(), String(form.get("email")).trim()];
    setFault("");
    try {
      const inboxes = inbox === undefined ? [] : [inbox];
      const { link: made, ...agent } = await store.client.call("agent.create", {
        name,
        email,
        inboxes,
      });
      setLink(made?.url ?? "");
      store.directory.keepAgent(agent);
    } catch (error) {
      if (!(error instanceof Unanswered)) {
        throw error;
      }
      setFault(
        error.code === "gone"
          ? t("shell:fault.gone")
          : t("welcome:fault.reason", { reason: error.message }),
      );
    }
  };
  return link ? (
    <div className={styles.invite}>
      <p role="status">{t("welcome:invite.link")}</p>
      <code ref={code}>{link}</code>
      <div className={styles.acts}>
        <Copy label={t("welcome:invite.copy")} from={code} autoFocus />
      </div>
    </div>
  ) : (
    <form className={styles.invite} onSubmit={(event) => void submit(event)}>
      <Field name="name" label={t("welcome:invite.name")} maxLength={100} required autoFocus />
      <Field
        name="email"
        type="email"
        label={t("welcome:invite.email")}
        hint={t("welcome:invite.email.hint")}
        maxLength={320}
        required
        fault={fault || undefined}
      />
      <Button type="submit" kind="solid">
        {t("welcome:invite.go")}
      </Button>
    </form>
  );
}
