/** Where one is: the address bar's route, and the way to another. */
import { createContext, type MouseEvent, useContext, useSyncExternalStore } from "react";
import { addressOf, type Route, readRoute } from "./routes";

export class Router {
  route: Route;
  private readonly window: Window;
  private readonly hears = new Set<() => void>();

  constructor(window: Window) {
    this.window = window;
    this.route = this.read();
    window.addEventListener("popstate", () => {
      this.route = this.read();
      this.tell();
    });
  }

  readonly subscribe = (hear: () => void): (() => void) => {
    this.hears.add(hear);
    return () => this.hears.delete(hear);
  };

  go(route: Route): void {
    const address = addressOf(route);
    if (address !== this.window.location.pathname + this.window.location.search) {
      this.window.history.pushState(null, "", address);
    }
    this.route = route;
    this.tell();
  }

  /** Another address in place of this one: Back does not lead to each letter of what was typed. */
  replace(route: Route): void {
    this.window.history.replaceState(null, "", addressOf(route));
    this.route = route;
    this.tell();
  }

  private read(): Route {
    const { pathname, search } = this.window.location;
    return readRoute(pathname, search);
  }

  private tell(): void {
    for (const hear of [...this.hears]) {
      hear();
    }
  }
}

export const RouterContext = createContext<Router | null>(null);

export function useRouter(): Router {
  const router = useContext(RouterContext);
  if (!router) {
    throw new Error("there is no router above this component");
  }
  return router;
}

export function useRoute(): Route {
  const router = useRouter();
  return useSyncExternalStore(router.subscribe, () => router.route);
}

/** What an `a` needs to lead to `route`; with Ctrl, Shift or ⌘ the browser does as ever. */
export function useLink(route: Route): { href: string; onClick(event: MouseEvent): void } {
  const router = useRouter();
  return {
    href: addressOf(route),
    onClick: (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
        event.preventDefault();
        router.go(route);
      }
    },
  };
}
