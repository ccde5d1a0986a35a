/** Puts people's text into an element: as text, with links that can be followed. Never markup. */
import { piecesOf } from "../core/text";

export function putText(element: HTMLElement, text: string): void {
  element.dir = "auto";
  element.replaceChildren(
    ...piecesOf(text).map(({ text: shown, href }) => (href ? linkTo(href, shown) : shown)),
  );
}

export function linkTo(href: string, shown: string): HTMLAnchorElement {
  const link = document.createElement("a");
  link.href = href;
  link.target = "_blank";
  link.rel = "noopener noreferrer nofollow";
  link.textContent = shown;
  return link;
}
