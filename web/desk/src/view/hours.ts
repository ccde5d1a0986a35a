/** What a visitor is told where nobody is there to answer now. */
import type { PublicInbox } from "protocol";
import { localeOf, momentOf } from "shared/i18n/times";
import { create } from "shared/view/dom";
import { words } from "../i18n/language";
import type { TextKey } from "../i18n/texts";

const CLOSED = { queue: "hours.closed", form: "hours.form", closed: "hours.none" } as const;

export function putHours(element: HTMLElement, inbox: PublicInbox): void {
  const { opens_at, holiday, offline } = inbox;
  element.replaceChildren();
  if (holiday) {
    const day = create("span", "");
    words.setText(day, "hours.holiday", { name: holiday });
    element.append(day, " ");
  }
  const said = create("span", "");
  const key: TextKey = opens_at ? `${CLOSED[offline]}.until` : CLOSED[offline];
  words.setText(said, key, { time: opens_at ? timeOf(opens_at) : "" });
  element.append(said);
}

function timeOf(at: string): string {
  return momentOf(new Date(at), localeOf(words.language, navigator.languages));
}
