/** The one line above what one writes: the way to a person, and who sees what is typed. */
import { Drawn } from "../parts/icon";
import { EYE, PERSON } from "./icons";
import type { Talk } from "./talk";

export function Strip({ talk }: { readonly talk: Talk }) {
  const { app, partner, isWaiting } = talk;
  if (partner?.role === "bot" && !isWaiting && talk.endedAt === null) {
    return (
      <div class="k-strip">
        <span class="k-grow">{app.text("talk.program")}</span>
        <button
          class="k-btn"
          type="button"
          aria-disabled={talk.isAsking}
          onClick={() => talk.askPerson()}
        >
          <Drawn path={PERSON} class="k-i s" />
          {app.text("talk.person")}
        </button>
      </div>
    );
  }
  if (!app.inbox.preview || talk.endedAt !== null) {
    return null;
  }
  return (
    <div class="k-strip">
      <Drawn path={EYE} class="k-i s" />
      <span class="k-grow">
        {app.text("talk.preview", { name: partner?.name ?? app.inbox.name })}
      </span>
    </div>
  );
}
