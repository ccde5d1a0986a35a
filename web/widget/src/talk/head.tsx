/**
 * Who one talks to, and what is between the chat and the server.
 *
 * Rules: one line of truth, and none where nothing is known: without a connection nobody knows who is
 * there.
 */

import { dayOf, timeOf } from "shared/i18n/times";
import type { App } from "../app";
import { Marked } from "../marked";
import { Avatar } from "../parts/avatar";
import { IconButton } from "../parts/button";
import { Heading } from "../parts/heading";
import { Drawn } from "../parts/icon";
import { Back, MORE } from "../parts/later";
import { greetingOf, There } from "../screens/home";
import { lengthOf } from "../times";
import type { Talk } from "./talk";

export function Head({ talk }: { readonly talk: Talk }) {
  const { app, partner, conversation } = talk;
  return (
    <div class="k-head">
      <Back app={app} />
      {partner && <Avatar who={partner} />}
      <div class="k-title">
        <Heading app={app} class="k-one">
          {queueOf(talk)?.headOf(talk) ?? partner?.name ?? app.inbox.name}
        </Heading>
        <p class="k-one" dir="auto">
          {truthOf(talk)}
        </p>
      </div>
      {conversation && (
        <button
          class="k-icon"
          type="button"
          aria-label={app.text("talk.more")}
          aria-haspopup="menu"
          aria-expanded={app.rich.value?.isMenu ?? false}
          onClick={({ currentTarget }) => app.openMenu(currentTarget)}
        >
          <Drawn path={MORE} />
        </button>
      )}
      {app.host.isFrame && (
        <IconButton icon="close" label={app.text("close")} onClick={() => app.close()} />
      )}
    </div>
  );
}

function queueOf({ queue, isWaiting }: Talk) {
  return isWaiting ? queue.now : null;
}

function truthOf(talk: Talk): string {
  const { app, client, partner, isWaiting, endedAt } = talk;
  const { open, staffed, reply_s, name } = app.inbox;
  const isKnown = client.status === "live";
  if (isWaiting) {
    return queueOf(talk)?.keptOf(talk) ?? "";
  }
  if (endedAt !== null) {
    const at = new Date(endedAt);
    const when = endedAt && `${dayOf(at, new Date(), talk.habit)} ${timeOf(at, talk.habit)}`;
    return app.text("talk.over", { when });
  }
  if (partner?.role === "bot") {
    return app.text(isKnown && staffed ? "talk.bot.staffed" : "talk.bot");
  }
  if (partner) {
    const isUsual = isKnown && open && staffed && reply_s !== undefined;
    return isUsual ? app.text("home.reply", { time: lengthOf(reply_s, app.locale) }) : name;
  }
  return isKnown && staffed ? app.text("talk.staffed") : "";
}

/** In the place of what is not said yet. */
export function Greeting({ app }: { readonly app: App }) {
  return (
    <div class="k-greet">
      <Marked app={app} text={greetingOf(app, false)} isTeam />
      <There app={app} />
    </div>
  );
}

/** What is between this and the server now, and what became of the past. */
export function Trouble({ talk }: { readonly talk: Talk }) {
  const { app, client, loss } = talk;
  const trouble = (loss || client.status === "fault") && talk.trouble.now;
  return (
    <>
      {client.status === "connecting" && talk.isLate && (
        <p class="k-bar" data-kefu="banner">
          <span class="k-spin" aria-hidden="true" />
          {app.text("talk.reconnecting")}
        </p>
      )}
      {trouble && <trouble.Told talk={talk} />}
    </>
  );
}
