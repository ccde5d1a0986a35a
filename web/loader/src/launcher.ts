/**
 * What the loader itself puts on the page: the launcher with its badge, and beside it the news that the
 * chat does not load.
 *
 * Rules: both are in one shadow root, whose own important rules no rule of the page outdoes. Its
 * element takes no click but on what is seen of it. It stands beside `body`, not in it: pages replace
 * their body (decision 0031). Text is text; no markup is made of it.
 * Not here: what happens then (loader), the frame (panel).
 */
import type { PublicInbox } from "protocol";
import type { Theme } from "./bridge";
import { server, themeOfPage } from "./host";
import { type Looks, SHADOW, type Shared } from "./shared";

export const host = make("div", { id: "kefu-launcher" });
const sheet = new CSSStyleSheet();
const badge = make("b");
const button = make("button", { ariaHasPopup: "dialog" }, make("i"), badge);
const box = make("div", {
  role: "alert",
  // What is pressed in it is no press of the launcher around it.
  onclick: (event: Event) => event.stopPropagation(),
});
const looks = {} as Looks;

const shadow = host.attachShadow({ mode: "open", delegatesFocus: true });
shadow.adoptedStyleSheets = [sheet];
shadow.append(button, box);

/** The rest is there once the inbox is known (loader). */
export const my = { options: {}, host, server, make, placed, draw, dress } as unknown as Shared;

function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties?: object,
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
}

const sideOf = () =>
  /left/.test(my.options.position ?? my.config.look.position) ? "left" : "right";

/** Declarations that no rule of the page outdoes, in the corner that all of it stands in. */
function placed(css: string, above = 0, reset = "all:initial;"): string {
  const { offset_x, offset_y } = my.config.look;
  const [x = 0, y = x] = `${my.options.offset ?? [offset_x, offset_y]}`
    .split(",")
    .map((px) => +px | 0);
  const edge = (side: string, px: number) =>
    `${side}:calc(${px}px + env(safe-area-inset-${side}));`;
  return `${reset}position:fixed;z-index:2147483647;${edge(sideOf(), x)}${edge("bottom", y + above)}${css}`.replace(
    /;/g,
    "!important;",
  );
}

/** As the inbox is: for the first time, or in another language. */
function dress(config: PublicInbox): void {
  my.config = config;
  host.dir = config.dir;
  host.lang = config.locale;
  draw();
}

function draw(changed?: Partial<Looks>): void {
  const { isShown, isBusy, isAway, count, label } = Object.assign(looks, changed);
  const { look, words } = my.config;
  const wanted = (my.options.theme ?? look.theme) as Theme;
  my.theme = look.colors[wanted] ? wanted : themeOfPage();
  const { accent, on_accent, accent_text, accent_edge = "#0000" } = look.colors[my.theme];
  badge.textContent = `${count > 99 ? "99+" : count || ""}`;
  button.ariaLabel = isBusy ? words.close : label || words.open;
  button.ariaBusy = `${!!isBusy}`;
  const busy = "[aria-busy=true] i";
  sheet.replaceSync(`:host{${placed(`display:${isAway ? "none" : "block"};color-scheme:${my.theme};font:15px/20px system-ui;`)}}
button{all:unset;cursor:pointer;display:${isShown ? "grid" : "none"};place-items:center;width:54px;height:54px;border-radius:50%;background:${accent};color:${on_accent};border:1px solid ${accent_edge};${SHADOW}}
i{width:23px;height:22px;border:2px solid;border-radius:50% 50% 50% 4px}
${busy}{height:23px;border-radius:50%;border-left-color:#0000;transition:0s .3s}
@media not (prefers-reduced-motion){${busy}{animation:r .8s linear .3s infinite}}
@keyframes r{to{rotate:1turn}}
b{position:absolute;top:-3px;right:-3px;padding:0 7px;border-radius:10px;background:#d73434;color:#fff;font:600 12px/20px system-ui}
div{position:absolute;bottom:68px;${sideOf()}:0;display:grid;grid-template-columns:1fr auto;width:min(280px,100vw - 40px);background:Canvas;border-radius:16px;${SHADOW}}
b:empty,div:empty{display:none}
div *{all:unset;cursor:pointer;padding:12px 16px;color:${accent_text};font-weight:600}
span{color:CanvasText}
:focus-visible{outline:2px solid ${accent_text};box-shadow:0 0 0 4px Canvas}`);
}

/** The chat did not come. `href`: where it is without a frame. */
export function fail(href: string): void {
  const { failed, dismiss, retry, page } = my.config.words;
  box.append(
    make("span", {}, failed),
    make(
      "button",
      {
        ariaLabel: dismiss,
        onclick() {
          my.close();
          host.focus();
        },
      },
      "×",
    ),
    make("button", { onclick: () => my.open() }, retry),
    make("a", { href, target: "_blank", rel: "noopener" }, page),
  );
}

export const hush = () => box.replaceChildren();
