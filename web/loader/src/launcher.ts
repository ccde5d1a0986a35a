/**
 * What the loader itself puts on the page: the launcher with its badge, and beside it the news that the
 * chat does not load.
 *
 * Rules: both are in one shadow root, whose own important rules no rule of the page outdoes. Its
 * element takes no click but on what is seen of it. It stands beside `body`, not in it: pages replace
 * their body (decision 0031). Text is text; no markup is made of it.
 * Not here: what happens then (loader), the frame (panel).
 */
import type { Theme } from "./bridge";
import { server, themeOfPage } from "./host";
import { CLOSED, type Looks, OPEN, OPENING, SHADOW, type Shared } from "./shared";

export const host = make("div", { id: "kefu-launcher" });
const sheet = new CSSStyleSheet();
const badge = make("b");
const button = make("button", { ariaHasPopup: "dialog" }, make("i"), badge);
const box = make("div", {
  role: "alert",
  // What is pressed in it is no press of the launcher around it.
  onclick: (event: Event) => event.stopPropagation(),
});

const shadow = host.attachShadow({ mode: "open", delegatesFocus: true });
shadow.adoptedStyleSheets = [sheet];
shadow.append(button, box);

/** The rest of it is loader.ts's. */
export const my = { $state: CLOSED } as Shared;

export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties?: object,
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
}

const sideOf = () =>
  /left/.test(my.$options.position ?? my.$config.look.position) ? "left" : "right";

/** Declarations that no rule of the page outdoes, in the corner that all of it stands in. */
export function placed(css: string, above = 0, reset = "all:initial;"): string {
  const { offset_x, offset_y } = my.$config.look;
  const [x = 0, y = x] = `${my.$options.offset ?? [offset_x, offset_y]}`
    .split(",")
    .map((px) => +px | 0);
  const side = sideOf();
  return `${reset}position:fixed;z-index:2147483647;${side}:calc(${x}px + env(safe-area-inset-${side}));bottom:calc(${y + above}px + env(safe-area-inset-bottom));${css}`.replace(
    /;/g,
    "!important;",
  );
}

export function draw(changed?: Looks): void {
  Object.assign(my, changed);
  const { dir, locale, look, words } = my.$config;
  const { $state, $count: count = 0 } = my;
  const isBusy = $state === OPENING;
  host.dir = dir;
  host.lang = locale;
  const wanted = (my.$options.theme ?? look.theme) as Theme;
  my.$theme = look.colors[wanted] ? wanted : themeOfPage();
  const { accent, on_accent, accent_text, accent_edge = "#0000" } = look.colors[my.$theme];
  badge.textContent = (count > 99 ? "99+" : count || "") as string;
  button.ariaLabel = isBusy ? words.close : my.$label || words.open;
  button.ariaBusy = `${isBusy}`;
  sheet.replaceSync(
    `:host{${placed(`display:${$state === OPEN ? "none" : "block"};color-scheme:${my.$theme};font:15px/20px system-ui;`)}}` +
      `button{all:unset;cursor:pointer;display:${my.$isShown ? "grid" : "none"};place-items:center;width:54px;height:54px;border-radius:50%;background:${accent};color:${on_accent};border:1px solid ${accent_edge};${SHADOW}}` +
      `i{width:23px;height:22px;border:2px solid;border-radius:50% 50% 50% 4px}` +
      `[aria-busy=true] i{height:23px;border-radius:50%;border-left-color:#0000;transition:0s .3s,rotate 10s linear .3s;@media not (prefers-reduced-motion){rotate:12turn}}` +
      `b{position:absolute;top:-3px;right:-3px;padding:0 7px;border-radius:10px;background:#d73434;color:#fff;font:600 12px/20px system-ui}` +
      `div{position:absolute;bottom:68px;${sideOf()}:0;display:grid;grid-template-columns:1fr auto;width:min(280px,100vw - 40px);background:Canvas;border-radius:16px;${SHADOW}}` +
      `b:empty,div:empty{display:none}` +
      `div *{all:unset;cursor:pointer;padding:12px 16px;color:${accent_text};font-weight:600}` +
      `span{color:CanvasText}` +
      `:focus-visible{outline:2px solid ${accent_text};box-shadow:0 0 0 4px Canvas}`,
  );
  my.$panel?.$place();
}

/** Whether the chat did not come: then where it is without a frame, and a way out. */
export function tell(isFailed: boolean): void {
  box.textContent = "";
  if (isFailed) {
    const { failed, dismiss, retry, page } = my.$config.words;
    const href = `${server}/chat/${my.$options.widget}`;
    const onclick = () => {
      my.$become(CLOSED);
      host.focus();
    };
    box.append(
      make("span", {}, failed),
      make("button", { ariaLabel: dismiss, onclick }, "×"),
      make("button", { onclick: () => my.$open() }, retry),
      make("a", { href, target: "_blank", rel: "noopener" }, page),
    );
  }
}
