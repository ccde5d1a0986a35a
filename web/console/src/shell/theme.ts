/** Light or dark: as chosen, else as the system has it. Kept in this browser. */
import { recall, remember } from "shared/view/memory";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export class Look {
  theme: Theme = THEMES.find((one) => one === recall("console.theme")) ?? "system";
  private readonly page: Window;
  private readonly dark: MediaQueryList;
  private readonly hears = new Set<() => void>();

  constructor(page: Window) {
    this.page = page;
    this.dark = page.matchMedia("(prefers-color-scheme: dark)");
    this.dark.addEventListener("change", () => this.show());
    this.show();
  }

  readonly subscribe = (hear: () => void): (() => void) => {
    this.hears.add(hear);
    return () => this.hears.delete(hear);
  };

  choose(theme: Theme): void {
    this.theme = theme;
    remember("console.theme", theme);
    this.show();
    for (const hear of this.hears) {
      hear();
    }
  }

  private show(): void {
    const isDark = this.theme === "dark" || (this.theme === "system" && this.dark.matches);
    this.page.document.documentElement.dataset.theme = isDark ? "dark" : "light";
  }
}
