/**
 * The chat page: what the inbox says of itself, then the conversation.
 *
 * Rules: it says what it can do, and where it cannot, why. A link of a letter is used first; one
 * that has expired is no reason not to chat.
 * Not here: the connection and what is sent (link), elements (view).
 */
import type { Opened, PublicInbox } from "protocol";
import { retryDelayMs } from "shared/core/backoff";
import { byId } from "shared/view/dom";
import { ChatPage } from "./chat-page";
import { widgetKeyOf } from "./core/address";
import { words } from "./i18n/language";
import { type Answer, ask, isPassing, type Request } from "./link/api";
import { deviceToken, drawToken } from "./link/device";
import { dropLink, takeLink } from "./link/one-time";
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
  const linked = link === null ? null : await useLink(widget, link);
  if (linked === "not_allowed") {
    stop("blocked");
    return;
  }
  dropLink(`chat.${widget}`);
  const page = new ChatPage(widget, deviceToken(widget), inbox.ok);
  page.open(typeof linked === "number" ? linked : null);
  byId("notice", HTMLElement).hidden = link === null || typeof linked === "number";
}

/** The conversation that the link opens, or the code of its refusal. */
async function useLink(widget: string, link: string): Promise<number | string> {
  let used = await answer<Opened>(chatLink(widget, deviceToken(widget), link));
  if (used.kind === "refused" && used.error.code === "conflict") {
    // This browser was somebody else: whoever has the letter is not, from now on.
    used = await answer<Opened>(chatLink(widget, drawToken(widget), link));
  }
  return used.kind === "ok" ? used.ok.conversation.id : used.error.code;
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
  return { method: "GET", path: `/widgets/${encodeURIComponent(widget)}` };
}

function chatLink(widget: string, token: string, link: string): Request {
  const headers = { authorization: `Bearer ${token}`, "x-kefu-widget": widget };
  return { method: "POST", path: "/chat-link", body: { link }, headers };
}

function stop(why: Stop): void {
  byId("opening", HTMLElement).hidden = true;
  showStopped(why);
}
