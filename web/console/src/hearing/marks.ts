/** What a tab says while one looks elsewhere: its title counts, its icon has a dot. */
import { useEffect } from "react";
import { useStore } from "../store/use";
import { useTexts } from "../texts/texts";

const [PLAIN, DOTTED] = ["/icon.svg", "/icon-dot.svg"];

/** How many chats have something unread, offers included. */
export function useMarks(): void {
  const { t } = useTexts();
  const count = useStore(({ counts }) => counts.unread + counts.offers);
  useEffect(() => {
    document.title = count ? t("shell:title.unread", { count }) : t("shell:title");
  }, [count, t]);
  const isMarked = count > 0;
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
    icon?.setAttribute("href", isMarked ? DOTTED : PLAIN);
  }, [isMarked]);
}
