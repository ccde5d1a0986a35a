/** What a message is in one line: where it is quoted, and where a file or a card says all there is. */
import type { Message } from "protocol";
import { plain } from "shared/core/plain";
import type { App } from "../app";

export function lineOf(app: App, message: Message): string {
  const { text, files = [], blocks = [], answers, deleted_at, sender } = message;
  if (deleted_at) {
    return app.text("talk.deleted");
  }
  const said = sender.role === "visitor" ? text : plain(text);
  const [file] = files;
  const title = blocks
    .map((block) => (block.type === "quick_replies" ? "" : block.title))
    .find(Boolean);
  const named = file && (isVoice(file.type) ? app.text("rich.voice") : file.name);
  return said.trim() || named || title || (answers ? app.text("rich.answered") : "");
}

export function isVoice(type: string): boolean {
  return type.startsWith("audio/");
}
