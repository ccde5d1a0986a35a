/**
 * What one does seldom. Arrow keys go from item to item; Esc, Tab and a press elsewhere close it.
 */
import { Component } from "preact";
import { Drawn } from "../parts/icon";
import type { Seldom } from "./seldom";

export interface Item {
  readonly path: string;
  readonly text: string;
  readonly act: () => void;
  /** It is on or off, and stays in sight. */
  readonly isOn?: boolean;
}

interface Props {
  readonly seldom: Seldom;
  readonly label: string;
  readonly items: readonly Item[];
}

export class Menu extends Component<Props> {
  private menu: HTMLElement | null = null;

  override componentDidMount(): void {
    this.go(0);
  }

  override render({ seldom, label, items }: Props) {
    return (
      <>
        <div class="k-shade" onPointerDown={() => seldom.closeMenu()} />
        <div
          class="k-menu"
          role="menu"
          aria-label={label}
          tabIndex={-1}
          ref={(menu) => {
            this.menu = menu;
          }}
          onKeyDown={this.press}
        >
          {items.map(({ path, text, act, isOn }) => (
            <button
              key={path}
              type="button"
              {...(isOn === undefined
                ? { role: "menuitem" }
                : { role: "menuitemcheckbox", "aria-checked": isOn })}
              tabIndex={-1}
              onClick={() => {
                seldom.closeMenu();
                act();
              }}
            >
              <Drawn path={path} />
              {text}
            </button>
          ))}
        </div>
      </>
    );
  }

  private readonly press = (event: KeyboardEvent): void => {
    const { seldom, items } = this.props;
    const buttons = [...(this.menu?.children ?? [])];
    const at = buttons.indexOf(document.activeElement as Element);
    const places: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: -1,
    };
    const place = places[event.key];
    if (place !== undefined) {
      event.preventDefault();
      this.go((place + items.length) % items.length);
    } else if (event.key === "Tab") {
      event.preventDefault();
      seldom.closeMenu();
    }
  };

  private go(place: number): void {
    (this.menu?.children[place] as HTMLElement | undefined)?.focus();
  }
}
