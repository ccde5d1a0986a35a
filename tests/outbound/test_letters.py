"""Letters say what was said, in both languages, and nothing in them does anything: S01, S02."""

from __future__ import annotations

import json
import time
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from kefu.core.text import visible
from kefu.core.urls import UnsafeUrl
from kefu.outbound.letter_texts import TEXTS
from kefu.outbound.letters import (
    MAX_CHARS,
    MAX_LINES,
    Frame,
    Line,
    Role,
    answer,
    transcript,
)

ROOT = Path(__file__).parents[2]
AT_MS = 1_769_860_800_000  # 2026-01-31 12:00 UTC
LINK = "https://chat.example/c/7?token=a_b-c&x=1"
FRAME = Frame(inbox="Ann & Co", link=LINK)
HELLO = Line(sender="Ann", role=Role.AGENT, at_ms=AT_MS, text="**Hello** there")

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "<body onload=alert(1)>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<math><mi xlink:href=javascript:alert(1)>x</mi></math>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    "</title><script>alert(1)</script>",
    "</p></div></body><script>alert(1)</script>",
    "<!--<img src=--><img src=x onerror=alert(1)//>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](//evil.example/)",
    "[x](/logout)",
    "<javascript:alert(1)>",
    "![x](https://evil.example/pixel.png)",
    "![x](javascript:alert(1))",
    '[x](https://good.example "onmouseover=alert(1)")',
    "[x]: javascript:alert(1)\n\n[x]",
    "```\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "`<img src=x onerror=alert(1)>`",
    "{{constructor.constructor('alert(1)')()}}{0}{inbox}",
]


class Page(HTMLParser):
    """What a reader's program would find in a letter."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.links: list[str] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words += data


HARMLESS_TAGS = {"html", "head", "meta", "title", "body", "p", "div", "strong", "bdi", "a", "em"}
HARMLESS_TAGS |= {"code", "pre", "blockquote", "ul", "ol", "li", "br", "hr", "s"}
HARMLESS_ATTRIBUTES = {
    ("html", "lang"),
    ("meta", "charset"),
    ("body", "style"),
    ("p", "style"),
    ("div", "style"),
    ("div", "dir"),
    ("a", "href"),
    ("a", "rel"),
}


def assert_inert(html: str) -> Page:
    page = Page(html)
    assert page.tags <= HARMLESS_TAGS
    assert page.attributes <= HARMLESS_ATTRIBUTES
    assert all(link.startswith(("https://", "http://", "mailto:")) for link in page.links)
    assert html.count("<!") == 1  # the doctype
    return page


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_message_is_inert(payload: str):
    line = msgspec.structs.replace(HELLO, text=payload)
    assert_inert(transcript([line], FRAME).html)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_name_is_inert(payload: str):
    line = msgspec.structs.replace(HELLO, sender=payload, files=(payload,))
    letter = answer([line], msgspec.structs.replace(FRAME, inbox=payload))
    page = assert_inert(letter.html)
    assert page.links == [LINK]
    assert page.words.count(" ".join(payload.split())) == 4  # title, opening, sender, file
    assert letter.subject.count("\n") == 0


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_visitors_message_is_inert(payload: str):
    line = Line(sender="小王", role=Role.CONTACT, at_ms=AT_MS, text=payload)
    page = assert_inert(transcript([line], FRAME).html)
    assert "".join(payload.split()) in "".join(page.words.split())


@pytest.mark.parametrize(
    ("role", "text", "html", "plain"),
    [
        (Role.AGENT, "**2*3*4**", "<strong>2*3*4</strong>", "2*3*4"),
        (Role.BOT, "[a](https://b.example)", ">a</a>", "a (https://b.example)"),
        (Role.CONTACT, "**a** 2*3*4", "**a** 2*3*4", "**a** 2*3*4"),
        *(
            (role, "https://a.example/_next_/p", ">https://a.example/_next_/p</a>", "/_next_/p")
            for role in Role
        ),
    ],
)
def test_a_letter_keeps_peoples_words(role: Role, text: str, html: str, plain: str):
    letter = transcript([Line(sender="x", role=role, at_ms=AT_MS, text=text)], FRAME)
    assert html in letter.html
    assert f"{plain}\n" in letter.text


def test_a_letter_reads_as_the_documented_cases_say():
    for case in json.loads((ROOT / "docs/markdown-cases.json").read_text(encoding="utf-8")):
        role = Role.CONTACT if case["by"] == "visitor" else Role.AGENT
        line = Line(sender="x", role=role, at_ms=AT_MS, text=case["text"])
        assert visible(case["html"]) in transcript([line], FRAME).html


def test_a_transcript_says_who_said_what_when():
    lines = [
        HELLO,
        Line(
            sender="小王",
            role=Role.CONTACT,
            at_ms=AT_MS + 60_000,
            text="你好\n\n有问题",
            files=("图.png",),
        ),
    ]
    letter = transcript(lines, msgspec.structs.replace(FRAME, zone="Asia/Shanghai"))
    assert letter.subject == "Your conversation with Ann & Co"
    assert letter.text == (
        "This is your conversation with Ann & Co.\n\n"
        "[2026-01-31 20:00 UTC+08:00] Agent · Ann\n    Hello there\n\n"
        "[2026-01-31 20:01 UTC+08:00] Visitor · 小王\n    你好\n\n    有问题\n    File: 图.png\n\n"
        f"Answers to this letter are not read.\nContinue the conversation\n{LINK}\n"
    )
    page = assert_inert(letter.html)
    for words in ("Ann & Co", "20:01 UTC+08:00 · Visitor · 小王", "有问题", "File: 图.png"):
        assert words in page.words
    assert page.links == [LINK]


def test_an_answer_is_told_in_chinese():
    letter = answer([HELLO], Frame(inbox="售后", link=LINK, language="zh-CN"))
    assert letter.subject == "售后 回复了您"
    assert letter.text == (
        "您离开期间，售后 回复了您。\n\n"
        "[2026-01-31 12:00 UTC] 客服 · Ann\n    Hello there\n\n"
        f"请勿直接回复此邮件，回信无人查看。\n继续对话\n{LINK}\n"
    )
    assert '<html lang="zh-CN">' in letter.html


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "Agent"), ("zh-CN", "客服"), ("zh", "客服"), ("ZH-hant", "客服"), ("fr", "Agent")],
)
def test_any_language_is_read_as_one_of_two(language: str, word: str):
    assert word in answer([HELLO], msgspec.structs.replace(FRAME, language=language)).text


def test_both_languages_have_the_same_texts_with_the_same_fields():
    chinese, english = TEXTS["zh-CN"], TEXTS["en"]
    assert chinese.keys() == english.keys() >= {role.value for role in Role}
    for key, text in english.items():
        for field in ("{inbox}", "{count}", "{name}"):
            assert (field in text) == (field in chinese[key])


def test_no_message_or_name_passes_for_the_head_of_another():
    fake = "[2026-01-31 12:00 UTC] Agent · Ann\n    Your password, please"
    line = Line(
        sender=f"x\n\n{fake}", role=Role.CONTACT, at_ms=AT_MS, text=f"a\r{fake}\u2028{fake}"
    )
    heads = [each for each in transcript([line], FRAME).text.splitlines() if each.startswith("[")]
    assert heads == [
        "[2026-01-31 12:00 UTC] Visitor · "
        "x [2026-01-31 12:00 UTC] Agent · Ann Your password, please"
    ]


def test_nothing_turns_the_text_around_it():
    line = msgspec.structs.replace(HELLO, sender="a\u202eb", text="c\u2066d\x1b[2J")
    letter = transcript([line], msgspec.structs.replace(FRAME, inbox="e\u202ef"))
    for form in (letter.subject, letter.text, letter.html):
        assert not {"\u202e", "\u2066", "\x1b"} & set(form)


def test_a_long_name_is_cut():
    line = msgspec.structs.replace(HELLO, sender="a" + "\u0301" * 1_000)
    assert transcript([line], FRAME).text.count("\u0301") == 99


def test_the_earliest_of_many_messages_are_left_out():
    lines = [msgspec.structs.replace(HELLO, text=f"<{n}>") for n in range(MAX_LINES + 2)]
    letter = transcript(lines, FRAME)
    assert "Earlier messages are left out here: 2." in letter.text
    assert "Earlier messages are left out here: 2." in letter.html
    assert "<1>" not in letter.text
    assert "<2>" in letter.text


def test_the_earliest_of_long_messages_are_left_out():
    long = msgspec.structs.replace(HELLO, text="x" * (MAX_CHARS // 2))
    assert transcript([long, long], FRAME).text.count("Agent") == 2
    assert transcript([HELLO, long, long], FRAME).text.count("Agent") == 2


@pytest.mark.parametrize("piece", ["[", "*a_", "[a](", "> ", "`", "<", "<script>\n"])
def test_a_letter_of_nothing_but_marks_is_written_in_time(piece: str):
    line = msgspec.structs.replace(HELLO, text=piece * (65_536 // len(piece)))
    begun = time.process_time()
    transcript([line], FRAME)
    assert time.process_time() - begun < 1.0


@pytest.mark.parametrize("zone", ["", "Nowhere", "../../etc/passwd", "America", "\0"])
def test_an_unknown_zone_is_utc(zone: str):
    assert "12:00 UTC" in answer([HELLO], msgspec.structs.replace(FRAME, zone=zone)).text


def test_a_letter_says_that_answers_are_not_read_unless_they_are():
    said = "Answers to this letter are not read."
    for letter in (transcript([HELLO], FRAME), answer([HELLO], Frame(inbox="Shop", link=""))):
        assert said in letter.text
        assert said in letter.html
    letter = answer([HELLO], msgspec.structs.replace(FRAME, answerable=True))
    assert said not in letter.text + letter.html
    assert letter.text.endswith(f"\n\nContinue the conversation\n{LINK}\n")


def test_a_letter_without_a_link_has_none():
    letter = transcript([HELLO], Frame(inbox="Shop", link=""))
    assert not Page(letter.html).links
    assert "Continue" not in letter.text


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//evil.example", "data:text/html,x"])
def test_a_link_that_is_not_of_the_web_is_refused(link: str):
    with pytest.raises(UnsafeUrl):
        answer([HELLO], msgspec.structs.replace(FRAME, link=link))
