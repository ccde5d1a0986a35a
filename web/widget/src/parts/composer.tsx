/**
 * What one writes in. Enter sends and Shift+Enter breaks the line, but for the Enter of an input
 * method; where a phone's keyboard cannot show Send, Enter breaks the line.
 *
 * Rules: what is written is kept for this tab with every letter. The field keeps the focus when
 * something is sent, so that a phone's keyboard stays.
 * Not here: what becomes of files, voice and emoji (the parts that are loaded for them).
 */
import { Component } from "preact";
import { recall, remember, thisTab } from "shared/view/memory";
import type { App } from "../app";
import { IconButton } from "./button";
import { Icon } from "./icon";

/** Safari reports the Enter that ends a composition after it ended, with this old key code. */
const IN_COMPOSITION = 229;
/** …or with the right one, within so short a time. */
const LATCH_MS = 30;
export const MOST_CHARS = 10_000;
const NEAR_CHARS = 500;
/** Safari makes JPEG of pictures that are of no kind named here; anything may be chosen. */
const ACCEPTED = "image/jpeg,image/png,image/gif,image/webp,*/*";

interface Props {
  readonly app: App;
}

export class Composer extends Component<Props, { readonly text: string }> {
  override state = { text: recall(this.draft, thisTab) };
  private field: HTMLTextAreaElement | null = null;
  private files: HTMLInputElement | null = null;
  private composedMs = Number.NEGATIVE_INFINITY;

  get text(): string {
    return this.state.text;
  }

  private get draft(): string {
    return `${this.props.app.scope}.draft`;
  }

  override render({ app }: Props, { text }: { readonly text: string }) {
    const left = MOST_CHARS - text.length;
    const canRecord = !text && "MediaRecorder" in window && !!navigator.mediaDevices;
    return (
      <form class="k-foot" onSubmit={this.send}>
        {left < NEAR_CHARS && (
          <p class="k-help" role="status">
            {app.text("left", { n: left })}
          </p>
        )}
        <div class="k-comp">
          <IconButton
            icon="clip"
            label={app.text("attach")}
            data-kefu="attach"
            onClick={() => this.files?.click()}
          />
          <input
            ref={(files) => {
              this.files = files;
            }}
            type="file"
            multiple
            hidden
            accept={ACCEPTED}
            onChange={this.chosen}
          />
          <div class="k-box">
            <textarea
              ref={(field) => {
                this.field = field;
              }}
              data-kefu="composer"
              rows={1}
              dir="auto"
              maxLength={MOST_CHARS}
              enterkeyhint="send"
              aria-label={app.text("write")}
              placeholder={app.text("write")}
              value={text}
              onInput={({ currentTarget }) => this.write(currentTarget.value)}
              onKeyDown={this.press}
              onKeyUp={() => {
                this.composedMs = Number.NEGATIVE_INFINITY;
              }}
              onPaste={this.paste}
            />
            <IconButton
              class="k-icon k-fine"
              icon="emoji"
              label={app.text("emoji")}
              onClick={() => app.pickEmoji()}
            />
            {canRecord && (
              <button
                class="k-send mic"
                type="button"
                aria-label={app.text("voice")}
                onClick={() => app.record()}
              >
                <i>
                  <Icon name="mic" />
                </i>
              </button>
            )}
            <button
              class="k-send"
              type="submit"
              data-kefu="send"
              aria-label={app.text("send")}
              hidden={canRecord}
              disabled={!text.trim()}
              onMouseDown={stay}
            >
              <i>
                <Icon name="send" />
              </i>
            </button>
          </div>
        </div>
      </form>
    );
  }

  override componentDidMount(): void {
    this.props.app.composer = this;
    this.field?.addEventListener("compositionend", () => {
      this.composedMs = performance.now();
    });
    this.grow();
  }

  override componentDidUpdate(): void {
    this.grow();
  }

  override componentWillUnmount(): void {
    if (this.props.app.composer === this) {
      this.props.app.composer = null;
    }
  }

  focus(): void {
    this.field?.focus();
  }

  /** Puts `added` where one writes; `isFirst`: before what is there. */
  insert(added: string, isFirst = false): void {
    const { field } = this;
    const { text } = this.state;
    const [from, to] = isFirst ? [0, 0] : [field?.selectionStart ?? 0, field?.selectionEnd ?? 0];
    const between = isFirst && text ? "\n" : "";
    this.write(text.slice(0, from) + added + between + text.slice(to), () => {
      this.focus();
      field?.setSelectionRange(from + added.length, from + added.length);
    });
  }

  /** As high as its text; the most is the stylesheet's. */
  private grow(): void {
    const { field } = this;
    if (field) {
      field.style.height = "";
      field.style.height = `${field.scrollHeight}px`;
    }
  }

  private readonly press = (event: KeyboardEvent): void => {
    const isComposing =
      event.isComposing ||
      event.keyCode === IN_COMPOSITION ||
      performance.now() - this.composedMs < LATCH_MS;
    const isBreak = event.shiftKey || event.altKey || !("enterKeyHint" in HTMLElement.prototype);
    if (event.key === "Enter" && !isBreak && !isComposing) {
      this.send(event);
    }
  };

  private readonly paste = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])];
    // A table that is copied brings a picture of itself: its text is what is meant.
    if (files.length && !event.clipboardData?.getData("text/plain")) {
      event.preventDefault();
      this.props.app.attach(files);
    }
  };

  private readonly chosen = ({ currentTarget }: { currentTarget: HTMLInputElement }): void => {
    this.props.app.attach([...(currentTarget.files ?? [])]);
    currentTarget.value = ""; // the same file once more is a choice, too
  };

  private write(text: string, done?: () => void): void {
    remember(this.draft, text, thisTab);
    this.setState({ text }, done);
    this.props.app.talk.value?.typed(text);
  }

  private readonly send = (event: Event): void => {
    event.preventDefault();
    const { text } = this.state;
    if (text.trim()) {
      this.props.app.say(text);
      this.write("");
    }
    this.focus();
  };
}

/** A press moves no focus. */
function stay(event: Event): void {
  event.preventDefault();
}
