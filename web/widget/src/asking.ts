/** What the server says of an inbox, where no loader has asked it. */
import type { PublicInbox } from "protocol";
import { retryDelayMs } from "shared/core/backoff";

/** Until it answers; null: there is no such inbox. */
export async function loadInbox(widget: string, locale: string): Promise<PublicInbox | null> {
  for (let count = 0; ; count++) {
    try {
      const path = `/api/v1/widgets/${encodeURIComponent(widget)}`;
      const answer = await fetch(`${path}?locale=${encodeURIComponent(locale)}`);
      if (answer.ok || answer.status === 404) {
        return answer.ok ? await answer.json() : null;
      }
    } catch {
      // no connection
    }
    await new Promise((resolve) => setTimeout(resolve, retryDelayMs(count, Math.random())));
  }
}
