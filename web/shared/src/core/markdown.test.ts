import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { isFollowable, type Node, readMarkdown, readPlain } from "./markdown";

interface Case {
  readonly name: string;
  readonly by: "team" | "visitor";
  readonly text: string;
  readonly html: string;
}

const path = fileURLToPath(new URL("../../../../docs/markdown-cases.json", import.meta.url));
const cases = JSON.parse(readFileSync(path, "utf8")) as Case[];

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#x27;",
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? "");

/** As the server writes it in letters. */
function htmlOf(node: Node): string {
  if (typeof node === "string") {
    return escaped(node);
  }
  const inner = node.children.map(htmlOf).join("");
  switch (node.tag) {
    case "br":
      return "<br>";
    case "pre":
      return `<pre><code>${inner}</code></pre>`;
    case "a":
      return `<a href="${escaped(node.href ?? "")}" rel="noopener noreferrer nofollow">${inner}</a>`;
    case "li":
      return node.value === undefined
        ? `<li>${inner}</li>`
        : `<li value="${node.value}">${inner}</li>`;
    default:
      return `<${node.tag}>${inner}</${node.tag}>`;
  }
}

describe("a text", () => {
  it.each(cases)("$name", ({ by, text, html }) => {
    const tree = by === "team" ? readMarkdown(text) : readPlain(text);
    expect(tree.map(htmlOf).join("")).toBe(html);
  });
});

describe("a link", () => {
  it.each([
    "javascript:alert(1)",
    " https://a.example",
    "//a.example",
    "https://u:p@a.example",
    "",
  ])("does not lead to %j", (address) => {
    expect(isFollowable(address)).toBe(false);
  });

  it.each(["https://a.example", "HTTP://a.example:80/x?y#z", "mailto:a@b.example", "tel:+49-30"])(
    "leads to %j",
    (address) => {
      expect(isFollowable(address)).toBe(true);
    },
  );
});

const REPEATED = [
  ...["[a](", "[", "*a ", "*a* ", "*_", "`a ", "``a`", "~~a ", "\n> a", "\n- a", "  - a\n"],
  ...["http://", "https://a.b ", "https://a.b/((", "[a](http://", "\\*", "](", "((", "a\n\n"],
];

describe("a text of 60,000 marks", () => {
  it.each(REPEATED)("of %j is read in time in proportion to its length", (mark) => {
    const part = cpuMsOf(mark, 30_000);
    const whole = cpuMsOf(mark, 120_000);
    expect(whole).toBeLessThan(300);
    expect(whole).toBeLessThan(9 * Math.max(part, 5)); // 4 in proportion, 16 with the square
  });
});

function cpuMsOf(mark: string, length: number): number {
  const text = mark.repeat(Math.ceil(length / mark.length)).slice(0, length);
  const times = [1, 2, 3, 4, 5].map(() => {
    const begun = process.cpuUsage();
    readMarkdown(text);
    return process.cpuUsage(begun).user / 1000;
  });
  return Math.min(...times);
}
