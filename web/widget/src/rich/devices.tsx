/**
 * The browsers in which one's conversations can be read; each other one can be ended.
 *
 * Rules: ending cannot be undone, so it is asked in place. The list is fetched each time it is opened.
 * Not here: their order (protocol's devices).
 */
import type { Client } from "client/core";
import { Component } from "preact";
import { type DeviceInfo, devices } from "protocol";
import { momentOf } from "shared/i18n/times";
import type { App } from "../app";
import type { TextKey } from "../texts";
import { habitOf } from "../times";

const ORIGINS = {
  letter: "seldom.devices.letter",
  site: "seldom.devices.site",
  written: "seldom.devices.written",
} as const satisfies Record<ReturnType<typeof devices.originOf>, TextKey>;

interface Props {
  readonly app: App;
  readonly client: Client;
}

interface State {
  readonly items: readonly DeviceInfo[];
  /** Which one is to be ended, if that is meant. */
  readonly asked: number | null;
  readonly hasFailed: boolean;
}

export class DeviceList extends Component<Props, State> {
  override state: State = { items: [], asked: null, hasFailed: false };

  override componentDidMount(): void {
    void this.try(async () => undefined);
  }

  override render({ app }: Props, { items, asked, hasFailed }: State) {
    return (
      <>
        <ul class="k-devices">
          {devices.inOrder(items).map((one) => (
            <li key={one.id}>
              <span>
                <b>{app.text(one.current ? "seldom.devices.this" : "seldom.devices.other")}</b>
                <small>
                  {app.text(ORIGINS[devices.originOf(one)], {
                    since: momentOf(new Date(one.created_at), habitOf(app.locale)),
                  })}
                </small>
              </span>
              {!one.current && this.actOf(one, asked === one.id)}
            </li>
          ))}
        </ul>
        {hasFailed && (
          <p class="k-err" role="alert">
            {app.text("seldom.fault")}
          </p>
        )}
      </>
    );
  }

  private actOf({ id }: DeviceInfo, isAsked: boolean) {
    const { app, client } = this.props;
    const end = () => this.try(() => client.call("device.end", { device: id }));
    return (
      <button
        class="k-link"
        type="button"
        onClick={() => (isAsked ? end() : this.setState({ asked: id }))}
        onBlur={() => this.setState({ asked: null })}
      >
        {app.text(isAsked ? "seldom.devices.really" : "seldom.devices.end")}
      </button>
    );
  }

  private async try(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
      const { items } = await this.props.client.call("device.list", {});
      this.setState({ items, asked: null, hasFailed: false });
    } catch {
      this.setState({ hasFailed: true });
    }
  }
}
