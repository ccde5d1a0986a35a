"""Chinese pages say what the English ones say: the same names, numbers, sections and programs.

What can be compared without reading Chinese is compared here, for every page that is there in both
languages.
Not here: what both are held to by the code itself (settings, options, commands, states).
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

import pytest

from tests.docs.pages import all_pages, fenced, prose, read

CHINESE = sorted(str(page) for page in all_pages() if page.name.endswith(".zh-CN.md"))
PAGES = [page.removesuffix(".zh-CN.md") for page in CHINESE]
_GENERATED = re.compile(r"<!-- commands:.*?<!-- end of commands -->", re.DOTALL)
# The first cell of a row, if it is a name in code, a number or a case, with a number after it.
_NAMED = re.compile(r"^\| (?:`([^`]+)`|(\d{3,4})|(S\d\d)\b.*?) \|(?: (\d{3}) \|)?", re.MULTILINE)
_TABLE = re.compile(r"(?:^\|.*\n)+", re.MULTILINE)
_BLOCK = re.compile(r"^```(\S*)$", re.MULTILINE)
_COMMENT = re.compile(r" *(?<!\S)(?://|#).*")
_WORDS = re.compile(r'("(?:text|note)": *)"[^"]*"')
_INDENTED = re.compile(r"^(?: {4}\S.*\n)+", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)#\s]+\.md)")


def tables(page: str) -> list[str]:
    """The tables that people wrote."""
    return _TABLE.findall(_GENERATED.sub("", prose(page)))


def without_words(programs: list[str]) -> list[str]:
    """Programs without what they say to people: comments, and texts of messages."""
    return [_WORDS.sub(r'\1""', _COMMENT.sub("", program)) for program in programs]


@pytest.mark.parametrize("page", PAGES)
def test_the_tables_of_both_languages_are_about_the_same(page: str):
    def named(of: str) -> list[tuple[int, list[tuple[str, ...]]]]:
        return [(table.count("\n"), _NAMED.findall(table)) for table in tables(of)]

    assert named(f"{page}.zh-CN.md") == named(f"{page}.md")


@pytest.mark.parametrize("page", PAGES)
def test_the_programs_of_both_languages_are_the_same(page: str):
    def marked(of: str) -> list[str]:
        return _BLOCK.findall(read(of))[::2]

    assert marked(f"{page}.zh-CN.md") == marked(f"{page}.md")
    for language in {*marked(f"{page}.md")} - {"json", "text"}:  # these are people's words
        chinese, english = (fenced(of, language) for of in (f"{page}.zh-CN.md", f"{page}.md"))
        assert without_words(chinese) == without_words(english)


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_both_languages_are_the_same(page: str):
    chinese, english = (_INDENTED.findall(prose(of)) for of in (f"{page}.zh-CN.md", f"{page}.md"))
    assert without_words(chinese) == without_words(english)


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_have_the_same_sections(page: str):
    def levels(of: str) -> list[str]:
        return re.findall(r"^#+(?= \S)", prose(of), re.MULTILINE)

    assert levels(f"{page}.zh-CN.md") == levels(f"{page}.md")


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_of_two_languages_lead_to_each_other(page: str):
    name = Path(page).name
    assert f"\n[English]({name}.md)\n" in read(f"{page}.zh-CN.md")
    assert f"\n[中文]({name}.zh-CN.md)\n" in read(f"{page}.md")


@pytest.mark.parametrize("page", [*CHINESE, "docs/zh-CN/README.md"])
def test_a_chinese_page_leads_to_chinese_pages_where_there_are_any(page: str):
    links = [posixpath.join(posixpath.dirname(page), link) for link in _LINK.findall(prose(page))]
    leads = {posixpath.normpath(link).removesuffix(".md") for link in links}
    assert leads & {*PAGES} - {page.removesuffix(".zh-CN.md")} == set()  # its own is at the top


def test_the_chinese_index_says_which_pages_are_in_english_only():
    index = "docs/zh-CN/README.md"
    _, _, section = read(index).partition("\n## 只有英文的文档\n")
    said = {posixpath.normpath(f"docs/zh-CN/{link}") for link in _LINK.findall(section)}
    translated = {f"{page}.md" for page in PAGES} | {*CHINESE, index}
    kept_apart = ("docs/decisions/", "tests/", "bench/", "web/")  # decisions are in the index
    english = {str(page) for page in all_pages() if not str(page).startswith(kept_apart)}
    assert said == english - translated
