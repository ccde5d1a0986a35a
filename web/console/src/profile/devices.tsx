/**
 * Where one is signed in: which browser, from where, since when; ended one by one or all others at once.
 *
 * Rules: one that is ended goes from the list at once, and is back with the reason if that was refused.
 */
import { Unanswered } from "client/wire";
import type { SessionInfo } from "protocol";
import { useEffect, useEffectEvent, useState } from "react";
import { momentOf } from "shared/i18n/times";
import { signOut } from "../store/session";
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { browserOf } from "./browsers";
import styles from "./profile.module.css";

type Listed = readonly SessionInfo[];

export function Devices() {
  const { t } = useTexts();
  const store = useStoreItself();
  const isLive = useStore(({ client }) => client.status === "live");
  const [sessions, setSessions] = useState<Listed | null>(null);
  const read = useEffectEvent(async () => {
    try {
      const { items = [] } = await store.client.call("session.list", {});
      setSessions(items);
    } catch (error) {
      if (!(error instanceof Unanswered)) {
        throw error;
      }
    }
  });
  useEffect(() => {
    if (isLive) {
      void read();
    }
  }, [isLive]);
  const end = async (staying: Listed, ending: () => Promise<unknown>) => {
    const before = sessions;
    setSessions(staying);
    try {
      await ending();
    } catch (error) {
      setSessions(before);
      store.refused(error);
    }
  };
  const { client } = store;
  const others = sessions?.filter(({ current }) => !current) ?? [];
  const current = sessions?.filter(({ current }) => current) ?? [];
  return (
    <div className={styles.part}>
      <p className={styles.about}>{t("profile:devices.about")}</p>
      {sessions === null ? (
        <p role="status">{t(isLive ? "shell:loading" : "profile:devices.offline")}</p>
      ) : (
        <>
          <ul className={styles.devices}>
            {[...current, ...others].map((one) => (
              <Device
                key={one.id}
                session={one}
                onEnd={() =>
                  void end(
                    sessions.filter(({ id }) => id !== one.id),
                    () => client.call("session.end", { session: one.id }),
                  )
                }
              />
            ))}
          </ul>
          {others.length > 1 && (
            <Button
              kind="danger"
              onPress={() => void end(current, () => client.call("session.end_others", {}))}
            >
              {t("profile:devices.others", { count: others.length })}
            </Button>
          )}
        </>
      )}
    </div>
  );
}

interface Props {
  readonly session: SessionInfo;
  readonly onEnd: () => void;
}

function Device({ session, onEnd }: Props) {
  const { t, locale } = useTexts();
  const store = useStoreItself();
  const { current, address, created_at, seen_at, user_agent = "" } = session;
  const { name, system, isPhone } = browserOf(user_agent);
  const browser = name || t("profile:devices.unknown");
  const title = system ? t("profile:devices.on", { browser, system }) : browser;
  const when = (text: string) => momentOf(new Date(text), locale);
  const about = [
    address,
    t("profile:devices.since", { when: when(created_at) }),
    !current && t("profile:devices.seen", { when: when(seen_at) }),
  ];
  return (
    <li data-session={session.id}>
      <Icon name={isPhone ? "phone" : "desktop"} size={20} />
      <div>
        <span title={user_agent}>{title}</span>
        {current && <span className={styles.here}>{t("profile:devices.here")}</span>}
        <p>{about.filter(Boolean).join(" · ")}</p>
      </div>
      {current ? (
        <Button
          kind="plain"
          isSmall
          onPress={() => {
            signOut().catch(() => store.toasts.show({ key: "shell:fault.gone", isFault: true }));
          }}
        >
          {t("shell:sign-out")}
        </Button>
      ) : (
        <Button isSmall aria-label={t("profile:devices.end.of", { device: title })} onPress={onEnd}>
          {t("profile:devices.end")}
        </Button>
      )}
    </li>
  );
}
