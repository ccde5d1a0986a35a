/**
 * `window.Kefu`: the one thing that a site's page has of Kefu, and what its calls do until the panel's
 * script is there.
 *
 * Rules: what was called before this script had loaded is done first, in its order. There is one widget
 * on a page, and the first one it is. Before the first opening one configuration is asked for and
 * nothing is kept. A page that may not have it gets no widget, and its builder one line. The launcher stays
 * until the frame has said `ready`; what does not in 10 s is told, with a way out.
 * Not here: the frame (panel).
 */
import type { PublicInbox } from "protocol";
import { type Options, script, server } from "./host";
import { fail, host, hush, my } from "./launcher";
import { CLOSED, FAILED, OPEN, OPENING, type Panel } from "./shared";

type Call = [act: string, ...rest: unknown[]];
interface Kefu {
  (...call: Call): Promise<unknown>;
  q?: Iterable<Call>;
  join?: (make: (shared: typeof my) => Panel) => void;
}

/** Of the panel's script, which is built first: `[name, integrity]`. */
declare const PANEL: readonly [string, string];

const ANSWER_MS = 10_000;
const IDLE_MS = 1_000;
const PAINT_MS = 200;

const scope = window as unknown as { Kefu?: Kefu };
const earlier = scope.Kefu;
const observer = new MutationObserver(look);
let panel: Panel | undefined;
let isThere: Promise<boolean>;
let start: (isThere: Promise<boolean> | false) => void;
let joined: (panel: Panel) => void;
const joining = new Promise<Panel>((resolve) => {
  joined = resolve;
});
let settle: (isOpen: boolean) => void;
let opened: Promise<boolean>;
let answer: ReturnType<typeof setTimeout>;
let paint: ReturnType<typeof setTimeout>;

function warn(text: string): void {
  // biome-ignore lint/suspicious/noConsole: who builds the page has no other place to read it.
  console.warn(`Kefu: ${text}`);
}

/** The inbox as this page may know it; false: it may not. */
function ask(): Promise<PublicInbox | false> {
  const {
    widget,
    color,
    locale = document.documentElement.lang || navigator.language,
  } = my.options;
  const query = new URLSearchParams({
    locale,
    ...(/^#[\da-f]{6}$/i.test(color as string) && { color }),
  });
  return fetch(`${server}/api/v1/widgets/${widget}?${query}`, { credentials: "omit" })
    .then((told) => told.ok && told.json())
    .catch(() => false);
}

async function run(): Promise<boolean> {
  const { options } = my;
  const config = await ask();
  while (!document.body) {
    await new Promise(requestAnimationFrame);
  }
  if (options !== my.options) {
    return false;
  }
  if (!config) {
    my.options = {}; // another one may be tried
    warn(`no chat: is ${origin} in the origins of ${options.widget}?`);
    return false;
  }
  my.dress(config);
  my.draw({ isShown: options.launcher ? options.launcher !== "hidden" : !!config.look.launcher });
  look();
  emit("ready");
  let isLive: unknown =
    (config.watch_visitors || config.invitations) &&
    !(navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl;
  try {
    isLive ||= localStorage[`kefu.${options.widget}.live`];
  } catch {}
  if (isLive) {
    setTimeout(load, IDLE_MS);
  }
  return true;
}

/** What is ours may be gone from the page, and what is the page's may look otherwise. */
function look(): void {
  const root = document.documentElement;
  for (const one of [host, my.frame]) {
    if (one && !one.isConnected) {
      root.append(one);
    }
  }
  for (const one of [root, document.body]) {
    observer.observe(one, { childList: true, attributes: true });
  }
  clearTimeout(paint);
  paint = setTimeout(() => {
    my.draw();
    panel?.painted();
  }, PAINT_MS);
}

function emit(name: string, detail?: unknown): void {
  host.dispatchEvent(new CustomEvent(name, { detail }));
}

function load(): void {
  if (panel) {
    panel.load();
  } else {
    const [name, integrity] = PANEL;
    document.head.append(
      my.make("script", {
        src: `${server}/${name}`,
        integrity,
        nonce: script.nonce,
        crossOrigin: "",
      }),
    );
  }
}

/** The frame is to answer from now on. */
function wait(): void {
  clearTimeout(answer);
  answer = setTimeout(() => {
    if (my.state) {
      my.state = FAILED;
      my.draw({ isBusy: false, isAway: false });
      panel?.place();
      fail(`${server}/chat/${my.options.widget}`);
      settle(false);
    }
  }, ANSWER_MS);
}

/** Resolves when the panel is there (true), or is not going to be. */
function open(invitation?: unknown): Promise<boolean> {
  if (my.state === FAILED) {
    panel?.unload();
    close();
  }
  if (!my.state) {
    my.state = OPENING;
    my.invitation = invitation as string;
    opened = new Promise((resolve) => {
      settle = resolve;
    });
    my.draw({ isBusy: true });
    wait();
    load();
  }
  return opened;
}

function shown(): void {
  clearTimeout(answer);
  if (my.state) {
    my.state = OPEN;
    hush();
    my.draw({ isBusy: false, isAway: true });
    panel?.place();
    settle(true);
  }
}

function close(): void {
  if (my.state) {
    my.state = CLOSED;
    clearTimeout(answer);
    hush();
    my.draw({ isBusy: false, isAway: false });
    panel?.place();
    settle(false);
  }
}

function boot(more?: Options, by?: unknown): Promise<boolean> {
  const all = { ...script.dataset, ...more };
  const { widget } = my.options;
  if (!widget) {
    my.options = all;
    isThere = run();
    start(isThere);
  } else if (all.widget !== widget || (by && script.isConnected)) {
    warn(`one widget a page: ${widget}`);
  }
  return isThere;
}

function rest(): void {
  my.options = {};
  my.state = CLOSED;
  isThere = new Promise((resolve) => {
    start = resolve;
  });
}

function shutdown(): void {
  close();
  observer.disconnect();
  clearTimeout(paint);
  panel?.end();
  host.remove();
  start(false);
  rest();
}

const acts: Panel["acts"] = {
  boot,
  shutdown,
  on: (name: string, hear: () => void) => host.addEventListener(name, hear),
  off: (name: string, hear: () => void) => host.removeEventListener(name, hear),
};
const later: Panel["acts"] = {
  open: () => open(),
  close,
  toggle: () => (my.state % 2 ? close() : open()),
  show: () => my.draw({ isShown: true }),
  hide: () => my.draw({ isShown: false }),
};

if (earlier?.join) {
  earlier("boot", script.dataset, script);
} else {
  const api: Kefu = async (act, ...rest) =>
    acts[act]
      ? acts[act](...(rest as never[]))
      : (await isThere) && (later[act] ?? (await joining).acts[act])?.(...(rest as never[]));
  const push = (call: Call) => api(...call).catch(({ message }) => warn(message));
  Object.assign(my, { ask, emit, wait, open, close, shown });
  rest();
  host.onclick = later.toggle as () => void;
  api.join = (make) => {
    panel = make(my);
    joined(panel);
    panel.load();
  };
  scope.Kefu = api;
  for (const call of earlier?.q ?? []) {
    push(call);
  }
  if (script.dataset.widget) {
    boot();
  }
  matchMedia("(prefers-color-scheme:dark)").onchange = look;
}
