/**
 * One row of the thread as elements: what was said, and what became of it.
 *
 * Rules: a message of the team's is Markdown, a visitor's is plain; neither is ever markup. Words
 * stand beside every sign, colour alone says nothing. What another part of the program shows (files,
 * cards) has its place until that part is here.
 */
import type { FileInfo, Message } from "protocol";
import { dayOf, timeOf } from "shared/i18n/times";
import { Marked } from "../marked";
import { Avatar } from "../parts/avatar";
import { fitted } from "../parts/fitted";
import { Drawn } from "../parts/icon";
import { CLOCK } from "../parts/later";
import type { TextKey } from "../texts";
import { CHECK, CHECKS, IMAGE } from "./icons";
import { isRich, type Line, type Row } from "./lines";
import type { Talk } from "./talk";

interface Props<Kind extends Row["kind"] = Row["kind"]> {
  readonly talk: Talk;
  readonly row: Extract<Row, { readonly kind: Kind }>;
  /** The message that the keyboard comes to first. */
  readonly reached: number | undefined;
}

export function RowView({ talk, row, reached }: Props) {
  const { app } = talk;
  const at = new Date(row.at);
  switch (row.kind) {
    case "said":
      return <Said talk={talk} row={row} reached={reached} />;
    case "event":
      return (
        <li class="k-note" data-row="">
          {talk.happened(row)} · <time dateTime={row.at}>{timeOf(at, talk.habit)}</time>
        </li>
      );
    case "date":
      return (
        <li class="k-note" data-row="">
          <time dateTime={row.at}>{dayOf(at, new Date(), talk.habit)}</time>
        </li>
      );
    case "new":
      return (
        <li class="k-new" data-row="">
          {app.text("talk.new")}
        </li>
      );
  }
}

function Said({ talk, row, reached }: Props<"said">) {
  const { line, isFirst, isLast, hasReceipt } = row;
  const { from, state, seq, at, message, isDeleted } = line;
  const trouble = state === "failed" && talk.trouble.now;
  const kinds = [from === "me" && "me", state === "failed" && "fail", isFirst && "first"];
  return (
    <li
      class={["k-m", ...kinds, isLast && "last"].filter(Boolean).join(" ")}
      data-kefu="message"
      data-from={from}
      data-state={state}
      data-row={seq ?? ""}
      tabIndex={message && !isDeleted ? (seq === reached ? 0 : -1) : undefined}
      title={timeOf(new Date(at), talk.habit)}
    >
      <Who talk={talk} line={line} isNamed={from !== "me" && isFirst} />
      <Bubble talk={talk} line={line} />
      {isRich(line) && <More talk={talk} line={line} />}
      {hasReceipt && <Receipt talk={talk} line={line} />}
      {trouble && <trouble.Failed talk={talk} line={line} />}
    </li>
  );
}

/** Who said it and when: seen above a group, and said before each message. */
function Who({ talk, line, isNamed }: { talk: Talk; line: Line; isNamed: boolean }) {
  const { app } = talk;
  const { from, at, message } = line;
  const name = from === "me" ? app.text("talk.you") : line.name || app.inbox.name;
  const time = <time dateTime={at}>{timeOf(new Date(at), talk.habit)}</time>;
  return isNamed && message ? (
    <>
      <Avatar who={message.sender} isSmall />
      <p class="k-who">
        <b dir="auto">{name}</b> {time}
      </p>
    </>
  ) : (
    <span class="k-sr">
      {name} {time}
    </span>
  );
}

/** What is more than words; until that part of the program is here, its place. */
function More({ talk, line }: { readonly talk: Talk; readonly line: Line }) {
  const rich = talk.app.rich.now;
  return rich ? (
    <>
      {rich.parts(line)}
      {rich.under(line)}
    </>
  ) : (
    <Reserved files={line.message?.files ?? []} />
  );
}

function Bubble({ talk, line }: { readonly talk: Talk; readonly line: Line }) {
  const { app } = talk;
  const rich = app.rich.value;
  const acts = line.message && !line.isDeleted ? rich?.acts(line) : null;
  if (line.isDeleted) {
    return <div class="k-b k-gone">{app.text("talk.deleted")}</div>;
  }
  const more = line.message ?? line.unsent?.more;
  const answers = !line.text && more?.answers && rich?.answers(line);
  const text = line.text || answersOf(more?.answers);
  const quote = more?.quote !== undefined && rich?.quote(line);
  if (!text && !quote) {
    return <>{acts}</>;
  }
  return (
    <div class="k-b" dir="auto">
      {quote}
      {answers || <Marked app={app} text={text} isTeam={line.from !== "me"} />}
      {line.isEdited && <small>{app.text("talk.edited")}</small>}
      {acts}
    </div>
  );
}

/** What was answered to a form, where nothing else was said. */
function answersOf(answers: Message["answers"]): string {
  return Object.values(answers ?? {})
    .filter((answer) => typeof answer !== "boolean")
    .map(String)
    .join("\n");
}

/** The places of files whose part of the program is on its way. */
function Reserved({ files }: { readonly files: readonly FileInfo[] }) {
  return (
    <>
      {files.map((file) =>
        file.preview ? (
          <div
            key={file.id}
            class="k-pic wait"
            ref={(place) => {
              if (place) {
                size(place, file);
              }
            }}
          >
            <Drawn path={IMAGE} />
            <span dir="auto">{file.name}</span>
          </div>
        ) : (
          <div key={file.id} class="k-file">
            <b class="k-one" dir="auto">
              {file.name}
            </b>
          </div>
        ),
      )}
    </>
  );
}

/** The very size of the picture that comes: nothing moves then. */
function size({ style }: HTMLElement, file: FileInfo): void {
  const { width, height } = fitted(file);
  style.width = `${width}px`;
  style.aspectRatio = `${width} / ${height}`;
}

/** What became of one's newest words. */
function Receipt({ talk, line }: { readonly talk: Talk; readonly line: Line }) {
  const { app } = talk;
  const { state, at } = line;
  const isWaiting = state === "sending" && talk.client.status === "connecting" && talk.isLate;
  const key = isWaiting ? "talk.waiting" : (`talk.${state}` as TextKey);
  const isUnread = state === "sent" || state === "delivered";
  return (
    <p class="k-meta">
      {state === "sending" ? (
        <Drawn path={CLOCK} />
      ) : (
        <Drawn path={state === "sent" ? CHECK : CHECKS} />
      )}
      {[
        app.text(key),
        state !== "sending" && timeOf(new Date(at), talk.habit),
        isUnread && talk.place !== null && talk.queue.now?.readsOf(talk),
      ]
        .filter(Boolean)
        .join(" · ")}
    </p>
  );
}
