/**
 * Using a one-time link: the set-up, joining the team, a new password.
 *
 * Rules: what is wrong stands where it is wrong; a link that does not hold says how to get another.
 * Whoever is done is signed in, by the cookie of the answer, and goes to the console.
 * Not here: what a password may be (the server says so), what comes after (the console).
 */
import type { AcceptLink, Inbox, SignedIn } from "protocol";
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { Language } from "shared/i18n/languages";
import { ask } from "shared/link/api";
import { dropLink } from "shared/link/one-time";
import { LookContext } from "../shell/look";
import { LanguageSwitch } from "../shell/switches";
import type { Look } from "../shell/theme";
import {
  choose,
  chosenLanguage,
  speak,
  type TextKey,
  type Texts,
  TextsContext,
  useTexts,
} from "../texts/texts";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { FirstRun, Step } from "../welcome/steps";
import styles from "./account.module.css";
import type { Purpose } from "./address";
import { type Fault, faultOf, type Part } from "./faults";
import { WORDS } from "./words";

const PARTS: Readonly<Record<Purpose, readonly Part[]>> = {
  setup: ["name", "email", "password"],
  join: ["name", "password"],
  reset: ["password"],
};
/** What a link that holds cannot be used without; who joins may keep the name that there is. */
const NEEDED: Readonly<Record<Purpose, readonly Part[]>> = {
  ...PARTS,
  join: ["password"],
};
const CONSOLE = "/console";
const WELCOME = "/console/welcome";

interface Props {
  readonly purpose: Purpose;
  /** null: the page was opened without one. */
  readonly link: string | "damaged" | null;
}

interface Given extends Props {
  readonly look: Look;
  readonly texts: Texts;
}

export function Account({ look, texts: first, ...given }: Given) {
  const [texts, setTexts] = useState(first);
  const setLanguage = (language: Language | null) => {
    choose(language);
    void speak(chosenLanguage(), WORDS).then(setTexts);
  };
  return (
    <LookContext value={{ look, setLanguage, setTheme: (theme) => look.choose(theme) }}>
      <TextsContext value={texts}>
        <Page {...given} />
      </TextsContext>
    </LookContext>
  );
}

interface Refusal {
  readonly title: TextKey;
  readonly about: TextKey;
}

function Page({ purpose, link }: Props) {
  const { t } = useTexts();
  const [refusal, setRefusal] = useState<Refusal | null>(() => refusalOf(purpose, link));
  const title = t(`account:${purpose}.title`);
  useEffect(() => {
    document.title = `Kefu · ${title}`;
  }, [title]);
  if (purpose === "setup" && refusal === null && link !== null) {
    return (
      <main className={styles.first}>
        <FirstRun>
          <Step number={1} state="now" title={t("welcome:admin")} about={t("welcome:admin.about")}>
            <LinkForm purpose={purpose} link={link} onRefused={setRefusal} />
          </Step>
          <Step number={2} state="later" title={t("welcome:site")} />
          <Step number={3} state="later" title={t("welcome:line")} />
          <Step number={4} state="later" title={t("welcome:chat")} />
        </FirstRun>
      </main>
    );
  }
  return (
    <div className={styles.page}>
      <main className={styles.panel}>
        <img src="/icon.svg" alt="" width="40" height="40" />
        {refusal === null && link !== null ? (
          <>
            <h1>{title}</h1>
            <p>{t(`account:${purpose}.lead`)}</p>
            <LinkForm purpose={purpose} link={link} onRefused={setRefusal} />
          </>
        ) : (
          <div role="alert" id="refused">
            <h1>{t(refusal?.title ?? "account:missing")}</h1>
            <p>{t(refusal?.about ?? `account:${purpose}.missing`)}</p>
            <a className={styles.link} href={CONSOLE}>
              {t("account:sign-in")}
            </a>
          </div>
        )}
      </main>
      <LanguageSwitch />
    </div>
  );
}

/** Whether no site has the chat yet: by the terminal one may have it before there is an admin. */
async function isNew(): Promise<boolean> {
  const answer = await ask<{ readonly items?: readonly Inbox[] }>({
    method: "GET",
    path: "/inboxes",
  });
  return answer.kind === "ok" && !answer.ok.items?.some((one) => one.widget_key);
}

function refusalOf(purpose: Purpose, link: string | null): Refusal | null {
  const about = `account:${purpose}.missing` as const;
  if (link === "damaged") {
    return { title: "account:damaged", about };
  }
  return link === null ? { title: "account:missing", about } : null;
}

interface FormProps {
  readonly purpose: Purpose;
  readonly link: string;
  readonly onRefused: (refusal: Refusal) => void;
}

function LinkForm({ purpose, link, onRefused }: FormProps) {
  const { t } = useTexts();
  const [fault, setFault] = useState<Fault | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isShown, setShown] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const field = (part: Part): HTMLInputElement | null => {
    const found = form.current?.elements.namedItem(part);
    return found instanceof HTMLInputElement ? found : null;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page opens
  useEffect(() => field(PARTS[purpose][0] ?? "password")?.focus(), []);
  const show = (found: Fault | null) => {
    const part = found?.part;
    const isHere = part && PARTS[purpose].includes(part);
    setFault(found && { ...found, part: isHere ? part : null });
    if (isHere) {
      field(part)?.focus();
    }
  };
  const typed = (part: Part) => field(part)?.value ?? "";
  const send = async () => {
    setFault(null);
    setBusy(true);
    const [name, email] = [typed("name").trim(), typed("email").trim()];
    const body: AcceptLink = {
      link,
      password: typed("password"),
      ...(name && { name }),
      ...(email && { email }),
    };
    const answer = await ask<SignedIn>({ method: "POST", path: "/session/link", body });
    if (answer.kind === "ok") {
      dropLink(purpose);
      location.replace(purpose === "setup" && (await isNew()) ? WELCOME : CONSOLE);
      return;
    }
    setBusy(false);
    const error = answer.kind === "refused" ? answer.error : null;
    if (error?.code === "unauthenticated") {
      dropLink(purpose);
      onRefused({ title: "account:refused", about: `account:${purpose}.refused` });
    } else {
      show(faultOf(error));
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const missing = NEEDED[purpose].find((part) => !typed(part).trim());
    if (missing) {
      show({ part: missing, key: "account:fault.required", values: {} });
    } else if (!isBusy) {
      void send();
    }
  };
  const common = (part: Part) => ({
    name: part,
    label: t(`account:${part}`),
    required: NEEDED[purpose].includes(part),
    fault: fault?.part === part ? t(fault.key, fault.values) : undefined,
  });
  return (
    <form ref={form} className={styles.form} onSubmit={submit} noValidate>
      {PARTS[purpose].includes("name") && (
        <Field
          {...common("name")}
          hint={t(purpose === "join" ? "account:name.join" : "account:name.hint")}
          maxLength={100}
          autoComplete="name"
        />
      )}
      {PARTS[purpose].includes("email") && (
        <Field
          {...common("email")}
          hint={t("account:email.hint")}
          type="email"
          maxLength={320}
          autoComplete="username"
        />
      )}
      <Field
        {...common("password")}
        hint={t("account:password.hint")}
        type={isShown ? "text" : "password"}
        maxLength={1000}
        autoComplete="new-password"
        end={
          <Button kind="plain" isSmall onPress={() => setShown(!isShown)}>
            {t(isShown ? "account:hide" : "account:show")}
          </Button>
        }
      />
      {fault && fault.part === null && (
        <p className={styles.fault} role="alert">
          {t(fault.key, fault.values)}
        </p>
      )}
      <Button type="submit" kind="solid" isDisabled={isBusy}>
        {t(isBusy ? "account:busy" : `account:${purpose}.go`)}
      </Button>
    </form>
  );
}
