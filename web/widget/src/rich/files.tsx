/**
 * Files of a message: pictures in their place, voice notes to play, everything else for saving.
 *
 * Rules: a picture's place is there before it is, so nothing moves. A link holds for a while: one that
 * has ended is asked for anew. What is not shown says why. A name is text, whatever is in it.
 */
import { Component } from "preact";
import type { FileInfo } from "protocol";
import { whyUnshown } from "shared/core/unshown";
import { fitted } from "../parts/fitted";
import { Drawn } from "../parts/icon";
import { DOWN, IMAGE } from "../talk/icons";
import { PAGE } from "./icons";
import { isOurs, kindOf, sizeOf } from "./measures";
import type { Rich } from "./rich";
import { isVoice } from "./words";

/** Opens beside the chat, and tells nobody where from. */
const AWAY = { target: "_blank", rel: "noopener noreferrer nofollow" } as const;

interface Props {
  readonly rich: Rich;
  /** Of the message, once it has one. */
  readonly seq: number | undefined;
  readonly file: FileInfo;
}

export function FileOf({ rich, seq, file: given }: Props) {
  const file = rich.fresh(given);
  if (isVoice(file.type) && isOurs(file.url)) {
    const Voice = rich.voice.now;
    return Voice ? (
      <Voice app={rich.app} rich={rich} seq={seq} file={file} />
    ) : (
      <div class="k-voice" />
    );
  }
  const isPicture = isOurs(file.preview) || rich.local.has(file.id);
  return isPicture ? (
    <Picture rich={rich} seq={seq} file={file} />
  ) : (
    <Tile rich={rich} seq={seq} file={file} />
  );
}

class Picture extends Component<Props, { readonly shown: string; readonly isBroken: boolean }> {
  override state = { shown: "", isBroken: false };

  override render({ rich, seq, file }: Props) {
    const source = rich.local.get(file.id) ?? file.preview ?? "";
    if (this.state.isBroken) {
      return <Tile rich={rich} seq={seq} file={file} />;
    }
    const { width, height } = fitted(file);
    const isHere = this.state.shown !== "";
    return (
      <Opened rich={rich} seq={seq} file={file} class={isHere ? "k-pic" : "k-pic wait"}>
        <img
          src={source}
          width={width}
          height={height}
          alt={file.name}
          ref={(image) => image?.style.setProperty("aspect-ratio", `${width} / ${height}`)}
          onLoad={() => this.setState({ shown: source })}
          onError={this.fail}
        />
        {!isHere && (
          <span class="k-wait-for" aria-hidden="true">
            <Drawn path={IMAGE} />
            <span class="k-one" dir="auto">
              {file.name}
            </span>
            {sizeOf(file.size, rich.app.locale)}
          </span>
        )}
      </Opened>
    );
  }

  /** Its link has ended, or there is no such picture. */
  private readonly fail = async (): Promise<void> => {
    const { rich, seq, file } = this.props;
    const isAnew = await rich.refresh(seq, file);
    this.setState({ isBroken: !isAnew });
  };
}

function Tile({ rich, seq, file }: Props) {
  const { app } = rich;
  const kind = kindOf(file.name);
  const why = whyUnshown(file);
  return (
    <>
      <Opened rich={rich} seq={seq} file={file} class="k-file">
        <span class="k-ext" aria-hidden="true">
          {kind || <Drawn path={PAGE} />}
        </span>
        <span>
          <b class="k-one" dir="auto">
            {file.name}
          </b>
          <small>{[kind, sizeOf(file.size, app.locale)].filter(Boolean).join(" · ")}</small>
        </span>
        {isOurs(file.url) && <Drawn path={DOWN} />}
      </Opened>
      {why && <p class="k-help">{app.text(`rich.file.${why}`)}</p>}
    </>
  );
}

/** A link to the file; of one that cannot be fetched, as yet or ever, only its place. */
function Opened({
  rich,
  seq,
  file,
  class: kind,
  children,
}: Props & { readonly class: string; readonly children: preact.ComponentChildren }) {
  if (!isOurs(file.url)) {
    return <span class={kind}>{children}</span>;
  }
  const open = async (event: MouseEvent) => {
    const link = event.currentTarget as HTMLAnchorElement;
    if (rich.isOver(file) && !link.dataset.asked) {
      event.preventDefault();
      link.dataset.asked = "1"; // this browser's clock may be wrong
      await rich.refresh(seq, file);
      link.click();
      delete link.dataset.asked;
    }
  };
  return (
    <a class={kind} href={file.url} {...AWAY} onClick={open}>
      {children}
    </a>
  );
}
