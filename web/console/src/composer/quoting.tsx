/**
 * The message that is answered by what one writes.
 *
 * Rules: kept with the draft. What only the team sees is quoted in notes alone: a visitor would be shown
 * that there is something.
 */
import type { Chat } from "client";
import type { Message } from "protocol";
import { Quoted, useQuoted } from "../conversation/quote";
import type { Mode } from "../store/drafts";
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { IconButton } from "../ui/button";
import styles from "./quoting.module.css";

export interface Quoting {
  readonly message: Message | null;
  /** For the message that is sent now; then it is quoted no more. */
  take(): { readonly quote?: number };
  drop(): void;
}

export function useQuoting(chat: Chat, mode: Mode): Quoting {
  const { drafts } = useStoreItself();
  const kept = useStore((store) => store.drafts.get(chat.id, "quote"));
  const found = useQuoted(chat, kept ? Number(kept) : undefined);
  const isMeant = found && !found.deleted_at && (mode === "note" || found.type === "message");
  const message = isMeant ? found : null;
  const drop = () => drafts.set(chat.id, "quote", "");
  return {
    message,
    drop,
    take: () => {
      if (!message) {
        return {};
      }
      drop();
      return { quote: message.seq };
    },
  };
}

export function QuoteStrip({ quoting }: { readonly quoting: Quoting }) {
  const { t } = useTexts();
  const { message, drop } = quoting;
  return (
    message && (
      <div className={styles.strip} data-kefu="quoted">
        <p className={styles.quote}>
          <Quoted message={message} />
        </p>
        <IconButton icon="x" isSmall label={t("composer:unquote")} onPress={drop} />
      </div>
    )
  );
}
