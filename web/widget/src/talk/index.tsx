import "../style/talk.css";
/** The conversation: loaded for the first words, or for whoever has one. */
import type { App } from "../app";
import { Talk } from "./talk";

export function openTalk(app: App): Talk {
  return new Talk(app);
}
