/**
 * The direct page: log in, pick somebody online, talk one to one.
 *
 * Rules: a phone shows the list or one conversation, a wide window both (style.css decides; the
 * page only says whether a conversation is open).
 * Not here: the connection (link/direct-link), who said what (core/contacts).
 */

import { setPlainText } from "shared/i18n/words";
import { Composer } from "shared/view/composer";
import { byId, create, createButton, initial } from "shared/view/dom";
import { countInTitle } from "shared/view/title";
import {
  type Contacts,
  failAllPending,
  noContacts,
  openThread,
  type Person,
  people,
  receive,
  refuseOldestAnywhere,
  sayTo,
  threadWith,
  withThread,
} from "./core/contacts";
import { type Line, remove } from "./core/thread";
import { words } from "./i18n/language";
import { DirectLink } from "./link/direct-link";
import { JoinForm } from "./view/join-form";
import { LogView } from "./view/log";

/** More names than this are found by typing. */
const MOST_PEOPLE = 200;

/** How long the reason of a refused message stays. */
const ERROR_MS = 6_000;

const workspace = byId("workspace", HTMLElement);
const chat = byId("chat", HTMLElement);
const pick = byId("pick", HTMLElement);
const list = byId("people", HTMLElement);
const filter = byId("filter", HTMLInputElement);
const bar = byId("bar", HTMLElement);
const problem = byId("problem", HTMLElement);

words.start();
const form = new JoinForm("direct", "direct.join", login);
const composer = new Composer(say);
const log = new LogView(
  byId("log", HTMLElement),
  byId("newest", HTMLButtonElement),
  retry,
  setPlainText,
);
byId("leave", HTMLButtonElement).addEventListener("click", logout);
byId("back", HTMLButtonElement).addEventListener("click", () => open(null));
filter.addEventListener("input", renderPeople);

let link: DirectLink | null = null;
let contacts: Contacts = noContacts("");
let online = false;
let lines = 0;
let problemTimer = 0;

function login(name: string): void {
  contacts = contacts.me === name ? contacts : noContacts(name);
  link = new DirectLink(name, {
    loggedIn: () => {
      online = true;
      form.section.hidden = true;
      workspace.hidden = false;
      setPlainText(byId("me", HTMLElement), name);
      render();
    },
    lost: () => {
      online = false;
      contacts = failAllPending(contacts);
      render();
    },
    refused: (reason) => {
      logout();
      form.fail(reason ? "name.refused" : "join.unreachable", reason);
    },
    listed: (names) => {
      contacts = { ...contacts, online: new Set(names) };
      render();
    },
    said: (message) => {
      contacts = receive(contacts, message, ++lines, Date.now());
      if (!message.self) {
        countInTitle();
      }
      render();
    },
    failed: (reason) => {
      contacts = refuseOldestAnywhere(contacts);
      showProblem(reason);
      render();
    },
  });
}

function logout(): void {
  link?.leave();
  link = null;
  online = false;
  contacts = failAllPending(openThread(contacts, null));
  workspace.hidden = true;
  form.reset();
}

function open(name: string | null): void {
  contacts = openThread(contacts, name);
  if (name !== null) {
    composer.take(`direct.${name}`);
  }
  render();
  if (name !== null) {
    composer.focus();
  } else {
    filter.focus();
  }
}

function say(text: string): void {
  const to = contacts.open;
  if (to === null) {
    return;
  }
  const line: Line = {
    id: ++lines,
    from: "me",
    sender: contacts.me,
    text,
    atMs: Date.now(),
    delivery: "pending",
  };
  contacts = sayTo(contacts, to, line);
  if (!link?.say(to, text)) {
    contacts = failAllPending(contacts);
  }
  render();
}

function retry(line: Line): void {
  const to = contacts.open;
  if (online && to !== null) {
    contacts = withThread(contacts, to, remove(threadWith(contacts, to), line.id));
    say(line.text);
  }
}

function showProblem(reason: string): void {
  problem.textContent = reason;
  problem.hidden = false;
  clearTimeout(problemTimer);
  problemTimer = setTimeout(() => {
    problem.hidden = true;
  }, ERROR_MS);
}

function render(): void {
  bar.hidden = online;
  renderPeople();
  const peer = contacts.open;
  chat.hidden = peer === null;
  pick.hidden = peer !== null;
  workspace.classList.toggle("in-chat", peer !== null);
  composer.allow(online && peer !== null);
  if (peer === null) {
    return;
  }
  const there = online && contacts.online.has(peer);
  setPlainText(byId("peer", HTMLElement), peer);
  byId("avatar", HTMLElement).textContent = initial(peer);
  words.setText(byId("status", HTMLElement), there ? "direct.online" : "direct.offline");
  chat.dataset.state = there ? "talking" : "lost";
  const thread = threadWith(contacts, peer);
  const empty = byId("empty", HTMLElement);
  empty.hidden = thread.length > 0;
  words.setText(empty, "direct.first", { name: peer });
  log.render(thread);
}

function renderPeople(): void {
  const found = people(contacts, filter.value);
  const focused = list.querySelector(":focus")?.getAttribute("data-name");
  list.replaceChildren(...found.slice(0, MOST_PEOPLE).map(personItem));
  if (focused) {
    list.querySelector<HTMLElement>(`[data-name="${CSS.escape(focused)}"]`)?.focus();
  }
  byId("nobody", HTMLElement).hidden = found.length > 0 || filter.value.trim() !== "";
  byId("no-match", HTMLElement).hidden = found.length > 0 || filter.value.trim() === "";
  const rest = byId("more", HTMLElement);
  rest.hidden = found.length <= MOST_PEOPLE;
  words.setText(rest, "direct.more", { count: String(found.length - MOST_PEOPLE) });
}

function personItem(person: Person): HTMLElement {
  const button = createButton("person", () => open(person.name));
  button.dataset.name = person.name;
  button.setAttribute("aria-current", String(person.name === contacts.open));
  const avatar = create("span", "avatar");
  avatar.textContent = initial(person.name);
  avatar.setAttribute("aria-hidden", "true");
  const name = create("span", "person-name");
  name.textContent = person.name;
  const about = create("span", "person-about");
  if (person.lastText) {
    about.textContent = person.lastText;
  } else {
    words.setText(about, person.online ? "direct.online" : "direct.offline");
  }
  button.append(avatar, name, about);
  button.classList.toggle("online", online && person.online);
  if (person.unread) {
    const badge = create("span", "badge");
    badge.textContent = String(person.unread);
    badge.setAttribute("aria-hidden", "true");
    const spoken = create("span", "unseen");
    words.setText(spoken, "direct.unread", { count: badge.textContent });
    button.append(badge, spoken);
  }
  const item = create("li", "");
  item.append(button);
  return item;
}
