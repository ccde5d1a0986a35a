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
import { draw, host, make, my, placed, tell } from "./launcher";
import { CLOSED, FAILED, OPEN, OPENING, type Panel } from "./shared";

/** Called once, however often the panel's script runs. */
type Make = (shared: typeof my) => Panel;
type Call = [act: string, ...rest: unknown[]];
interface Kefu {
  (...call: Call): Promise<unknown>;
  q?: Iterable<Call>;
  join?: (make: Make) => void;
}

/** Of the panel's script, which is built first. */
declare const PANEL_NAME: string;
declare const PANEL_HASH: string;

/** Of Trusted Types, which some pages demand. */
interface Policy {
  createScriptURL(url: string): unknown;
}
declare const trustedTypes: { createPolicy(name: string, rules: Policy): Policy };

const ANSWER_MS = 10_000;
const IDLE_MS = 1_000;
const PAINT_MS = 200;

const UNCONDITIONAL = 4;
const MOST_RETURNS = 20;
const RETURNS_MS = 10_000;

const scope = window as unknown as { Kefu?: Kefu };
const earlier = scope.Kefu;
const observer = new MutationObserver(look);
let isThere: Promise<boolean>;
let start: (isThere: Promise<boolean> | false) => void;
let settle: (isOpen: boolean) => void;
let opened: Promise<boolean>;
let answer: ReturnType<typeof setTimeout>;
let paint: ReturnType<typeof setTimeout>;
let policy: Policy | undefined;
/** The panel's script, on its way. */
let asked: HTMLScriptElement | undefined;
/** How often lately what is ours was put back into the page. */
let returns = 0;

function warn(text: string): void {
  // biome-ignore lint/suspicious/noConsole: who builds the page has no other place to read it.
  console.warn("Kefu:", text);
}

/** The inbox as this page may know it; false: it may not. */
function ask(): Promise<PublicInbox | false> {
  const {
    widget,
    color,
    locale = document.documentElement.lang || navigator.language,
  } = my.$options;
  const query = new URLSearchParams({
    locale,
    ...(/^#[\da-f]{6}$/i.test(color as string) && { color }),
  });
  return fetch(`${server}/api/v1/widgets/${widget}?${query}`, { credentials: "omit" })
    .then((told) => told.ok && told.json())
    .catch(() => false);
}

async function run(): Promise<boolean> {
  const { $options: options } = my;
  const config = options.widget && (await ask());
  while (!document.body) {
    await new Promise(requestAnimationFrame);
  }
  if (options !== my.$options) {
    return false;
  }
  if (!config) {
    my.$options = {}; // another one may be tried
    warn(
      options.widget
        ? `no chat: is ${origin} in the origins of ${options.widget}?`
        : "no chat: data-widget is missing",
    );
    return false;
  }
  draw({
    $config: config,
    $isShown: options.launcher ? options.launcher !== "hidden" : config.look.launcher,
  });
  look();
  host.dispatchEvent(new CustomEvent("ready"));
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
  for (const one of [host, my.$frame]) {
    if (one && !one.isConnected) {
      root.append(one);
      setTimeout(() => returns--, RETURNS_MS);
      if (++returns > MOST_RETURNS) {
        leave();
        start(false);
        warn(`gave up: the page removes #${one.id}`);
        return;
      }
    }
  }
  for (const one of [root, document.body]) {
    observer.observe(one, { childList: true, attributes: true });
  }
  clearTimeout(paint);
  paint = setTimeout(draw, PAINT_MS);
}

/** Ask for the panel's script, again if it did not come. An element that is appended twice runs once. */
function bring(): void {
  const src = `${server}/${PANEL_NAME}`;
  try {
    policy ??= trustedTypes.createPolicy("kefu", { createScriptURL: () => src });
  } catch {} // the browser has none, or the page lets its own policies alone
  asked ??= make("script", {
    src: policy?.createScriptURL(src) ?? src,
    integrity: PANEL_HASH,
    nonce: script.nonce,
    crossOrigin: "",
    onerror() {
      asked = undefined;
    },
  });
  document.head.append(asked as Node);
}

/** Have the frame on the page, as soon as there is the panel's script. */
function load(): void {
  my.$isWanted = true;
  if (my.$panel) {
    my.$panel.$load();
  } else {
    bring();
  }
}

/** What becomes of an opening: one that was ended meanwhile comes to nothing. */
function become(state: number): void {
  if (my.$state) {
    my.$state = state;
    clearTimeout(answer);
    tell(state === FAILED);
    draw();
    settle(state === OPEN);
  }
}

/** The frame is to answer from now on. */
function wait(): void {
  clearTimeout(answer);
  answer = setTimeout(become, ANSWER_MS, FAILED);
}

/** Resolves when the panel is there (true), or is not going to be. */
function open(invitation?: unknown): Promise<boolean> {
  if (!(my.$state % 2)) {
    my.$state = OPENING;
    tell(false);
    my.$invitation = invitation as string;
    opened = new Promise((resolve) => {
      settle = resolve;
    });
    draw();
    wait();
    load();
  }
  return opened;
}

function boot(more?: Options, by?: unknown): Promise<boolean> {
  const all = { ...script.dataset, ...more };
  const { widget } = my.$options;
  if (!widget) {
    my.$options = all;
    isThere = run();
    start(isThere);
  } else if (all.widget !== widget || (by && script.isConnected)) {
    warn(`one widget a page: ${widget}`);
  }
  return isThere;
}

/** Off the page, as if it had never been there. */
function leave(): void {
  returns = 0;
  become(CLOSED);
  observer.disconnect();
  my.$panel?.$unload();
  host.remove();
  start?.(false);
  my.$options = {};
  isThere = new Promise((resolve) => {
    start = resolve;
  });
}

/** The first of these need no chat; what is null is the panel's. */
const acts: Record<string, Panel["$acts"][string] | null> = {
  boot,
  shutdown() {
    my.$panel?.$end();
    leave();
  },
  on: host.addEventListener.bind(host),
  off: host.removeEventListener.bind(host),
  open: () => open(),
  close: () => become(CLOSED),
  toggle: () => (my.$state % 2 ? become(CLOSED) : open()),
  show: () => draw({ $isShown: true }),
  hide: () => draw({ $isShown: false }),
  identify: null,
  set: null,
  page: null,
};

// It is the stub, or another snippet's loader; an element of the page may have this name, too.
if (earlier instanceof Function && earlier.join) {
  earlier("boot", script.dataset, script);
} else {
  const names = Object.keys(acts);
  const api: Kefu = async (act, ...rest) => {
    const at = names.indexOf(act);
    if (at < 0) {
      return warn(`no act ${act}, only ${names}`);
    }
    return (
      (at < UNCONDITIONAL || (await isThere)) &&
      (acts[act] ?? (await joining).$acts[act])?.(...(rest as never[]))
    );
  };
  const push = async (call: Call) => api(...call);
  const joining = new Promise<Make>((resolve) => {
    api.join = resolve;
  }).then((make) => make(my));
  Object.assign(my, {
    $host: host,
    $server: server,
    $placed: placed,
    $draw: draw,
    $ask: ask,
    $wait: wait,
    $open: open,
    $become: become,
  });
  leave();
  host.onclick = acts.toggle as () => void;
  host.onpointerenter = bring;
  scope.Kefu = api;
  for (const call of Array.from(Object(earlier?.q)) as Call[]) {
    push(call).catch(({ message }) => warn(message));
  }
  if (script.dataset.widget != null) {
    boot();
  }
  matchMedia("(prefers-color-scheme:dark)").onchange = () => host.isConnected && look();
}
