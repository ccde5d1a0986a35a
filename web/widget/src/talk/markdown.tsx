/** What people wrote, as elements and never as markup. */
import type { ComponentChildren } from "preact";
import { type Node, readMarkdown, readPlain } from "shared/core/markdown";

/** What the team wrote. */
export function Markdown({ text }: { readonly text: string }) {
  return <>{readMarkdown(text).map(shown)}</>;
}

/** What a visitor wrote: plain but for its addresses. */
export function Plain({ text }: { readonly text: string }) {
  return <>{readPlain(text).map(shown)}</>;
}

function shown(node: Node): ComponentChildren {
  if (typeof node === "string") {
    return node;
  }
  const children = node.children.map(shown);
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
