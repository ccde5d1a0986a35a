/** One control for what a list shows and in which order; what it opens is fetched when it is used. */
import { useRef, useState } from "react";
import { useAct } from "../keys/acts";
import { useTexts } from "../texts/texts";
import { IconButton } from "../ui/button";
import { useLater } from "../ui/later";
import { isEmpty } from "./asked";
import type { Inbox } from "./inbox";
import styles from "./list.module.css";
import { type List, NO_FILTER } from "./views";

export function FilterButton({ route, list }: { readonly route: Inbox; readonly list: List }) {
  const { t } = useTexts();
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const part = useLater(isOpen, () => import("./filter-panel"));
  const isOn = route.saved === undefined && !isEmpty(route.filter ?? NO_FILTER);
  useAct("filter", () => setOpen(true));
  return (
    <span className={styles.tools}>
      <IconButton
        buttonRef={button}
        icon="filter"
        act="filter"
        label={t("list:filter")}
        isSmall
        isOn={isOn}
        aria-expanded={isOpen}
        aria-haspopup="dialog"
        onPress={() => setOpen(!isOpen)}
      />
      {isOpen && part && (
        <part.FilterPanel
          route={route}
          list={list}
          button={button}
          onClose={() => setOpen(false)}
        />
      )}
    </span>
  );
}
