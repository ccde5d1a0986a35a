/** Where there is nothing to show: an address that is none, or no conversation chosen. */
import { isIn } from "../list/views";
import { clockOf, waitOf } from "../list/waiting";
import type { Store } from "../store/store";
import { useStore, useStoreItself } from "../store/use";
import { learn, useTexts } from "../texts/texts";
import { Button } from "../ui/button";
import { Empty } from "../ui/empty";
import { Keys } from "../ui/keys";
import { useLater } from "../ui/later";
import styles from "./missing.module.css";
import { useLink, useRouter } from "./router";

export function Missing() {
  const { t } = useTexts();
  return (
    <Empty isPage art="search" title={t("shell:missing.title")} about={t("shell:missing.about")}>
      <ToInbox />
    </Empty>
  );
}

/** The way on, which a phone has no other of. */
export function ToInbox() {
  const { t } = useTexts();
  const link = useLink({ page: "inbox", view: "mine", team: null, conversation: null });
  return (
    <a className={styles.link} {...link}>
      {t("shell:missing.go")}
    </a>
  );
}

export function NoneOpen() {
  const { t, locale } = useTexts();
  const store = useStoreItself();
  const count = useStore(({ counts }) => counts.mine);
  const longest = useStore(longestOf);
  const since = useStore((one) => one.conversation(longest ?? 0)?.waiting_since);
  const go = useLongest();
  const wait = since ? clockOf(waitOf(since, store.now()), locale) : "";
  const offers = useStore(({ counts }) => counts.offers);
  const nobody = offers ? t("shell:none.offered", { count: offers }) : t("shell:none.nobody");
  const none = wait ? t("shell:none.queue", { wait }) : nobody;
  const some = wait ? t("shell:none.waiting", { count, wait }) : t("shell:none.about", { count });
  const about = count ? some : none;
  return (
    <>
      <Empty art="chat" title={t("shell:none.title")} about={about}>
        {go && (
          <Button kind="solid" onPress={go} act="longest">
            {t("shell:none.longest")}
            <Keys act="longest" />
          </Button>
        )}
      </Empty>
      <ToDo />
    </>
  );
}

/** What whoever manages it has still to do, until it is done. */
function ToDo() {
  const isManager = useStore(({ directory }) => directory.me?.may?.includes("manage") === true);
  const part = useLater(isManager, async () => {
    await learn("welcome");
    return import("../welcome/checklist");
  });
  return part && <part.Checklist />;
}

/** Opens whoever waits longest: of one's own, else in the queue; null: nobody waits. */
export function useLongest(): (() => void) | null {
  const router = useRouter();
  const id = useStore(longestOf);
  const isQueued = useStore((store) => store.conversation(id ?? 0)?.status === "queued");
  const view = isQueued ? "queue" : "mine";
  return id === null
    ? null
    : () => router.go({ page: "inbox", view, team: null, conversation: id });
}

function longestOf({ conversations, me }: Store): number | null {
  for (const view of ["mine", "queue"] as const) {
    const waiting = conversations.filter(
      (one) => one.waiting_since !== undefined && isIn(view, one, me.id ?? 0),
    );
    const [first, ...others] = waiting;
    if (first) {
      const sinceOf = (one: typeof first) => one.waiting_since ?? "";
      return others.reduce((a, b) => (sinceOf(b) < sinceOf(a) ? b : a), first).id;
    }
  }
  return null;
}
