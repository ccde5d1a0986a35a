/**
 * All that the command bar reaches without asking the server: acts that are possible now, chats, pages,
 * teams, who a chat can be given to, canned responses.
 *
 * Rules: each has an id that stays, so that what was used last stands first the next time; and its name in
 * every language of the console, so that English words find acts in a Chinese one.
 */
import type { CannedResponse, Conversation } from "protocol";
import { useContext, useMemo } from "react";
import type { Language } from "shared/i18n/languages";
import { write } from "../composer/completing";
import { canGive, targetsOf } from "../conversation/targets";
import { type Acts, ActsContext } from "../keys/acts";
import { type Act, KEYS } from "../keys/keys";
import { previewOf } from "../list/preview";
import { isOfferTo, VIEWS } from "../list/views";
import { LookContext, type Looks } from "../shell/look";
import { routeOf } from "../shell/places";
import { useRoute, useRouter } from "../shell/router";
import type { Route } from "../shell/routes";
import { THEMES } from "../shell/theme";
import type { Store } from "../store/store";
import { useStore, useStoreItself } from "../store/use";
import { LANGUAGES, type TextKey, useTexts, type Values } from "../texts/texts";
import type { IconName } from "../ui/icon";
import type { Findable } from "./rank";

/** In the order in which they stand where nothing is better than another. */
export const GROUPS = ["offered", "here", "chats", "goto", "do", "give", "canned", "me"] as const;
export type Group = (typeof GROUPS)[number];

export interface Item extends Findable {
  readonly group: Group | "known" | "said";
  readonly icon: IconName;
  /** In place of the icon. */
  readonly person?: { readonly id: number; readonly name: string };
  /** Its keys stand beside it. */
  readonly act?: Act;
  /** Shown only when it was looked for, or used last. */
  readonly isQuiet?: boolean;
  readonly run: () => void;
}

/** What `Values` blanks are filled with; the words of one language. */
export type Say = (key: TextKey, values?: Values) => string;

const ICONS: Partial<Readonly<Record<Act, IconName>>> = {
  accept: "chat",
  decline: "x",
  send: "send",
  "send-resolve": "send",
  resolve: "check",
  snooze: "moon",
  pending: "clock",
  unread: "mail",
  reply: "reply",
  note: "note",
  switch: "pencil",
  next: "down",
  previous: "down",
  longest: "clock",
  transfer: "transfer",
  details: "panel",
  tag: "tag",
  filter: "filter",
  hearing: "bell",
  why: "bell",
  mine: "inbox",
  queue: "users",
  all: "chat",
  availability: "user",
  keys: "keys",
};

/** Acts that lead to a list, as pages do. */
const PLACES: ReadonlySet<Act> = new Set<Act>(["mine", "queue", "all"]);
/** Acts of the chat that is open, what does no harm first: it is what Enter does where nothing is typed. */
const HERE: readonly Act[] = [
  "reply",
  "note",
  "switch",
  "snooze",
  "pending",
  "unread",
  "transfer",
  "tag",
  "details",
  "resolve",
  "send",
  "send-resolve",
];

interface Given {
  /** The console's words in its other languages. */
  readonly others: readonly Say[];
  readonly canned: readonly CannedResponse[];
}

export function useItems({ others, canned }: Given): readonly Item[] {
  const { t, language } = useTexts();
  const acts = useContext(ActsContext);
  const store = useStoreItself();
  const router = useRouter();
  const route = useRoute();
  const looks = useContext(LookContext);
  const offers = useStore(({ counts }) => counts.offers);
  // What stands there stays while one chooses: only another offer, or more words, bring others.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another offer
  return useMemo(() => {
    const open = route.page === "inbox" ? route.conversation : null;
    const chat = open === null ? undefined : store.conversation(open);
    const given: Whole = {
      t,
      called: (key, values) => ({
        label: t(key, values),
        also: others.map((say) => say(key, values)),
      }),
      store,
      go: (to) => () => router.go(to),
    };
    return [
      ...doing(given, acts, open !== null),
      ...chats(given, open),
      ...places(given),
      ...(chat ? giving(given, chat) : []),
      ...(chat ? answers(store, acts, chat.id, canned) : []),
      ...own(given, looks, language),
    ];
  }, [t, language, others, canned, acts, store, router, route, looks, offers]);
}

/** What the items are made of. */
interface Whole {
  readonly t: Say;
  readonly called: (key: TextKey, values?: Values) => Pick<Item, "label" | "also">;
  readonly store: Store;
  readonly go: (to: Route) => () => void;
}

function doing({ t, called, store }: Whole, acts: Acts, isOpen: boolean): readonly Item[] {
  const all = (Object.keys(KEYS) as Act[])
    .filter((act) => act !== "command" && acts.can(act))
    .sort((a, b) => HERE.indexOf(a) - HERE.indexOf(b));
  return all.map((act): Item => {
    const group = groupOf(act, isOpen);
    return {
      id: `act ${act}`,
      group,
      icon: ICONS[act] ?? "slash",
      act,
      run: () => void acts.run(act),
      ...called(`shell:act.${act}`),
      ...(group === "offered" && offeredTo(store, t("list:visitor"))),
    };
  });
}

/** Where one can go. */
function places({ called, store, go }: Whole): readonly Item[] {
  const lists = VIEWS.filter((view) => !PLACES.has(view as Act)).map(
    (view): Item => ({
      id: `list ${view}`,
      group: "goto",
      icon: view === "snoozed" ? "moon" : "inbox",
      run: go({ page: "inbox", view, team: null, conversation: null }),
      ...called(`list:tab.${view}`),
    }),
  );
  const search: Item = {
    id: "page search",
    group: "goto",
    icon: "search",
    run: go({ page: "search", query: "", inbox: null }),
    ...called("shell:nav.search"),
  };
  const contacts: Item = {
    id: "page contacts",
    group: "goto",
    icon: "users",
    run: go({ page: "contacts", query: "", contact: null }),
    ...called("shell:nav.contacts"),
  };
  const visitors: Item = {
    id: "page visitors",
    group: "goto",
    icon: "globe",
    run: go({ page: "visitors" }),
    ...called("shell:nav.visitors"),
  };
  const teams = [...store.directory.teams.values()].map(
    ({ id, name }): Item => ({
      id: `team ${id}`,
      group: "goto",
      icon: "users",
      label: name,
      also: alsoOf(called("shell:nav.teams")),
      isQuiet: true,
      run: go({ page: "inbox", view: "all", team: id, conversation: null }),
    }),
  );
  const views = [...store.kept.views.values()].map(
    ({ id, name }): Item => ({
      id: `view ${id}`,
      group: "goto",
      icon: "filter",
      label: name,
      also: alsoOf(called("shell:nav.views")),
      isQuiet: true,
      run: go(routeOf({ saved: id })),
    }),
  );
  const tags = [...store.kept.tags.keys()].map(
    (tag): Item => ({
      id: `tag ${tag}`,
      group: "goto",
      icon: "tag",
      label: tag,
      also: alsoOf(called("shell:nav.tags")),
      isQuiet: true,
      run: go(routeOf({ filter: { tag } })),
    }),
  );
  return [
    ...views,
    ...tags,
    ...lists,
    search,
    contacts,
    ...(store.visitors.isWatching ? [visitors] : []),
    ...teams,
  ];
}

/** Found by what it is, as well as by its name. */
function alsoOf({ label, also = [] }: Pick<Item, "label" | "also">): readonly string[] {
  return [label, ...also];
}

/** What one sets for oneself. */
function own(
  { called, store, go }: Whole,
  looks: Looks | null,
  language: Language,
): readonly Item[] {
  const availabilities = (["online", "busy", "away"] as const).map(
    (availability): Item => ({
      id: `me ${availability}`,
      group: "me",
      icon: "user",
      isQuiet: true,
      run: () => {
        store.client
          .call("agent.set_availability", { availability })
          .catch((error) => store.refused(error));
      },
      ...called(`shell:me.${availability}`),
    }),
  );
  const themes = THEMES.map(
    (theme): Item => ({
      id: `theme ${theme}`,
      group: "me",
      icon: THEME_ICONS[theme],
      isQuiet: true,
      run: () => looks?.setTheme(theme),
      ...called(`shell:theme.${theme}`),
    }),
  );
  const profile: Item = {
    id: "page profile",
    group: "me",
    icon: "user",
    run: go({ page: "profile", section: "account" }),
    ...called("shell:me.profile"),
  };
  const languages = LANGUAGES.filter((one) => one !== language).map(
    (one): Item => ({
      id: `language ${one}`,
      group: "me",
      icon: "globe",
      label: LANGUAGE_NAMES[one],
      also: alsoOf(called("shell:language")),
      isQuiet: true,
      run: () => looks?.setLanguage(one),
    }),
  );
  return [profile, ...availabilities, ...themes, ...languages];
}

const THEME_ICONS = { system: "desktop", light: "sun", dark: "moon" } as const;
const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { "zh-CN": "中文", en: "English" };

function groupOf(act: Act, isOpen: boolean): Group {
  if (act === "accept") {
    return "offered";
  }
  if (PLACES.has(act)) {
    return "goto";
  }
  return isOpen && HERE.includes(act) ? "here" : "do";
}

/** Who is offered, beside the act. */
function offeredTo({ conversations, me }: Store, nobody: string): { readonly about: string } {
  const offered = conversations.find((one) => isOfferTo(one, me.id ?? 0));
  return { about: offered?.contact?.name || nobody };
}

function chats({ t, store, go }: Whole, open: number | null): readonly Item[] {
  const me = store.me.id ?? 0;
  const nobody = t("list:visitor");
  return store.conversations
    .filter(({ id }) => id !== open)
    .map((one): Item => {
      const { id, contact } = one;
      const name = contact?.name || nobody;
      const preview = previewOf(one, [], "", []);
      const known = contact?.id === undefined ? undefined : store.contacts.get(contact.id);
      const contacts = [known?.email, known?.phone].flatMap((text) => text ?? []);
      return {
        id: `chat ${id}`,
        group: "chats",
        icon: "chat",
        person: { id: contact?.id ?? id, name },
        label: name,
        also: [`#${id}`, String(id), ...contacts],
        about: "text" in preview ? preview.text : "",
        isQuiet: one.assignee?.id !== me || store.unreadOf(one) === 0,
        run: go({ page: "inbox", view: "mine", team: null, conversation: id }),
      };
    });
}

/** To whom the chat can be given, without another question. */
function giving({ t, called, store }: Whole, chat: Conversation): readonly Item[] {
  const { directory, client } = store;
  if (!directory.me || !canGive(chat, directory.me)) {
    return [];
  }
  const { agents, teams } = directory;
  return targetsOf(chat, agents.values(), teams.values(), client.presence).map(
    ({ kind, id, name, isThere }): Item => ({
      id: `give ${kind} ${id}`,
      group: "give",
      icon: kind === "team" ? "users" : "transfer",
      ...called("command:give", { name }),
      about: isThere ? "" : t("conversation:transfer.not-there"),
      isQuiet: true,
      run: () => {
        client.call("conversation.transfer", { conversation: chat.id, [kind]: id }).then(
          ({ status }) => {
            const isAbsent = kind === "agent" && status === "queued";
            const key = isAbsent ? "conversation:transfer.absent" : "conversation:transfer.done";
            store.toasts.show({ key, values: { name } });
          },
          (error) => store.refused(error),
        );
      },
    }),
  );
}

/** Canned responses, put where the caret is. */
function answers(
  store: Store,
  acts: Acts,
  conversation: number,
  all: readonly CannedResponse[],
): readonly Item[] {
  return all.map(
    ({ id, shortcut, text }): Item => ({
      id: `canned ${id}`,
      group: "canned",
      icon: "slash",
      label: `/${shortcut}`,
      about: text,
      isQuiet: true,
      run: () => {
        acts.run("reply");
        store.client.call("canned.render", { canned: id, conversation }).then(
          (filled) => {
            const field = document.querySelector<HTMLTextAreaElement>("[data-kefu=composer]");
            if (field) {
              write(field, filled.text, field.selectionStart, field.selectionEnd);
            }
          },
          (error) => store.refused(error),
        );
      },
    }),
  );
}
