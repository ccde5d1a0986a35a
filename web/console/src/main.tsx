/** Starts the console: who listens first, what it says, what it shows. */
import { portsOf } from "client/ports";
import { createRoot } from "react-dom/client";
import { keepComposingKeys } from "./keys/composing";
import { App } from "./shell/app";
import { Router } from "./shell/router";
import { Look } from "./shell/theme";
import { Store } from "./store/store";
import { chosenLanguage, speak } from "./texts/texts";

async function start(): Promise<void> {
  keepComposingKeys(window);
  const look = new Look(window);
  const loading = speak(chosenLanguage());
  const store = new Store(location.origin, portsOf(globalThis)); // connects meanwhile
  const place = document.getElementById("console");
  if (place) {
    const given = { store, look, router: new Router(window), texts: await loading };
    createRoot(place).render(<App {...given} />);
    const { Hearing } = await import("./hearing/hearing"); // the first screen comes before it
    store.hearing = new Hearing(store, given.router, window);
  }
}

void start();
