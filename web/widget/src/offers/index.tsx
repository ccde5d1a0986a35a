/**
 * What a visitor is told before the chat is opened: an invitation, or what came in meanwhile, small above
 * the launcher; and what the team is told of visitors, where the inbox says so.
 *
 * Rules: nothing unbidden under Global Privacy Control. An invitation is shown once per browser and day,
 * where that can be kept, only while somebody of the team is there, to nobody who has a conversation, and
 * never beside something else. What was dismissed is not shown again in this tab. A visit's number is drawn for
 * the page and kept nowhere.
 * Not here: where the frame stands (loader), what was answered to (the first message).
 */
import { IconButton } from "../parts/button";
import "../style/offers.css";
import { render } from "preact";
import type { Person, PublicInbox } from "protocol";
import { timeOf } from "shared/i18n/times";
import { recall, remember, thisTab } from "shared/view/memory";
import type { App } from "../app";
import { drawId } from "../first";
import type { Preview } from "../known";
import { Paced } from "../paced";
import { Avatar } from "../parts/avatar";
import { fitPlace } from "../places";
import type { Texts } from "../texts";
import { habitOf } from "../times";
import { matches } from "./pages";

export const words = import.meta.glob<Texts>("../../../../src/kefu/widget/locales/*.json", {
  query: "?offers",
  import: "default",
});

const REPORT_MS = 30_000;
/** From one page to the next: an address may change with every step of a map. */
const TURN_MS = 2_000;
const MOST_S = 604_800; // of a visit that the server knows of
/** The visitor wants nothing that they did not ask for. */
const IS_BARRED = (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl === true;
/** Two lines of text under a name, on a phone one. */
const HEIGHT = 92;
const HEIGHT_PHONE = 71;

interface Shown {
  readonly who: Person;
  readonly text: string;
  readonly at?: string;
  readonly invitation?: string;
}

export class Offers {
  private readonly app: App;
  private readonly place = document.createElement("div");
  private readonly visit = drawId(crypto.getRandomValues(new Uint8Array(16)));
  private shown: Shown | null = null;
  /** The inbox watches nobody any more. */
  private isUnwanted = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly reports = new Paced(() => this.report(), TURN_MS);

  constructor(app: App) {
    this.app = app;
    this.place.setAttribute("role", "status");
    this.place.className = "k-peek";
    document.body.append(this.place);
    this.turned();
    document.addEventListener("visibilitychange", () => this.turned());
    setInterval(() => this.report(), REPORT_MS);
    addEventListener("pagehide", () => this.report(true));
  }

  /** The visitor is on a page: from the beginning. */
  turned(): void {
    clearTimeout(this.timer);
    if (IS_BARRED || document.hidden) {
      return;
    }
    this.reports.ask();
    const url = this.app.place?.url ?? "";
    const found = this.app.inbox.invitations?.find(({ pages }) =>
      pages.some((pattern) => matches(pattern, url)),
    );
    if (found) {
      const { name: invitation, text, after_s } = found;
      const who = { role: "agent", name: this.app.inbox.name } as const;
      const shown = { who, text, invitation };
      this.timer = setTimeout(() => this.invite(shown), after_s * 1000);
    }
  }

  /** What came in last while nobody looks; null: nothing. */
  preview(last: Preview | null): void {
    const { app } = this;
    if (last && !app.isOpen && last.at > recall(`${app.scope}.dismissed`, thisTab)) {
      this.show(last);
    } else if (this.shown && !this.shown.invitation) {
      this.hide();
    }
  }

  hide(): void {
    this.shown = null;
    this.cover(false);
    render(null, this.place);
    this.app.host.tell({ kefu: 1, type: "peek", height: 0 });
  }

  private async invite(shown: Shown): Promise<void> {
    const { app } = this;
    const day = new Date().toDateString();
    if (!this.mayInvite(day) || !(await isStaffed(app)) || !this.mayInvite(day)) {
      return;
    }
    remember(`${app.widget}.invited`, day);
    if (recall(`${app.widget}.invited`) === day) {
      app.invitation = shown.invitation ?? null;
      this.show(shown);
    }
  }

  private mayInvite(day: string): boolean {
    const { app } = this;
    const isFree = !app.isOpen && !this.shown && !app.isKnown;
    return isFree && recall(`${app.widget}.invited`) !== day;
  }

  private show(shown: Shown): void {
    this.shown = shown;
    this.cover(true);
    const { who, text, at, invitation } = shown;
    const { app } = this;
    const open = () => app.host.tell({ kefu: 1, type: "open", ...(invitation && { invitation }) });
    const time = at && timeOf(new Date(at), habitOf(app.locale));
    render(
      <>
        <button type="button" class="k-preview-open" onClick={open}>
          <Avatar who={who} />
          <span>
            <span class="k-preview-who">
              {who.name} <span>{time}</span>
            </span>
            <span class={app.isPhone ? "k-preview-text k-one" : "k-preview-text"}>{text}</span>
          </span>
        </button>
        <IconButton
          icon="close"
          label={app.text("offers.dismiss")}
          onClick={() => this.dismiss()}
        />
      </>,
      this.place,
    );
    app.host.tell({ kefu: 1, type: "peek", height: app.isPhone ? HEIGHT_PHONE : HEIGHT });
  }

  /** The chat itself is behind it. */
  private cover(isCovered: boolean): void {
    for (const one of document.body.children) {
      (one as HTMLElement).inert = isCovered && one !== this.place;
    }
  }

  private dismiss(): void {
    const { at, invitation } = this.shown ?? {};
    if (at) {
      remember(`${this.app.scope}.dismissed`, at, thisTab);
    }
    if (invitation) {
      this.app.invitation = null;
    }
    this.hide();
  }

  private report(left = false): void {
    const { app } = this;
    const isWatched = app.inbox.watch_visitors && !IS_BARRED && !this.isUnwanted;
    if (!isWatched || !app.place || (document.hidden && !left)) {
      return;
    }
    const body = JSON.stringify({
      visit: this.visit,
      ...fitPlace(app.place),
      language: navigator.language,
      seconds: Math.min(MOST_S, Math.round(performance.now() / 1000)),
      ...(left && { left }),
    });
    fetch(`/api/v1/widgets/${encodeURIComponent(app.widget)}/visit`, {
      method: "POST",
      credentials: "omit",
      headers: { "content-type": "application/json" },
      keepalive: left,
      body,
    })
      .then(({ status }) => {
        this.isUnwanted = status === 404 || status === 409;
      })
      .catch(() => undefined); // the next report says it again
  }
}

/** Whether somebody of the team is there by now. */
async function isStaffed({ widget, locale }: App): Promise<boolean> {
  try {
    const asked = `/api/v1/widgets/${encodeURIComponent(widget)}?locale=${locale}`;
    const answer = await fetch(asked, { credentials: "omit" });
    return answer.ok && ((await answer.json()) as PublicInbox).staffed === true;
  } catch {
    return false;
  }
}
