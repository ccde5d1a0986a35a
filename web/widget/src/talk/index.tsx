import "../style/more.css";
import "../style/signals.css";
import "../style/talk.css";
/** The conversation: loaded for the first words, or for whoever has one. */
import type { App } from "../app";
import { Known } from "../known";
import type { Texts } from "../texts";
import { Talk } from "./talk";

export const words = import.meta.glob<Texts>("../../../../src/kefu/widget/locales/*.json", {
  query: "?talk",
  import: "default",
});

export function openTalk(app: App): Talk {
  const talk = new Talk(app);
  app.known = new Known(app, talk.client);
  return talk;
}
