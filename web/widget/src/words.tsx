/**
 * What people wrote, as elements and never as markup; loaded with the first text that has a mark or an
 * address in it (`marked.tsx`).
 */
import "./style/marked.css";
import type { ComponentChildren } from "preact";
import { type Node, readMarkdown, readPlain } from "shared/core/markdown";

export { plain } from "shared/core/plain";

/** `isTeam`: Markdown; what a visitor wrote is plain but for its addresses. */
export function shown(text: string, isTeam: boolean): ComponentChildren {
  return (isTeam ? readMarkdown : readPlain)(text).map(element);
}

function element(node: Node): ComponentChildren {
  if (typeof node === "string") {
    return node;
  }
  const children = node.children.map(element);
  switch (node.tag) {
    case "a": // it leaves the page and tells nobody where from
      return (
        <a href={node.href} target="_blank" rel="noopener noreferrer nofollow">
          {children}
        </a>
      );
    case "li":
      return <li value={node.value}>{children}</li>;
    default: {
      const Tag = node.tag;
      return <Tag>{children}</Tag>;
    }
  }
}
