/** What only a chat has that is a page of its own: letters' links. */
import type { App } from "../app";

export function openPage(app: App) {
  document.title = app.inbox.name;
  return {};
}
