/** When somebody is there again, said anew with every minute. */
import { Component } from "preact";
import type { App } from "../app";
import { whenOf, zoneOf } from "../days";
import { Drawn } from "../parts/icon";
import { CLOCK } from "../parts/later";
import type { Texts } from "../texts";
import { habitOf, lengthOf } from "../times";

export const words = import.meta.glob<Texts>("../../../../src/kefu/widget/locales/*.json", {
  query: "?opening",
  import: "default",
});

interface Props {
  readonly app: App;
}

const MINUTE_MS = 60_000;

export class Back extends Component<Props> {
  private timer: ReturnType<typeof setInterval> | undefined;

  override render({ app }: Props) {
    const { holiday } = app.inbox;
    const said = openingOf(app);
    if (!said && !holiday) {
      return null;
    }
    return (
      <div class="k-here">
        <span class="k-av n" aria-hidden="true">
          <Drawn path={CLOCK} />
        </span>
        <p>
          {said && (
            <>
              <b>{said.at}</b>
              {said.zone}
              <br />
            </>
          )}
          {holiday && app.text("opening.holiday", { name: holiday })}
        </p>
      </div>
    );
  }

  override componentDidMount(): void {
    this.timer = setInterval(() => this.tick(), MINUTE_MS);
  }

  override componentWillUnmount(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    const { app } = this.props;
    if (Date.now() >= Date.parse(app.inbox.opens_at ?? "")) {
      void app.speak(app.locale); // it is open now, as the server says
    }
    this.setState({});
  }
}

/** null: nobody knows. */
export function openingOf(app: App) {
  const { opens_at } = app.inbox;
  if (!opens_at) {
    return null;
  }
  const [at, now] = [new Date(opens_at), new Date()];
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const city = zoneOf(timeZone, app.locale);
  const time = lengthOf((at.getTime() - now.getTime()) / 1000, app.locale);
  return {
    at: app.text("opening.back", whenOf(at, now, habitOf(app.locale))),
    zone: app.text("opening.zone", { city, time }),
  };
}
