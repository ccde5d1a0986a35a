/**
 * One conversation: its head, its timeline, the field to answer in.
 *
 * Rules: what is seen was read: everything that is here counts as read while the window is shown. What is
 * new stays marked until the conversation is left. One that is gone says so.
 */
import { useEffect, useState } from "react";
import { Composer } from "../composer/composer";
import { Offers } from "../offers/offers";
import { ToInbox } from "../shell/missing";
import { useChat, useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Empty } from "../ui/empty";
import styles from "./conversation.module.css";
import { Head } from "./head";
import { Timeline } from "./timeline";

export function Conversation({ id }: { readonly id: number }) {
  const { t } = useTexts();
  const chat = useChat(id);
  const isHere = useStore(() => chat !== null && chat.thread !== null);
  const isGone = useStore(({ gone }) => gone.has(id));
  useMarks(chat, isHere);
  useLook(id);
  if (isGone) {
    return (
      <>
        <Empty art="search" title={t("conversation:gone")} about={t("conversation:gone.about")}>
          <ToInbox />
        </Empty>
        <Offers place="strip" />
      </>
    );
  }
  return (
    <article className={styles.conversation} aria-label={t("conversation:conversation")}>
      {chat && isHere ? (
        <>
          <Head id={id} />
          <Timeline key={id} chat={chat} />
          <Offers place="strip" />
          <Composer key={`composer ${id}`} chat={chat} />
        </>
      ) : (
        <>
          <div className={styles.loading} role="status">
            <span className={styles.unseen}>{t("conversation:loading")}</span>
          </div>
          <Offers place="strip" />
        </>
      )}
    </article>
  );
}

/** Says what was read while the window is shown. */
function useMarks(chat: ReturnType<typeof useChat>, isHere: boolean): void {
  const level = useStore(() => chat?.thread?.level ?? 0);
  const isSeen = useSeen();
  // biome-ignore lint/correctness/useExhaustiveDependencies: again with each that comes
  useEffect(() => {
    if (isHere) {
      chat?.mark(isSeen);
    }
  }, [chat, isHere, level, isSeen]);
}

/** Tells colleagues that one looks at it, while the window is shown. */
function useLook(id: number): void {
  const store = useStoreItself();
  const isLive = useStore(({ client }) => client.status === "live");
  const isSeen = useSeen();
  useEffect(() => (isLive && isSeen ? store.look(id) : undefined), [store, id, isLive, isSeen]);
}

function useSeen(): boolean {
  const [isSeen, setSeen] = useState(() => document.visibilityState === "visible");
  useEffect(() => {
    const hear = () => setSeen(document.visibilityState === "visible");
    document.addEventListener("visibilitychange", hear);
    return () => document.removeEventListener("visibilitychange", hear);
  }, []);
  return isSeen;
}
