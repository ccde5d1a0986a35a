/** What people wrote, as elements and never as markup: docs/markdown.md. */
import { Fragment, type ReactNode } from "react";
import { type Node, readMarkdown, readPlain } from "shared/core/markdown";
import styles from "./marked.module.css";

/** `isTeam`: Markdown; what a visitor wrote is plain but for its addresses. */
export function Marked({ text, isTeam }: { readonly text: string; readonly isTeam: boolean }) {
  return (
    <div className={styles.marked}>{(isTeam ? readMarkdown : readPlain)(text).map(element)}</div>
  );
}

function element(node: Node, index: number): ReactNode {
  if (typeof node === "string") {
    return <Fragment key={index}>{node}</Fragment>;
  }
  const children = node.children.map(element);
  switch (node.tag) {
    case "a": // it leaves the page and tells nobody where from
      return (
        <a key={index} href={node.href} target="_blank" rel="noopener noreferrer nofollow">
          {children}
        </a>
      );
    case "br":
      return <br key={index} />;
    case "li":
      return (
        <li key={index} value={node.value}>
          {children}
        </li>
      );
    default: {
      const Tag = node.tag;
      return <Tag key={index}>{children}</Tag>;
    }
  }
}
