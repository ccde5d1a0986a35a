/** On a phone, what the navigation is elsewhere. */
import { useStore } from "../store/use";
import { useTexts } from "../texts/texts";
import { Icon } from "../ui/icon";
import styles from "./bottom-bar.module.css";
import { Me } from "./me";
import { useLink, useRoute } from "./router";

export function BottomBar() {
  const { t } = useTexts();
  const route = useRoute();
  const inbox = useLink({ page: "inbox", view: "mine", team: null, conversation: null });
  const snoozed = useLink({ page: "inbox", view: "snoozed", team: null, conversation: null });
  const unread = useStore(({ counts }) => counts.unread);
  const isSnoozed = route.page === "inbox" && route.view === "snoozed";
  const isInbox = route.page === "inbox" && !isSnoozed;
  return (
    <footer className={styles.bar}>
      <a {...inbox} aria-current={isInbox ? "page" : undefined}>
        <Icon name="inbox" size={20} />
        {t("shell:nav.inbox")}
        {unread > 0 && <span className={styles.count}>{unread}</span>}
      </a>
      <a {...snoozed} aria-current={isSnoozed ? "page" : undefined}>
        <Icon name="moon" size={20} />
        {t("shell:nav.snoozed")}
      </a>
      <Me isBar />
    </footer>
  );
}
