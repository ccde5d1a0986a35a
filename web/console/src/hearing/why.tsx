/**
 * "Why did I hear nothing?": a line for each thing that it can lie in, what to do about it, and a test offer
 * that goes the whole way from the server.
 */
import { useEffect, useState } from "react";
import { useNow } from "../store/clock";
import { useStore, useStoreItself } from "../store/use";
import { type TextKey, useTexts } from "../texts/texts";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Icon } from "../ui/icon";
import { type Check, type Facts, type Line, linesOf, type State } from "./checks";
import type { Hearing } from "./hearing";
import { isQuiet } from "./quiet";
import styles from "./why.module.css";

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function Why({ isOpen, onClose }: Props) {
  const { t } = useTexts();
  const hearing = useStore((store) => store.hearing);
  return (
    <Dialog title={t("sounds:why")} isOpen={isOpen} onClose={onClose}>
      {hearing && <Lines hearing={hearing} />}
    </Dialog>
  );
}

const ICONS = { fine: "check", doubt: "warn", fault: "warn" } as const;

function Lines({ hearing }: { readonly hearing: Hearing }) {
  const { t } = useTexts();
  const facts = useFacts(hearing);
  return (
    <>
      <p className={styles.about}>{t("sounds:why.about")}</p>
      <ul className={styles.lines}>
        {linesOf(facts).map((line) => (
          <li key={line.check} data-check={line.check} data-state={line.state}>
            <span className={styles[line.state]}>
              <Icon name={ICONS[line.state]} size={14} />
              <span className={styles.unseen}>{t(`sounds:state.${line.state}`)}</span>
            </span>
            <p>
              <b>{t(`sounds:why.${line.check}`)}</b>
              <span>{t(textOf(line), { count: line.count ?? 0, limit: line.limit ?? 0 })}</span>
            </p>
            <Fix hearing={hearing} line={line} />
          </li>
        ))}
      </ul>
      <Test hearing={hearing} />
    </>
  );
}

const textOf = ({ check, how }: Line) => `sounds:why.${check}.${how}` as TextKey;

/** What can be done about it from here. */
function Fix({ hearing, line }: { readonly hearing: Hearing; readonly line: Line }) {
  const { t } = useTexts();
  const fix = useFix(hearing, line);
  return fix ? (
    <Button isSmall onPress={fix}>
      {t(`sounds:fix.${line.check}` as TextKey)}
    </Button>
  ) : null;
}

/** The volume of whoever had none. */
const HALF = 50;

function useFix(hearing: Hearing, { check, state, how }: Line): (() => void) | null {
  const store = useStoreItself();
  const { sounds } = useStore(({ preferences }) => preferences.now);
  const settle = (change: Promise<unknown>) => {
    change.catch((error) => store.refused(error));
  };
  if (state === "fine") {
    return null;
  }
  if (how === "locked") {
    return () => void hearing.sample("message");
  }
  if (how === "default") {
    return () => void hearing.notices.ask();
  }
  const heard = { ...sounds, offer: true, volume: sounds.volume || HALF };
  const form = { availability: "online" } as const;
  const fixes: Partial<Record<Check, () => void>> = {
    socket: () => store.client.mend(),
    availability: () => settle(store.client.call("agent.set_availability", form)),
    quiet: () => settle(store.preferences.set({ quiet_hours: null })),
    preference: () => settle(store.preferences.set({ sounds: heard })),
  };
  return fixes[check] ?? null;
}

function useFacts(hearing: Hearing): Facts {
  const store = useStoreItself();
  const nowMs = useNow(true);
  const [isHeardElsewhere, setHeardElsewhere] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: nothing tells of another tab: it is asked anew
  useEffect(() => {
    void hearing.whoSounds().then((who) => setHeardElsewhere(who === "another"));
  }, [hearing, nowMs]);
  useStore(({ version }) => version); // whatever changes may change a line
  const { directory, client, counts, preferences } = store;
  const { sound, notices, pulse } = hearing;
  return {
    sound: sound.state,
    isHeardElsewhere,
    permission: notices.permission,
    lateMs: pulse.lateMs(store.now()),
    isLive: client.status === "live",
    isSocket: client.transport !== "http",
    availability: directory.availability,
    chats: counts.mine + counts.offers,
    limit: directory.me?.agent?.chat_limit ?? 0,
    isQuiet: isQuiet(preferences.now.quiet_hours, store.now()),
    preferred: preferences.now,
  };
}

/** `at`: as the server called it; null: it has not answered yet. */
interface Asked {
  readonly askedMs: number;
  readonly at: string | null;
}

/** So long a signal may take that the server has sent. */
const LATE_MS = 5_000;

function Test({ hearing }: { readonly hearing: Hearing }) {
  const { t } = useTexts();
  const store = useStoreItself();
  const [asked, setAsked] = useState<Asked | "gone" | null>(null);
  const ask = async () => {
    const askedMs = store.now();
    setAsked({ askedMs, at: null });
    void hearing.sound.unlock();
    try {
      const { at } = await store.client.call("agent.test_offer", {});
      setAsked({ askedMs, at });
    } catch {
      setAsked("gone");
    }
  };
  return (
    <div className={styles.test}>
      <Button kind="solid" onPress={() => void ask()}>
        {t("sounds:test")}
      </Button>
      <p className={styles.about}>{t("sounds:test.about")}</p>
      <div role="status" className={styles.result}>
        {asked === "gone" && <Said state="fault" text="sounds:test.gone" />}
        {asked && asked !== "gone" && <Outcome hearing={hearing} {...asked} />}
      </div>
    </div>
  );
}

function Outcome({ hearing, askedMs, at }: Asked & { readonly hearing: Hearing }) {
  const nowMs = useNow(true);
  const tested = useStore(() => hearing.tested);
  if (!tested || tested.heardMs < askedMs || (at !== null && tested.at !== at)) {
    const isLate = at !== null && nowMs - askedMs > LATE_MS;
    return isLate ? (
      <Said state="fault" text="sounds:test.unheard" />
    ) : (
      <Said state="doubt" text="sounds:test.waiting" />
    );
  }
  const { sound, isShown } = tested;
  const shown = isShown ? "sounds:test.shown" : "sounds:test.unshown";
  return (
    <>
      <Said state="fine" text="sounds:test.heard" ms={tested.heardMs - askedMs} />
      <Said state={sound ? "fine" : "fault"} text={`sounds:test.sound.${sound ?? "none"}`} />
      <Said state={isShown ? "fine" : "doubt"} text={shown} />
    </>
  );
}

interface SaidProps {
  readonly state: State;
  readonly text: TextKey;
  readonly ms?: number;
}

function Said({ state, text, ms = 0 }: SaidProps) {
  const { t } = useTexts();
  return (
    <p data-state={state}>
      <span className={styles[state]}>
        <Icon name={ICONS[state]} size={14} />
      </span>
      {t(text, { ms })}
    </p>
  );
}
