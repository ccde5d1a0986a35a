/** The inbox's colours and the host's light or dark, put on the document. */
import type { PublicInbox } from "protocol";

/** `theme`: what the host's page has; null: what the visitor's system has. */
export function dress(root: HTMLElement, { look, dir, locale }: PublicInbox, theme: string | null) {
  const isDark = (look.theme === "host" ? theme : look.theme) ?? systemTheme();
  const colors = look.colors[isDark === "dark" ? "dark" : "light"];
  root.dir = dir;
  root.lang = locale;
  document.body.dataset.theme = isDark;
  const { style } = document.body;
  style.setProperty("--kefu-accent", colors.accent);
  style.setProperty("--kefu-on-accent", colors.on_accent);
  style.setProperty("--kefu-accent-text", colors.accent_text);
  style.setProperty("--kefu-accent-soft", colors.accent_soft);
  style.setProperty("--kefu-accent-edge", colors.accent_edge ?? "transparent");
}

function systemTheme(): string {
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
