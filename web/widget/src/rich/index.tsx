/** What a conversation has beside words: loaded with the first message or act that needs it. */
import "../style/more.css";
import "../style/rich.css";
import type { App } from "../app";
import type { Texts } from "../texts";
import { Rich } from "./rich";

export const words = [
  import.meta.glob<Texts>("../../../../src/kefu/widget/locales/*.json", {
    query: "?rich",
    import: "default",
  }),
  import.meta.glob<Texts>("../../../../src/kefu/widget/locales/*.json", {
    query: "?voice",
    import: "default",
  }),
  import.meta.glob<Texts>("../../../../src/kefu/widget/locales/*.json", {
    query: "?talk",
    import: "default",
  }),
];

export function openRich(app: App): Rich {
  return new Rich(app);
}
