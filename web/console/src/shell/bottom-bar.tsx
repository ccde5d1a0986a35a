/** On a phone, what the navigation is elsewhere. */
import { Button } from "react-aria-components/Button";
import { useStore } from "../store/use";
import { useTexts } from "../texts/texts";
import { Icon } from "../ui/icon";
import styles from "./bottom-bar.module.css";
import { ListsMenu } from "./lists-menu";
import { Me } from "./me";
import { placeOf, routeOf } from "./places";
import { useLink, useRoute } from "./router";

export function BottomBar() {
  const { t } = useTexts();
  const here = placeOf(useRoute());
  const inbox = useLink(routeOf({ view: "mine" }));
  const mentioned = useLink(routeOf({ view: "mentions" }));
  const search = useLink({ page: "search", query: "", inbox: null });
  const isSearch = useRoute().page === "search";
  const unread = useStore(({ counts }) => counts.unread);
  const mentions = useStore(({ team }) => team.mentions);
  const isOther = here !== null && here !== "mine" && here !== "mentions";
  return (
    <footer className={styles.bar}>
      <a {...inbox} aria-current={here === "mine" ? "page" : undefined}>
        <Icon name="inbox" size={20} />
        {t("shell:nav.inbox")}
        {unread > 0 && <span className={styles.count}>{unread}</span>}
      </a>
      <a {...mentioned} aria-current={here === "mentions" ? "page" : undefined}>
        <Icon name="at" size={20} />
        {t("shell:nav.mentions")}
        {mentions > 0 && <span className={styles.count}>{mentions}</span>}
      </a>
      <ListsMenu
        placement="top start"
        button={
          <Button className={`${styles.lists} ${isOther ? styles.here : ""}`}>
            <Icon name="filter" size={20} />
            {t("shell:nav.lists")}
          </Button>
        }
      />
      <a {...search} aria-current={isSearch ? "page" : undefined}>
        <Icon name="search" size={20} />
        {t("shell:nav.search")}
      </a>
      <Me isBar />
    </footer>
  );
}
