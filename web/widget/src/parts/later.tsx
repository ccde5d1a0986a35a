/** What the screens after the first have in common: their icons, and the way back. */
import type { App } from "../app";
import { Drawn } from "./icon";

const BACK = "M12.5 4L6.5 10l6 6";
export const MORE = "M4.2 10h.6M9.7 10h.6M15.2 10h.6";
export const CLOCK = "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4l2.5 2";

/** Leads home. */
export function Back({ app }: { readonly app: App }) {
  return (
    <button
      class="k-icon"
      type="button"
      aria-label={app.text("back")}
      onClick={() => app.show("home")}
    >
      <Drawn path={BACK} class="k-i k-flip" />
    </button>
  );
}
