/** Puts people's text into an element, as nodes. Never as markup. */
import type { Node as MarkdownNode } from "../core/markdown";
import { readMarkdown, readPlain } from "../core/markdown";

/** What agents and bots wrote. */
export function putMarkdown(element: HTMLElement, text: string): void {
  put(element, readMarkdown(text));
}

/** What a visitor wrote: plain but for its addresses. */
export function putPlain(element: HTMLElement, text: string): void {
  put(element, readPlain(text));
}

/** A link that leaves the page and tells nobody where from. */
export function linkTo(href: string, ...shown: (Node | string)[]): HTMLAnchorElement {
  const link = document.createElement("a");
  link.href = href;
  link.target = "_blank";
  link.rel = "noopener noreferrer nofollow";
  link.append(...shown);
  return link;
}

function put(element: HTMLElement, nodes: readonly MarkdownNode[]): void {
  element.dir = "auto";
  element.replaceChildren(...nodes.map(nodeOf));
}

function nodeOf(node: MarkdownNode): Node | string {
  if (typeof node === "string") {
    return node;
  }
  const children = node.children.map(nodeOf);
  if (node.tag === "a") {
    return linkTo(node.href ?? "", ...children);
  }
  const element = document.createElement(node.tag);
  if (element instanceof HTMLLIElement && node.value !== undefined) {
    element.value = node.value;
  }
  element.append(...children);
  return element;
}
