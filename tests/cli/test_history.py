"""What a line of the history says: words as everywhere, and what a message holds beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from kefu.cli.history import _line, print_history
from kefu.cli.texts import Texts
from kefu.core.conversation import Kind, Member, Message, Role
from kefu.core.desk import Body
from kefu.storage.engine import writer_engine
from kefu.storage.messages import Page, Told
from kefu.storage.schema import file, inbox, message
from kefu.storage.writer import Writer
from tests.databases import BACKENDS, ready_url
from tests.storage.chat import says

TEXT = "**Hello** 2*3*4, see [us](https://shop.example/_x_/)"
CARD = {"type": "card", "title": "Red\x1b[2J shoes"}
CHOICES = {
    "type": "quick_replies",
    "options": [{"label": "Yes", "value": "y"}, {"label": "No", "value": "n"}],
}
FORM = {
    "type": "form",
    "fields": [{"name": "mail", "label": "E-mail"}, {"name": "size", "label": "Size"}],
}


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with ready_url(request.param, tmp_path) as ready:
        engine = writer_engine(ready, lock_wait_s=3)
        writer = Writer(engine)
        empty = [says(str(i), "") for i in range(6)]
        writer.commit([*empty, says("6", "Look:"), says("7", "plain")])
        writer.close()
        file_values: dict[str, object] = {
            "name": "发票.pdf",
            "type": "application/pdf",
            "size": 12,
            "storage_key": "0" * 32,
            "owner": "visitor:1",
            "created_ms": 0,
        }
        with engine.begin() as conn:
            place = {"kind": "widget", "name": "Shop", "created_ms": 0}
            inbox_id = conn.execute(insert(inbox).values(place).returning(inbox.c.id)).scalar_one()
            file_values["inbox_id"] = inbox_id
            id = conn.execute(insert(file).values(file_values).returning(file.c.id)).scalar_one()
            bodies = {
                "0": {"files": [id]},
                "1": {"blocks": [CARD]},
                "2": {"blocks": [CHOICES]},
                "3": {"blocks": [FORM]},
                "4": {"answers": {"mail": "a@example.com", "size": 43}},
                "6": {"files": [id], "blocks": [CARD]},
            }
            for client_id, body in bodies.items():
                here = message.c.client_id == client_id
                conn.execute(update(message).where(here).values(body=json.dumps(body)))
            conn.execute(update(message).where(message.c.client_id == "5").values(deleted_ms=1))
        engine.dispose()
        yield ready


def printed(url: str, capsys: pytest.CaptureFixture[str], language: str) -> list[str]:
    print_history(url, Texts({"LANG": language}), name=None, limit=None, as_json=False)
    return [line.partition("李四: ")[2] for line in capsys.readouterr().out.splitlines()[1:]]


def test_a_message_of_files_a_card_or_a_form_says_what_it_is(url, capsys):
    assert printed(url, capsys, "C.UTF-8") == [
        "[file: 发票.pdf]",
        "[card: Red\ufffd[2J shoes]",
        "[choices: Yes, No]",
        "[form: E-mail, Size]",
        "[answers: mail: a@example.com, size: 43]",
        "[deleted]",
        "Look: [file: 发票.pdf] [card: Red\ufffd[2J shoes]",
        "plain",
    ]


def test_it_says_so_in_chinese(url, capsys):
    told = printed(url, capsys, "zh_CN.UTF-8")
    assert told[0] == "［文件：发票.pdf］"
    assert told[4].startswith("［表单回答：mail: a@example.com")


def test_scripts_get_what_a_message_holds(url, capsys):
    print_history(url, Texts({}), name=None, limit=None, as_json=True)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0]["files"] == [{"name": "发票.pdf", "type": "application/pdf", "size": 12}]
    assert lines[3]["blocks"] == [FORM]
    assert lines[4]["answers"] == {"mail": "a@example.com", "size": 43}
    assert lines[5]["deleted"] is True
    assert lines[7].keys() == {"conversation", "seq", "sender", "text", "at"}


@pytest.mark.parametrize(
    ("kind", "role", "shown"),
    [
        (Kind.DESK, Role.AGENT, "Hello 2*3*4, see us (https://shop.example/_x_/)"),
        (Kind.DESK, Role.BOT, "Hello 2*3*4, see us (https://shop.example/_x_/)"),
        (Kind.DESK, Role.VISITOR, TEXT),
        (Kind.ROOMS, Role.AGENT, TEXT),
        (Kind.DIRECT, Role.PEER, TEXT),
    ],
)
def test_the_history_shows_words_as_they_are_read_elsewhere(kind: Kind, role: Role, shown: str):
    message = Message(7, "k", 1, Member(role, "Ann"), None, TEXT, 0)
    told = Told(kind, message, Body(), deleted=False)
    assert _line(told, Page([], {}, {}), Texts({})).endswith(f"  Ann: {shown}")
