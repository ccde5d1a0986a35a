/** The first column: where one can go, who one is, and whether that is heard. */
import { useContext } from "react";
import { ActsContext } from "../keys/acts";
import type { View } from "../list/views";
import { useStore } from "../store/use";
import { useTexts } from "../texts/texts";
import { IconButton } from "../ui/button";
import { Icon, type IconName } from "../ui/icon";
import { Keys } from "../ui/keys";
import { Lists } from "./lists";
import { ListsMenu } from "./lists-menu";
import { Me } from "./me";
import styles from "./navigation.module.css";
import { placeOf } from "./places";
import { useLink, useRoute } from "./router";
import type { Route } from "./routes";
import { LanguageSwitch, ThemeSwitch } from "./switches";

export function Navigation() {
  const { t } = useTexts();
  const acts = useContext(ActsContext);
  const unread = useStore(({ counts }) => counts.unread);
  const snoozed = useStore(({ counts }) => counts.snoozed);
  const mentions = useStore(({ team }) => team.mentions);
  const isWatching = useStore(({ visitors }) => visitors.isWatching);
  const there = useStore(({ visitors }) => visitors.count);
  return (
    <nav className={styles.nav} aria-label={t("shell:nav")}>
      <p className={styles.brand}>
        <img src="/icon.svg" alt="" width="20" height="20" />
        <span className={styles.label}>Kefu</span>
      </p>
      <button
        type="button"
        className={styles.find}
        title={t("shell:find")}
        onClick={() => acts.run("command")}
      >
        <Icon name="search" />
        <span className={styles.label}>{t("shell:find")}</span>
        <Keys act="command" />
      </button>
      <ul>
        <Place view="mine" icon="inbox" label={t("shell:nav.inbox")} count={unread} isHot />
        <Place view="mentions" icon="at" label={t("shell:nav.mentions")} count={mentions} isHot />
        <Place view="snoozed" icon="moon" label={t("shell:nav.snoozed")} count={snoozed} />
        <Place view="resolved" icon="check" label={t("shell:nav.resolved")} count={0} />
        <PagePlace route={CONTACTS} icon="users" />
        {isWatching && <PagePlace route={VISITORS} icon="globe" count={there} />}
      </ul>
      <Lists />
      <div className={styles.rail}>
        <ListsMenu
          placement="bottom start"
          button={<IconButton icon="dots" label={t("shell:nav.lists")} />}
        />
      </div>
      <div className={styles.foot}>
        <Me />
        <div className={styles.tools}>
          <LanguageSwitch />
          <span>
            <Bell />
            <ThemeSwitch />
            <IconButton
              isSmall
              icon="keys"
              act="keys"
              label={t("shell:keys")}
              onPress={() => acts.run("keys")}
            />
          </span>
        </div>
      </div>
    </nav>
  );
}

const CONTACTS = { page: "contacts", query: "", contact: null } as const;
/** What was for oneself; the dot says that some of it is unread. */
function Bell() {
  const { t } = useTexts();
  const acts = useContext(ActsContext);
  const unread = useStore(({ hearing }) => hearing?.centre.unread ?? 0);
  return (
    <span className={unread ? styles.dotted : ""}>
      <IconButton
        isSmall
        icon="bell"
        act="notices"
        label={unread ? t("shell:notices.unread", { count: unread }) : t("shell:act.notices")}
        onPress={() => acts.run("notices")}
      />
    </span>
  );
}

const VISITORS = { page: "visitors" } as const;

interface PagePlaceProps {
  readonly route: Extract<Route, { readonly page: "visitors" | "contacts" }>;
  readonly icon: IconName;
  readonly count?: number;
}

/** A page of its own. */
function PagePlace({ route, icon, count = 0 }: PagePlaceProps) {
  const { t } = useTexts();
  const isHere = useRoute().page === route.page;
  const link = useLink(route);
  const label = t(`shell:nav.${route.page}`);
  return (
    <li>
      <a {...link} title={label} aria-current={isHere ? "page" : undefined}>
        <Icon name={icon} />
        <span className={styles.label}>{label}</span>
        {count > 0 && <span className={styles.count}>{count}</span>}
      </a>
    </li>
  );
}

interface PlaceProps {
  readonly view: View;
  readonly icon: IconName;
  readonly label: string;
  readonly count: number;
  readonly isHot?: boolean;
}

function Place({ view, icon, label, count, isHot = false }: PlaceProps) {
  const route = useRoute();
  const link = useLink({ page: "inbox", view, team: null, conversation: null });
  const isHere = placeOf(route) === view;
  return (
    <li>
      <a {...link} title={label} aria-current={isHere ? "page" : undefined}>
        <Icon name={icon} />
        <span className={styles.label}>{label}</span>
        {count > 0 && <span className={isHot ? styles.hot : styles.count}>{count}</span>}
      </a>
    </li>
  );
}
