/** What the conversation asks of the part of the program that shows more than words. */
import type { Chat, More } from "client";
import type { ComponentChildren } from "preact";
import type { Line } from "./lines";
import type { Talk } from "./talk";

export interface Rich {
  readonly isMenu: boolean;
  /** The message that the arrow keys are at, by its number. */
  readonly at: number | null;
  /** In the bubble, before the words: what is answered. */
  quote(line: Line, talk: Talk): ComponentChildren;
  /** In place of the words: what was answered to a form. */
  answers(line: Line, talk: Talk): ComponentChildren;
  /** After the bubble: files, voice, cards, quick replies, forms. */
  parts(line: Line, talk: Talk): ComponentChildren;
  /** Under them: reactions. */
  under(line: Line, talk: Talk): ComponentChildren;
  /** In the bubble: what one can do with the message. */
  acts(line: Line, talk: Talk): ComponentChildren;
  /** Above the composer: what is quoted. */
  strip(): ComponentChildren;
  /** Over the panel: a menu, a dialog. */
  over(): ComponentChildren;
  /** In the composer's place, once a conversation is over: how it was. */
  foot(chat: Chat): ComponentChildren;
  /** What goes with the next words. */
  takeMore(): More;
  askEmail(): void;
  leaveMessage(): void;
  /** Closes what is open; false: nothing was. */
  escape(): boolean;
}
