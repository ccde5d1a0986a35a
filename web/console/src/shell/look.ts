/** Theme and language, for whoever shows their switches. */
import { createContext, useContext, useSyncExternalStore } from "react";
import type { Language } from "shared/i18n/languages";
import type { Look, Theme } from "./theme";

export interface Looks {
  readonly look: Look;
  readonly setLanguage: (language: Language) => void;
}

export const LookContext = createContext<Looks | null>(null);

export function useLook(): Looks & { readonly theme: Theme } {
  const looks = useContext(LookContext);
  if (!looks) {
    throw new Error("there is no look above this component");
  }
  const { look } = looks;
  const theme = useSyncExternalStore(look.subscribe, () => look.theme);
  return { ...looks, theme };
}
