"""The page on the console lists every hook for tests and everything that the browser keeps."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import ROOT, rows

PAGES = ("docs/console.md", "docs/console.zh-CN.md")
HEADINGS = {
    "hooks": ("## Hooks for tests", "## 供测试使用的标记"),
    "keys": ("## Keys", "## 快捷键"),
    "kept": ("## What is kept in the browser", "## 浏览器里保存什么"),
}
HOOKS = {
    *(
        "conversation-card",
        "message",
        "composer",
        "send",
        "attach",
        "attachment",
        "canned",
        "completion",
        "note",
        "resolve",
    ),
    *("acts", "quote", "quoted", "emoji", "more", "block"),
    *("record", "voice"),
    *("tab-mine", "tab-queue", "tab-all", "accept", "banner"),
}


def sources() -> str:
    """The console's own sources, their tests apart."""
    found = sorted((ROOT / "web" / "console" / "src").rglob("*.ts*"))
    return "\n".join(one.read_text("utf-8") for one in found if ".test." not in one.name)


def listed(page: str, what: str) -> set[str]:
    heading = HEADINGS[what][PAGES.index(page)]
    return {row[0].strip("`") for row in rows(page, heading)}


@pytest.mark.parametrize("page", PAGES)
def test_every_hook_is_listed(page: str):
    assert listed(page, "hooks") == HOOKS
    text = sources()
    marked = set(re.findall(r'data-kefu="([\w-]+)"', text))
    marked |= set(re.findall(r'data-kefu=\{[^}]*"([\w-]+)"', text))
    if "data-kefu={`tab-${one}`}" in text:
        marked |= {"tab-mine", "tab-queue", "tab-all"}
    assert marked == HOOKS


@pytest.mark.parametrize("page", PAGES)
def test_everything_that_is_kept_is_listed(page: str):
    text = sources()
    kept = set(re.findall(r'"(console\.[\w-]+)"', text)) - {"console.session"}
    assert {"console.theme", "console.sort"} <= kept
    assert {f"kefu.{name}" for name in kept} <= listed(page, "kept")


@pytest.mark.parametrize("page", PAGES)
def test_every_key_is_listed(page: str):
    """In their order; acts that are alike may share a row."""
    source = (ROOT / "web/console/src/keys/keys.ts").read_text("utf-8")
    table = source.partition("KEYS: Readonly")[2].partition("\n};")[0]
    told = [*rows(page, HEADINGS["keys"][PAGES.index(page)])]
    for column, name in enumerate(("outside", "anywhere"), 1):
        chords = re.findall(rf'\b{name}: "([^"]+)"', table)
        listed = [one for row in told for one in re.split("、|, ", row[column]) if one]
        assert listed == [printed(chord) for chord in chords]


NAMES = {
    "Mod": "Ctrl",
    "Period": ".",
    "Comma": ",",
    "Backslash": r"\\",
    "ArrowDown": "↓",
    "ArrowUp": "↑",
}


def printed(chord: str) -> str:
    """As a page has it: ``Ctrl+Shift+.``."""
    return "+".join(NAMES.get(one, re.sub("^(Key|Digit)", "", one)) for one in chord.split("+"))
