/**
 * What one is to the others, where one is signed in, how the console behaves, and its keys.
 *
 * Rules: each section has an address. What is typed and not saved stays while one is elsewhere (kept).
 */
import type { ComponentType } from "react";
import { useLink, useRoute } from "../shell/router";
import { SECTIONS, type Section } from "../shell/routes";
import { useTexts } from "../texts/texts";
import { Icon, type IconName } from "../ui/icon";
import { Account } from "./account";
import { Devices } from "./devices";
import { KeysForm } from "./keys";
import { PreferencesForm } from "./preferences";
import styles from "./profile.module.css";

const PARTS: Readonly<Record<Section, { readonly icon: IconName; readonly Part: ComponentType }>> =
  {
    account: { icon: "user", Part: Account },
    devices: { icon: "desktop", Part: Devices },
    preferences: { icon: "gear", Part: PreferencesForm },
    keys: { icon: "keys", Part: KeysForm },
  };

export default function Profile() {
  const { t } = useTexts();
  const route = useRoute();
  const section = route.page === "profile" ? route.section : "account";
  const { Part } = PARTS[section];
  return (
    <div className={styles.page}>
      <nav className={styles.sections} aria-label={t("profile:title")}>
        <h1>{t("profile:title")}</h1>
        <ul>
          {SECTIONS.map((one) => (
            <Place key={one} section={one} isHere={one === section} />
          ))}
        </ul>
      </nav>
      {/* Another section begins at its head. */}
      <div key={section} className={styles.scroll}>
        <section className={styles.section} aria-label={t(`profile:${section}`)}>
          <h2>{t(`profile:${section}`)}</h2>
          <Part />
        </section>
      </div>
    </div>
  );
}

function Place({ section, isHere }: { readonly section: Section; readonly isHere: boolean }) {
  const { t } = useTexts();
  const link = useLink({ page: "profile", section });
  return (
    <li>
      <a {...link} aria-current={isHere ? "page" : undefined}>
        <Icon name={PARTS[section].icon} />
        {t(`profile:${section}`)}
      </a>
    </li>
  );
}
