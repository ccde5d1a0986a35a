/** What can be put in place of what is asked for: loaded with the first sign that asks. */
import type { Chat } from "client";
import { Unanswered } from "client/wire";
import type { CannedResponse } from "protocol";
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from "react";
import { find, type Group } from "shared/emoji/find";
import { useStore, useStoreItself } from "../store/use";
import { useTexts } from "../texts/texts";
import { Avatar } from "../ui/avatar";
import type { Asked } from "./asked";
import { findCanned, readCanned } from "./canned";
import type { Press } from "./completing";
import styles from "./completions.module.css";
import { readEmoji } from "./emoji-names";
import { useVariables } from "./filling";
import { colleagues, findColleagues } from "./mentions";
import { findVariables } from "./variables";

interface Props {
  readonly chat: Chat;
  readonly asked: Asked;
  readonly keys: RefObject<Press | null>;
  /** The id of the line that is chosen. */
  readonly active: (id: string | null) => void;
  readonly put: (words: string, place: Asked) => void;
  /** Closes the list; what was written stays. */
  readonly leave: () => void;
}

export function Completions(props: Props) {
  const Part = PARTS[props.asked.what];
  return <Part {...props} />;
}

function Variables(props: Props) {
  const { chat, asked, put } = props;
  const { t } = useTexts();
  const all = useVariables(chat, true);
  const found = useMemo(
    () => findVariables(all, asked.query).map((one) => ({ ...one, id: one.name })),
    [all, asked.query],
  );
  return (
    <List
      {...props}
      label={t("composer:variables")}
      none={t("composer:variables.none")}
      items={found}
      take={({ value }) => put(value, asked)}
      line={({ name, value }) => (
        <>
          <b>{name}</b>
          <span>{value}</span>
        </>
      )}
    />
  );
}

const MOST_EMOJI = 8;

function EmojiNames(props: Props) {
  const { asked, put } = props;
  const { t, language } = useTexts();
  const [groups, setGroups] = useState<readonly Group[]>([]);
  useEffect(() => {
    readEmoji(language).then(setGroups, () => undefined); // the words stay as they are
  }, [language]);
  const found = useMemo(
    () =>
      find(groups, asked.query)
        .slice(0, MOST_EMOJI)
        .map((one) => ({ ...one, id: one.sign })),
    [groups, asked.query],
  );
  return (
    <List
      {...props}
      label={t("composer:emoji")}
      none={null}
      items={found}
      take={({ sign }) => put(sign, asked)}
      line={({ sign, name }) => (
        <>
          <b>{sign}</b>
          <span>{name}</span>
        </>
      )}
    />
  );
}

function Colleagues(props: Props) {
  const { chat, asked, put } = props;
  const { t } = useTexts();
  const me = useStore((one) => one.me.id);
  const agents = useStore(({ directory }) => directory.agents);
  const inbox = useStore((one) => one.conversation(chat.id)?.inbox);
  const found = useMemo(
    () => findColleagues(colleagues(agents.values(), inbox, me), asked.query),
    [agents, inbox, me, asked.query],
  );
  return (
    <List
      {...props}
      label={t("composer:mention")}
      none={t("composer:mention.none")}
      items={found}
      take={({ name }) => put(`@${name} `, asked)}
      line={({ id, name, avatar }) => (
        <>
          <Avatar name={name} id={id} size={20} picture={avatar} />
          <b>{name}</b>
        </>
      )}
    />
  );
}

/** While one goes through the list, only where one rests is asked for. */
const RESTS_MS = 120;

function Canned(props: Props) {
  const { chat, asked } = props;
  const { t } = useTexts();
  const store = useStoreItself();
  const { client } = store;
  const inbox = useStore((one) => one.conversation(chat.id)?.inbox);
  const [all, setAll] = useState<readonly CannedResponse[] | null>(null);
  useEffect(() => {
    let isShown = true;
    readCanned(client, inbox)
      .then((found) => isShown && setAll(found))
      .catch((error) => isShown && setAll([]) === undefined && store.refused(error));
    return () => {
      isShown = false;
    };
  }, [client, inbox, store]);
  const found = useMemo(() => all && findCanned(all, asked.query), [all, asked.query]);
  const render = async ({ id }: CannedResponse) => {
    const form = { canned: id, conversation: chat.id };
    return (await client.call("canned.render", form)).text;
  };
  const take = (one: CannedResponse) => {
    render(one).then(
      (text) => props.put(text, asked),
      (error) => store.refused(error),
    );
  };
  return (
    <List
      {...props}
      label={t("composer:canned")}
      none={all && t("composer:canned.none")}
      items={found}
      take={take}
      line={({ shortcut, text }) => (
        <>
          <b>/{shortcut}</b>
          <span>{text}</span>
        </>
      )}
      about={(one) => <Preview key={one.id} canned={one} render={render} />}
    />
  );
}

interface PreviewProps {
  readonly canned: CannedResponse;
  readonly render: (canned: CannedResponse) => Promise<string>;
}

/** As it will be put in; until the server has filled it in, as it is kept. */
function Preview({ canned, render }: PreviewProps) {
  const { t } = useTexts();
  const [text, setText] = useState<string | null>(null);
  const ask = useRef(render);
  useEffect(() => {
    const timer = setTimeout(() => {
      ask.current(canned).then(setText, (error: unknown) => {
        if (!(error instanceof Unanswered)) {
          throw error;
        }
      });
    }, RESTS_MS);
    return () => clearTimeout(timer);
  }, [canned]);
  return (
    <section className={styles.about} aria-label={t("composer:canned.preview")} dir="auto">
      {text ?? canned.text}
    </section>
  );
}

interface ListProps<T> extends Props {
  readonly label: string;
  /** null: they are on their way. */
  readonly items: readonly T[] | null;
  readonly none: string | null;
  readonly line: (one: T) => ReactNode;
  readonly about?: (one: T) => ReactNode;
  readonly take: (one: T) => void;
}

function isPlain({ ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return !(ctrlKey || metaKey || altKey || shiftKey);
}

const PARTS = {
  canned: Canned,
  mention: Colleagues,
  variable: Variables,
  emoji: EmojiNames,
} as const;

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

function List<T extends { readonly id: number | string }>(props: ListProps<T>) {
  const { label, none, keys, active, items, take, line, about, asked, leave } = props;
  const { t } = useTexts();
  const [at, setAt] = useState(0);
  const [query, setQuery] = useState(asked.query);
  if (query !== asked.query) {
    setQuery(asked.query);
    setAt(0);
  }
  const chosen = items?.[at];
  const id = chosen ? `completion-${chosen.id}` : null;
  useEffect(() => {
    active(id);
    document.getElementById(id ?? "")?.scrollIntoView({ block: "nearest" });
    return () => active(null);
  }, [active, id]);
  const choose: Press = (event) => {
    const isTaking = event.key === "Enter" || event.key === "Tab";
    const step = STEPS[event.key];
    if (step === undefined && !isTaking) {
      return false;
    }
    event.preventDefault(); // while they are on their way nothing is sent as it stands
    if (step && items) {
      setAt((at + step + items.length) % items.length);
    } else if (chosen) {
      take(chosen);
    }
    return true;
  };
  const close: Press = (event) => {
    if (event.key !== "Enter") {
      return false;
    }
    event.preventDefault();
    leave();
    return true;
  };
  const press = items?.length !== 0 ? choose : none ? close : () => false;
  useImperativeHandle(keys, () => (event) => isPlain(event) && press(event));
  if (!items?.length) {
    return (
      none && (
        <p className={`${styles.box} ${styles.none}`} role="status">
          <span>
            {none} {t("composer:none.enter")}
          </span>
        </p>
      )
    );
  }
  return (
    <div className={styles.box}>
      <div className={styles.list} id="completions" role="listbox" aria-label={label}>
        {items.map((one, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the caret stays in the field
          <div
            key={one.id}
            id={`completion-${one.id}`}
            className={styles.line}
            role="option"
            aria-selected={index === at}
            data-kefu="completion"
            onPointerMove={() => setAt(index)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(one)}
          >
            {line(one)}
          </div>
        ))}
      </div>
      {chosen && about?.(chosen)}
    </div>
  );
}
