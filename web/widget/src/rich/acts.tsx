/** What one can do with a message: at the one that is hovered, in focus, or pressed long. */
import type { Message, Reaction } from "protocol";
import { Drawn } from "../parts/icon";
import type { TextKey } from "../texts";
import { BIN, COPY, PEN, REPLY, THUMB } from "./icons";
import type { Rich } from "./rich";

const LIKE = "👍";

interface Props {
  readonly rich: Rich;
  readonly message: Message;
}

export function Acts({ rich, message }: Props) {
  const { app } = rich;
  const isMine = message.sender.role === "visitor";
  const act = (key: TextKey, path: string, press: () => void, isOn?: boolean) => (
    <button
      class={path === REPLY ? "k-icon k-flip" : "k-icon"}
      type="button"
      aria-label={app.text(key)}
      title={app.text(key)}
      aria-pressed={isOn}
      onClick={press}
    >
      <Drawn path={path} />
    </button>
  );
  const isLiked = rich.isMine(message.reactions?.find(({ emoji }) => emoji === LIKE));
  return (
    <span class="k-acts" role="toolbar" aria-label={app.text("rich.acts")}>
      {!isMine && act("rich.like", THUMB, () => rich.react(message, LIKE, !isLiked), isLiked)}
      {act("rich.quote", REPLY, () => rich.quoteIt(message))}
      {message.text && act("rich.copy", COPY, () => rich.copy(message.text))}
      {rich.mayChange(message) && message.text && act("rich.edit", PEN, () => rich.edit(message))}
      {rich.mayChange(message) && act("rich.delete", BIN, () => rich.erase(message))}
    </span>
  );
}

interface Set extends Props {
  readonly reactions: readonly Reaction[];
}

/** Who thinks what of it; a press joins in, or takes one's own back. */
export function Reactions({ rich, message, reactions }: Set) {
  const { app } = rich;
  return (
    <p class="k-reacts">
      {reactions.map((reaction) => {
        const { emoji, people } = reaction;
        const names = rich.namesOf(people);
        const isOn = rich.isMine(reaction);
        return (
          <button
            key={emoji}
            class="k-react"
            type="button"
            title={names}
            aria-pressed={isOn}
            onClick={() => rich.react(message, emoji, !isOn)}
          >
            {emoji === LIKE ? <Drawn path={THUMB} class="k-i s" /> : emoji}
            <span dir="auto" aria-hidden="true">
              {people.length > 1 ? people.length.toLocaleString(app.locale) : names}
            </span>
            <span class="k-sr">{app.text("rich.reacted", { emoji, names })}</span>
          </button>
        );
      })}
    </p>
  );
}
