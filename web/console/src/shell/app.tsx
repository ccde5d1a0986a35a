/**
 * The console as a whole: signed in the shell, else the way in.
 *
 * Rules: who is signed out in mid-work signs in over what stands there; nothing of it is taken away.
 */
import type { SetPreferences } from "protocol";
import { useEffect, useEffectEvent, useState } from "react";
import { I18nProvider } from "react-aria-components/I18nProvider";
import type { Language } from "shared/i18n/languages";
import { Acts, ActsContext, KeysContext } from "../keys/acts";
import { keysIn } from "../keys/choice";
import type { Store } from "../store/store";
import { StoreContext, useStore } from "../store/use";
import { choose, chosenLanguage, speak, type Texts, TextsContext } from "../texts/texts";
import { LookContext } from "./look";
import { type Router, RouterContext } from "./router";
import { Shell } from "./shell";
import { SignInAgain, SignInPage } from "./sign-in";
import { Starting } from "./starting";
import type { Look, Theme } from "./theme";

interface Props {
  readonly store: Store;
  readonly look: Look;
  readonly router: Router;
  readonly texts: Texts;
}

export function App({ store, look, router, texts: first }: Props) {
  const [texts, setTexts] = useState(first);
  const [acts] = useState(() => new Acts());
  useEffect(() => acts.listen(window, () => keysIn(store.preferences.now)), [acts, store]);
  const turnTo = useEffectEvent((language: Language) => {
    if (language !== texts.language) {
      choose(language);
      void speak(language).then(setTexts);
    }
  });
  // What the agent prefers, also if that was chosen in another window.
  useEffect(() => {
    const follow = () => {
      const { isTold, now } = store.preferences;
      if (isTold) {
        look.choose(now.theme, now.density);
        turnTo(now.language ?? chosenLanguage());
      }
    };
    follow();
    return store.subscribe(follow);
  }, [store, look]);
  /** Before one signs in it is this browser's choice alone. */
  const prefer = (change: SetPreferences) => {
    if (store.me.id !== undefined && !store.isSignedOut) {
      store.preferences.set(change).catch((error) => store.refused(error));
    }
  };
  const looks = {
    look,
    setLanguage: (language: Language | null) => {
      choose(language);
      void speak(chosenLanguage()).then(setTexts);
      prefer({ language });
    },
    setTheme: (theme: Theme) => {
      look.choose(theme);
      prefer({ theme });
    },
  };
  return (
    <StoreContext value={store}>
      <RouterContext value={router}>
        <ActsContext value={acts}>
          <LookContext value={looks}>
            <TextsContext value={texts}>
              <I18nProvider locale={texts.locale}>
                <Whole />
              </I18nProvider>
            </TextsContext>
          </LookContext>
        </ActsContext>
      </RouterContext>
    </StoreContext>
  );
}

function Whole() {
  const isKnown = useStore(({ me }) => me.id !== undefined);
  const isOut = useStore(({ isSignedOut }) => isSignedOut);
  const keys = useStore(({ preferences }) => keysIn(preferences.now));
  if (!isKnown) {
    return isOut ? <SignInPage /> : <Starting />;
  }
  return (
    <KeysContext value={keys}>
      <Shell />
      {isOut && <SignInAgain />}
    </KeysContext>
  );
}
