/**
 * Signing in: as a page, or over the work that a session's end has stopped.
 *
 * Rules: what was written and what was not sent stays where it is, and goes on if the same person
 * signs in. The password is asked of nobody but here.
 */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components/Modal";
import { Refused, signIn } from "../store/session";
import { useStoreItself } from "../store/use";
import { type TextKey, useTexts } from "../texts/texts";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import styles from "./sign-in.module.css";
import { LanguageSwitch } from "./switches";

export function SignInPage() {
  const { t } = useTexts();
  return (
    <main className={styles.page}>
      <div className={styles.panel}>
        <img src="/icon.svg" alt="" width="40" height="40" />
        <h1>{t("shell:sign-in.title")}</h1>
        <SignInForm />
      </div>
      <LanguageSwitch />
    </main>
  );
}

export function SignInAgain() {
  const { t } = useTexts();
  return (
    <ModalOverlay isOpen isKeyboardDismissDisabled className={styles.overlay ?? ""}>
      <Modal className={styles.modal ?? ""}>
        <Dialog className={styles.panel ?? ""} aria-labelledby="sign-in-again">
          <h1 id="sign-in-again">{t("shell:sign-in.again")}</h1>
          <p>{t("shell:sign-in.kept")}</p>
          <SignInForm />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

const FAULTS: Readonly<Record<string, TextKey>> = {
  unauthenticated: "shell:sign-in.wrong",
  bad_input: "shell:sign-in.wrong",
  too_many: "shell:sign-in.too-many",
  gone: "shell:fault.gone",
};

function SignInForm() {
  const { t } = useTexts();
  const store = useStoreItself();
  const [fault, setFault] = useState<TextKey | null>(null);
  const [isBusy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  // Known where one was signed in.
  const email = store.directory.me?.agent?.email;
  // biome-ignore lint/correctness/useExhaustiveDependencies: as it opens
  useEffect(() => (email ? password : first).current?.focus(), []);
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    try {
      await signIn(String(form.get("email")).trim(), String(form.get("password")));
      store.signedIn();
    } catch (error) {
      if (!(error instanceof Refused)) {
        throw error;
      }
      setFault(FAULTS[error.code] ?? "shell:sign-in.failed");
      password.current?.select(); // it is what was mistaken most often
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className={styles.form} onSubmit={send}>
      <Field
        ref={first}
        label={t("shell:sign-in.email")}
        name="email"
        type="email"
        defaultValue={email}
        required
        maxLength={320}
        autoComplete="username"
      />
      <Field
        ref={password}
        label={t("shell:sign-in.password")}
        name="password"
        type="password"
        required
        maxLength={1000}
        autoComplete="current-password"
        fault={fault ? t(fault) : undefined}
      />
      <Button type="submit" kind="solid" isDisabled={isBusy}>
        {t("shell:sign-in.go")}
      </Button>
    </form>
  );
}
