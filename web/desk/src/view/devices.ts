/**
 * The browsers in which one's conversations can be read: a list, in which each other one can be ended.
 *
 * Rules: ending cannot be undone, so it is asked in place. The list is fetched each time it is opened.
 * Not here: their order (protocol's devices).
 */
import { type DeviceInfo, devices } from "protocol";
import { localeOf, momentOf } from "shared/i18n/times";
import { byId, create, createButton } from "shared/view/dom";
import { words } from "../i18n/language";
import type { TextKey } from "../i18n/texts";

/** Both reject if there is no answer. */
export interface DeviceActs {
  list(): Promise<readonly DeviceInfo[]>;
  end(id: number): Promise<void>;
}

const ORIGINS = {
  letter: "devices.letter",
  site: "devices.site",
  written: "devices.written",
} as const satisfies Record<ReturnType<typeof devices.originOf>, TextKey>;

export class DeviceList {
  private readonly dialog = byId("devices", HTMLDialogElement);
  private readonly list = byId("device-list", HTMLElement);
  private readonly fault = byId("devices-fault", HTMLElement);
  private readonly close = byId("devices-close", HTMLButtonElement);
  private readonly acts: DeviceActs;

  constructor(acts: DeviceActs) {
    this.acts = acts;
    this.close.addEventListener("click", () => this.dialog.close());
  }

  async open(): Promise<void> {
    this.list.replaceChildren();
    this.dialog.showModal();
    await this.load();
  }

  private async load(): Promise<void> {
    await this.try(async () => {
      const items = devices.inOrder(await this.acts.list());
      this.list.replaceChildren(...items.map((one) => this.rowOf(one)));
    });
  }

  private rowOf(one: DeviceInfo): HTMLElement {
    const row = create("li", "device");
    const name = document.createElement("strong");
    words.setText(name, one.current ? "devices.this" : "devices.other");
    const about = create("span", "hint");
    const since = momentOf(new Date(one.created_at), localeOf(words.language, navigator.languages));
    words.setText(about, ORIGINS[devices.originOf(one)], { since });
    const said = create("div", "");
    said.append(name, about);
    row.append(said);
    if (!one.current) {
      row.append(this.ask(one.id));
    }
    return row;
  }

  /** A button that asks once more before it acts. */
  private ask(id: number): HTMLElement {
    const place = create("div", "device-end");
    const first = worded("quiet", "devices.end", () => {
      const really = worded("primary", "devices.really", () => void this.end(id));
      place.replaceChildren(really, worded("quiet", "devices.keep", back));
      really.focus();
    });
    const back = () => {
      place.replaceChildren(first);
      first.focus();
    };
    place.append(first);
    return place;
  }

  private async end(id: number): Promise<void> {
    await this.try(() => this.acts.end(id));
    await this.load();
    this.close.focus();
  }

  private async try(act: () => Promise<void>): Promise<void> {
    try {
      await act();
      this.fault.hidden = true;
    } catch {
      this.fault.hidden = false;
    }
  }
}

function worded(className: string, key: TextKey, act: () => void): HTMLButtonElement {
  const button = createButton(className, act);
  words.setText(button, key);
  return button;
}
