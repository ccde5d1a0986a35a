/**
 * The second column: offers, the lists' tabs with live counts, filter and order, and the rows.
 *
 * Rules: rows are 76 px and virtual. What a row shows it takes itself, so that one that changes draws
 * itself alone; the list is drawn when other rows are in it or in another order.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components/Tabs";
import { recall, remember } from "shared/view/memory";
import { useAct } from "../keys/acts";
import { Offers } from "../offers/offers";
import { useRouter } from "../shell/router";
import type { Route } from "../shell/routes";
import type { Store } from "../store/store";
import { useStore } from "../store/use";
import { useTexts } from "../texts/texts";
import { Empty } from "../ui/empty";
import styles from "./list.module.css";
import { FilterMenu, SortMenu } from "./list-menus";
import { ROW_PX, Row } from "./row";
import {
  type Filter,
  isIn,
  NO_FILTER,
  passes,
  SORTS,
  type Sort,
  sorted,
  type View,
  withOpen,
} from "./views";

type Inbox = Extract<Route, { readonly page: "inbox" }>;

const TABS = ["mine", "queue", "all"] as const;
const SORT = "console.sort";

export function ConversationList({ route }: { readonly route: Inbox }) {
  const { t } = useTexts();
  const router = useRouter();
  const { view, team } = route;
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const [sort, setSort] = useState<Sort>(
    () => SORTS.find((one) => one === recall(SORT)) ?? "newest",
  );
  const tools = (
    <span className={styles.tools}>
      <FilterMenu filter={filter} onChange={setFilter} />
      <SortMenu
        sort={sort}
        onChange={(chosen) => {
          remember(SORT, chosen);
          setSort(chosen);
        }}
      />
    </span>
  );
  const rows = <Rows route={route} filter={{ ...filter, team }} sort={sort} />;
  const isTabbed = view !== "snoozed" && team === null;
  return (
    <section className={styles.list} aria-label={t("list:list")}>
      <Offers place="list" />
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
            {tools}
          </div>
          <TabPanel id={view} className={styles.panel ?? ""}>
            {rows}
          </TabPanel>
        </Tabs>
      ) : (
        <>
          <div className={styles.head}>
            <Heading route={route} />
            {tools}
          </div>
          {rows}
        </>
      )}
    </section>
  );
}

function Heading({ route: { view, team } }: { readonly route: Inbox }) {
  const { t } = useTexts();
  const name = useStore(({ directory }) => directory.teams.get(team ?? 0)?.name);
  return <h1 className={styles.title}>{name ?? t(`list:tab.${view}`)}</h1>;
}

function Count({ view }: { readonly view: (typeof TABS)[number] }) {
  const count = useStore(({ counts }) => counts[view]);
  return <span className={styles.count}>{count}</span>;
}

interface RowsProps {
  readonly route: Inbox;
  readonly filter: Filter;
  readonly sort: Sort;
}

function Rows({ route, filter, sort }: RowsProps) {
  const { t } = useTexts();
  const router = useRouter();
  const { view, conversation: open } = route;
  const ids = useIds(view, filter, sort, open);
  const isLevel = useStore(
    ({ client, conversations }) => client.status === "live" || conversations.length > 0,
  );
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => ids[index] ?? index,
    overscan: 6,
  });
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
  if (!ids.length) {
    return isLevel ? (
      <Nothing view={view} isFiltered={filter.isUnread || filter.inbox !== null} />
    ) : (
      <Skeleton />
    );
  }
  return (
    <div ref={scroller} className={styles.rows}>
      <ul
        ref={(room) => room?.style.setProperty("height", `${virtual.getTotalSize()}px`)}
        className={styles.room}
        aria-label={t(`list:tab.${view}`)}
        onKeyDown={moveFocus}
      >
        {virtual.getVirtualItems().map(({ key, index, start }) => {
          const id = ids[index];
          return id === undefined ? null : (
            <Row
              key={key}
              id={id}
              route={route}
              top={start}
              position={index + 1}
              count={ids.length}
            />
          );
        })}
      </ul>
    </div>
  );
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
function useIds(view: View, filter: Filter, sort: Sort, open: number | null): readonly number[] {
  const { isUnread, inbox, team } = filter;
  const before = useRef<{ readonly of: string; readonly ids: readonly number[] }>(null);
  const of = [view, isUnread, inbox, team].join();
  const select = ({ conversations, me, unreadOf }: Store) => {
    const here = conversations.filter(
      (one) => isIn(view, one, me.id ?? 0) && passes({ isUnread, inbox, team }, one, unreadOf),
    );
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

function Nothing({ view, isFiltered }: { readonly view: View; readonly isFiltered: boolean }) {
  const { t } = useTexts();
  const what = isFiltered ? "filtered" : view;
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
