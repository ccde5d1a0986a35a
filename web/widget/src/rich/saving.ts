/** What was said, as a text file of the visitor's own. */
import type { Message } from "protocol";
import { timeOf } from "shared/i18n/times";
import type { App } from "../app";
import { habitOf } from "../times";

/** Each message with who said it and when, as it was written; one that is deleted stays out. */
export function transcriptOf(app: App, messages: readonly Message[]): string {
  const habit = habitOf(app.locale);
  return messages
    .filter(({ type, deleted_at }) => type === "message" && !deleted_at)
    .map(({ sender, text, files = [], blocks = [], at }) => {
      const date = new Date(at);
      const when = `${date.toLocaleDateString(habit)} ${timeOf(date, habit)}`;
      const who = sender.role === "visitor" ? app.text("talk.you") : sender.name;
      const names = files.map(({ name }) => name);
      const titles = blocks.map((block) => ("title" in block ? block.title : ""));
      return [`${who}, ${when}`, text, ...names, ...titles].filter(Boolean).join("\n");
    })
    .join("\n\n");
}

/** Has the browser keep `text` as a file. */
export function saveAs(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

/** A browser may ask where to, and reads it then. */
const KEPT_MS = 60_000;
