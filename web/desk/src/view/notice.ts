/** A line under the chat's head that is read and closed. */
import { byId } from "shared/view/dom";
import { words } from "../i18n/language";
import type { TextKey } from "../i18n/texts";

export function showNotice(key: TextKey, values: Record<string, string> = {}): void {
  const notice = byId("notice", HTMLElement);
  words.setText(byId("notice-about", HTMLElement), key, values);
  notice.hidden = false;
  byId("notice-read", HTMLButtonElement).onclick = () => {
    notice.hidden = true;
  };
}
