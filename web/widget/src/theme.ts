/** The inbox's colours, the host's light or dark, and the room that there is, put on the document. */
import type { Insets } from "loader/bridge";
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

/** A frame counts on no `env()` of its own: the loader tells it what the screen's edges take. */
export function fit(screen: { isPhone: boolean; height?: number; insets?: Insets }): void {
  const { style } = document.body;
  style.setProperty("--kefu-height", screen.height ? `${screen.height}px` : "100%");
  for (const [side, px] of Object.entries(screen.insets ?? {})) {
    style.setProperty(`--kefu-inset-${side}`, `${px}px`);
  }
}

export function systemTheme(): string {
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
