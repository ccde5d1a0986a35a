/**
 * What went wrong, and what one can do: words that were not sent, or were lost, and why nothing goes on.
 * Loaded when it first does.
 */
import "../style/more.css";
import "../style/trouble.css";
import type { ComponentChildren } from "preact";
import type { App } from "../app";
import { IconButton } from "../parts/button";
import { Drawn } from "../parts/icon";
import { RETRY } from "../rich/icons";
import type { TextKey, Texts } from "../texts";
import { ALERT } from "./icons";
import type { Line } from "./lines";
import type { Loss, Talk } from "./talk";

export const words = import.meta.glob<Texts>("../../../../src/kefu/widget/locales/*.json", {
  query: "?trouble",
  import: "default",
});

/** What may be taken later as it is. All else has to be written anew, or elsewhere. */
const PASSING: ReadonlySet<string> = new Set(["too_many", "unavailable", "illegal_state"]);

/** Whether to say the same again may help. */
export function canRetry(error: string | undefined): boolean {
  return error !== undefined && PASSING.has(error);
}

/** What became of the past. */
export function Told({ talk }: { readonly talk: Talk }) {
  const { app, client, loss } = talk;
  return (
    <>
      {client.status === "fault" && (
        <p class="k-bar">
          {app.text("trouble.fault")}
          <button class="k-link" type="button" onClick={() => client.mend()}>
            {app.text("trouble.mend")}
          </button>
        </p>
      )}
      {loss && (
        <p class="k-bar k-told">
          <span>{noticeOf(app, loss)}</span>
          <IconButton
            icon="close"
            label={app.text("trouble.notice.read")}
            onClick={() => talk.readLoss()}
          />
        </p>
      )}
    </>
  );
}

export function noticeOf(app: App, loss: Loss): string {
  return app.text(`trouble.notice.${loss}`);
}

/** Why nothing goes on, and what one can do; in the composer's place. */
export function Stopped({ talk }: { readonly talk: Talk }) {
  const { app, client } = talk;
  const why = client.reason === "not_allowed" ? "trouble.blocked" : "trouble.stopped";
  return (
    <div class="k-foot k-pad2" role="alert">
      <p class="k-say">
        <Drawn path={ALERT} />
        <span>
          <b>{app.text(why)}</b> {app.text(`${why}.about`)}
        </span>
      </p>
      <button class="k-btn wide" type="button" onClick={() => talk.become()}>
        {app.text("trouble.mend")}
      </button>
    </div>
  );
}

const REASONS: Readonly<Record<string, TextKey>> = {
  too_many: "trouble.failed.too-many",
  not_allowed: "trouble.failed.not-allowed",
  illegal_state: "trouble.failed.illegal-state",
  bad_input: "trouble.failed.bad-input",
  too_large: "trouble.failed.bad-input",
  conflict: "trouble.failed.conflict",
  not_found: "trouble.failed.not-found",
};

export function Failed({ talk, line }: { readonly talk: Talk; readonly line: Line }) {
  const { app, client } = talk;
  const { clientId = "", unsent, text } = line;
  const isLost = unsent?.delivery === "lost";
  const why = isLost ? "trouble.lost" : (REASONS[unsent?.error ?? ""] ?? "trouble.failed");
  const act = (key: TextKey, press: () => void, icon?: ComponentChildren) => (
    <button class="k-link" type="button" onClick={press}>
      {icon}
      {app.text(key)}
    </button>
  );
  const retry = () => client.retry(clientId, talk.chat?.id ?? null);
  /** Back into the field, to be written in other words. */
  const edit = () => {
    client.drop(clientId);
    app.compose(text);
  };
  const again = <Drawn path={RETRY} class="k-i s" />;
  return (
    <p class="k-failed">
      <span>
        <Drawn path={ALERT} class="k-i s" />
        {app.text(why)}
      </span>
      {isLost && act("trouble.again", retry, again)}
      {!isLost &&
        (canRetry(unsent?.error) ? act("trouble.retry", retry, again) : act("trouble.edit", edit))}
      {text && act("trouble.copy", () => void app.rich.get().then((rich) => rich.copy(text)))}
      {act("trouble.drop", () => client.drop(clientId))}
    </p>
  );
}
