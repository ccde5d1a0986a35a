/** One's name and picture, the address by which one signs in, and another password. */
import { Unanswered } from "client/wire";
import { type FormEvent, useId, useRef, useState } from "react";
import { type Fault, faultOf } from "../account/faults";
import { useAct } from "../keys/acts";
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Icon } from "../ui/icon";
import { useKept } from "./kept";
import { PictureForm } from "./picture";
import styles from "./profile.module.css";

export function Account() {
  const { t } = useTexts();
  const email = useStore(({ directory }) => directory.me?.agent?.email);
  const role = useStore(({ directory }) => directory.me?.agent?.role);
  return (
    <>
      <div className={styles.part}>
        <PictureForm />
      </div>
      <div className={styles.part}>
        <NameForm />
      </div>
      <dl className={`${styles.part} ${styles.facts}`}>
        <dt>{t("account:email")}</dt>
        <dd>
          {email}
          <p>{t("profile:email.about")}</p>
        </dd>
        <dt>{t("profile:role")}</dt>
        <dd>{role && t(`profile:role.${role}`)}</dd>
      </dl>
      <div className={styles.part}>
        <h3>{t("profile:password")}</h3>
        <PasswordForm />
      </div>
    </>
  );
}

type State = "rest" | "busy" | "done";

function NameForm() {
  const { t } = useTexts();
  const store = useStoreItself();
  const known = useStore(({ directory, me }) => directory.me?.agent?.name ?? me.name);
  const [typed, put] = useKept("name");
  const [fault, setFault] = useState<Fault | null>(null);
  const [state, setState] = useState<State>("rest");
  const form = useRef<HTMLFormElement>(null);
  const name = typed ?? known;
  const isChanged = name.trim() !== known;
  const send = async () => {
    setFault(null);
    if (!name.trim()) {
      setFault({ part: "name", key: "account:fault.required", values: {} });
      return;
    }
    setState("busy");
    try {
      const me = await store.client.call("agent.set_name", { name: name.trim() });
      store.directory.know(me);
      put(null);
      setState("done");
    } catch (error) {
      setFault(faultIn(error));
      setState("rest");
    }
  };
  const isReady = isChanged && state !== "busy";
  useAct("save", isReady ? () => void send() : null);
  return (
    <form ref={form} className={styles.form} onSubmit={submitting(isReady, send)} noValidate>
      <Field
        name="name"
        label={t("account:name")}
        hint={t("account:name.hint")}
        fault={fault ? t(fault.key, fault.values) : undefined}
        value={name}
        maxLength={100}
        autoComplete="name"
        required
        onChange={({ target }) => {
          put(target.value);
          setState("rest");
        }}
      />
      <footer>
        <Button type="submit" kind="solid" act="save" isDisabled={!isReady}>
          {t("profile:save")}
        </Button>
        {isChanged && (
          <Button
            kind="plain"
            onPress={() => {
              put(null);
              setFault(null);
            }}
          >
            {t("profile:discard")}
          </Button>
        )}
        <Done isDone={state === "done" && !isChanged} />
      </footer>
    </form>
  );
}

function PasswordForm() {
  const { t } = useTexts();
  const store = useStoreItself();
  const email = useStore(({ directory }) => directory.me?.agent?.email);
  const [old, putOld] = useKept("old");
  const [password, putPassword] = useKept("password");
  const [isShown, setShown] = useState(false);
  const [wrong, setWrong] = useState<{ readonly old: boolean; readonly fault: Fault } | null>(null);
  const [state, setState] = useState<State>("rest");
  const id = useId();
  const send = async () => {
    setWrong(null);
    const missing = { part: "password", key: "account:fault.required", values: {} } as const;
    if (!old || !password) {
      setWrong({ old: !old, fault: missing });
      return;
    }
    setState("busy");
    try {
      await store.client.call("agent.set_password", { old, password });
      putOld(null);
      putPassword(null);
      setState("done");
    } catch (error) {
      const isOld = error instanceof Unanswered && error.code === "unauthenticated";
      const fault = isOld
        ? ({ part: null, key: "profile:password.wrong", values: {} } as const)
        : faultIn(error);
      setWrong({ old: isOld, fault });
      setState("rest");
    }
  };
  const isReady = Boolean(old || password) && state !== "busy";
  useAct("save", isReady ? () => void send() : null);
  const said = wrong && t(wrong.fault.key, wrong.fault.values);
  const isOfNew = wrong && !wrong.old && wrong.fault.part === "password";
  const changed = (put: (text: string) => void) => ({
    onChange: ({ target }: { readonly target: HTMLInputElement }) => {
      put(target.value);
      setState("rest");
    },
  });
  return (
    <form className={styles.form} onSubmit={submitting(isReady, send)} noValidate>
      {/* By which a keeper of passwords knows whose it is. */}
      <input type="email" autoComplete="username" value={email ?? ""} readOnly hidden />
      <Field
        name="old"
        label={t("profile:password.old")}
        fault={(wrong?.old && said) || undefined}
        type="password"
        value={old ?? ""}
        maxLength={1000}
        autoComplete="current-password"
        {...changed(putOld)}
      />
      <Field
        name="password"
        label={t("profile:password.new")}
        hint={t("account:password.hint")}
        fault={(isOfNew && said) || undefined}
        type={isShown ? "text" : "password"}
        value={password ?? ""}
        maxLength={1000}
        autoComplete="new-password"
        {...changed(putPassword)}
        end={
          <Button kind="plain" isSmall onPress={() => setShown(!isShown)}>
            {t(isShown ? "account:hide" : "account:show")}
          </Button>
        }
      />
      {wrong && !wrong.old && !isOfNew && (
        <p className={styles.fault} role="alert">
          {said}
        </p>
      )}
      <p id={id} className={styles.about}>
        {t("profile:password.about")}
      </p>
      <footer>
        <Button type="submit" kind="solid" isDisabled={!isReady} aria-describedby={id}>
          {t("profile:password.go")}
        </Button>
        <Done isDone={state === "done"} />
      </footer>
    </form>
  );
}

/** Said to everybody when it is so. */
function Done({ isDone }: { readonly isDone: boolean }) {
  const { t } = useTexts();
  return (
    <span className={styles.done} role="status">
      {isDone && (
        <>
          <Icon name="check" />
          {t("profile:saved")}
        </>
      )}
    </span>
  );
}

function submitting(isReady: boolean, send: () => Promise<void>) {
  return (event: FormEvent) => {
    event.preventDefault();
    if (isReady) {
      void send();
    }
  };
}

function faultIn(error: unknown): Fault {
  if (!(error instanceof Unanswered)) {
    throw error;
  }
  const { code, message, retryMs } = error;
  return faultOf(code === "gone" ? null : { code, message, retry_ms: retryMs });
}
