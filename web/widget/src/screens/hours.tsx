/** At home: a week's opening times by the visitor's clock; at hand while the inbox is open, in sight else. */
import "../style/hours.css";
import type { App } from "../app";
import { zoneOf } from "../days";
import type { Texts } from "../texts";
import { habitOf } from "../times";
import { type Day, type Group, sameDays, WEEK_DAYS, weekOf } from "./week";

export const words = import.meta.glob<Texts>("../../../../src/kefu/widget/locales/*.json", {
  query: "?hours",
  import: "default",
});

export function Hours({ app }: { readonly app: App }) {
  const { hours = [], open } = app.inbox;
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const city = zoneOf(timeZone, app.locale);
  const locale = habitOf(app.locale);
  return (
    <details class="k-hours" open={!open}>
      <summary>{app.text("hours.title", { city })}</summary>
      <dl>
        {sameDays(weekOf(hours, new Date())).map((days) => (
          <div key={days[0].start.getDay()}>
            <dt>{daysOf(app, days, locale)}</dt>
            <dd>
              {timesOf(app, days[0], locale).map((times) => (
                <span key={times}>{times}</span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function daysOf(app: App, days: Group, locale: string): string {
  const name = ({ start }: Day) => start.toLocaleDateString(locale, { weekday: "long" });
  const [first] = days;
  const last = days.at(-1) ?? first;
  if (days.length === WEEK_DAYS) {
    return app.text("hours.daily");
  }
  const named = { from: name(first), to: name(last) };
  return first === last ? named.from : app.text("hours.days", named);
}

function timesOf(app: App, day: Day, locale: string): readonly string[] {
  const time = (at: Date) => at.toLocaleTimeString(locale, { hour: "numeric", minute: "2-digit" });
  if (!day.spans.length) {
    return [app.text("hours.closed")];
  }
  return day.isWhole
    ? [app.text("hours.all")]
    : day.spans.map(([from, to]) => `${time(from)}–${time(to)}`);
}
