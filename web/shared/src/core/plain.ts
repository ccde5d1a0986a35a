/** What a message says without its marks, on one line. Pure. */
import { type Node, readMarkdown } from "./markdown";

const BLOCKS: ReadonlySet<string> = new Set(["p", "pre", "blockquote", "ul", "ol", "li", "br"]);

export function plain(text: string): string {
  return readMarkdown(text).map(said).join(" ").replace(/\s+/g, " ").trim();
}

function said(node: Node): string {
  if (typeof node === "string") {
    return node;
  }
  const within = node.children.map(said).join("");
  return BLOCKS.has(node.tag) ? ` ${within} ` : within;
}
