/**
 * The console as a whole: signed in the shell, else the way in.
 *
 * Rules: who is signed out in mid-work signs in over what stands there; nothing of it is taken away.
 */
import { useEffect, useState } from "react";
import { I18nProvider } from "react-aria-components/I18nProvider";
import type { Language } from "shared/i18n/languages";
import { Acts, ActsContext } from "../keys/acts";
import type { Store } from "../store/store";
import { StoreContext, useStore } from "../store/use";
import { choose, speak, type Texts, TextsContext } from "../texts/texts";
import { LookContext } from "./look";
import { type Router, RouterContext } from "./router";
import { Shell } from "./shell";
import { SignInAgain, SignInPage } from "./sign-in";
import { Starting } from "./starting";
import type { Look } from "./theme";

interface Props {
  readonly store: Store;
  readonly look: Look;
  readonly router: Router;
  readonly texts: Texts;
}

export function App({ store, look, router, texts: first }: Props) {
  const [texts, setTexts] = useState(first);
  const [acts] = useState(() => new Acts());
  useEffect(() => acts.listen(window), [acts]);
  const setLanguage = (language: Language) => {
    choose(language);
    void speak(language).then(setTexts);
  };
  return (
    <StoreContext value={store}>
      <RouterContext value={router}>
        <ActsContext value={acts}>
          <LookContext value={{ look, setLanguage }}>
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
  if (!isKnown) {
    return isOut ? <SignInPage /> : <Starting />;
  }
  return (
    <>
      <Shell />
      {isOut && <SignInAgain />}
    </>
  );
}
