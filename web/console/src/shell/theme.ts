/**
 * Light or dark: as chosen, else as the system has it; and how close things stand.
 *
 * Rules: the agent's preferences say so; this browser keeps what they said last, so that the page comes up
 * in it before anybody has signed in.
 */
import { recall, remember } from "shared/view/memory";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export const DENSITIES = ["comfortable", "compact"] as const;
export type Density = (typeof DENSITIES)[number];

export class Look {
  theme: Theme = THEMES.find((one) => one === recall("console.theme")) ?? "system";
  density: Density = DENSITIES.find((one) => one === recall("console.density")) ?? "comfortable";
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

  choose(theme: Theme, density: Density = this.density): void {
    if (theme === this.theme && density === this.density) {
      return;
    }
    this.theme = theme;
    this.density = density;
    remember("console.theme", theme);
    remember("console.density", density);
    this.show();
    for (const hear of this.hears) {
      hear();
    }
  }

  private show(): void {
    const isDark = this.theme === "dark" || (this.theme === "system" && this.dark.matches);
    const { dataset } = this.page.document.documentElement;
    dataset.theme = isDark ? "dark" : "light";
    dataset.density = this.density;
  }
}
