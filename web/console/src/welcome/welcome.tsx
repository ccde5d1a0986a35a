/**
 * The first run, after the admin is there: name the site, put the line on its pages, answer the first chat.
 *
 * Rules: nobody is led here who did not come from the set-up or the list of what is to do, and each step
 * shows what is there already. The chat beside it is the real one, on a page of our own. Whoever has named
 * the site takes chats from then on.
 * Not here: the admin's account (account/).
 */
import { Unanswered } from "client/wire";
import type { Inbox } from "protocol";
import { type FormEvent, useRef, useState } from "react";
import { useLook } from "../shell/look";
import { Missing } from "../shell/missing";
import { useLink, useRouter } from "../shell/router";
import { siteInboxOf } from "../store/directory";
import { useStore, useStoreItself } from "../store/use";
import { type TextKey, useTexts, type Values } from "../texts/texts";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Copy } from "./copy";
import { isOutOfReach, lineFor, readSite } from "./site";
import { FirstRun, Step } from "./steps";
import styles from "./welcome.module.css";

export default function Welcome() {
  const { t, language } = useTexts();
  const { theme } = useLook();
  const me = useStore(({ directory }) => directory.me);
  const inbox = useStore(({ directory }) => siteInboxOf(directory.inboxes));
  if (me && !me.may?.includes("manage")) {
    return (
      <div className={styles.missing}>
        <Missing />
      </div>
    );
  }
  if (!me?.agent) {
    return <div className={styles.missing} aria-busy="true" />;
  }
  const widget = inbox?.widget_key;
  const site = widget && (
    <iframe key={`${language} ${theme}`} title={t("welcome:preview")} src={`/try/${widget}`} />
  );
  return (
    <FirstRun site={site}>
      <Step
        number={1}
        state="done"
        title={t("welcome:admin")}
        chosen={me.agent.name}
        about={t("welcome:admin.about")}
      />
      {inbox ? (
        <>
          <Named inbox={inbox} />
          <PutLine inbox={inbox} />
        </>
      ) : (
        <>
          <NameSite />
          <Step number={3} state="later" title={t("welcome:line")} />
        </>
      )}
      <FirstChat inbox={inbox} />
    </FirstRun>
  );
}

interface Fault {
  /** null: of nothing in particular. */
  readonly field: "name" | "address" | null;
  readonly key: TextKey;
  readonly values?: Values;
}

function NameSite() {
  const { t, language } = useTexts();
  const store = useStoreItself();
  const me = useStore((one) => one.me.id);
  const [typed, setTyped] = useState("");
  const [fault, setFault] = useState<Fault | null>(null);
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const site = readSite(typed);
  const show = (found: Fault) => {
    setFault(found);
    const field = found.field && form.current?.elements.namedItem(found.field);
    if (field instanceof HTMLInputElement) {
      field.focus();
    }
  };
  const make = async (name: string) => {
    setBusy(true);
    try {
      // Before: whoever is given an inbox comes back anew, and hears no answer meanwhile.
      await store.client.call("agent.set_availability", { availability: "online" });
      const inbox = await store.client.call("inbox.create", {
        name,
        settings: { locale: language, origins: site.kind === "origin" ? [site.origin] : [] },
        agents: me === undefined ? [] : [me],
      });
      store.directory.keepInbox(inbox);
    } catch (error) {
      setBusy(false);
      if (!(error instanceof Unanswered)) {
        throw error;
      }
      show(faultOf(error));
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name")).trim();
    if (!name) {
      show({ field: "name", key: "welcome:fault.name" });
    } else if (site.kind === "bad") {
      show({ field: "address", key: site.why });
    } else if (!isBusy) {
      setFault(null);
      void make(name);
    }
  };
  const faultAt = (field: Fault["field"]) =>
    fault?.field === field ? t(fault.key, fault.values) : undefined;
  return (
    <Step number={2} state="now" title={t("welcome:site")} about={t("welcome:site.about")}>
      <form ref={form} className={styles.form} onSubmit={submit} noValidate>
        <Field
          name="name"
          label={t("welcome:site.name")}
          hint={t("welcome:site.name.hint")}
          fault={faultAt("name")}
          maxLength={100}
          autoComplete="organization"
          required
          autoFocus
        />
        <Field
          name="address"
          label={t("welcome:site.address")}
          hint={
            site.kind === "origin"
              ? t("welcome:site.may", { origin: site.origin })
              : t("welcome:site.address.hint")
          }
          fault={faultAt("address")}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          maxLength={300}
          inputMode="url"
          autoComplete="url"
          autoCapitalize="none"
          spellCheck={false}
        />
        {faultAt(null) && (
          <p className={styles.fault} role="alert">
            {faultAt(null)}
          </p>
        )}
        <Button type="submit" kind="solid" isDisabled={isBusy}>
          {t("welcome:site.go")}
        </Button>
      </form>
    </Step>
  );
}

function faultOf({ code, message }: Unanswered): Fault {
  if (code === "conflict") {
    return { field: "name", key: "welcome:fault.name-taken" };
  }
  const [, part, reason = ""] = /^(name|settings\.origins\[0\]): (.*)$/s.exec(message) ?? [];
  if (part) {
    const field = part === "name" ? "name" : "address";
    return { field, key: "welcome:fault.reason", values: { reason } };
  }
  return code === "gone"
    ? { field: null, key: "shell:fault.gone" }
    : { field: null, key: "shell:fault.refused", values: { reason: message } };
}

function Named({ inbox }: { readonly inbox: Inbox }) {
  const { t } = useTexts();
  const { origins = [] } = inbox.settings;
  const about = origins.length
    ? t("welcome:site.may", { origin: origins.join(", ") })
    : t("welcome:site.nowhere");
  return (
    <Step number={2} state="done" title={t("welcome:site")} chosen={inbox.name} about={about} />
  );
}

function PutLine({ inbox }: { readonly inbox: Inbox }) {
  const { t } = useTexts();
  const code = useRef<HTMLPreElement>(null);
  const line = lineFor(location.origin, inbox.widget_key ?? "");
  const letter = new URLSearchParams({
    subject: t("welcome:letter.subject"),
    body: t("welcome:letter", { name: inbox.name, line }),
  });
  const isFar = isOutOfReach(location.origin, inbox.settings.origins ?? []);
  return (
    <Step number={3} state="now" title={t("welcome:line")} about={t("welcome:line.about")}>
      <pre ref={code} className={styles.line}>
        {line}
      </pre>
      <div className={styles.acts}>
        <Copy label={t("welcome:line.copy")} from={code}>
          <a className={styles.send} href={`mailto:?${String(letter).replaceAll("+", "%20")}`}>
            {t("welcome:line.send")}
          </a>
        </Copy>
      </div>
      {isFar && <p className={styles.far}>{t("welcome:line.far", { home: location.origin })}</p>}
    </Step>
  );
}

function FirstChat({ inbox }: { readonly inbox: Inbox | null }) {
  const { t } = useTexts();
  const store = useStoreItself();
  const router = useRouter();
  const link = useLink({ page: "inbox", view: "mine", team: null, conversation: null });
  const chat = useStore(({ conversations }) => {
    const isOpen = conversations.find(
      (one) => one.inbox === inbox?.id && one.status !== "resolved",
    );
    return isOpen?.id ?? null;
  });
  const name = useStore((one) => one.conversation(chat ?? 0)?.last_message?.text ?? "");
  const answer = (id: number) => {
    router.go({ page: "inbox", view: "all", team: null, conversation: id });
    store.wantFocus(id);
  };
  return (
    <Step
      number={4}
      state={chat === null ? "later" : "now"}
      title={t("welcome:chat")}
      about={inbox ? t("welcome:chat.about") : undefined}
    >
      <div className={styles.chat} aria-live="polite">
        {chat !== null && (
          <>
            <p className={styles.came}>{t("welcome:chat.came", { text: name })}</p>
            <Button kind="solid" icon="reply" onPress={() => answer(chat)}>
              {t("welcome:chat.answer")}
            </Button>
          </>
        )}
      </div>
      {inbox && (
        <a className={styles.go} {...link}>
          {t("welcome:chat.go")}
        </a>
      )}
    </Step>
  );
}
