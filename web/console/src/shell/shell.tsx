/**
 * The columns: navigation, list, conversation, details; and what lies over all of them.
 *
 * Rules: widths and what folds are the sheet's. On a phone one column is shown at a time: the list, or the
 * conversation that the address names.
 */
import { useEffect } from "react";
import { CommandBar } from "../command/command";
import { HearingDialogs } from "../hearing/asking";
import { useMarks } from "../hearing/marks";
import { useAct } from "../keys/acts";
import { ConversationList } from "../list/list";
import { Offers } from "../offers/offers";
import { useLater } from "../ui/later";
import { Banner } from "./banner";
import { BottomBar } from "./bottom-bar";
import { columns, useDetails } from "./columns";
import { KeysDialog } from "./keys-dialog";
import { Missing, NoneOpen, useLongest } from "./missing";
import { Navigation } from "./navigation";
import { PageOf } from "./pages";
import { useRoute, useRouter } from "./router";
import styles from "./shell.module.css";
import { Toasts } from "./toasts";

export function Shell() {
  const route = useRoute();
  const hasDetails = useDetails();
  const open = route.page === "inbox" ? route.conversation : null;
  const isBare = route.page === "welcome"; // there is nowhere to go yet
  useAct("details", open === null ? null : columns.toggle);
  useAct("longest", useLongest());
  useViewActs();
  useMarks();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawer is of one conversation
  useEffect(columns.putAway, [open]);
  const isDetailed = open !== null && hasDetails;
  // The list does not wait for it, and it is there before one opens a conversation.
  const chat = useLater(true, () => import("../conversation/conversation"));
  const details = useLater(isDetailed, () => import("../details/details"));
  return (
    <div className={styles.shell} data-open={open !== null} data-details={isDetailed}>
      <Banner />
      {!isBare && <Navigation />}
      <main className={styles.work}>
        {route.page === "missing" && (
          <div className={styles.missing}>
            <Missing />
          </div>
        )}
        {route.page === "inbox" && (
          <>
            <ConversationList route={route} />
            <div className={styles.main}>
              {open === null ? <NoneOpen /> : chat && <chat.Conversation key={open} id={open} />}
            </div>
          </>
        )}
        {route.page !== "missing" && route.page !== "inbox" && (
          <PageOf key={route.page} name={route.page} />
        )}
      </main>
      {open !== null && isDetailed && details && <details.Details key={open} id={open} />}
      {!isBare && <BottomBar />}
      <Offers place="float" />
      <Toasts />
      <KeysDialog />
      <CommandBar />
      <HearingDialogs />
    </div>
  );
}

/** Keys that lead to another list. */
function useViewActs(): void {
  const router = useRouter();
  const go = (view: "mine" | "queue" | "all") => () =>
    router.go({ page: "inbox", view, team: null, conversation: null });
  useAct("mine", go("mine"));
  useAct("queue", go("queue"));
  useAct("all", go("all"));
}
