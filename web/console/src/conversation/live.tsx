/**
 * Who types now: a visitor with their words, where the inbox shows them; a colleague by name.
 *
 * Rules: its line keeps its height while it is there, so that nothing jumps.
 */
import type { Chat } from "client";
import { useStore } from "../store/use";
import { useTexts } from "../texts/texts";
import styles from "./live.module.css";

export function Live({ chat }: { readonly chat: Chat }) {
  const { t } = useTexts();
  const typists = useStore((store) => store.typists.of(chat.id));
  const me = useStore((store) => store.me.id);
  const isLive = useStore((store) => store.client.status === "live");
  const others = [...typists.values()].filter(
    ({ person }) => person.role === "visitor" || person.id !== me,
  );
  if (!isLive || !others.length) {
    return <li className={styles.live} aria-hidden="true" />;
  }
  return (
    <li className={styles.live}>
      <span className={styles.dots} aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {others.map(({ person, text, isNote }) => {
        const values = { name: person.name };
        const said = isNote ? "conversation:writes-note" : "conversation:writes";
        return (
          <span key={`${person.role}${person.id}`} dir="auto">
            {person.role === "visitor" && text ? text : t(said, values)}
          </span>
        );
      })}
    </li>
  );
}
