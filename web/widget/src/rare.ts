/**
 * What a site's page says seldom: who its visitor is, where they are, what it knows of them, in which
 * language, and that it is over.
 */
import type { ToFrame } from "loader/bridge";
import type { App } from "./app";
import { Reports } from "./reports";

export function hear(app: App, told: ToFrame): void {
  switch (told.type) {
    case "locale":
      void app.speak(told.locale, told.config);
      break;
    case "identify":
      void identify(app, told.token, told.id);
      break;
    case "shutdown":
      app.talk.value?.dispose();
      app.host.tell({ kefu: 1, type: "done", id: told.id });
      break;
    case "page":
      app.place = told.page;
      reportsOf(app)?.moved();
      app.offers.value?.turned();
      break;
    case "set":
      app.attributes = { ...app.attributes, ...told.attributes };
      reportsOf(app)?.described(told.attributes);
      break;
  }
  app.changed();
}

function reportsOf(app: App): Reports | null {
  const { known, talk } = app;
  if (known && talk.value) {
    known.reports ??= new Reports(app, talk.value.client);
  }
  return known?.reports ?? null;
}

/** The site says who is here; null: nobody. What was shown of others goes at once. */
export async function identify(app: App, token: string | null, id?: number): Promise<void> {
  await app.talk.get();
  const done = app.known?.identify(token);
  if (id === undefined) {
    done?.catch(() => undefined); // the caller's promise hears of it
    return;
  }
  const answer = { kefu: 1, type: "done", id } as const;
  done?.then(
    () => app.host.tell(answer),
    ({ code, message }) => app.host.tell({ ...answer, error: { code, message } }),
  );
}
