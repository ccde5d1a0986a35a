/**
 * Where one waits: the place, the ways out, and what comes next.
 *
 * Rules: it is what the server says, live, also whether anybody takes from the queue. How long it takes is said only where the server says it, and
 * it does not yet: no number is made up.
 */
import "../style/more.css";
import "../style/queue.css";
import "../style/trouble.css";
import { Drawn } from "../parts/icon";
import type { Texts } from "../texts";
import { ALERT } from "./icons";
import { putBackBy } from "./lines";
import type { Talk } from "./talk";

export const words = import.meta.glob<Texts>("../../../../src/kefu/widget/locales/*.json", {
  query: "?queue",
  import: "default",
});

const MOST_DOTS = 8;
const STEPS = ["queue.step.1", "queue.step.2", "queue.step.3"] as const;

/** What the head says meanwhile. */
export function headOf({ app, isLeft }: Talk): string {
  return app.text(isLeft ? "queue.left" : "queue.title");
}

export function keptOf({ app, isLeft }: Talk): string {
  return isLeft ? "" : app.text("queue.kept");
}

/** When one's newest words are read. */
export function readsOf({ app }: Talk): string {
  return app.text("queue.reads");
}

/** A place in words; that one is next is said only while somebody takes from the queue. */
export function placeOf({ app, isStaffed }: Talk, place: number): string {
  return place === 1
    ? app.text(isStaffed ? "queue.next" : "queue.nobody")
    : app.text("queue.place", { n: place });
}

export function Queue({ talk }: { readonly talk: Talk }) {
  const { app, place, isStaffed } = talk;
  if (!talk.isWaiting) {
    return null;
  }
  if (talk.isLeft) {
    return <Left talk={talk} />;
  }
  const back = putBackBy(talk.thread?.messages ?? []);
  const ahead = (place ?? 1) - 1;
  return (
    <>
      {back?.what === "put-back" && back.before && (
        <p class="k-say">
          <Drawn path={ALERT} />
          <span>{app.text("queue.put-back", { name: back.before.name })}</span>
        </p>
      )}
      <div class="k-stay">
        <div class="k-wait" data-kefu="queue">
          {place !== null && (
            <>
              {(ahead > 0 || isStaffed) && ahead <= MOST_DOTS && (
                <p class="k-line" aria-hidden="true">
                  {Array.from({ length: ahead }, (_, index) => (
                    <i key={index} />
                  ))}
                  <b>{app.text("queue.you")}</b>
                </p>
              )}
              <h2>{placeOf(talk, place)}</h2>
            </>
          )}
          <p class={place === null ? "k-about" : "k-why"}>{app.text(aboutOf(talk))}</p>
          {app.inbox.mail && (
            <div class="k-alt">
              <button
                class="k-btn text"
                type="button"
                onClick={() => void app.rich.get().then((rich) => rich.leaveMessage())}
              >
                {app.text("queue.leave")}
              </button>
              <EmailMe talk={talk} />
            </div>
          )}
        </div>
      </div>
      {!back && (
        <>
          <h2 class="k-sub">{app.text("queue.steps")}</h2>
          <ol class="k-steps">
            {STEPS.map((step) => (
              <li key={step}>{app.text(step)}</li>
            ))}
          </ol>
        </>
      )}
    </>
  );
}

/** How long it takes, as far as anybody knows. */
function aboutOf({ place, isStaffed }: Talk) {
  if (place === null || isStaffed) {
    return "queue.unknown";
  }
  return place === 1 ? "queue.nobody.about" : "queue.left.about";
}

/** Nobody comes before the inbox opens: no place is told, but when that is. */
function Left({ talk }: { readonly talk: Talk }) {
  const { app } = talk;
  const opening = app.opening.now;
  return (
    <div class="k-stay">
      <div class="k-wait">
        <h2>{app.text("queue.left.with")}</h2>
        <p class="k-why">{app.text("queue.left.about")}</p>
        {opening && <opening.Back app={app} />}
        {app.inbox.mail && (
          <div class="k-alt">
            <EmailMe talk={talk} />
          </div>
        )}
      </div>
    </div>
  );
}

function EmailMe({ talk: { app } }: { readonly talk: Talk }) {
  return (
    <button
      class="k-btn text"
      type="button"
      onClick={() => void app.rich.get().then((rich) => rich.askEmail())}
    >
      {app.text("queue.email")}
    </button>
  );
}
