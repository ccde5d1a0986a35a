/** What was said, in a body that scrolls. */
import { Component, type ComponentChildren } from "preact";
import { Avatar } from "../parts/avatar";
import { Drawn } from "../parts/icon";
import { listening } from "../rich/seam";
import { DOWN } from "./icons";
import { RowView } from "./row";
import type { Talk } from "./talk";

interface Props {
  readonly talk: Talk;
  /** Before the list: the queue's card. */
  readonly children?: ComponentChildren;
}

export class Thread extends Component<Props> {
  override componentDidMount(): void {
    this.props.talk.scroll.drawn();
  }

  override componentDidUpdate(): void {
    this.props.talk.scroll.drawn();
  }

  override render({ talk, children }: Props) {
    const { app, rows, isBusy, reached } = talk;
    const hasTop = Array.isArray(children) ? children.some(Boolean) : Boolean(children);
    return (
      <>
        <section
          class={hasTop ? "k-body k-queue" : "k-body"}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
          tabIndex={0}
          aria-label={app.text("talk.messages")}
          ref={talk.scroll.attach}
        >
          {children}
          <ol
            class={hasTop ? "k-thread k-short" : "k-thread"}
            aria-busy={isBusy}
            {...listening(app)}
          >
            {talk.isSlow && <Skeleton />}
            {talk.hasFailedEarlier && (
              <li class="k-note">
                <button class="k-link" type="button" onClick={() => talk.loadEarlier()}>
                  {app.text("talk.earlier")}
                </button>
              </li>
            )}
            {rows.map((row) => (
              <RowView key={row.key} talk={talk} row={row} reached={reached} />
            ))}
            {app.upload.value?.rows()}
            <Typing talk={talk} />
          </ol>
        </section>
        {talk.missed > 0 && (
          <div class="k-jumps">
            <button class="k-jump" type="button" onClick={() => talk.toEnd()}>
              <Drawn path={DOWN} class="k-i s" />
              {app.text("talk.missed", { n: talk.missed })}
            </button>
          </div>
        )}
      </>
    );
  }
}

/** In the place of what is on its way, once that takes long enough to be noticed. */
function Skeleton() {
  return (
    <>
      <li class="k-m first" aria-hidden="true">
        <span class="k-av m n" />
        <span class="k-skel k-short-line" />
        <span class="k-skel" />
      </li>
      <li class="k-m last" aria-hidden="true">
        <span class="k-skel" />
      </li>
    </>
  );
}

function Typing({ talk }: { readonly talk: Talk }) {
  const { app, typist, rows } = talk;
  if (!typist) {
    return null;
  }
  const last = rows.at(-1);
  const sender = last?.kind === "said" ? last.line.message?.sender : undefined;
  const goesOn = sender?.role === typist.role && sender.id === typist.id;
  return (
    <li key="typing" class={goesOn ? "k-m last" : "k-m first last"}>
      {!goesOn && <Avatar who={typist} isSmall />}
      <div class="k-b">
        <span class="k-sr">{app.text("talk.typing", { name: typist.name })}</span>
        <span class="k-dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
      </div>
    </li>
  );
}
