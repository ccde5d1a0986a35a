/**
 * The second column: offers, the lists' tabs with live counts, filter and order, and the rows.
 *
 * Rules: rows are of one height, 76 px or by choice 64, and virtual. What a row shows it takes itself, so that one that changes draws
 * itself alone; the list is drawn when other rows are in it or in another order.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components/Tabs";
import { recall } from "shared/view/memory";
import { useAct } from "../keys/acts";
import { isMac } from "../keys/system";
import { Offers } from "../offers/offers";
import { useLook } from "../shell/look";
import { useRouter } from "../shell/router";
import type { Store } from "../store/store";
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Empty } from "../ui/empty";
import { useLater } from "../ui/later";
import { isEmpty } from "./asked";
import { FilterButton } from "./filter-button";
import type { Inbox } from "./inbox";
import styles from "./list.module.css";
import { ROW_PX, Row } from "./row";
import type { Asked } from "./row-acts";
import { Selection } from "./selection";
import {
  type Filter,
  isFarther,
  isShown,
  type List,
  NO_FILTER,
  SORTS,
  sorted,
  type View,
  wholeOf,
  withOpen,
} from "./views";

const TABS = ["mine", "queue", "all"] as const;
const SORT = "console.sort";

export function ConversationList({ route }: { readonly route: Inbox }) {
  const { t } = useTexts();
  const router = useRouter();
  const { view } = route;
  const list = useList(route);
  const isGone = useStore(
    ({ kept }) => route.saved !== undefined && kept.isKnown && !kept.views.has(route.saved),
  );
  const rows = isGone ? <Nothing what="gone" /> : <Rows route={route} list={list} />;
  const isTab = (TABS as readonly View[]).includes(view);
  const isTabbed = isTab && route.team === null && !route.saved && !tagOf(route);
  return (
    <section className={styles.list} aria-label={t("list:list")}>
      <Offers place="list" />
      <div className={styles.whole}>
        {/* Apart from what may be tabs or a heading: it stays open while one becomes the other. */}
        <FilterButton route={route} list={list} />
        {isTabbed ? (
          <Tabs
            className={styles.tabbed ?? ""}
            selectedKey={view}
            onSelectionChange={(key) =>
              router.go({ page: "inbox", view: key as View, team: null, conversation: null })
            }
          >
            <h1 className={styles.unseen}>{t("shell:nav.inbox")}</h1>
            <div className={styles.head}>
              <TabList className={styles.tabs ?? ""} aria-label={t("list:list")}>
                {TABS.map((one) => (
                  <Tab key={one} id={one} className={styles.tab ?? ""} data-kefu={`tab-${one}`}>
                    {t(`list:tab.${one}`)} <Count view={one} />
                  </Tab>
                ))}
              </TabList>
            </div>
            <TabPanel id={view} className={styles.panel ?? ""}>
              {rows}
            </TabPanel>
          </Tabs>
        ) : (
          <>
            <div className={styles.head}>
              <Heading route={route} />
            </div>
            {rows}
          </>
        )}
      </div>
    </section>
  );
}

/** What is shown, and in which order: as the address says, else the saved view, else as one has it. */
function useList(route: Inbox): List {
  const saved = useStore(({ kept }) => kept.views.get(route.saved ?? 0));
  const { view, team, filter = saved?.filter ?? NO_FILTER } = route;
  const own = SORTS.find((one) => one === recall(SORT)) ?? "newest";
  const sort = route.sort ?? saved?.sort ?? own;
  return useMemo(() => {
    const whole: Filter = { ...filter, ...(team !== null && { team }) };
    return { view, filter: whole, sort };
  }, [view, filter, team, sort]);
}

/** Of a list of one tag alone. */
function tagOf({ view, filter = NO_FILTER }: Inbox): string | undefined {
  const { tag, ...more } = filter;
  return view === "all" && isEmpty(more) ? tag : undefined;
}

function Heading({ route }: { readonly route: Inbox }) {
  const { t } = useTexts();
  const { view, team, saved } = route;
  const ofTeam = useStore(({ directory }) => directory.teams.get(team ?? 0)?.name);
  const ofView = useStore(({ kept }) => kept.views.get(saved ?? 0)?.name);
  const name = ofView ?? ofTeam ?? tagOf(route);
  return (
    <h1 className={styles.title} title={name}>
      {name ?? t(`list:tab.${view}`)}
    </h1>
  );
}

function Count({ view }: { readonly view: (typeof TABS)[number] }) {
  const count = useStore(({ counts }) => counts[view]);
  return <span className={styles.count}>{count}</span>;
}

interface RowsProps {
  readonly route: Inbox;
  readonly list: List;
}

function Rows({ route, list }: RowsProps) {
  const { t } = useTexts();
  const router = useRouter();
  const { view } = list;
  const open = route.conversation;
  const ids = useIds(list, open);
  const scroller = useRef<HTMLDivElement>(null);
  const rowPx = ROW_PX[useLook().density];
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => ids[index] ?? index,
    overscan: 6,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: all rows are of another height
  useLayoutEffect(() => virtual.measure(), [rowPx, virtual]);
  const at = open === null ? -1 : ids.indexOf(open);
  const isHere = at >= 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a row that others move is not followed
  useEffect(() => {
    if (isHere) {
      virtual.scrollToIndex(at, { align: "auto" });
    }
  }, [open, isHere, virtual]);
  const go = (step: number) => () => {
    const id = ids[at < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, at + step))];
    if (id !== undefined) {
      router.go({ ...route, conversation: id, message: null });
    }
  };
  useAct("next", ids.length ? go(1) : null);
  useAct("previous", ids.length ? go(-1) : null);
  const items = virtual.getVirtualItems();
  const isLevel = useFarther(list, ids.length, items.at(-1)?.index ?? 0);
  const [selection] = useState(() => new Selection());
  const chosen = useSyncExternalStore(selection.subscribe, () => selection.all);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins with nothing chosen
  useEffect(() => selection.clear(), [selection, list]);
  const [asked, setAsked] = useState<Asked | null>(null);
  const press = useRef<number | undefined>(undefined);
  const acts = useLater(asked !== null || chosen.size > 0, () => import("./row-acts"));
  const own = ids.filter((id) => chosen.has(id));
  const ask = (id: number, x: number, y: number) =>
    setAsked({ ids: own.length > 1 && chosen.has(id) ? own : [id], x, y });
  if (!ids.length) {
    const isFiltered = route.saved !== undefined || !isEmpty(route.filter ?? NO_FILTER);
    return isLevel ? <Nothing what={isFiltered ? "filtered" : view} /> : <Skeleton />;
  }
  return (
    <>
      <div ref={scroller} className={styles.rows}>
        <ul
          ref={(room) => room?.style.setProperty("height", `${virtual.getTotalSize()}px`)}
          className={styles.room}
          aria-label={t(`list:tab.${view}`)}
          onKeyDown={(event) => choose(event, selection, ids) || moveFocus(event)}
          onContextMenu={(event) => {
            const id = idAt(event.target);
            if (id !== null) {
              event.preventDefault();
              const box = boxOf(event.target);
              const isByKey = event.button !== 2 && event.clientX === 0 && event.clientY === 0;
              ask(
                id,
                isByKey ? box.left + 40 : event.clientX,
                isByKey ? box.top + 40 : event.clientY,
              );
            }
          }}
          onClickCapture={(event) => {
            const id = idAt(event.target);
            const isMenu = event.target instanceof Element && event.target.closest("[data-menu]");
            if (id !== null && isMenu) {
              ask(id, event.clientX || boxOf(isMenu).left, event.clientY || boxOf(isMenu).bottom);
            } else if (id !== null && event.shiftKey) {
              event.preventDefault();
              event.stopPropagation();
              selection.reach(id, ids);
            } else if (asked !== null) {
              event.preventDefault(); // the finger that has pressed long goes up
              event.stopPropagation();
            }
          }}
          onPointerDown={({ pointerType, target, clientX, clientY }) => {
            const id = idAt(target);
            if (pointerType === "touch" && id !== null) {
              press.current = window.setTimeout(() => ask(id, clientX, clientY), LONG_MS);
            }
          }}
          onPointerUp={() => clearTimeout(press.current)}
          onPointerCancel={() => clearTimeout(press.current)}
        >
          {items.map(({ key, index, start }) => {
            const id = ids[index];
            return id === undefined ? null : (
              <Row
                key={key}
                id={id}
                route={route}
                list={list}
                selection={selection}
                top={start}
                position={index + 1}
                count={ids.length}
              />
            );
          })}
        </ul>
      </div>
      {acts && own.length > 0 && <acts.BulkBar ids={own} onClear={() => selection.clear()} />}
      {acts && asked && <acts.RowMenu asked={asked} onClose={() => setAsked(null)} />}
    </>
  );
}

/** Reads what one does not follow of a list, page by page; whether its beginning is here. */
function useFarther({ view, filter, sort }: List, count: number, last: number): boolean {
  const store = useStoreItself();
  const isFar = isFarther(view, filter);
  const whole = useMemo(() => wholeOf(view, filter), [view, filter]);
  const isLive = useStore(({ client }) => client.status === "live");
  useEffect(() => {
    if (isFar && isLive) {
      store.listed.want(whole, sort);
    }
  }, [store, isFar, isLive, whole, sort]);
  const isEnd = isFar && last >= count - 1;
  // biome-ignore lint/correctness/useExhaustiveDependencies: more rows may not fill the list yet
  useEffect(() => {
    if (isEnd) {
      store.listed.more(whole, sort);
    }
  }, [store, isEnd, whole, sort, count]);
  return useStore(({ client, conversations, listed }) =>
    isFar ? listed.isRead(whole, sort) : client.status === "live" || conversations.length > 0,
  );
}

/** So long a finger rests for a menu. */
const LONG_MS = 500;

function idAt(target: EventTarget): number | null {
  const row =
    target instanceof Element ? target.closest("li")?.querySelector("[data-conversation]") : null;
  return row instanceof HTMLElement ? Number(row.dataset.conversation) : null;
}

function boxOf(target: EventTarget): DOMRect {
  return target instanceof Element ? target.getBoundingClientRect() : new DOMRect();
}

/** Space takes a row, Ctrl+A all, Escape none; true: that was it. */
function choose(event: KeyboardEvent, selection: Selection, ids: readonly number[]): boolean {
  const id = idAt(event.target);
  const isMod = isMac ? event.metaKey : event.ctrlKey;
  if (event.code === "KeyA" && isMod && !event.shiftKey && !event.altKey) {
    selection.only(ids);
  } else if (event.code === "Space" && id !== null && !isMod) {
    event.shiftKey ? selection.reach(id, ids) : selection.toggle(id);
  } else if (event.code === "Escape" && selection.all.size) {
    selection.clear();
  } else {
    return false;
  }
  event.preventDefault();
  event.stopPropagation();
  return true;
}

/** Arrows go from row to row. */
function moveFocus(event: KeyboardEvent<HTMLUListElement>): void {
  const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
  const step = steps[event.key];
  if (step && !event.altKey) {
    const rows = [
      ...event.currentTarget.querySelectorAll<HTMLElement>("[data-kefu=conversation-card]"),
    ];
    const placeOf = (row: HTMLElement) => Number(row.parentElement?.ariaPosInSet);
    rows.sort((a, b) => placeOf(a) - placeOf(b));
    const at = rows.indexOf(document.activeElement as HTMLElement);
    rows[at + step]?.focus();
    event.preventDefault();
  }
}

/** The list's conversations by id; the same array until another is in it, or another order. */
function useIds({ view, filter, sort }: List, open: number | null): readonly number[] {
  const before = useRef<{ readonly of: string; readonly ids: readonly number[] }>(null);
  const of = JSON.stringify([view, filter]);
  const isFar = isFarther(view, filter);
  const select = (store: Store) => {
    const seeing = store.seeing();
    const all = isFar ? store.known : store.conversations;
    const here = all.filter((one) => isShown(view, filter, one, seeing));
    const known = before.current?.of === of ? before.current.ids : [];
    const ids = withOpen(
      sorted(here, sort).map(({ id }) => id),
      known,
      open,
    );
    before.current = { of, ids: isSame(known, ids) ? known : ids };
    return before.current.ids;
  };
  return useStore(select);
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}

function Nothing({ what }: { readonly what: View | "filtered" | "gone" }) {
  const { t } = useTexts();
  return <Empty art="cup" title={t(`list:empty.${what}`)} about={t(`list:empty.${what}.about`)} />;
}

/** Seen after 300 ms: the sheet. */
function Skeleton() {
  return (
    <div className={styles.skeleton} aria-hidden="true">
      {[0, 1, 2, 3].map((row) => (
        <div key={row}>
          <i />
          <span />
        </div>
      ))}
    </div>
  );
}
