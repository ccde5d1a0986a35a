/** What a conversation has beside words: loaded with the first message or act that needs it. */
import "../style/rich.css";
import type { App } from "../app";
import { Rich } from "./rich";

export function openRich(app: App): Rich {
  return new Rich(app);
}
