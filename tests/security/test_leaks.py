"""S34: whether the scanner of all answers and logs sees; and what fails says little."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.security.asking import OK, Realtime, Rest
from tests.security.leaks import Heard
from tests.security.office import MARK, Office, draw

LEAKS = {
    "a stack": 'Traceback (most recent call last):\n  File "x.py", line 1, in f',
    "a frame": '  File "/srv/app.py", line 7',
    "a query": "SELECT message.id FROM message WHERE 1",
    "a write": "[SQL: INSERT INTO message (id) VALUES (?)]",
    "a library": "sqlalchemy.exc.OperationalError: no such table",
    "a path": "/data/of/the/server/kefu.db",
    "a secret": "you are kt_secret",
}


@pytest.mark.parametrize("leak", LEAKS)
def test_s34_the_scanner_finds_what_may_not_be_said(leak):
    heard = Heard()
    heard.secrets.add("kt_secret")
    heard.answer("GET /good", '{"error":{"code":"not_found","message":"There is no such thing."}}')
    assert [*heard.leaks(Path("/data/of/the/server"))] == []
    heard.answer("GET /bad", LEAKS[leak])
    assert [*heard.leaks(Path("/data/of/the/server"))] != []


@pytest.mark.parametrize("leak", ["a stack", "a query", "a secret"])
def test_s34_the_scanner_reads_the_log_too(leak):
    heard = Heard()
    heard.secrets.add("kt_secret")
    assert [*heard.leaks_of_log("started\n")] == []
    assert [*heard.leaks_of_log(f"started\n{LEAKS[leak]}\n")] != []


def test_s34_a_secret_may_be_handed_out_once():
    heard, token = Heard(), draw("kt_")
    heard.answer("POST /tokens", f'{{"secret":"{token}"}}', tells=True)
    assert [*heard.leaks(Path("/data"))] == []
    heard.answer("GET /tokens", f'{{"items":["{token}"]}}')
    assert [*heard.leaks(Path("/data"))] != []


async def test_s34_what_fails_within_says_nothing_of_the_inside(tmp_path: Path):
    """Tables are gone: everybody is told that it failed, nobody how."""
    with Office(tmp_path / "data") as office:
        chat = office.chat()
        with closing(sqlite3.connect(office.data_dir / "kefu.db")) as store, store:
            store.execute("PRAGMA foreign_keys = OFF")
            store.execute("DROP TABLE canned_response")
            store.execute("DROP TABLE team")
        async with Rest.open(office) as rest, Realtime.open(office) as realtime:
            for name, path in (("canned.list", "/canned"), ("team.list", "/teams")):
                said = await rest.http.get(f"/api/v1{path}", headers=office.admin.headers)
                office.heard.answer(path, f"{said.headers}\n{said.text}")
                assert said.status_code == 503
                assert (await realtime.ask(office.admin, name)).code == "unavailable"
            for asker in (rest, realtime):
                assert (await asker.ask(chat.visitor, "session.me")).code == OK
        assert [*office.heard.leaks(office.data_dir)] == []
        assert all(secret not in office.log for secret in office.heard.secrets)
        assert MARK not in office.log
