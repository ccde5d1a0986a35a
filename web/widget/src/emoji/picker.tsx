/**
 * Emoji to put into what one writes, for whoever has no keyboard that offers them.
 *
 * Rules: arrow keys go through the grid, Enter takes one, Esc closes. What one used last comes first.
 */
import { Component } from "preact";
import { type Emoji, find, type Group } from "shared/emoji/find";
import { stepFrom } from "shared/emoji/grid";
import type { App } from "../app";
import type { TextKey } from "../texts";

const KEY = "emoji";
const MOST_RECENT = 16;

interface Props {
  readonly app: App;
  readonly groups: readonly Group[];
  readonly close: () => void;
}

export class Picker extends Component<Props, { readonly asked: string }> {
  override state = { asked: "" };
  private readonly recent = recentOf(this.props.app, this.props.groups);
  private grid: HTMLElement | null = null;
  private field: HTMLInputElement | null = null;

  override componentDidMount(): void {
    this.field?.focus();
  }

  override render({ app, groups, close }: Props, { asked }: { readonly asked: string }) {
    const found = asked.trim() ? find(groups, asked) : null;
    const recent = { name: "recent", emoji: this.recent };
    const shown = found ? [{ name: "found", emoji: found }] : [recent, ...groups];
    return (
      <>
        <div class="k-shade" onPointerDown={close} />
        <div
          class="k-emoji"
          role="dialog"
          aria-label={app.text("emoji.title")}
          onKeyDown={this.press}
        >
          <input
            class="k-in"
            type="search"
            ref={(field) => {
              this.field = field;
            }}
            aria-label={app.text("emoji.find")}
            placeholder={app.text("emoji.find")}
            value={asked}
            onInput={({ currentTarget }) => this.setState({ asked: currentTarget.value })}
            onKeyDown={(event) => this.pressInField(event, found?.[0])}
          />
          <div
            class="k-signs"
            ref={(grid) => {
              this.grid = grid;
            }}
          >
            {shown
              .filter(({ emoji }) => emoji.length)
              .map(({ name, emoji }) => (
                <section key={name} aria-label={app.text(`emoji.${name}` as TextKey)}>
                  <h2 class="k-sub">{app.text(`emoji.${name}` as TextKey)}</h2>
                  {emoji.map((one) => (
                    <button
                      key={one.sign}
                      type="button"
                      title={one.name}
                      aria-label={one.name}
                      tabIndex={-1}
                      onClick={() => this.take(one)}
                    >
                      {one.sign}
                    </button>
                  ))}
                </section>
              ))}
            {found?.length === 0 && <p role="status">{app.text("emoji.none")}</p>}
          </div>
        </div>
      </>
    );
  }

  private take({ sign }: Emoji): void {
    const { app, close } = this.props;
    const all = [sign, ...this.recent.map((one) => one.sign).filter((one) => one !== sign)];
    app.memory.set(KEY, all.slice(0, MOST_RECENT).join(" "));
    close();
    app.composer?.insert(sign);
  }

  private pressInField(event: KeyboardEvent, first: Emoji | undefined): void {
    if (event.key === "Enter" && first && !event.isComposing) {
      event.preventDefault();
      this.take(first);
    } else if (event.key === "ArrowDown" || (event.key === "Tab" && !event.shiftKey)) {
      event.preventDefault();
      this.grid?.querySelector("button")?.focus();
    }
  }

  private readonly press = (event: KeyboardEvent): void => {
    if (event.target === this.field) {
      return;
    }
    const all = [...(this.grid?.querySelectorAll("button") ?? [])];
    const now = all.indexOf(document.activeElement as HTMLButtonElement);
    const way = this.props.app.inbox.dir === "rtl" ? -1 : 1;
    const next = event.key === "Tab" ? this.field : stepFrom(all, now, event.key, way, this.field);
    if (next) {
      event.preventDefault();
      next.focus();
    }
  };
}

function recentOf(app: App, groups: readonly Group[]): readonly Emoji[] {
  const all = new Map(groups.flatMap(({ emoji }) => emoji.map((one) => [one.sign, one])));
  const kept = app.memory.get(KEY)?.split(" ") ?? [];
  return kept.flatMap((sign) => all.get(sign) ?? []);
}
