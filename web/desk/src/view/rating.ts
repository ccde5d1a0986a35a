/** How it was: asked once a conversation has ended, one to five. */
import { byId } from "shared/view/dom";
import { words } from "../i18n/language";

export class RatingForm {
  private readonly form = byId("rate", HTMLFormElement);
  private readonly rated = byId("rated", HTMLElement);
  private readonly fault = byId("rate-fault", HTMLElement);

  constructor(onRate: (score: number, comment: string) => Promise<void>) {
    const more = byId("rate-more", HTMLElement);
    this.form.addEventListener("change", () => {
      more.hidden = !new FormData(this.form).get("score");
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const score = Number(new FormData(this.form).get("score"));
      this.fault.hidden = score > 0;
      if (!score) {
        words.setText(this.fault, "rate.pick");
        this.form.querySelector<HTMLInputElement>("input")?.focus();
        return;
      }
      const comment = byId("comment", HTMLInputElement).value.trim();
      onRate(score, comment).catch(() => {
        words.setText(this.fault, "rate.refused");
        this.fault.hidden = false;
      });
    });
  }

  /** `score`: what was given; undefined: nothing yet. */
  show(isAsked: boolean, score: number | undefined): void {
    this.form.hidden = !isAsked || score !== undefined;
    this.rated.hidden = score === undefined;
    if (score === undefined) {
      return;
    }
    const isFocused = this.form.contains(document.activeElement);
    words.setText(this.rated, "rate.thanks", { score: String(score) });
    if (isFocused) {
      byId("again", HTMLButtonElement).focus();
    }
  }
}
