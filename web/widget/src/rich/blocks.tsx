/**
 * What a message offers beside its words: cards, suggested answers, a form.
 *
 * Rules: a suggestion is chosen once; what was chosen from stays as a record and is no button any more.
 * A link leads where links may lead, and tells nobody where from.
 * Not here: forms (forms).
 */
import { Component } from "preact";
import type { Block, Card, Option } from "protocol";
import { isFollowable } from "shared/core/markdown";
import { Marked } from "../marked";
import { Drawn } from "../parts/icon";
import { CHECK } from "../talk/icons";
import type { Line } from "../talk/lines";
import type { Rich } from "./rich";

interface Props<Kind extends Block = Block> {
  readonly rich: Rich;
  readonly line: Line;
  readonly block: Kind;
}

/** In the message's own place. */
export function BlockOf({ rich, line, block }: Props) {
  switch (block.type) {
    case "card":
      return <CardOf rich={rich} line={line} block={block} />;
    case "form": {
      const FormOf = rich.forms.now;
      return FormOf && <FormOf rich={rich} line={line} block={block} />;
    }
    case "quick_replies":
      return null; // under everything else
  }
}

function CardOf({ rich, line, block }: Props<Card>) {
  const { title, text, buttons = [] } = block;
  const { chosen } = line;
  return (
    <div class="k-offer">
      <CardPicture {...block} />
      <div class="k-offer-text">
        <h2 dir="auto">{title}</h2>
        {text && (
          <div dir="auto">
            <Marked app={rich.app} text={text} isTeam />
          </div>
        )}
      </div>
      {buttons.length > 0 && (
        <div class="k-offer-acts">
          {buttons.map((button) => {
            if (button.type === "link") {
              return isFollowable(button.url) ? (
                <a
                  class="k-offer-act"
                  href={button.url}
                  target="_blank"
                  rel="noopener noreferrer nofollow"
                  dir="auto"
                >
                  {button.label}
                </a>
              ) : null;
            }
            return chosen === undefined ? (
              <button
                class="k-offer-act"
                type="button"
                dir="auto"
                onClick={() => rich.reply(button.value)}
              >
                {button.label}
              </button>
            ) : (
              <span class="k-offer-act" dir="auto">
                <Chosen rich={rich} option={button} chosen={chosen} />
              </span>
            );
          })}
        </div>
      )}
    </div>
  );
}

/** Its place is kept; one that cannot be had takes none. */
class CardPicture extends Component<Card, { readonly isBroken: boolean }> {
  override state = { isBroken: false };

  override render({ image_url, image_alt = "" }: Card) {
    return image_url && !this.state.isBroken ? (
      <img
        src={image_url}
        alt={image_alt}
        width={268}
        height={134}
        loading="lazy"
        referrerpolicy="no-referrer"
        onError={() => this.setState({ isBroken: true })}
      />
    ) : null;
  }
}

interface Options {
  readonly rich: Rich;
  readonly line: Line;
  readonly options: readonly Option[];
}

export function Suggestions({ rich, line: { chosen }, options }: Options) {
  return (
    <ul
      class={chosen === undefined ? "k-quick" : "k-quick used"}
      aria-label={rich.app.text("rich.suggested")}
    >
      {options.map((option) => (
        <li key={option.value}>
          {chosen === undefined ? (
            <button type="button" dir="auto" onClick={() => rich.reply(option.value)}>
              {option.label}
            </button>
          ) : (
            <span class={option.value === chosen ? "on" : ""} dir="auto">
              <Chosen rich={rich} option={option} chosen={chosen} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

interface Choice {
  readonly rich: Rich;
  readonly option: Option;
  readonly chosen: string;
}

function Chosen({ rich, option, chosen }: Choice) {
  const isIt = option.value === chosen;
  return (
    <>
      {isIt && <Drawn path={CHECK} class="k-i s" />}
      {option.label}
      {isIt && <span class="k-sr">{rich.app.text("rich.chosen")}</span>}
    </>
  );
}
