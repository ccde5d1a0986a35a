/**
 * The chat page: what the inbox says of itself, then the conversation.
 *
 * Rules: it says what it can do, and where it cannot, why. A link of a letter is used first, once the
 * person wants that: it may be somebody else's. One that has expired is no reason not to chat, nor is
 * one that is damaged, once that was said.
 * Not here: the connection and what is sent (link), elements (view).
 */
import type { Opened, PublicInbox } from "protocol";
import { retryDelayMs } from "shared/core/backoff";
import { type Answer, ask, isPassing, type Request } from "shared/link/api";
import { dropLink, takeLink } from "shared/link/one-time";
import { byId } from "shared/view/dom";
import { recall, remember } from "shared/view/memory";
import { ChatPage } from "./chat-page";
import { widgetKeyOf } from "./core/address";
import { words } from "./i18n/language";
import { deviceToken, isAside, scopeOf, setAside, takeBack } from "./link/device";
import { askToOpen, tellDamaged } from "./view/asking";
import { showNotice } from "./view/notice";
import type { Stop } from "./view/stopped";
import { showStopped } from "./view/stopped";

words.start();
void open(widgetKeyOf(location.pathname));

async function open(widget: string | null): Promise<void> {
  const link = takeLink(`chat.${widget}`);
  const inbox = widget === null ? null : await answer<PublicInbox>(publicInbox(widget));
  if (widget === null || inbox?.kind !== "ok") {
    stop("missing");
    return;
  }
  if (inbox.ok.identity_required) {
    stop("identity");
    return;
  }
  if (link === "damaged") {
    await tellDamaged();
  }
  const linked = await followed(widget, link === "damaged" ? null : link);
  if (linked === "not_allowed") {
    stop("blocked");
    return;
  }
  dropLink(`chat.${widget}`);
  const device = { widget, token: deviceToken(widget), scope: scopeOf(widget) };
  const page = new ChatPage(device, inbox.ok);
  page.open(typeof linked === "number" ? linked : null);
  showNotices(widget, linked);
}

/** What became of the letter's link: its conversation, the code of a refusal; null: not wanted. */
async function followed(widget: string, link: string | null): Promise<number | string | null> {
  const isWanted = link !== null && (isOpened(widget, link) || (await askToOpen()));
  return isWanted ? useLink(widget, link) : null;
}

function showNotices(widget: string, linked: number | string | null): void {
  if (typeof linked === "string") {
    showNotice(linked === "illegal_state" ? "chat.link-used" : "chat.link-expired");
  }
  byId("aside", HTMLElement).hidden = !isAside(widget);
  byId("aside-back", HTMLButtonElement).addEventListener("click", () => {
    takeBack(widget);
    location.reload();
  });
}

/** Whether this browser used the link before; a part of it is kept, which opens nothing. */
function isOpened(widget: string, link: string): boolean {
  return recall(`opened.${widget}`) === partOf(link);
}

function partOf(link: string): string {
  return link.slice(3, 15);
}

/** The conversation that the link opens, or the code of its refusal. */
async function useLink(widget: string, link: string): Promise<number | string> {
  let used = await answer<Opened>(chatLink(widget, deviceToken(widget), link));
  if (used.kind === "refused" && used.error.code === "conflict") {
    // This browser is somebody else: the letter's conversation gets a token of its own.
    used = await answer<Opened>(chatLink(widget, setAside(widget), link));
    if (used.kind !== "ok") {
      takeBack(widget);
    }
  }
  if (used.kind === "ok") {
    remember(`opened.${widget}`, partOf(link));
    return used.ok.conversation.id;
  }
  return used.error.code;
}

/** Asks until there is an answer that stands. */
async function answer<T>(request: Request): Promise<Exclude<Answer<T>, { kind: "unreachable" }>> {
  for (let attempt = 0; ; attempt += 1) {
    const answered = await ask<T>(request);
    if (answered.kind !== "unreachable" && !isPassing(answered)) {
      return answered;
    }
    words.setText(byId("opening", HTMLElement), "page.unreachable");
    await new Promise((resolve) => setTimeout(resolve, retryDelayMs(attempt, Math.random())));
  }
}

function publicInbox(widget: string): Request {
  const path = `/widgets/${encodeURIComponent(widget)}?locale=${words.language}`;
  return { method: "GET", path };
}

function chatLink(widget: string, token: string, link: string): Request {
  const headers = { authorization: `Bearer ${token}`, "x-kefu-widget": widget };
  return { method: "POST", path: "/chat-link", body: { link }, headers };
}

function stop(why: Stop): void {
  byId("opening", HTMLElement).hidden = true;
  showStopped(why);
}
