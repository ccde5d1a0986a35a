"""No id is given twice, though what had it is gone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, delete, insert, select

import kefu
from kefu.storage import canned, files, outbox, schema, teams, webhooks
from kefu.storage.database import Database
from kefu.tags.rows import add_missing
from kefu.views.rows import add_view

HOOK: dict[str, Any] = {"url": "https://a.example", "secrets": [], "created_ms": 1}
FILE: dict[str, Any] = {
    "inbox_id": 1,
    "owner": "x",
    "name": "a",
    "type": "a/b",
    "size": 1,
    "created_ms": 1,
}


VIEW: dict[str, Any] = {"name": "Waiting", "filter": {}, "sort": "newest", "shared": False}


def agent_id(conn: Connection) -> int:
    """Ann, who is there by then."""
    who = conn.scalar(select(schema.agent.c.id))
    if who is None:
        ann = insert(schema.agent).values(name="Ann", role="agent", created_ms=1)
        who = conn.execute(ann.returning(schema.agent.c.id)).scalar_one()
    return int(who)


def add_credential(conn: Connection, table: Table) -> int:
    """One of Ann's."""
    row: dict[str, Any] = {"token_hash": "x", "agent_id": agent_id(conn), "created_ms": 1}
    if table is schema.session:
        row |= {"seen_ms": 1, "expires_ms": 2}
    else:
        row |= {"name": "x", "scopes": "[]"}
    return int(conn.execute(insert(table).values(row).returning(table.c.id)).scalar_one())


def add(conn: Connection, kind: str) -> int:
    match kind:
        case "team":
            return teams.add_team(conn, "Returns")
        case "canned_response":
            return canned.add_canned(conn, shortcut="hello", text="x")
        case "webhook":
            return webhooks.add_hook(conn, **HOOK)
        case "file":
            return files.add_file(conn, **FILE, storage_key="k")
        case "tag":
            return add_missing(conn, ["vip"])[0].id
        case "saved_view":
            return add_view(conn, agent_id(conn), 1, **VIEW)
        case "session" | "api_token":
            return add_credential(conn, getattr(schema, kind))
    hook = webhooks.list_hooks(conn) or [webhooks.get_hook(conn, webhooks.add_hook(conn, **HOOK))]
    return outbox.add_test(conn, hook[0].id, 1)


# By ``numbering``.
GIVEN_ONCE = ["team", "canned_response", "webhook", "file", "delivery", "saved_view", "tag"]
BY_THE_DATABASE = ["session", "api_token"]  # AUTOINCREMENT
# Rows that are deleted and whose ids nobody outside is told, with what is told instead.
UNTOLD = {
    "identity_key": "its kid",
    "one_time_link": "its token",
    "login_attempt": "nothing",
    "revocation": "nothing; the newest row stays",
    "device": "its token",
    "message_version": "the message, and when it was said",
    "rating": "the conversation",
    "chat_link": "its token",
}


def test_of_every_table_it_is_known_whether_its_ids_can_come_again():
    """Of all others no statement deletes a row."""
    code = "".join(path.read_text() for path in Path(kefu.__file__).parent.rglob("*.py"))
    deleted = {*re.findall(r"\bdelete\((?:schema\.)?(\w+)\)", code)} - {"table"}
    numbered = {name for name, table in schema.metadata.tables.items() if "id" in table.c}
    known = {*GIVEN_ONCE, *BY_THE_DATABASE, *UNTOLD}
    assert deleted & numbered <= known
    assert known <= numbered
    auto = [
        name
        for name in numbered
        if schema.metadata.tables[name].dialect_options["sqlite"]["autoincrement"]
    ]
    assert sorted(auto) == sorted(BY_THE_DATABASE)


@pytest.mark.parametrize("kind", [*GIVEN_ONCE, *BY_THE_DATABASE])
async def test_the_id_of_what_was_deleted_is_not_given_again_nor_after_a_restart(
    database: Database, url: str, kind: str
):
    table: Table = getattr(schema, kind)

    def add_and_delete(conn: Connection) -> int:
        id = add(conn, kind)
        conn.execute(delete(table).where(table.c.id == id))
        return id

    given = [await database.write(add_and_delete) for _ in range(2)]
    await database.close()
    again = Database(url)
    await again.start()
    given.append(await again.write(lambda conn: add(conn, kind)))
    await again.close()
    assert given == sorted(set(given))
