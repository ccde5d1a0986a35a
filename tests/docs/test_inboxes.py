"""The pages on inboxes and the widget name every setting and every variable, in both languages."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest

from kefu.actions.commands import read_form
from kefu.actions.inboxes import COMMANDS, CreateInbox
from kefu.core.canned import VARIABLES
from kefu.core.inbox import Settings, check_settings
from kefu.widget.look import palette
from tests.docs.pages import ROOT

WIDGET_PAGES = ("docs/widget-settings.md", "docs/widget-settings.zh-CN.md")
WIDGETS = ("look", "texts", "invitations", "watch_visitors", "show_people", "consent")
PAGES = ("docs/inboxes.md", "docs/inboxes.zh-CN.md")
NONE = {"none", "无"}


def defaults_on(page: str) -> dict[str, Any]:
    rows = re.findall(r"^\| `([\w.]+)` \| (.+?) \|.+\|$", (ROOT / page).read_text(), re.MULTILINE)
    return {name: None if cell in NONE else json.loads(cell.strip("`")) for name, cell in rows}


@pytest.mark.parametrize("page", PAGES)
def test_settings_are_listed_with_their_defaults(page: str):
    every = json.loads(msgspec.json.encode(Settings()))
    assert defaults_on(page) == {name: one for name, one in every.items() if name not in WIDGETS}


@pytest.mark.parametrize("page", WIDGET_PAGES)
def test_the_widgets_settings_are_listed_with_their_defaults(page: str):
    every = json.loads(msgspec.json.encode(Settings()))
    own = {name: every[name] for name in WIDGETS}
    look = {f"look.{name}": one for name, one in own.pop("look").items()}
    assert defaults_on(page) == {**look, **own}


@pytest.mark.parametrize("page", WIDGET_PAGES)
def test_the_examples_of_the_widgets_settings_hold(page: str):
    create = next(one for one in COMMANDS if one.name == "inbox.create")
    examples = re.findall(r"```json\n(.+?)```", (ROOT / page).read_text(), re.DOTALL)
    assert len(examples) == 3
    for example in examples:
        form = read_form(create, {"name": "Shop", "settings": json.loads(example)})
        assert isinstance(form, CreateInbox)
        assert check_settings(form.settings) == form.settings


@pytest.mark.parametrize("page", WIDGET_PAGES)
def test_the_colours_that_are_named_are_those_that_are_made(page: str):
    text = (ROOT / page).read_text()
    assert f"`{palette('#ffd400').light.accent_text}`" in text
    assert palette("#ffd400").light.accent == "#ffd400"


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
