/** Which language the page speaks, chosen and kept. */
import { remember } from "shared/view/memory";
import type { App } from "../app";

/** What a language calls itself. */
function nameOf(locale: string): string {
  return new Intl.DisplayNames(locale, { type: "language" }).of(locale) ?? locale;
}

export function Languages({ app }: { readonly app: App }) {
  if (!app.inbox || app.inbox.locales.length < 2) {
    return null;
  }
  return (
    <label class="k-languages">
      <span class="k-sr">{app.text("page.language")}</span>
      <select
        value={app.locale}
        onChange={({ currentTarget: { value } }) => {
          remember("language", value);
          void app.speak(value);
        }}
      >
        {app.inbox.locales.map((locale) => (
          <option key={locale} value={locale} lang={locale}>
            {nameOf(locale)}
          </option>
        ))}
      </select>
    </label>
  );
}
