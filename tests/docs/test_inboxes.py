"""The pages on inboxes name every setting and every variable, in both languages."""

from __future__ import annotations

import json
import re

import msgspec
import pytest

from kefu.actions.commands import read_form
from kefu.actions.inboxes import COMMANDS
from kefu.core.canned import VARIABLES
from kefu.core.inbox import Settings
from tests.docs.pages import ROOT

PAGES = ("docs/inboxes.md", "docs/inboxes.zh-CN.md")
NONE = {"none", "无"}


@pytest.mark.parametrize("page", PAGES)
def test_settings_are_listed_with_their_defaults(page: str):
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \|", (ROOT / page).read_text(), re.MULTILINE)
    shown = {name: None if cell in NONE else json.loads(cell.strip("`")) for name, cell in rows}
    assert shown == {
        field.name: json.loads(msgspec.json.encode(getattr(Settings(), field.name)))
        for field in msgspec.structs.fields(Settings)
    }


@pytest.mark.parametrize("page", PAGES)
def test_variables_are_listed(page: str):
    rows = re.findall(r"^\| `([\w.]+)` \|", (ROOT / page).read_text(), re.MULTILINE)
    assert {name for name in rows if "." in name} == set(VARIABLES)


@pytest.mark.parametrize("page", PAGES)
def test_the_example_of_hours_holds(page: str):
    (hours,) = re.findall(r"```json\n(.+?)```", (ROOT / page).read_text(), re.DOTALL)
    create = next(one for one in COMMANDS if one.name == "inbox.create")
    form = {"name": "Shop", "settings": {"hours": json.loads(hours)}}
    assert read_form(create, form)
