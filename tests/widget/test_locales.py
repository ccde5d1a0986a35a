"""A language is one that there is a file of, and everybody is answered in one."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import asdict

from kefu.widget import locales
from kefu.widget.locales import LANGUAGES, LOCALES, choose, nearest

FOLDER = Path(locales.__file__).parent / "locales"


def test_every_file_is_a_language_and_there_is_no_other():
    assert {f"{one}.json" for one in LOCALES} == {path.name for path in FOLDER.iterdir()}
    assert {"en", "zh-CN"} <= set(LOCALES)
    assert LANGUAGES["zh-CN"].name == "简体中文"


@pytest.mark.parametrize("locale", LOCALES)
def test_every_language_has_the_loaders_words(locale: str):
    assert all(asdict(LANGUAGES[locale].loader).values())


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        ("zh-CN", "zh-CN"),
        ("zh-cn", "zh-CN"),
        ("zh-Hant-TW", "zh-CN"),
        ("zh", "zh-CN"),
        ("en-GB", "en"),
        ("fr", "zh-CN"),
        ("", "zh-CN"),
        (None, "zh-CN"),
        ("z", "zh-CN"),
    ],
)
def test_who_asks_gets_the_nearest_language_or_the_inboxs(asked, chosen):
    assert choose(asked, "zh-CN") == chosen


def test_an_inbox_whose_language_is_gone_speaks_english():
    assert choose(None, "tlh") == "en"


def test_what_is_asked_for_comes_before_another_kind_of_it():
    assert nearest("pt-PT", ("pt", "pt-BR", "pt-PT")) == "pt-PT"
    assert nearest("pt-AO", ("pt-BR", "pt")) == "pt"
    assert nearest("pt-AO", ("pt-BR", "pt-PT")) == "pt-BR"
