/** A known visitor's conversations, at home: what goes on leads, what is over follows. */
import "../style/more.css";
import "../style/earlier.css";
import type { Conversation, Message } from "protocol";
import type { App } from "../app";
import { sinceOf } from "../days";
import { textOf } from "../known";
import { Avatar } from "../parts/avatar";
import { Drawn } from "../parts/icon";
import type { Texts } from "../texts";
import { habitOf } from "../times";

export const words = import.meta.glob<Texts>("../../../../src/kefu/widget/locales/*.json", {
  query: "?earlier",
  import: "default",
});

const PLUS = "M10 4v12M4 10h12";
const MOST = 20;

interface Props {
  readonly app: App;
  readonly conversations: readonly Conversation[];
}

export function Earlier({ app, conversations }: Props) {
  const live = conversations.find(({ status }) => status !== "resolved");
  const others = conversations.filter((one) => one !== live).slice(0, MOST);
  return (
    <>
      {live && (
        <div class="k-card k-cont">
          <Item app={app} conversation={live} />
          <button
            class="k-btn main wide"
            type="button"
            onClick={() => app.talk.value?.open(live.id)}
          >
            {app.text("earlier.continue")}
          </button>
        </div>
      )}
      {others.length > 0 && (
        <>
          <h2 class="k-sub" id="k-earlier">
            {app.text("earlier.before")}
          </h2>
          <ul class="k-list" aria-labelledby="k-earlier">
            {others.map((one) => (
              <li key={one.id}>
                <Item app={app} conversation={one} />
              </li>
            ))}
          </ul>
        </>
      )}
      {live && (
        <button class="k-btn text k-another" type="button" onClick={() => app.startNew()}>
          <Drawn path={PLUS} class="k-i s" />
          {app.text("earlier.another")}
        </button>
      )}
    </>
  );
}

function Item({ app, conversation }: { readonly app: App; readonly conversation: Conversation }) {
  const { id, assignee, last_message, unread, updated_at } = conversation;
  const who = assignee ?? last_message?.sender;
  const name = who && who.role !== "visitor" ? who.name : app.inbox.name;
  const locale = habitOf(app.locale);
  return (
    <button class="k-item" type="button" onClick={() => app.talk.value?.open(id)}>
      <Avatar who={who && who.role !== "visitor" ? who : { role: "agent", name, id: 0 }} />
      <span>
        <span class="k-two">
          <b class="k-one" dir="auto">
            {name}
          </b>
          <small>{sinceOf(new Date(last_message?.at ?? updated_at), new Date(), locale)}</small>
        </span>
        <span class="k-two">
          <span class="k-one q" dir="auto">
            {last_message && lastOf(app, last_message)}
          </span>
          {!!unread && (
            <span class="k-badge">
              <span class="k-sr">{app.text("earlier.unread")}</span>
              {unread.toLocaleString(app.locale)}
            </span>
          )}
        </span>
      </span>
    </button>
  );
}

/** What was said last, and that it was the visitor who said it. */
function lastOf(app: App, message: Message): string {
  const text = message.deleted_at ? app.text("talk.deleted") : textOf(app, message);
  return message.sender.role === "visitor"
    ? app.text("talk.said", { name: app.text("talk.you"), text })
    : text;
}
