"""The pages on configuration list every setting with its true type and default."""

from __future__ import annotations

import inspect
import re
import tomllib
from pathlib import Path
from typing import get_origin

import msgspec
import pytest

from kefu import config
from kefu.config import Settings
from kefu.outbound.mail import Security
from tests.docs.pages import fenced, read, rows

ENGLISH, CHINESE = "docs/configuration.md", "docs/configuration.zh-CN.md"
PAGES = (ENGLISH, CHINESE)
SECTIONS = ("server", "storage", "rooms", "direct", "mail", "outbound", "limits")
TYPES = {
    ENGLISH: {
        str: "text",
        Security: "text",
        int: "integer",
        float: "number",
        bool: "boolean",
        tuple: "list of text",
        dict: "table",
    },
    CHINESE: {
        str: "文本",
        Security: "文本",
        int: "整数",
        float: "数字",
        bool: "布尔",
        tuple: "文本列表",
        dict: "表",
    },
}


def settings_of(section: str) -> list[tuple[str, type, object]]:
    """Name, type and default of every setting, a list for a tuple as TOML has it."""
    table = getattr(Settings(), section)
    found = []
    for field in msgspec.structs.fields(table):
        value = getattr(table, field.name)
        default = list(value) if isinstance(value, tuple) else value
        found.append((field.name, get_origin(field.type) or field.type, default))
    return found


def test_every_section_of_the_settings_is_looked_at():
    named = {field.name for field in msgspec.structs.fields(Settings)}
    assert named - {"demo", "past", "limits_off"} == set(SECTIONS)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_lists_every_setting_with_its_type_and_default(page: str, section: str):
    listed = [
        (name.strip("`"), kind, tomllib.loads(f"value = {default.strip('`')}")["value"])
        for name, kind, default, meaning in rows(page, f"## `[{section}]`")
        if meaning
    ]
    assert listed == [
        (name, TYPES[page][kind], default) for name, kind, default in settings_of(section)
    ]


@pytest.mark.parametrize("page", PAGES)
def test_the_example_is_one_that_the_server_takes(page: str, tmp_path: Path):
    file = tmp_path / "kefu.toml"
    file.write_text(fenced(page, "toml")[0], "utf-8")
    assert config.load(file, {}) != Settings()


def test_both_languages_show_the_same_examples():
    for language in ("toml", "nginx", "ini"):
        assert fenced(ENGLISH, language) == fenced(CHINESE, language)


@pytest.mark.parametrize("page", PAGES)
def test_every_environment_variable_that_is_read_is_explained(page: str):
    read_here = set(re.findall(r"\bKEFU_[A-Z_]+\b", inspect.getsource(config)))
    assert read_here == set(re.findall(r"\bKEFU_[A-Z_]+\b", read(page)))
