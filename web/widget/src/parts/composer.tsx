/**
 * What one writes in. Enter sends and Shift+Enter breaks the line, but for the Enter of an input
 * method; on a phone's keyboard Enter breaks the line, unless it shows Send.
 *
 * Rules: what is written is kept for this tab with every letter.
 */
import { Component } from "preact";
import { recall, remember, thisTab } from "shared/view/memory";
import type { App } from "../app";
import { Icon } from "./icon";

/** Safari reports the Enter that ends a composition after it ended, with this old key code. */
const IN_COMPOSITION = 229;
const MOST_CHARS = 10_000;

interface Props {
  readonly app: App;
}

export class Composer extends Component<Props, { readonly text: string }> {
  override state = { text: recall(this.key, thisTab) };
  private field: HTMLTextAreaElement | null = null;

  private get key(): string {
    return `draft.${this.props.app.scope}`;
  }

  override render({ app }: Props) {
    const { text } = this.state;
    return (
      <form class="k-foot k-comp" onSubmit={this.send}>
        <button class="k-icon" type="button" data-kefu="attach" aria-label={app.text("attach")}>
          <Icon name="clip" />
        </button>
        <div class="k-box">
          <textarea
            ref={(field) => {
              this.field = field;
            }}
            data-kefu="composer"
            rows={1}
            maxLength={MOST_CHARS}
            enterkeyhint="send"
            aria-label={app.text("write")}
            placeholder={app.text("write")}
            value={text}
            onInput={({ currentTarget }) => this.write(currentTarget.value)}
            onKeyDown={this.press}
          />
          <button
            class="k-send"
            type="submit"
            data-kefu="send"
            aria-label={app.text("send")}
            disabled={!text.trim()}
          >
            <i>
              <Icon name="send" />
            </i>
          </button>
        </div>
      </form>
    );
  }

  override componentDidUpdate(): void {
    const { field } = this;
    if (field) {
      field.style.height = ""; // as small as its text
      field.style.height = `${field.scrollHeight}px`;
    }
  }

  private readonly press = (event: KeyboardEvent): void => {
    const isComposing = event.isComposing || event.keyCode === IN_COMPOSITION;
    if (event.key === "Enter" && !event.shiftKey && !isComposing) {
      this.send(event);
    }
  };

  private write(text: string): void {
    remember(this.key, text, thisTab);
    this.setState({ text });
    this.props.app.talk.value?.typed(text);
  }

  private readonly send = (event: Event): void => {
    event.preventDefault();
    const { text } = this.state;
    if (text.trim()) {
      this.props.app.say(text);
      this.write("");
    }
    this.field?.focus();
  };
}
