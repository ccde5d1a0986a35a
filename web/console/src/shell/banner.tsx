/**
 * One line over all columns that says how it stands with the connection.
 *
 * Rules: it says what the client knows and nothing it hopes. A break of less than two seconds is not
 * worth a line; that it is back is said for ten seconds, with what came meanwhile.
 */
import { useEffect, useRef, useState } from "react";
import { timeOf } from "shared/i18n/times";
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Button } from "../ui/button";
import { Icon, type IconName } from "../ui/icon";
import styles from "./banner.module.css";

const PASSING_MS = 2_000;
const BACK_MS = 10_000;

type State =
  | { readonly kind: "none" }
  | { readonly kind: "offline" | "reconnecting"; readonly sinceMs: number }
  | { readonly kind: "fault" | "stopped" | "missed" | "muted" }
  | { readonly kind: "back"; readonly messages: number };

export function Banner() {
  const { t, locale } = useTexts();
  const connection = useConnection();
  const hasMissed = useStore(({ directory }) => directory.hasMissed);
  const isOffered = useStore(({ counts }) => counts.offers > 0);
  const isLive = connection.kind === "none" || connection.kind === "back";
  const isMuted = useStore(({ hearing }) => hearing?.isMuted ?? false);
  const state = weightiest(connection, hasMissed && isLive, isMuted);
  if (state.kind === "none") {
    return <div className={styles.none} role="status" />;
  }
  const { tone, icon } = LOOKS[state.kind];
  const values =
    state.kind === "back"
      ? { count: state.messages }
      : { time: "sinceMs" in state ? timeOf(new Date(state.sinceMs), locale) : "" };
  const key = keyOf(state, isOffered);
  return (
    <div
      className={`${styles.banner} ${styles[tone]}`}
      role="status"
      data-kefu="banner"
      data-state={state.kind}
    >
      <Icon name={icon} />
      <p>
        <b>{t(`shell:banner.${key}`, values)}</b> {key !== "back" && t(`shell:banner.${key}.about`)}
      </p>
      <Help kind={state.kind} />
    </div>
  );
}

/** Red stands before amber, that before green. */
function weightiest(connection: State, hasMissed: boolean, isMuted: boolean): State {
  if (hasMissed) {
    return { kind: "missed" };
  }
  const isSaid = connection.kind !== "none" && connection.kind !== "back";
  return isMuted && !isSaid ? { kind: "muted" } : connection;
}

function keyOf(state: Exclude<State, { kind: "none" }>, isOffered: boolean) {
  if (state.kind === "back") {
    return state.messages ? "back" : "back-level";
  }
  return state.kind === "missed" && isOffered ? "missed-once-more" : state.kind;
}

/** What can be done about it. */
function Help({ kind }: { readonly kind: State["kind"] }) {
  const { t } = useTexts();
  const store = useStoreItself();
  if (kind === "missed") {
    const goOnline = () => {
      const form = { availability: "online" } as const;
      store.client.call("agent.set_availability", form).catch((error) => store.refused(error));
    };
    return (
      <Button kind="plain" isSmall onPress={goOnline}>
        {t("shell:banner.online")}
      </Button>
    );
  }
  if (kind === "muted") {
    return (
      <Button kind="plain" isSmall onPress={() => void store.hearing?.sound.unlock()}>
        {t("shell:banner.unmute")}
      </Button>
    );
  }
  return kind === "back" || kind === "stopped" ? null : (
    <Button kind="plain" isSmall onPress={() => store.client.mend()}>
      {t("shell:banner.try")}
    </Button>
  );
}

const LOOKS: Readonly<
  Record<Exclude<State["kind"], "none">, { readonly tone: string; readonly icon: IconName }>
> = {
  offline: { tone: "warn", icon: "offline" },
  reconnecting: { tone: "warn", icon: "retry" },
  fault: { tone: "danger", icon: "warn" },
  stopped: { tone: "danger", icon: "warn" },
  missed: { tone: "danger", icon: "bell" },
  muted: { tone: "warn", icon: "bell" },
  back: { tone: "ok", icon: "check" },
};

/** What is to be said of the connection now. */
function useConnection(): State {
  const store = useStoreItself();
  const status = useStore(({ client }) => client.status);
  const isSignedOut = useStore((one) => one.isSignedOut);
  const isOnline = useOnline();
  const [state, setState] = useState<State>({ kind: "none" });
  const broken = useRef(false);
  const missed = useRef(0);
  useEffect(() => {
    return store.client.on("event", ({ on, message }) => {
      if (
        on === "message.added" &&
        message?.sender.role === "visitor" &&
        store.client.status !== "live"
      ) {
        missed.current += 1;
      }
    });
  }, [store]);
  useEffect(() => {
    if (status === "live") {
      const wasBroken = broken.current;
      broken.current = false;
      const messages = missed.current;
      missed.current = 0;
      if (!wasBroken) {
        setState({ kind: "none" });
        return;
      }
      setState({ kind: "back", messages });
      const over = setTimeout(() => setState({ kind: "none" }), BACK_MS);
      return () => clearTimeout(over);
    }
    if (status === "fault" || (status === "stopped" && !isSignedOut)) {
      broken.current = true;
      setState({ kind: status });
      return;
    }
    if (isSignedOut || store.heardMs === 0) {
      setState({ kind: "none" }); // the way in says it, or it has not begun
      return;
    }
    const say = () => {
      broken.current = true;
      const kind = isOnline ? "reconnecting" : "offline";
      setState({ kind, sinceMs: store.heardMs });
    };
    const late = setTimeout(say, isOnline && !broken.current ? PASSING_MS : 0);
    return () => clearTimeout(late);
  }, [store, status, isSignedOut, isOnline]);
  return state;
}

function useOnline(): boolean {
  const [isOnline, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const hear = () => setOnline(navigator.onLine);
    addEventListener("online", hear);
    addEventListener("offline", hear);
    return () => {
      removeEventListener("online", hear);
      removeEventListener("offline", hear);
    };
  }, []);
  return isOnline;
}
