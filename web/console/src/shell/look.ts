/** Theme and language, for whoever shows their switches. */
import { createContext, useContext, useSyncExternalStore } from "react";
import type { Language } from "shared/i18n/languages";
import type { Density, Look, Theme } from "./theme";

export interface Looks {
  readonly look: Look;
  /** null: as the browser has it. */
  readonly setLanguage: (language: Language | null) => void;
  readonly setTheme: (theme: Theme) => void;
}

export const LookContext = createContext<Looks | null>(null);

export function useLook(): Looks & { readonly theme: Theme; readonly density: Density } {
  const looks = useContext(LookContext);
  if (!looks) {
    throw new Error("there is no look above this component");
  }
  const { look } = looks;
  const theme = useSyncExternalStore(look.subscribe, () => look.theme);
  const density = useSyncExternalStore(look.subscribe, () => look.density);
  return { ...looks, theme, density };
}
