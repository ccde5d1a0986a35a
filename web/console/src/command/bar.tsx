/**
 * One field that reaches everything: what can be done, who writes, where one can go.
 *
 * Rules: what is here already is found with each letter, what the server finds stands below it, so that
 * nothing moves under one's eyes. The caret stays in the field: arrows choose, Enter does, Escape closes.
 * It is done after the bar has gone, so that the focus is where it was before, or where the act puts it.
 * Keys of an input method come to none of this (keys/composing).
 */
import type { CannedResponse } from "protocol";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components/Modal";
import { readCanned } from "../composer/canned";
import { useRoute, useRouter } from "../shell/router";
import { useStore, useStoreItself } from "../store/use";
import { LANGUAGES, otherWords, useTexts } from "../texts/texts";
import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icon";
import { Keys } from "../ui/keys";
import styles from "./bar.module.css";
import { GROUPS, type Item, type Say, useItems } from "./items";
import { found, piecesOf, wordsOf } from "./rank";
import { keepRecent, recentOf } from "./recent";
import { useSaid } from "./said";

interface Props {
  readonly onClose: () => void;
}

export function Bar({ onClose }: Props) {
  const { t } = useTexts();
  return (
    <ModalOverlay
      className={styles.overlay ?? ""}
      isOpen
      onOpenChange={(isOpen) => isOpen || onClose()}
      isDismissable
    >
      <Modal className={styles.modal ?? ""}>
        <Dialog className={styles.bar ?? ""} aria-label={t("shell:act.command")}>
          <Finder onClose={onClose} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Of one group, unless nothing else was looked for. */
const MOST = 6;

function Finder({ onClose }: Props) {
  const { t } = useTexts();
  const me = useStore((store) => store.me.id ?? 0);
  const [query, setQuery] = useState("");
  const [active, setActive] = useState<string | null>(null);
  const [recent] = useState(() => recentOf(me));
  const words = useMemo(() => wordsOf(query), [query]);
  const groups = useGroups(query, words, recent);
  const items = groups.flatMap((group) => group.items);
  const chosen = items.find(({ id }) => id === active) ?? items[0];
  const run = useAfter();
  const take = (item: Item) => {
    keepRecent(me, item.id);
    run(item.run);
    onClose();
  };
  useEffect(() => {
    document.getElementById(idOf(chosen))?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const press = (event: KeyboardEvent) => {
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
    if (ctrlKey || metaKey || altKey || shiftKey) {
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step !== undefined && chosen) {
      event.preventDefault();
      setActive(items.at((items.indexOf(chosen) + step) % items.length)?.id ?? null);
    } else if (key === "Enter" && chosen) {
      event.preventDefault();
      take(chosen);
    }
  };
  return (
    <>
      <div className={styles.field}>
        <Icon name="search" />
        <input
          // biome-ignore lint/a11y/noAutofocus: one asked for it
          autoFocus
          type="text"
          role="combobox"
          aria-expanded={items.length > 0}
          aria-controls="commands"
          aria-activedescendant={chosen ? idOf(chosen) : undefined}
          aria-autocomplete="list"
          aria-label={t("shell:find")}
          placeholder={t("command:hint")}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={({ target }) => {
            setQuery(target.value);
            setActive(null);
          }}
          onKeyDown={press}
        />
      </div>
      <div className={styles.list} id="commands" role="listbox" aria-label={t("shell:act.command")}>
        {groups.map(({ name, label, items: all }) => (
          // biome-ignore lint/a11y/useSemanticElements: a list's groups are no fieldsets
          <div key={name} role="group" aria-labelledby={`commands-${name}`}>
            <p id={`commands-${name}`} className={styles.caption}>
              {label}
            </p>
            {all.map((item) => (
              <Line
                key={item.id}
                item={item}
                words={words}
                isChosen={item === chosen}
                onPoint={() => setActive(item.id)}
                onTake={() => take(item)}
              />
            ))}
          </div>
        ))}
      </div>
      <footer className={styles.foot} aria-hidden="true">
        <span>
          <kbd>↑</kbd>
          <kbd>↓</kbd> {t("command:choose")}
        </span>
        <span>
          <kbd>↵</kbd> {t("command:run")}
        </span>
        <span>
          <kbd>esc</kbd> {t("shell:close")}
        </span>
      </footer>
    </>
  );
}

function idOf(item: Item | undefined): string {
  return item ? `command-${item.id.replaceAll(" ", "-")}` : "";
}

interface LineProps {
  readonly item: Item;
  readonly words: readonly string[];
  readonly isChosen: boolean;
  readonly onPoint: () => void;
  readonly onTake: () => void;
}

function Line({ item, words, isChosen, onPoint, onTake }: LineProps) {
  const { person, icon, label, about, act } = item;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the caret stays in the field
    <div
      id={idOf(item)}
      className={styles.line}
      role="option"
      aria-selected={isChosen}
      data-group={item.group}
      onPointerMove={onPoint}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onTake}
    >
      {person ? <Avatar name={person.name} id={person.id} size={20} /> : <Icon name={icon} />}
      <span className={styles.label} dir="auto">
        <Marked text={label} words={words} />
      </span>
      {about && (
        <span className={styles.about} dir="auto">
          <Marked text={about} words={item.group === "said" ? words : []} />
        </span>
      )}
      <Keys act={act} />
    </div>
  );
}

function Marked({ text, words }: { readonly text: string; readonly words: readonly string[] }) {
  let at = 0;
  return piecesOf(text, words).map(({ text: piece, isHit }) => {
    at += piece.length;
    return isHit ? <b key={at}>{piece}</b> : <span key={at}>{piece}</span>;
  });
}

interface Shown {
  readonly name: string;
  readonly label: string;
  readonly items: readonly Item[];
}

/** What is meant, in groups: that with the best first, and last what the server found. */
function useGroups(
  query: string,
  words: readonly string[],
  recent: readonly string[],
): readonly Shown[] {
  const { t } = useTexts();
  const others = useOthers();
  const canned = useCanned();
  const all = useItems({ others, canned });
  const { known, said, search } = useFoundItems(query);
  const route = useRoute();
  const open = route.page === "inbox" ? route.conversation : null;
  const name = useStore((store) => store.conversation(open ?? 0)?.contact?.name);
  const labelOf = (group: Item["group"]) =>
    t(`command:group.${group}`, { name: name || t("list:visitor") });
  const groups = useMemo(() => grouped(all, words, recent), [all, words, recent]);
  const later: readonly Grouped[] = [
    { name: "known", items: known },
    { name: "said", items: search ? [...said, search] : said },
  ];
  return [...groups, ...later.filter(({ items }) => items.length)].map((group) => ({
    ...group,
    label: labelOf(group.name),
  }));
}

interface Grouped {
  readonly name: Item["group"];
  readonly items: readonly Item[];
}

function grouped(
  all: readonly Item[],
  words: readonly string[],
  recent: readonly string[],
): readonly Grouped[] {
  const meant = words.length
    ? all
    : all.filter(({ id, isQuiet }) => !isQuiet || recent.includes(id));
  const best = found(meant, words, recent);
  const of = GROUPS.map((name) => {
    const ranked = best.filter(({ one }) => one.group === name);
    const items = ranked.slice(0, words.length ? MOST : undefined).map(({ one }) => one);
    return { name, items, rank: name === "offered" ? -1 : (ranked[0]?.rank ?? 0) };
  });
  return of.filter(({ items }) => items.length).sort((a, b) => a.rank - b.rank);
}

/** The console's words in its other languages. */
function useOthers(): readonly Say[] {
  const { language } = useTexts();
  const [others, setOthers] = useState<readonly Say[]>([]);
  useEffect(() => {
    let isMeant = true;
    const wanted = LANGUAGES.filter((one) => one !== language).map((one) =>
      otherWords(one, "command"),
    );
    Promise.all(wanted).then(
      (all) => isMeant && setOthers(all),
      () => undefined, // it is found in one's own language all the same
    );
    return () => {
      isMeant = false;
    };
  }, [language]);
  return others;
}

const NONE: readonly CannedResponse[] = [];

/** Those for the chat that is open. */
function useCanned(): readonly CannedResponse[] {
  const { client } = useStoreItself();
  const route = useRoute();
  const open = route.page === "inbox" ? route.conversation : null;
  const inbox = useStore((store) => store.conversation(open ?? 0)?.inbox);
  const [all, setAll] = useState(NONE);
  useEffect(() => {
    if (inbox === undefined) {
      return;
    }
    let isMeant = true;
    readCanned(client, inbox).then(
      (found) => isMeant && setAll(found),
      () => undefined, // the rest is found all the same
    );
    return () => {
      isMeant = false;
    };
  }, [client, inbox]);
  return all;
}

interface FoundItems {
  readonly known: readonly Item[];
  readonly said: readonly Item[];
  /** All of what was said with these words, on its own page; null: nothing was typed. */
  readonly search: Item | null;
}

function useFoundItems(query: string): FoundItems {
  const { t } = useTexts();
  const router = useRouter();
  const { hits, contacts } = useSaid(query);
  const text = query.trim();
  return useMemo(
    () => ({
      known: contacts.map(({ id, name, email, phone }): Item => {
        const called = name || t("list:visitor");
        return {
          id: `contact ${id}`,
          group: "known",
          icon: "user",
          person: { id, name: called },
          label: called,
          about: email ?? phone ?? "",
          run: () => router.go({ page: "contacts", query: "", contact: id }),
        };
      }),
      search: text
        ? {
            id: "search",
            group: "said",
            icon: "search",
            label: t("command:search", { text }),
            run: () => router.go({ page: "search", query: text, inbox: null }),
          }
        : null,
      said: hits.map(({ conversation, seq, contact, snippet }): Item => {
        const name = contact?.name || t("list:visitor");
        return {
          id: `said ${conversation} ${seq}`,
          group: "said",
          icon: "search",
          person: { id: contact?.id ?? conversation, name },
          label: name,
          about: snippet.map(({ text }) => text).join(""),
          run: () =>
            router.go({ page: "inbox", view: "mine", team: null, conversation, message: seq }),
        };
      }),
    }),
    [hits, contacts, router, text, t],
  );
}

/** Runs what it is given once this is gone from the page. */
function useAfter(): (run: () => void) => void {
  const next = useRef<(() => void) | null>(null);
  useEffect(
    () => () => {
      const { current: run } = next;
      if (run) {
        setTimeout(run);
      }
    },
    [],
  );
  return (run) => {
    next.current = run;
  };
}
