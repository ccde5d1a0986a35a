/** The message that another one answers: pressed, it leads there. */
import type { Chat } from "client";
import type { Message } from "protocol";
import { useStore } from "../store/use";
import { useTexts } from "../texts/texts";
import { useActing } from "./acting";
import type { Line } from "./lines";
import styles from "./quote.module.css";

export function Quote({ line, chat }: { readonly line: Line; readonly chat: Chat }) {
  const seq = line.message?.quote ?? line.unsent?.more.quote;
  return seq === undefined || line.message?.deleted_at ? null : <QuoteOf seq={seq} chat={chat} />;
}

function QuoteOf({ seq, chat }: { readonly seq: number; readonly chat: Chat }) {
  const { t } = useTexts();
  const { jump } = useActing();
  const quoted = useQuoted(chat, seq);
  return (
    <button type="button" className={styles.quote} data-kefu="quote" onClick={() => jump(seq)}>
      {quoted ? <Quoted message={quoted} /> : t("conversation:quote.earlier")}
    </button>
  );
}

/** undefined: it is not here yet. */
export function useQuoted(chat: Chat, seq: number | undefined): Message | undefined {
  const found = useStore(() =>
    seq === undefined ? undefined : chat.thread?.messages.find((one) => one.seq === seq),
  );
  useStore(({ revising }) => revising.version);
  const revising = useStore((store) => store.revising);
  return found && revising.view(found);
}

/** Who said what, in one line. */
export function Quoted({ message }: { readonly message: Message }) {
  const { t } = useTexts();
  const { sender, text, files, deleted_at } = message;
  const [block] = message.blocks ?? [];
  const title = block && "title" in block ? block.title : undefined;
  return (
    <>
      <b>{sender.name}</b>{" "}
      <span dir="auto">
        {deleted_at
          ? t("conversation:deleted")
          : text || files?.[0]?.name || title || t("conversation:quote.earlier")}
      </span>
    </>
  );
}
