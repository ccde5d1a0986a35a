"""The Markdown of messages: one small dialect, read alike here and by the pages.

Rules: docs/markdown.md is the specification, its cases (docs/markdown-cases.json) decide, and
``web/shared/src/core/markdown.ts`` follows the same steps. Words are never changed: what is no mark
by these rules is shown as it was written, numbers of lists are kept, marks inside words are text.
No mark reaches across a line's end. Reading takes time in proportion to the length, whatever the
text: every scan either is used up or ends where the next one begins, and nesting is bounded.
A tree of plain elements comes out, so nothing that people write is ever markup.
Not here: who writes Markdown and whose text is plain (``reading``'s callers), drawing (``web``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

import msgspec

NESTED = 4  # lists and quotes in each other

# Classes of characters, in the Basic Multilingual Plane, so that JavaScript reads them alike.
_SPACE = " \t\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# Letters and digits of scripts that part words; Chinese, Japanese, Korean, Thai … do not.
_WORD = (
    "0-9A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0dff\u10a0-\u10ff\u1200-\u177f"
    "\u1800-\u1fff\u2c00-\u2dff\ua640-\ua69f\ua720-\ua7ff\ufb00-\ufdff\ufe70-\ufefc"
)
# In no address: white space, controls, what is not seen, what browsers turn or drop.
_UNFIT = (
    "\u0000-\u0020\u007f-\u00a0\u00ad\u061c\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000"
    '\u3164\ufeff"<>`{|}\\\\^'
)
# What ends a bare address beside that: punctuation that Chinese and Japanese write without a space.
_CLOSING = (
    "\u2018-\u201f\u2026\u3001-\u3003\u3008-\u3011\u3014-\u301f"
    "\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f\uff5e"
)

_BEGIN = re.compile(f"[{_SPACE}]*(?:$|```|[-*>0-9])")  # of what may be no paragraph
_BLANK = re.compile(f"[{_SPACE}]*")
_INDENT = re.compile("[ \t]*")
_FENCE = re.compile("[ \t]*```[^`]*")
_FENCE_END = re.compile("[ \t]*```+[ \t]*")
_QUOTE = re.compile(" {0,3}>(?: |$)")
_ITEM = re.compile(
    rf"([ \t]*)(?:[-*]|(0|[1-9][0-9]{{0,8}})\.)[ \t]+(?![-*](?:[ \t]|$))(?=[^{_SPACE}])"
)

_ADDRESS_BEGIN = "[Hh][Tt][Tt][Pp][Ss]?://|[Mm][Aa][Ii][Ll][Tt][Oo]:"
_ADDRESSES = re.compile(_ADDRESS_BEGIN)
_SPECIAL = re.compile(rf"\\+|`+|\*+|_+|~+|\[+|{_ADDRESS_BEGIN}")
_ADDRESS_REST = re.compile(rf"(?:(?!\*\*)[^{_UNFIT}{_CLOSING}])*")
_SAFE = re.compile(
    rf"[Hh][Tt][Tt][Pp][Ss]?://(?:[^{_UNFIT}/?#@:\[\]]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{{1,5}})?"
    rf"(?:[/?#][^{_UNFIT}]*)?"
    rf"|[Mm][Aa][Ii][Ll][Tt][Oo]:[^{_UNFIT}?@]+@[^{_UNFIT}?@]+(?:\?[^{_UNFIT}]*)?"
)
_CALLABLE = re.compile(r"[Tt][Ee][Ll]:\+?[0-9][0-9().;=A-Za-z-]*")
_ALNUM = re.compile("[0-9A-Za-z]")
_CODE = re.compile("`+")
_LINK_TEXT = re.compile(r"\[((?:\\[\s\S]|[^\[\]\\])+)\]\((?=[HhMmTt])")
_LINK_STOP = re.compile(rf"[(){_UNFIT}\[\]]")


def _members(chars: str) -> frozenset[str]:
    """The characters of a class: looking one up takes a fifth of a match's time."""
    ends = ((first, last or first) for first, last in re.findall("(.)(?:-(.))?", chars))
    return frozenset(chr(one) for first, last in ends for one in range(ord(first), ord(last) + 1))


_MARKS: dict[str, tuple[str, ...]] = {
    "*": ("em",),
    "_": ("em",),
    "**": ("strong",),
    "***": ("strong", "em"),
    "~~": ("s",),
}
_ESCAPED = frozenset("*_~`[]")
# Where an opening mark does not stand: after these, before those; and a closing one.
_WORDS, _SPACES = _members(_WORD), _members(_SPACE)
_NOT_AFTER = _WORDS | frozenset("/\\.=&#@%$+^")
_NOT_FIRST = _SPACES | frozenset("/\\.,;:!?)]}=&%|")
_NOT_LAST = _SPACES | frozenset("/\\=([{")
_NOT_BEFORE = _WORDS | frozenset("/\\=&#@%$+^")
_PAIRS = {")": "(", "]": "["}
_ENDS = frozenset(".,;:!?'*_~")


class Element(msgspec.Struct, frozen=True, gc=False):
    """``tag``: p, pre, blockquote, ul, ol, li, br, a, code, strong, em, s."""

    tag: str
    children: tuple[Node, ...] = ()
    href: str = ""  # of a
    value: int | None = None  # of a li in an ol: its number


Node = str | Element


def read_markdown(text: str) -> tuple[Element, ...]:
    """The blocks of ``text``, as agents and bots write it."""
    return tuple(_blocks(_lines(text), 0))


def read_plain(text: str) -> tuple[Element, ...]:
    """``text`` as visitors write it: lines, in which addresses are links and nothing is a mark."""
    lines = _lines(text)
    return () if all(map(_BLANK.fullmatch, lines)) else (_paragraph(lines, plain=True),)


def is_followable(address: str) -> bool:
    """Whether a link of a message may lead there."""
    return bool(_SAFE.fullmatch(address) or _CALLABLE.fullmatch(address))


def to_html(nodes: Iterable[Node]) -> str:
    """The tree as HTML; all that people wrote is escaped."""
    return "".join(map(_html, nodes))


def to_text(blocks: Iterable[Element]) -> str:
    """The tree for a reader of plain text: without marks, with the addresses of links."""
    return "\n\n".join("\n".join(_text_lines(block)) for block in blocks)


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


# Blocks.


def _blocks(lines: Sequence[str], depth: int) -> Iterator[Element]:
    at = 0
    while at < len(lines):
        line = lines[at]
        if not _BEGIN.match(line):  # as nearly all
            yield _paragraph(lines[at : (end := _paragraph_end(lines, at + 1, depth))])
            at = end
        elif _BLANK.fullmatch(line):
            at += 1
        elif _FENCE.fullmatch(line):
            end = at + 1
            while end < len(lines) and not _FENCE_END.fullmatch(lines[end]):
                end += 1
            shift = _columns(line)
            code = "\n".join(_dedent(each, shift) for each in lines[at + 1 : end])
            yield Element("pre", (code,) if code else ())
            at = end + 1
        elif depth < NESTED and _QUOTE.match(line):
            end = at
            while end < len(lines) and _QUOTE.match(lines[end]):
                end += 1
            quoted = [_QUOTE.sub("", each, count=1) for each in lines[at:end]]
            yield Element("blockquote", tuple(_blocks(quoted, depth + 1)))
            at = end
        elif depth < NESTED and _ITEM.match(line):
            element, at = _list(lines, at, depth)
            yield element
        else:
            yield _paragraph(lines[at : (end := _paragraph_end(lines, at + 1, depth))])
            at = end


def _paragraph_end(lines: Sequence[str], at: int, depth: int) -> int:
    while at < len(lines) and not _begins_block(lines[at], depth):
        at += 1
    return at


def _begins_block(line: str, depth: int) -> bool:
    if not _BEGIN.match(line):
        return False
    if _BLANK.fullmatch(line) or _FENCE.fullmatch(line):
        return True
    return depth < NESTED and bool(_QUOTE.match(line) or _ITEM.match(line))


def _list(lines: Sequence[str], at: int, depth: int) -> tuple[Element, int]:
    """The list that begins at line ``at``, and the line after it."""
    first = _ITEM.match(lines[at])
    inner = _columns(lines[at]) + 2  # what is indented so far belongs to an item
    ordered = first is not None and first[2] is not None
    items: list[Element] = []
    following = at
    while following < len(lines):
        item = _ITEM.match(lines[following])
        if not item or _columns(lines[following]) >= inner or (item[2] is not None) != ordered:
            break
        at = _item_end(lines, following + 1, inner)
        shift = max(inner, item.end())
        content = [lines[following][item.end() :]]
        content += [_dedent(each, shift) for each in lines[following + 1 : at]]
        items.append(_item(content, item[2], depth))
        following = _skip_blank(lines, at)
    return Element("ol" if ordered else "ul", tuple(items)), at


def _item(content: Sequence[str], number: str | None, depth: int) -> Element:
    blocks = [*_blocks(content, depth + 1)]
    children: tuple[Node, ...] = tuple(blocks)
    if blocks and blocks[0].tag == "p":
        children = (*blocks[0].children, *blocks[1:])
    return Element("li", children, value=None if number is None else int(number))


def _item_end(lines: Sequence[str], at: int, inner: int) -> int:
    """The line after those, from ``at`` on, that are indented by ``inner`` columns."""
    end = at
    while (at := _skip_blank(lines, at)) < len(lines) and _columns(lines[at]) >= inner:
        at += 1
        end = at
    return end


def _skip_blank(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and _BLANK.fullmatch(lines[at]):
        at += 1
    return at


def _columns(line: str) -> int:
    """How far a line is indented; a tab counts four."""
    indent = _INDENT.match(line)
    return sum(4 if char == "\t" else 1 for char in indent[0]) if indent else 0


def _dedent(line: str, columns: int) -> str:
    at = 0
    while at < len(line) and columns > 0 and line[at] in " \t":
        columns -= 4 if line[at] == "\t" else 1
        at += 1
    return line[at:]


def _paragraph(lines: Sequence[str], *, plain: bool = False) -> Element:
    nodes: list[Node] = []
    for number, line in enumerate(lines):
        if number:
            nodes.append(Element("br"))
        if (_ADDRESSES if plain else _SPECIAL).search(line):
            nodes += _Line(line, plain=plain).read()
        elif line:
            nodes.append(line)
    return Element("p", tuple(nodes))


# What is in a line.


class _Line:
    """Reads one line, from mark to mark. ``linked``: it stands in a link, so it has none."""

    def __init__(self, text: str, *, plain: bool = False, linked: bool = False) -> None:
        self._text = text
        self._linked = linked
        self._special = _ADDRESSES if plain else _SPECIAL
        self._out: list[Node] = []
        self._open: dict[str, int] = {}  # marks, and where in ``_out`` each stands
        self._unclosed: set[int] = set()  # lengths of backticks that do not come again

    def read(self) -> list[Node]:
        at, text, search = 0, self._text, self._special.search
        while found := search(text, at):
            begin, end = found.span()
            if begin > at:
                self._out.append(text[at:begin])
            at = self._take(begin, end)
        self._out.append(text[at:])
        return _joined(self._out)

    def _take(self, at: int, end: int) -> int:
        """Read what begins with ``at`` to ``end``: a run of one sign, or an address's scheme.

        Returns where to go on.
        """
        match self._text[at]:
            case "*" | "_" | "~":
                return self._mark(at, end)
            case "`":
                return self._code(at, end)
            case "[":  # of several, the last begins a link
                return self._link(end - 1 if end - at == 1 else self._say(end - 1, at))
            case "\\":
                return self._escape(end - 1 if end - at == 1 else self._say(end - 1, at))
        return self._address(at, end)

    def _say(self, end: int, at: int) -> int:
        self._out.append(self._text[at:end])
        return end

    def _escape(self, at: int) -> int:
        if self._text[at + 1 : at + 2] in _ESCAPED:
            at += 1
        return self._say(at + 1, at)

    def _code(self, at: int, end: int) -> int:
        length = end - at
        is_apostrophe = at > 0 and self._text[at - 1] in _WORDS
        if length <= 2 and length not in self._unclosed and not is_apostrophe:
            for closing in _CODE.finditer(self._text, end):
                if closing.end() - closing.start() == length:
                    self._out.append(Element("code", (_bare(self._text[end : closing.start()]),)))
                    return closing.end()
            self._unclosed.add(length)
        return self._say(end, at)

    def _link(self, at: int) -> int:
        shown = None if self._linked else _LINK_TEXT.match(self._text, at)
        if shown is None or _BLANK.fullmatch(shown[1]):
            return self._say(at + 1, at)
        depth = 0
        for stop in _LINK_STOP.finditer(self._text, shown.end()):
            depth += {"(": 1, ")": -1}.get(stop[0], len(self._text))
            if depth < 0:
                href = self._text[shown.end() : stop.start()]
                if not is_followable(href):
                    break
                children = _Line(shown[1], linked=True).read()
                self._out.append(Element("a", tuple(children), href=href))
                return stop.end()
            if depth >= len(self._text):
                break
        return self._say(at + 1, at)

    def _mark(self, at: int, end: int) -> int:
        text = self._text
        mark, before, after = text[at:end], text[at - 1 : at] if at else "", text[end : end + 1]
        if mark in _MARKS:
            if mark in self._open and before not in _NOT_LAST and after not in _NOT_BEFORE:
                self._close(mark)
                return end
            if after and after not in _NOT_FIRST and before not in _NOT_AFTER:
                self._open[mark] = len(self._out)
        return self._say(end, at)

    def _close(self, mark: str) -> None:
        at = self._open[mark]
        self._open = {other: place for other, place in self._open.items() if place < at}
        children: tuple[Node, ...] = tuple(_joined(self._out[at + 1 :]))
        for tag in reversed(_MARKS[mark]):
            children = (Element(tag, children),)
        self._out[at:] = children

    def _address(self, at: int, begun: int) -> int:
        if at and _ALNUM.match(self._text, at - 1):
            return self._say(begun, at)
        rest = _ADDRESS_REST.match(self._text, at)
        end = max(begun, _address_end(self._text, at, rest.end() if rest else at))
        address = self._text[at:end]
        if self._linked or not _SAFE.fullmatch(address):
            return self._say(end, at)
        self._out.append(Element("a", (address,), href=address))
        return end


def _address_end(text: str, begin: int, end: int) -> int:
    """Where an address ends: without a sentence's own punctuation and brackets."""
    more = {
        char: text.count(char, begin, end) - text.count(_PAIRS[char], begin, end) for char in _PAIRS
    }
    while end > begin:
        last = text[end - 1]
        if more.get(last, 0) > 0:
            more[last] -= 1
        elif last not in _ENDS:
            break
        end -= 1
    return end


def _bare(code: str) -> str:
    """A blank on both sides only keeps backticks apart."""
    framed = len(code) > 2 and code[0] == code[-1] == " " and code.strip(" ")
    return code[1:-1] if framed else code


def _joined(nodes: Sequence[Node]) -> list[Node]:
    """Texts that stand side by side are one."""
    if not any(isinstance(node, Element) for node in nodes):
        return [text] if (text := "".join(map(str, nodes))) else []
    joined: list[Node] = []
    for is_text, group in groupby(nodes, lambda node: isinstance(node, str)):
        if not is_text:
            joined += group
        elif text := "".join(map(str, group)):
            joined.append(text)
    return joined


# Out of the tree.


def _html(node: Node) -> str:
    if isinstance(node, str):
        return escape(node)
    inner = "".join(map(_html, node.children))
    match node.tag:
        case "br":
            return "<br>"
        case "pre":
            return f"<pre><code>{inner}</code></pre>"
        case "a":
            rel = "noopener noreferrer nofollow"
            return f'<a href="{escape(node.href)}" rel="{rel}">{inner}</a>'
        case "li" if node.value is not None:
            return f'<li value="{node.value}">{inner}</li>'
    return f"<{node.tag}>{inner}</{node.tag}>"


def _text_lines(block: Element) -> list[str]:
    match block.tag:
        case "blockquote":
            inner = to_text(each for each in block.children if isinstance(each, Element))
            return [f"> {line}".rstrip(" ") for line in inner.split("\n")]
        case "ul" | "ol":
            items = (item for item in block.children if isinstance(item, Element))
            return [line for item in items for line in _item_lines(item)]
    return _words(block).split("\n")


def _item_lines(item: Element) -> Iterator[str]:
    said: list[Node] = []
    nested: list[str] = []
    for child in item.children:
        if isinstance(child, Element) and child.tag in _BLOCKS:
            nested += _text_lines(child)
        else:
            said.append(child)
    mark = "- " if item.value is None else f"{item.value}. "
    own = _words(Element("p", tuple(said))).split("\n") if said else []
    for number, line in enumerate([*own, *nested]):
        yield (mark if number == 0 else " " * len(mark)) + line


_BLOCKS = frozenset({"p", "pre", "blockquote", "ul", "ol"})


def _words(node: Node) -> str:
    if isinstance(node, str):
        return node
    inner = "".join(map(_words, node.children))
    match node.tag:
        case "br":
            return "\n"
        case "s":
            return f"~~{inner}~~"  # without its marks it would say the opposite
        case "a" if node.href not in (inner, f"mailto:{inner}", f"tel:{inner}"):
            return f"{inner} ({node.href})"
    return inner
