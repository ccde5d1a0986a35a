/**
 * The Markdown of messages: one small dialect, read alike here and by the server's letters.
 *
 * Rules: docs/markdown.md is the specification, its cases (docs/markdown-cases.json) decide, and
 * `core/markdown.py` follows the same steps. Words are never changed: what is no mark is shown as it
 * was written. No mark reaches across a line's end. Reading takes time in proportion to the length.
 * A tree of plain elements comes out, so nothing that people write is ever markup. No lookbehind:
 * older Safari has none.
 * Not here: elements.
 */

export type Tag =
  | "p"
  | "pre"
  | "blockquote"
  | "ul"
  | "ol"
  | "li"
  | "br"
  | "a"
  | "code"
  | "strong"
  | "em"
  | "s";

export interface Element {
  readonly tag: Tag;
  readonly children: readonly Node[];
  /** Of `a`. */
  readonly href?: string;
  /** Of a `li` in an `ol`: its number. */
  readonly value?: number;
}

export type Node = string | Element;

const NESTED = 4; // lists and quotes in each other

const SPACE = " \\t\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
// Letters and digits of scripts that part words.
const WORD =
  "0-9A-Za-z\\u00aa\\u00b5\\u00ba\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u0dff\\u10a0-\\u10ff" +
  "\\u1200-\\u177f\\u1800-\\u1fff\\u2c00-\\u2dff\\ua640-\\ua69f\\ua720-\\ua7ff\\ufb00-\\ufdff" +
  "\\ufe70-\\ufefc";
// In no address: white space, controls, what is not seen, what browsers turn or drop.
const UNFIT =
  "\\u0000-\\u0020\\u007f-\\u00a0\\u00ad\\u061c\\u1680\\u2000-\\u200f\\u2028-\\u202f" +
  '\\u205f-\\u206f\\u2800\\u3000\\u3164\\ufeff"<>`{|}\\\\^';
// What ends a bare address beside that: punctuation that is written without a space.
const CLOSING =
  "\\u2018-\\u201f\\u2026\\u3001-\\u3003\\u3008-\\u3011\\u3014-\\u301f" +
  "\\uff01\\uff08\\uff09\\uff0c\\uff1a\\uff1b\\uff1f\\uff5e";

const BLANK = new RegExp(`^[${SPACE}]*$`);
const FENCE = /^[ \t]*```[^`]*$/;
const FENCE_END = /^[ \t]*```+[ \t]*$/;
const QUOTE = /^ {0,3}>(?: |$)/;
const ITEM = new RegExp(
  `^([ \\t]*)(?:[-*]|(0|[1-9][0-9]{0,8})\\.)[ \\t]+(?![-*](?:[ \\t]|$))(?=[^${SPACE}])`,
);
const SCHEME = "[Hh][Tt][Tt][Pp][Ss]?://|[Mm][Aa][Ii][Ll][Tt][Oo]:";
const ADDRESSES = new RegExp(SCHEME, "g");
const SPECIAL = new RegExp(`\\\\+|\`+|\\*+|_+|~+|\\[+|${SCHEME}`, "g");
const ADDRESS_REST = new RegExp(`(?:(?!\\*\\*)[^${UNFIT}${CLOSING}])*`, "y");
const SAFE = new RegExp(
  `^(?:[Hh][Tt][Tt][Pp][Ss]?://(?:[^${UNFIT}/?#@:\\[\\]]+|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{1,5})?` +
    `(?:[/?#][^${UNFIT}]*)?` +
    `|[Mm][Aa][Ii][Ll][Tt][Oo]:[^${UNFIT}?@]+@[^${UNFIT}?@]+(?:\\?[^${UNFIT}]*)?)$`,
);
const CALLABLE = /^[Tt][Ee][Ll]:\+?[0-9][0-9().;=A-Za-z-]*$/;
const LINK_TEXT = /\[((?:\\[\s\S]|[^[\]\\])+)\]\((?=[HhMmTt])/y;
const LINK_STOP = new RegExp(`[()${UNFIT}\\[\\]]`, "g");

const MARKS: Readonly<Record<string, readonly Tag[]>> = {
  "*": ["em"],
  _: ["em"],
  "**": ["strong"],
  "***": ["strong", "em"],
  "~~": ["s"],
};
const ESCAPED = /[*_~`[\]]/;
// Where an opening mark does not stand: after these, before those; and a closing one.
const WORDS = new RegExp(`[${WORD}]`);
const NOT_AFTER = new RegExp(`[${WORD}/\\\\.=&#@%$+^]`);
const NOT_FIRST = new RegExp(`[${SPACE}/\\\\.,;:!?)\\]}=&%|]`);
const NOT_LAST = new RegExp(`[${SPACE}/\\\\=([{]`);
const NOT_BEFORE = new RegExp(`[${WORD}/\\\\=&#@%$+^]`);

/** The blocks of `text`, as agents and bots write it. */
export const readMarkdown = (text: string): Element[] => blocks(linesOf(text), 0);

/** `text` as visitors write it: lines, in which addresses are links and nothing is a mark. */
export function readPlain(text: string): Element[] {
  const lines = linesOf(text);
  return lines.every((line) => BLANK.test(line)) ? [] : [paragraph(lines, ADDRESSES)];
}

/** Whether a link of a message may lead there. */
export const isFollowable = (address: string): boolean =>
  SAFE.test(address) || CALLABLE.test(address);

const linesOf = (text: string): string[] => text.split(/\r\n?|\n/);

function blocks(lines: readonly string[], depth: number): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < lines.length; ) {
    at = block(lines, at, depth, found);
  }
  return found;
}

/** Puts the block that begins at line `at` into `found`; returns the line after it. */
function block(lines: readonly string[], at: number, depth: number, found: Element[]): number {
  const line = lines[at] ?? "";
  if (BLANK.test(line)) {
    return at + 1;
  }
  if (FENCE.test(line)) {
    const end = until(lines, at + 1, (each) => FENCE_END.test(each));
    const shift = columns(line);
    const code = lines.slice(at + 1, end).map((each) => dedent(each, shift));
    found.push({ tag: "pre", children: code.join("\n") ? [code.join("\n")] : [] });
    return end + 1;
  }
  if (depth < NESTED && QUOTE.test(line)) {
    const end = until(lines, at + 1, (each) => !QUOTE.test(each));
    const quoted = lines.slice(at, end).map((each) => each.replace(QUOTE, ""));
    found.push({ tag: "blockquote", children: blocks(quoted, depth + 1) });
    return end;
  }
  if (depth < NESTED && ITEM.test(line)) {
    return list(lines, at, depth, found);
  }
  const end = until(lines, at + 1, (each) => beginsBlock(each, depth));
  found.push(paragraph(lines.slice(at, end), SPECIAL));
  return end;
}

function until(lines: readonly string[], from: number, isEnd: (line: string) => boolean): number {
  let at = from;
  while (at < lines.length && !isEnd(lines[at] ?? "")) {
    at += 1;
  }
  return at;
}

function beginsBlock(line: string, depth: number): boolean {
  return (
    BLANK.test(line) ||
    FENCE.test(line) ||
    (depth < NESTED && (QUOTE.test(line) || ITEM.test(line)))
  );
}

/** Puts the list that begins at line `at` into `found`; returns the line after it. */
function list(lines: readonly string[], at: number, depth: number, found: Element[]): number {
  const inner = columns(lines[at] ?? "") + 2; // what is indented so far belongs to an item
  const ordered = ITEM.exec(lines[at] ?? "")?.[2] !== undefined;
  const items: Element[] = [];
  let end = at;
  for (let next = at; next < lines.length; next = skipBlank(lines, end)) {
    const line = lines[next] ?? "";
    const item = ITEM.exec(line);
    if (!item || columns(line) >= inner || (item[2] !== undefined) !== ordered) {
      break;
    }
    end = itemEnd(lines, next + 1, inner);
    const shift = Math.max(inner, item[0].length);
    const rest = lines.slice(next + 1, end).map((each) => dedent(each, shift));
    const inside = blocks([line.slice(item[0].length), ...rest], depth + 1);
    const children = inside[0]?.tag === "p" ? [...inside[0].children, ...inside.slice(1)] : inside;
    items.push({ tag: "li", children, ...(ordered && { value: Number(item[2]) }) });
  }
  found.push({ tag: ordered ? "ol" : "ul", children: items });
  return end;
}

function itemEnd(lines: readonly string[], from: number, inner: number): number {
  let end = from;
  for (let at = skipBlank(lines, from); at < lines.length; at = skipBlank(lines, end)) {
    if (columns(lines[at] ?? "") < inner) {
      break;
    }
    end = at + 1;
  }
  return end;
}

const skipBlank = (lines: readonly string[], from: number): number =>
  until(lines, from, (line) => !BLANK.test(line));

/** How far a line is indented; a tab counts four. */
function columns(line: string): number {
  const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
  return indent.length + 3 * (indent.split("\t").length - 1);
}

function dedent(line: string, by: number): string {
  let at = 0;
  for (let left = by; left > 0 && (line[at] === " " || line[at] === "\t"); at += 1) {
    left -= line[at] === "\t" ? 4 : 1;
  }
  return line.slice(at);
}

function paragraph(lines: readonly string[], special: RegExp): Element {
  const children = lines.flatMap((line, index) => [
    ...(index ? [{ tag: "br", children: [] } as const] : []),
    ...new Line(line, special).read(),
  ]);
  return { tag: "p", children };
}

/** Reads one line, from mark to mark. */
class Line {
  private readonly text: string;
  private readonly special: RegExp;
  /** It stands in a link, so it has none. */
  private readonly linked: boolean;
  private readonly out: Node[] = [];
  /** Marks, and where in `out` each stands. */
  private open = new Map<string, number>();
  /** Lengths of backticks that do not come again. */
  private readonly unclosed = new Set<number>();

  constructor(text: string, special: RegExp, linked = false) {
    this.text = text;
    this.special = special;
    this.linked = linked;
  }

  read(): Node[] {
    let at = 0;
    for (;;) {
      this.special.lastIndex = at;
      const found = this.special.exec(this.text);
      if (!found) {
        break;
      }
      this.out.push(this.text.slice(at, found.index));
      at = this.take(found.index, found.index + found[0].length);
    }
    this.out.push(this.text.slice(at));
    return joined(this.out);
  }

  /** Reads what begins with `at` to `end`; returns where to go on. */
  private take(at: number, end: number): number {
    switch (this.text[at]) {
      case "*":
      case "_":
      case "~":
        return this.mark(at, end);
      case "`":
        return this.code(at, end);
      case "[": // of several, the last begins a link
        return this.link(this.say(at, end - 1));
      case "\\":
        return this.escape(this.say(at, end - 1));
      default:
        return this.address(at, end);
    }
  }

  private say(at: number, end: number): number {
    this.out.push(this.text.slice(at, end));
    return end;
  }

  private escape(at: number): number {
    const from = ESCAPED.test(this.text[at + 1] ?? "") ? at + 1 : at;
    return this.say(from, from + 1);
  }

  private code(at: number, end: number): number {
    const length = end - at;
    const isApostrophe = WORDS.test(this.text[at - 1] ?? "");
    if (length <= 2 && !this.unclosed.has(length) && !isApostrophe) {
      const runs = /`+/g;
      runs.lastIndex = end;
      for (let run = runs.exec(this.text); run; run = runs.exec(this.text)) {
        if (run[0].length === length) {
          this.out.push({ tag: "code", children: [bare(this.text.slice(end, run.index))] });
          return run.index + length;
        }
      }
      this.unclosed.add(length);
    }
    return this.say(at, end);
  }

  private link(at: number): number {
    LINK_TEXT.lastIndex = at;
    const shown = this.linked ? null : LINK_TEXT.exec(this.text);
    if (shown?.[1] && !BLANK.test(shown[1])) {
      const from = at + shown[0].length;
      const end = this.linkEnd(from);
      const href = this.text.slice(from, end);
      if (isFollowable(href)) {
        const children = new Line(shown[1], SPECIAL, true).read();
        this.out.push({ tag: "a", children, href });
        return end + 1;
      }
    }
    return this.say(at, at + 1);
  }

  /** Where the bracket is closed before `from`; `from`: nowhere. */
  private linkEnd(from: number): number {
    let depth = 0;
    LINK_STOP.lastIndex = from;
    for (let stop = LINK_STOP.exec(this.text); stop; stop = LINK_STOP.exec(this.text)) {
      if (stop[0] === "(") {
        depth += 1;
      } else if (stop[0] !== ")") {
        break;
      } else if (depth === 0) {
        return stop.index;
      } else {
        depth -= 1;
      }
    }
    return from;
  }

  private mark(at: number, end: number): number {
    const { text } = this;
    const mark = text.slice(at, end);
    const before = text[at - 1] ?? "";
    const after = text[end] ?? "";
    if (MARKS[mark]) {
      if (this.open.has(mark) && !NOT_LAST.test(before) && !NOT_BEFORE.test(after)) {
        this.close(mark);
        return end;
      }
      if (after && !NOT_FIRST.test(after) && !NOT_AFTER.test(before)) {
        this.open.set(mark, this.out.length);
      }
    }
    return this.say(at, end);
  }

  private close(mark: string): void {
    const at = this.open.get(mark) ?? 0;
    this.open = new Map([...this.open].filter(([, place]) => place < at));
    let children: Node[] = joined(this.out.splice(at).slice(1));
    for (const tag of [...(MARKS[mark] ?? [])].reverse()) {
      children = [{ tag, children }];
    }
    this.out.push(...children);
  }

  private address(at: number, begun: number): number {
    if (/[0-9A-Za-z]/.test(this.text[at - 1] ?? "")) {
      return this.say(at, begun);
    }
    ADDRESS_REST.lastIndex = at;
    const rest = ADDRESS_REST.exec(this.text)?.[0] ?? "";
    const end = Math.max(begun, at + lengthOf(rest));
    const address = this.text.slice(at, end);
    if (this.linked || !SAFE.test(address)) {
      return this.say(at, end);
    }
    this.out.push({ tag: "a", children: [address], href: address });
    return end;
  }
}

/** How long an address is without a sentence's own punctuation and brackets. */
function lengthOf(address: string): number {
  const more = { ")": excess(address, "(", ")"), "]": excess(address, "[", "]") };
  let end = address.length;
  for (; end > 0; end -= 1) {
    const last = address[end - 1] ?? "";
    if ((last === ")" || last === "]") && more[last] > 0) {
      more[last] -= 1;
    } else if (!".,;:!?'*_~".includes(last)) {
      break;
    }
  }
  return end;
}

const excess = (text: string, opening: string, closing: string): number =>
  text.split(closing).length - text.split(opening).length;

/** A blank on both sides only keeps backticks apart. */
function bare(code: string): string {
  const framed = code.length > 2 && code.startsWith(" ") && code.endsWith(" ");
  return framed && /[^ ]/.test(code) ? code.slice(1, -1) : code;
}

/** Texts that stand side by side are one. */
function joined(nodes: readonly Node[]): Node[] {
  const whole: Node[] = [];
  let said = "";
  for (const node of nodes) {
    if (typeof node === "string") {
      said += node;
    } else {
      whole.push(...(said ? [said] : []), node);
      said = "";
    }
  }
  return said ? [...whole, said] : whole;
}
