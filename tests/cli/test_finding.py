"""Whom a word of a command means, also in a store whose names an older version told apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert

from kefu.cli.finding import find_agent, find_inbox
from kefu.cli.options import texts
from kefu.cli.running import Unusable
from kefu.storage import schema
from kefu.storage.engine import open_for_reading, writer_engine
from kefu.storage.migrations import migrate
from tests.cli.stores import kefu, refusal

INBOXES = {10: "小工", 11: "小エ", 12: "Shop", 13: "12", 14: "l2"}
PEOPLE = [
    *((20, "小エ", None, "agent"), (21, "小工", "one@example.com", "agent")),
    *((22, "小⼯", "two@example.com", "agent"), (23, "Echo", None, "bot")),
    *((24, "客服", None, "agent"), (25, "l9", "l@example.com", "admin")),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    url = f"sqlite:///{data / 'kefu.db'}"
    migrate(url)
    engine = writer_engine(url, lock_wait_s=1)
    with engine.begin() as conn:
        row = {"kind": "widget", "settings": "{}", "created_ms": 1}
        rows = [row | {"id": id, "name": name} for id, name in INBOXES.items()]
        conn.execute(insert(schema.inbox), rows)
        fields = ("id", "name", "email", "role")
        people = [dict(zip(fields, one, strict=True)) | {"created_ms": 1} for one in PEOPLE]
        conn.execute(insert(schema.agent), people)
    engine.dispose()
    return data


@pytest.fixture
def conn(data):
    with open_for_reading(f"sqlite:///{data / 'kefu.db'}") as conn:
        yield conn


@pytest.mark.parametrize(
    ("called", "id"),
    [("小工", 10), ("小エ", 11), ("shop", 12), ("11", 11), ("12", 13), ("l2", 14), ("SHOP", 12)],
)
def test_an_inbox_is_its_name_then_its_number_then_what_looks_like_it(conn, called, id):
    assert find_inbox(conn, called).id == id


@pytest.mark.parametrize(
    ("called", "id"),
    [
        *(("小工", 21), ("小エ", 20), ("小⼯", 22), ("ONE@example.com", 21), ("21", 21)),
        *(("ECHO", 23), ("23", 23), ("客服", 24), ("L9", 25), ("19", 25)),
    ],
)
def test_an_agent_is_an_address_or_a_name_then_a_number_then_what_looks_like_it(conn, called, id):
    assert find_agent(conn, called).id == id


@pytest.mark.parametrize("called", ["24", "客 服", "客服\u0301", "2l", "nobody", "020"])
def test_nobody_is_meant_by_the_number_or_the_look_of_who_has_no_account(conn, called):
    with pytest.raises(Unusable, match="there is nobody called"):
        find_agent(conn, called)


@pytest.mark.parametrize("language", [0, 1])
def test_of_several_that_look_so_none_is_taken_and_all_are_named(conn, monkeypatch, language):
    monkeypatch.setattr(texts, "_language", language)
    with pytest.raises(Unusable, match=r"小工 \(10\), 小エ \(11\)"):
        find_inbox(conn, "小\ufe0e工")
    with pytest.raises(Unusable, match=r"小工 \(21\), 小⼯ \(22\)"):
        find_agent(conn, "小\ufe0e工")


def test_somebody_is_taken_into_the_inbox_that_is_named_and_not_into_its_twin(data):
    words = ("agent", "add", "--role", "bot", "--data", data)
    kefu(*words, "--name", "By name", "--inbox", "小工", "--inbox", "10", "--inbox", "shop")
    with open_for_reading(f"sqlite:///{data / 'kefu.db'}") as conn:
        assert find_agent(conn, "By name").inboxes == (10, 12)
    assert "小工 (10), 小エ (11)" in refusal(*words, "--name", "X", "--inbox", "小\ufe0e工")


def test_an_agent_is_changed_by_the_number_that_the_list_prints(data):
    assert "l9\tl@example.com\tactive" in kefu("agent", "list", "--data", data)
    kefu("agent", "role", "21", "supervisor", "--data", data)
    with open_for_reading(f"sqlite:///{data / 'kefu.db'}") as conn:
        assert find_agent(conn, "21").role == "supervisor"
