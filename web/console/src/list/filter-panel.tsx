/**
 * What a list shows: states, inbox, team, colleague, tag, priority, unread, unanswered; and its order.
 *
 * Rules: what is chosen counts at once and stands in the address. It can be kept as a view, of one's own or
 * shared. Fetched when it is used.
 */
import { type ReactNode, type RefObject, useId } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";
import { remember } from "shared/view/memory";
import { useRouter } from "../shell/router";
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Button } from "../ui/button";
import { isEmpty } from "./asked";
import styles from "./filter-panel.module.css";
import type { Inbox } from "./inbox";
import { ViewForm } from "./view-form";
import { type Filter, type List, NO_FILTER, SORTS, type Sort, STATUSES } from "./views";

interface Props {
  readonly route: Inbox;
  readonly list: List;
  readonly button: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

/** Lists that are of one state, or of oneself, ask for no other. */
const HAS_STATES = ["mine", "all", "mentions"];

export function FilterPanel({ route, list, button, onClose }: Props) {
  const { t } = useTexts();
  const router = useRouter();
  const store = useStoreItself();
  const inboxes = useStore(({ directory }) => directory.inboxes);
  const teams = useStore(({ directory }) => directory.teams);
  const agents = useStore(({ directory }) => directory.agents);
  const tags = useStore(({ kept }) => kept.tags);
  const { filter } = list;
  /** Without what is undefined. A filter that asks nothing is no saved view's any more. */
  const choose = (change: { readonly [Key in keyof Filter]: Filter[Key] | undefined }) => {
    const entries = Object.entries({ ...filter, ...change }).filter(([, value]) => value);
    const { team, ...next } = Object.fromEntries(entries) as Filter;
    const { saved, filter: _, ...rest } = route;
    const keeps = saved !== undefined && !isEmpty(next) && { saved };
    router.go({ ...rest, ...keeps, team: team ?? null, ...(!isEmpty(next) && { filter: next }) });
  };
  const order = (sort: Sort) => {
    remember("console.sort", sort);
    router.go({ ...route, sort });
  };
  const states = filter.status ?? [];
  const people = [...agents.values()].filter(({ active, id }) => active && id !== store.me.id);
  return (
    <Popover
      className={styles.pop ?? ""}
      triggerRef={button}
      placement="bottom end"
      offset={4}
      isOpen
      onOpenChange={onClose}
    >
      <Dialog className={styles.panel ?? ""} aria-label={t("list:filter")}>
        <div className={styles.fields}>
          <Select
            label={t("list:sort")}
            value={list.sort}
            onChange={(value) => order(SORTS.find((one) => one === value) ?? "newest")}
          >
            {SORTS.map((one) => (
              <option key={one} value={one}>
                {t(`list:sort.${one}`)}
              </option>
            ))}
          </Select>
          {inboxes.size > 1 && (
            <Select
              label={t("list:filter.inbox")}
              value={String(filter.inbox ?? "")}
              onChange={(value) => choose({ inbox: Number(value) || undefined })}
            >
              <Any />
              {named(inboxes.values())}
            </Select>
          )}
          {teams.size > 0 && (
            <Select
              label={t("list:filter.team")}
              value={String(filter.team ?? "")}
              onChange={(value) => choose({ team: Number(value) || undefined })}
            >
              <Any />
              {named(teams.values())}
            </Select>
          )}
          {list.view !== "mine" && list.view !== "queue" && (
            <Select
              label={t("list:filter.assignee")}
              value={String(filter.assignee ?? "")}
              onChange={(value) => choose({ assignee: assigneeOf(value) })}
            >
              <Any />
              <option value="me">{t("list:filter.me")}</option>
              <option value="none">{t("list:filter.none")}</option>
              {named(people)}
            </Select>
          )}
          {tags.size > 0 && (
            <Select
              label={t("list:filter.tag")}
              value={filter.tag ?? ""}
              onChange={(value) => choose({ tag: value || undefined })}
            >
              <Any />
              {[...tags.keys()].map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          )}
          <Select
            label={t("list:filter.priority")}
            value={String(filter.priority ?? "")}
            onChange={(value) =>
              choose({ priority: ([1, 2, 3, 4] as const).find((one) => String(one) === value) })
            }
          >
            <Any />
            {([1, 2, 3, 4] as const).map((one) => (
              <option key={one} value={one}>
                {one === 4
                  ? t("list:priority.4")
                  : t("list:filter.least", { name: t(`list:priority.${one}`) })}
              </option>
            ))}
          </Select>
        </div>
        <Check
          label={t("list:filter.unread")}
          isOn={filter.unread === "me"}
          onChange={(isOn) => choose({ unread: isOn ? "me" : undefined })}
        />
        <Check
          label={t("list:filter.waiting")}
          isOn={filter.waiting === true}
          onChange={(isOn) => choose({ waiting: isOn || undefined })}
        />
        {HAS_STATES.includes(list.view) && (
          <fieldset className={styles.states}>
            <legend>{t("list:filter.status")}</legend>
            {STATUSES.map((one) => (
              <Check
                key={one}
                label={t(`list:state.${one}`)}
                isOn={states.includes(one)}
                onChange={(isOn) => {
                  const next = STATUSES.filter((each) =>
                    each === one ? isOn : states.includes(each),
                  );
                  choose({ status: next.length ? next : undefined });
                }}
              />
            ))}
          </fieldset>
        )}
        {!isEmpty(route.filter ?? NO_FILTER) && (
          <Button
            kind="plain"
            isSmall
            onPress={() => {
              const { filter: _, ...rest } = route;
              router.go({ ...rest, team: null });
            }}
          >
            {t("list:filter.all")}
          </Button>
        )}
        <ViewForm route={route} list={list} onClose={onClose} />
      </Dialog>
    </Popover>
  );
}

function assigneeOf(value: string): Filter["assignee"] {
  return value === "me" || value === "none" ? value : Number(value) || undefined;
}

function named(all: Iterable<{ readonly id: number; readonly name: string }>): ReactNode {
  return [...all].map(({ id, name }) => (
    <option key={id} value={id}>
      {name}
    </option>
  ));
}

function Any() {
  const { t } = useTexts();
  return <option value="">{t("list:filter.any")}</option>;
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly children: ReactNode;
}

function Select({ label, value, onChange, children }: SelectProps) {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={({ target }) => onChange(target.value)}>
        {children}
      </select>
    </>
  );
}

interface CheckProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function Check({ label, isOn, onChange }: CheckProps) {
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={isOn} onChange={({ target }) => onChange(target.checked)} />
      {label}
    </label>
  );
}
