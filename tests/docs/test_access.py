"""The code that the pages on access show makes proofs that hold."""

from __future__ import annotations

import re
import time
from typing import Any, get_args

import pytest

from kefu.core.audit import Act
from kefu.core.identity import Key, hash_user_id, verify_token
from tests.docs.pages import fenced, rows

ENGLISH, CHINESE = "docs/access.md", "docs/access.zh-CN.md"
KEY = {"kid": "k1", "secret": "a secret of thirty-two characters", "widget_key": "wk_1"}


@pytest.fixture
def shown() -> dict[str, Any]:
    """What the page's code defines."""
    names: dict[str, Any] = {}
    for code in fenced(ENGLISH, "python"):
        exec(code, names)
    return names


def test_both_languages_show_the_same_code():
    assert fenced(ENGLISH, "python") == fenced(CHINESE, "python")


def test_the_token_of_the_page_holds(shown: dict[str, Any]):
    li = {"id": "42", "name": "Li Lei", "email": "li@example.com", "plan": "gold"}
    proved = verify_token(
        shown["identity"](li, KEY),
        keys=[Key("k1", KEY["secret"])],
        audience="wk_1",
        now_ms=round(time.time() * 1000),
    )
    assert (proved.user_id, proved.name, proved.email) == ("42", "Li Lei", "li@example.com")
    assert proved.attributes == {"plan": "gold"}


def test_the_hash_of_the_page_is_the_servers(shown: dict[str, Any]):
    key = Key("k1", KEY["secret"])
    assert shown["identity_hash"]("李雷", KEY) == hash_user_id("李雷", key)


@pytest.mark.parametrize(
    ("page", "heading"), [(ENGLISH, "## The audit trail"), (CHINESE, "## 审计记录")]
)
def test_the_page_lists_every_act_of_the_audit_trail(page: str, heading: str):
    told = [cell for row in rows(page, heading) for cell in row]
    assert set(re.findall(r"`([a-z]+\.[a-z_]+)`", " ".join(told))) == set(get_args(Act))
