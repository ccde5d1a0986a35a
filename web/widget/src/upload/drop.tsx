/** While files are dragged over the chat it says that they can be let go. */
import type { App } from "../app";

/** It is told every few hundred milliseconds as long as they are there. */
const GONE_MS = 600;

export class Drop {
  private readonly app: App;
  private readonly take: (files: readonly File[]) => void;
  private leaving: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App, take: (files: readonly File[]) => void) {
    this.app = app;
    this.take = take;
    addEventListener("dragover", this.over);
    addEventListener("drop", this.drop);
  }

  view() {
    return this.leaving !== undefined && <p class="k-drop">{this.app.text("upload.drop")}</p>;
  }

  private readonly over = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes("Files")) {
      event.preventDefault();
      const isNew = this.leaving === undefined;
      clearTimeout(this.leaving);
      this.leaving = setTimeout(this.gone, GONE_MS);
      if (isNew) {
        this.app.changed();
      }
    }
  };

  private readonly drop = (event: DragEvent): void => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length) {
      event.preventDefault();
      this.gone();
      this.take(files);
    }
  };

  private readonly gone = (): void => {
    clearTimeout(this.leaving);
    this.leaving = undefined;
    this.app.changed();
  };
}
