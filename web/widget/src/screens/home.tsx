/**
 * What is seen first: who greets, and whether somebody is there.
 *
 * Rules: who is there, and when, is what the server says; a line that is not known to be true is not
 * there. Words begin a conversation at once; only what the inbox asks stands before them.
 */

import { initial } from "shared/view/dom";
import type { App, Screen } from "../app";
import { Marked } from "../marked";
import { IconButton } from "../parts/button";
import { Heading } from "../parts/heading";
import { Icon } from "../parts/icon";
import { tintOf } from "../parts/tint";
import { isOwnServer } from "../place";
import { habitOf, lengthOf } from "../times";

export function Home(app: App): Screen {
  const { inbox, host } = app;
  const why = whyNot(app);
  const form = isAsked(app) ? app.form.now : undefined;
  const hours = inbox.hours && app.hours.now;
  return {
    top: (
      <div class="k-home" data-kefu="home">
        <div class="k-hello">
          <div class="k-hello-top">
            <span class="k-one" dir="auto">
              {inbox.look.logo && <img class="k-logo" src={inbox.look.logo} alt="" />}
              {inbox.name}
            </span>
            {host.isFrame && (
              <IconButton icon="close" label={app.text("close")} onClick={() => app.close()} />
            )}
          </div>
          <Heading app={app}>
            <Marked app={app} text={greetingOf(app)} isTeam />
          </Heading>
          <There app={app} />
        </div>
        <div class="k-body k-pad">
          {app.known?.earlier()}
          {form?.body()}
          {why}
          {isLeft(app) && <p class="k-help">{app.text("home.leave")}</p>}
          {hours && <hours.Hours app={app} />}
        </div>
        {isOwnServer(app.place?.url) && (
          <p class="k-quiet">
            <Icon name="lock" isSmall />
            {app.text("home.kept")}
          </p>
        )}
      </div>
    ),
    // Until the form is here it is not known what is asked.
    ...(why || form === null ? { foot: null } : form?.asked && { foot: form.foot() }),
  };
}

/** The form is here, in the composer's place; what goes on needs none. */
function isAsked(app: App): boolean {
  return !whyNot(app) && !app.known?.isLive && app.mayAsk;
}

/** What is written now is answered later. */
function isLeft({ inbox, known }: App): boolean {
  return !inbox.open && inbox.offline === "queue" && !known?.isLive;
}

/** Why nothing can be written; "": it can. */
function whyNot(app: App): string {
  const { open, offline, identity_required } = app.inbox;
  if (app.known?.isLive) {
    return "";
  }
  if (identity_required && !app.known?.isVerified) {
    return app.text("home.identity");
  }
  return !open && offline === "closed" ? app.text("home.closed") : "";
}

export function greetingOf(app: App, isAgain = app.isKnown): string {
  const { open, greeting, away } = app.inbox;
  if (!open) {
    return away || app.text("home.nobody");
  }
  return app.greeting || greeting || app.text(isAgain ? "home.again" : "greeting");
}

/** Who is there, or when somebody is. */
export function There({ app }: { readonly app: App }) {
  const { open, people = [], reply_s, staffed } = app.inbox;
  if (!open) {
    const part = app.opening.now;
    return part ? <part.Back app={app} /> : <p class="k-here" />;
  }
  const names = new Intl.ListFormat(habitOf(app.locale)).format(people.map(({ name }) => name));
  if (!people.length) {
    return <p class="k-here">{app.text(staffed ? "home.staffed" : "home.unstaffed")}</p>;
  }
  return (
    <div class="k-here">
      <span class="k-avs">
        {people.map(({ id, name }) => (
          <span key={id} class={`k-av${tintOf(id)}`} aria-hidden="true">
            {initial(name)}
          </span>
        ))}
      </span>
      <p>
        <b>{app.text("home.here", { names, n: people.length })}</b>
        {reply_s !== undefined && app.text("home.reply", { time: lengthOf(reply_s, app.locale) })}
      </p>
    </div>
  );
}
