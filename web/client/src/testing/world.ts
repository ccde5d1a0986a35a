/** Clients of a server in memory, in browsers of their own. */
import { connect, type Options } from "../index";
import type { Ports } from "../ports";
import { Browser } from "./browser";
import { Server, TEAM } from "./server";

type Given = Partial<Omit<Options, "ports">>;

const URL = "https://chat.test";

/** A visitor in a tab of `browser`. */
export function visit(browser: Browser, more: Given = {}, other: Partial<Ports> = {}) {
  const ports = browser.tab(other);
  const client = connect({ url: URL, side: "visitor", widget: "wk_1", ...more, ports });
  return { client, signals: ports.signals, ...noted(client) };
}

/** Somebody of the team. */
export function work(browser: Browser, more: Given = {}, other: Partial<Ports> = {}) {
  const ports = browser.tab(other);
  const client = connect({ url: URL, side: "team", token: TEAM, ...more, ports });
  return { client, signals: ports.signals, ...noted(client) };
}

/** What a client tells, from now on. */
function noted(client: ReturnType<typeof connect>) {
  const heard: string[] = [];
  const notices: string[] = [];
  client.on("event", ({ message }) => message?.text && heard.push(message.text));
  client.on("notice", ({ code }) => notices.push(code));
  return { heard, notices };
}

/** A visitor who has begun conversation 1 and looks at it, level. */
export async function chatting(other: Partial<Ports> = {}, server = new Server()) {
  const browser = new Browser(server);
  const visitor = visit(browser, {}, other);
  visitor.client.say("hello");
  await server.clock.pass(1_000);
  const chat = visitor.client.open(1);
  await server.clock.pass(1_000);
  return { server, browser, chat, pass: (ms: number) => server.clock.pass(ms), ...visitor };
}

export function textsOf(chat: ReturnType<ReturnType<typeof connect>["open"]>): string[] {
  return (chat.thread?.messages ?? []).map(({ text }) => text);
}
