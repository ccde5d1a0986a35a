"""A text has one reading: the documented cases, the page's reader, and never anything but text."""

from __future__ import annotations

import gc
import json
import random
import shutil
import subprocess
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.core.markdown import (
    Node,
    is_followable,
    read_markdown,
    read_plain,
    to_html,
    to_text,
)

HOUSE = Path(__file__).parents[2]
CASES = json.loads((HOUSE / "docs/markdown-cases.json").read_text(encoding="utf-8"))
READERS = {"team": read_markdown, "visitor": read_plain}
SIGNS = (
    *("*", "**", "***", "_", "__", "~~", "~", "`", "``", "```", "\\", "[", "]", "](", ")", "("),
    *("> ", "- ", "* ", "1. ", "10. ", "  ", "   ", "\t", "\n", "\n", "\n\n", "\r", "\r\n", " "),
    *("http://", "https://a.b", "https://a.b/x_y_(z)", "HTTPS://", "mailto:a@b.c", "tel:+1", "@"),
    *("[a](https://b.c)", "[*a*](https://b.c/d)", "a", "b", "Z", "7", "é", "ж", "我", "。", "）"),
    *("😀", "𝒜", "👩\u200d💻", "\u00a0", "\u3000", "\u200b", "\u202e", "\u2028", "\u2800", "\x00"),
    *("<", "&", '"', "'", ".", ",", ":", "/", "=", "!", "?", "|", "#", "+", "$", "^", "{", "}"),
)
# What its reader finds, in one shape for both languages: [tag, href, value, children].
_NODE = """
import { readMarkdown, readPlain } from "./markdown.mjs";
const shape = (node) => typeof node === "string" ? node
  : [node.tag, node.href ?? "", node.value ?? null, node.children.map(shape)];
let said = "";
for await (const chunk of process.stdin.setEncoding("utf8")) said += chunk;
const read = (text) => [readMarkdown(text), readPlain(text)].map((tree) => tree.map(shape));
process.stdout.write(JSON.stringify(JSON.parse(said).map(read)));
"""


def shape(node: Node) -> Any:
    if isinstance(node, str):
        return node
    return [node.tag, node.href, node.value, [shape(each) for each in node.children]]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_text_reads_as_documented(case: dict[str, str]):
    tree = READERS[case["by"]](case["text"])
    assert to_html(tree) == case["html"]
    assert to_text(tree) == case["plain"]


def test_the_page_reads_any_text_as_the_letters_do(tmp_path: Path):
    web = HOUSE / "web"
    source = web / "shared/src/core/markdown.ts"
    built = tmp_path / "markdown.mjs"
    node = shutil.which("node")
    assert node is not None
    bundler = web / "node_modules/rolldown/bin/cli.mjs"
    subprocess.run(
        [node, str(bundler), str(source), "--format", "esm", "-o", str(built)],
        check=True,
        capture_output=True,
    )
    (tmp_path / "read.mjs").write_text(_NODE, encoding="utf-8")
    draw = random.Random(20)
    texts = ["".join(draw.choices(SIGNS, k=draw.randrange(1, 30))) for _ in range(6_000)]
    read = subprocess.run(
        [node, str(tmp_path / "read.mjs")],
        input=json.dumps(texts).encode(),
        check=True,
        capture_output=True,
    )
    for text, theirs in zip(texts, json.loads(read.stdout), strict=True):
        ours = [[shape(node) for node in reader(text)] for reader in READERS.values()]
        assert ours == theirs, ascii(text)


class _Page(HTMLParser):
    """What a browser would find."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words += data


@given(st.lists(st.sampled_from(SIGNS) | st.text(max_size=3), max_size=25).map("".join))
def test_whatever_is_written_is_text_and_links_that_can_be_followed(text: str):
    page = _Page(to_html(read_markdown(text)))
    assert page.tags <= {"p", "pre", "blockquote", "ul", "ol", "li", "br"} | {
        *("a", "code", "strong", "em", "s")
    }
    assert all(is_followable(link) for link in page.links)


@given(st.text(max_size=80))
def test_a_visitors_words_stay_as_they_are(text: str):
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    tree = read_plain(text)
    assert to_text(tree) == (lines if tree else "")


@given(
    mark=st.sampled_from(["*", "_", "**", "***", "~~", "`"]),
    parts=st.lists(st.text("aZé7жα", min_size=1), min_size=2, max_size=9),
)
def test_no_mark_inside_words_is_one(mark: str, parts: list[str]):
    word = mark.join(parts)
    assert to_html(read_markdown(word)) == f"<p>{word}</p>"


REPEATED = (
    *("[a](", "[", "*a ", "*a* ", "*", "*_", "`", "`a ", "``a`", "~~a ", "> ", "\n> a", "\n- a"),
    *("  - a\n", "http://", "https://a.b ", "https://a.b/((", "https://a.)", "[a](http://", "\\*"),
    *("\\", "_a_ ", "](", "((", "a\n\n", "\n\n", "\t", " - ", "mailto:", "```\n", "[`a`]("),
)


@pytest.mark.parametrize("mark", REPEATED, ids=ascii)
def test_sixty_thousand_marks_are_read_in_time_in_proportion(mark: str):
    part, whole = _cpu_ms(mark, 15_000), _cpu_ms(mark, 60_000)
    assert whole < 400
    assert whole < 9 * max(part, 3)  # 4 in proportion, 16 with the square


def _cpu_ms(mark: str, chars: int) -> float:
    text = (mark * (chars // len(mark) + 1))[:chars]
    times = []
    gc.disable()  # its runs depend on all that the other tests have left
    for _ in range(3):
        begun = time.process_time()
        to_html(read_markdown(text))
        read_plain(text)
        times.append((time.process_time() - begun) * 1000)
    gc.enable()
    return min(times)
