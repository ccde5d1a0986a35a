/**
 * What is easily lost in a long chat: its files and notes, of what is here of it, the newest first.
 *
 * Rules: each leads to where it stands, since a file's own link holds for a short time.
 */
import type { Message } from "protocol";
import type { ReactNode } from "react";
import { plain } from "shared/core/plain";
import { useLink, useRoute } from "../shell/router";
import { useChat, useStore } from "../store/use";
import { useTexts } from "../texts/texts";
import { Icon } from "../ui/icon";
import styles from "./details.module.css";

/** So many of each. */
const MOST = 10;

export function Kept({ id }: { readonly id: number }) {
  const { t } = useTexts();
  const chat = useChat(id);
  const messages = useStore(() => chat?.thread?.messages) ?? NONE;
  const here = messages.filter(({ deleted_at: gone }) => !gone).toReversed();
  const files = here.flatMap(({ seq, files: all = [] }) => all.map((file) => ({ seq, file })));
  const notes = here.filter(({ type }) => type === "note");
  return (
    <>
      {files.length > 0 && (
        <section className={styles.part}>
          <h3>{t("details:files")}</h3>
          <ul className={styles.earlier}>
            {files.slice(0, MOST).map(({ seq, file }) => (
              <Place key={file.id} id={id} seq={seq}>
                <Icon name="clip" size={14} /> {file.name}
              </Place>
            ))}
          </ul>
        </section>
      )}
      {notes.length > 0 && (
        <section className={styles.part}>
          <h3>{t("details:notes")}</h3>
          <ul className={styles.earlier}>
            {notes.slice(0, MOST).map(({ seq, text, sender }) => (
              <Place key={seq} id={id} seq={seq}>
                {sender.name}: {plain(text)}
              </Place>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

const NONE: readonly Message[] = [];

interface PlaceProps {
  readonly id: number;
  readonly seq: number;
  readonly children: ReactNode;
}

/** Leads to the message. */
function Place({ id, seq, children }: PlaceProps) {
  const route = useRoute();
  const beside = route.page === "inbox" ? route : INBOX;
  const link = useLink({ ...beside, conversation: id, message: seq });
  return (
    <li>
      <a {...link} dir="auto">
        {children}
      </a>
    </li>
  );
}

const INBOX = { page: "inbox", view: "mine", team: null } as const;
