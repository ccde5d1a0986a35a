/** What the server says of an inbox, where no loader has asked it. */
import { render } from "preact";
import type { PublicInbox } from "protocol";
import { retryDelayMs } from "shared/core/backoff";
import type { App } from "./app";
import { loadTexts, nearest, say, type Texts } from "./texts";

const WORDS = import.meta.glob<Texts>("../../../src/kefu/widget/locales/*.json", {
  query: "?page",
  import: "default",
});

/** Until it answers; null: there is no such inbox. */
export async function loadInbox(app: App, locale: string): Promise<PublicInbox | null> {
  for (let count = 0; ; count++) {
    try {
      const path = `/api/v1/widgets/${encodeURIComponent(app.widget)}`;
      const answer = await fetch(`${path}?locale=${encodeURIComponent(locale)}`);
      if (answer.ok || answer.status === 404) {
        return answer.ok ? await answer.json() : null;
      }
    } catch {
      // no connection
    }
    if (!app.host.isFrame && !app.inbox) {
      await sayUnreachable(locale);
    }
    await new Promise((resolve) => setTimeout(resolve, retryDelayMs(count, Math.random())));
  }
}

/** Why a page shows nothing yet; on a site's page the loader says it. */
async function sayUnreachable(locale: string): Promise<void> {
  const spoken = nearest(locale);
  const words = await loadTexts(spoken, WORDS);
  render(<p role="status">{say(words, spoken, "page.unreachable")}</p>, document.body);
}
