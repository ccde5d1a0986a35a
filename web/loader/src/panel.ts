/**
 * The chat's frame: greeted, placed, and taken away again. This script comes with the first opening, or
 * when there is something to be told before.
 *
 * Rules: the frame takes no room and no click before it has said `ready`. Words go to Kefu's origin alone,
 * and are heard from this frame's window and that origin alone. On a phone the panel is the screen that the
 * keyboard leaves: the page behind it rests, and Back closes the panel.
 * Not here: whether the panel is open (loader), what is in it (the widget's document).
 */
import type { FromFrame, Place, ToFrame } from "./bridge";
import { CLOSED, FAILED, OPEN, type Panel, SHADOW, type Shared } from "./shared";

declare const KEFU_VERSION: string;

/** What a page's rule for frames may have changed; `all` would be written out in the element. */
const PLAIN =
  "margin:0;border:0;padding:0;min-width:0;max-width:none;min-height:0;max-height:none;opacity:1;visibility:visible;transform:none;filter:none;transition:none;animation:none;pointer-events:auto;";
const BACK_MS = 500;
const FAREWELL_MS = 2_000;
/** Routers change the address first, and the title when the page is there. */
const TITLE_MS = 500;

type Unmarked<Word> = Word extends unknown ? Omit<Word, "kefu"> : never;
type Told<Type> = Extract<FromFrame, { type: Type }>;
type Hears = { readonly [Type in FromFrame["type"]]: (told: Told<Type>) => void };

let my: Shared;
let frame: HTMLIFrameElement | null = null;
let isLoaded = false;
/** Whether the script of the document that is being loaded has run. */
let isMet = false;
let isReady = false;
/** Whether the frame did not answer in time; it may yet. */
let isLate = false;
/** How high the frame stands above the launcher while the chat is closed. */
let peeks = 0;
let isShown = false;
let timer: ReturnType<typeof setTimeout>;
let page: Place;
let identity: string | null | undefined;
let attributes: Readonly<Record<string, unknown>> = {};
let opener: HTMLElement | null = null;
let questions: [resolve: (ok: unknown) => void, reject: (error: unknown) => void][] = [];
/** What the page had said of its own scrolling, while the panel covers it. */
let overflow: string | undefined;
/** Where the panel's own entry of the history is; "": there is none. */
let entry = "";
let stateBelow: unknown;
let url = location.href;
let mark = "";

const phone = matchMedia("(max-width:479.98px)");
const view = window.visualViewport as VisualViewport;

const hears: Hears = {
  loaded() {
    isLoaded = isMet = true;
    isReady = false;
    say({
      type: "hello",
      version: KEFU_VERSION,
      config: my.$config,
      locale: my.$options.locale,
      theme: my.$theme,
      isOpen: my.$state > CLOSED,
      isPhone: phone.matches,
      page,
      look: { greeting: my.$options.greeting },
      identity,
      attributes,
      invitation: my.$invitation,
    });
  },
  ready() {
    isReady = true;
    isLate = false;
    questions.forEach((_, id) => {
      say({ type: "identify", id, token: identity ?? null });
    });
    my.$become(OPEN);
  },
  open: ({ invitation }) => my.$open(invitation),
  close: () => my.$become(CLOSED),
  stay: enter,
  unread({ count, label }) {
    my.$draw({ $count: count, $label: label ?? "" });
    emit("unread", { count });
  },
  peek({ height }) {
    peeks = height;
    place();
  },
  live: ({ isLive }) => remember(isLive),
  done({ id, error }) {
    questions[id]?.[error ? 1 : 0](error && Object.assign(new Error(error.message), error));
    delete questions[id];
  },
  event: ({ name, detail }) => emit(name, detail),
  title({ count }) {
    const { title } = document;
    const own = title.startsWith(mark) ? title.slice(mark.length) : title;
    mark = count ? `(${count}) ` : "";
    document.title = mark + own;
  },
};

function emit(name: string, detail?: unknown): void {
  my.$host.dispatchEvent(new CustomEvent(name, { detail }));
}

function say(word: Unmarked<ToFrame>): void {
  if (isLoaded) {
    frame?.contentWindow?.postMessage({ kefu: 1, ...word }, my.$server);
  }
}

/** Whether a conversation goes on in this browser; where nothing can be kept, none does. */
function remember(isLive: boolean): void {
  const flag = `kefu.${my.$options.widget}.live`;
  try {
    if (isLive) {
      localStorage[flag] = 1;
    } else {
      delete localStorage[flag];
    }
  } catch {}
}

/** As a frame may be told it. What cannot be told is kept nowhere: the next hello would fail of it. */
function plain<T>(said: T): T {
  return JSON.parse(JSON.stringify(said));
}

function turn(more: Partial<Place> = {}): void {
  const { href: url } = location;
  page = { url, title: document.title, referrer: document.referrer, ...plain(more) };
  say({ type: "page", page });
}

function moved(): void {
  if (url !== location.href) {
    setTimeout(turn, TITLE_MS, { referrer: url });
    url = location.href;
  }
}

/** The screen that a keyboard leaves; zoomed in, one moves over the panel as over any page. */
function full(): string {
  const [top, height] = view.scale > 1 ? [0, "100dvh"] : [view.offsetTop, `${view.height}px`];
  const insets = ["top", "right", "bottom", "left"].map((one) => `env(safe-area-inset-${one})`);
  return `inset:${top}px 0 auto;width:100%;height:${height};box-sizing:border-box;padding:${insets.join(" ")};background:Canvas;color-scheme:${my.$theme};`;
}

/** Where the frame stands, and what becomes of the page behind it. */
function place(): void {
  const isOpen = my.$state === OPEN;
  const isPhone = phone.matches;
  isLate ||= my.$state === FAILED;
  if (frame) {
    const size = isOpen
      ? "width:min(400px,100vw - 40px);height:min(680px,100vh - 96px)"
      : `width:min(320px,100vw - 40px);height:${peeks}px`;
    const css = isOpen && isPhone ? full() : `${size};border-radius:16px;${SHADOW}`;
    const display = isOpen || (peeks && !my.$state) ? "block" : "none";
    frame.style.cssText = my.$placed(`${css}display:${display};`, isOpen ? 0 : 68, PLAIN);
    say({ type: "phone", isPhone });
    say({ type: "theme", theme: my.$theme });
  }
  cover(isOpen && isPhone);
  if (isOpen !== isShown) {
    isShown = isOpen;
    change();
  }
}

/** The page rests while the panel is all of the screen. */
function cover(isCovered: boolean): void {
  if (isCovered === (overflow !== undefined)) {
    return;
  }
  const { style } = document.documentElement;
  document.body.inert = isCovered;
  if (isCovered) {
    ({ overflow } = style);
    style.setProperty("overflow", "hidden", "important");
    enter();
  } else {
    style.overflow = overflow as string;
    overflow = undefined;
    if (entry === location.href) {
      history.back();
    } else {
      entry = ""; // the page has gone on meanwhile
    }
  }
}

/** It was opened, or closed. */
function change(): void {
  if (isShown) {
    peeks = 0;
    opener = document.activeElement as HTMLElement;
    say({ type: "open", invitation: my.$invitation });
    frame?.focus();
    emit("open");
  } else {
    say({ type: "close" });
    emit("close");
    if (document.activeElement === frame) {
      (opener === document.body ? my.$host : opener)?.focus();
    }
  }
}

/**
 * One entry of the history, for Back. A page's router finds its own state in it, and none in the entry below
 * when that comes back: it would take it for a page to be shown again.
 */
function enter(): void {
  clearTimeout(timer);
  entry = location.href;
  stateBelow = history.state;
  history.replaceState(null, "");
  history.pushState(stateBelow, "");
}

function back(event: Event): void {
  if (entry) {
    entry = "";
    event.stopImmediatePropagation();
    // After those who were before this one.
    setTimeout(() => history.replaceState(stateBelow, ""));
    if (my.$state === OPEN) {
      say({ type: "back" });
      timer = setTimeout(my.$become, BACK_MS, CLOSED);
    }
  }
}

function unload(): void {
  frame?.remove();
  frame = my.$frame = null;
  isLoaded = isReady = isLate = false;
}

const panel: Panel = {
  $place: place,
  $unload: unload,
  $load() {
    if (isLate) {
      unload();
    }
    if (isReady) {
      my.$become(OPEN);
    } else if (!frame && my.$host.isConnected) {
      frame = Object.assign(document.createElement("iframe"), {
        id: "kefu-frame",
        src: `${my.$server}/widget/${my.$options.widget}`,
        title: my.$config.words.chat,
        allow: "microphone; camera",
      });
      // A later load is a frame that was moved, or that loads itself again: it is to answer, too.
      frame.onload = () => {
        if (!isMet && my.$state === OPEN) {
          my.$wait();
        }
        isMet = false;
      };
      my.$frame = frame;
      turn();
      place();
      document.documentElement.append(frame);
    }
  },
  /** The frame has a moment to put away what it kept. */
  $end() {
    my.$become(CLOSED);
    say({ type: "shutdown", id: 0 });
    remember(false);
    const old = frame;
    frame = null;
    unload();
    if (old) {
      old.id = "";
      setTimeout(() => old.remove(), FAREWELL_MS);
    }
    questions = [];
    attributes = {};
    identity = undefined;
  },
  $acts: {
    page: turn,
    /** Resolves when the server took it. */
    identify(said: string | null) {
      const token = plain(said);
      if (identity !== undefined && identity !== token) {
        attributes = {}; // said of whoever was here
      }
      identity = token;
      return new Promise((resolve, reject) => {
        const id = questions.push([resolve, reject]) - 1;
        if (isReady) {
          say({ type: "identify", id, token });
        }
      });
    },
    async set(said: { locale?: string } & Record<string, unknown>) {
      const { locale, ...more } = plain(said);
      if (locale) {
        my.$options = { ...my.$options, locale };
        const config = await my.$ask();
        if (config) {
          my.$draw({ $config: config });
          say({ type: "locale", locale: config.locale, config });
        }
      }
      attributes = { ...attributes, ...more };
      say({ type: "set", attributes: more });
    },
  },
};

const scope = window as unknown as {
  Kefu: { join(make: (shared: Shared) => Panel): void };
  navigation?: EventTarget;
};
scope.Kefu.join((shared) => {
  my = shared;
  my.$host.onpointerenter = null;
  addEventListener("message", ({ source, origin, data }) => {
    if (frame && source === frame.contentWindow && origin === my.$server && data?.kefu) {
      hears[data.type as FromFrame["type"]]?.(data as never);
    }
  });
  addEventListener("popstate", back);
  addEventListener("popstate", moved);
  scope.navigation?.addEventListener("currententrychange", moved);
  view.addEventListener("resize", place);
  view.addEventListener("scroll", place);
  my.$panel = panel;
  if (my.$isWanted) {
    panel.$load();
  }
  return panel;
});
