"""No id is given twice, though what had it is gone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, Table, delete

from kefu.storage import canned, files, outbox, schema, teams, webhooks
from kefu.storage.database import Database

HOOK: dict[str, Any] = {"url": "https://a.example", "secrets": [], "created_ms": 1}
FILE: dict[str, Any] = {
    "inbox_id": 1,
    "owner": "x",
    "name": "a",
    "type": "a/b",
    "size": 1,
    "created_ms": 1,
}


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
    hook = webhooks.list_hooks(conn) or [webhooks.get_hook(conn, webhooks.add_hook(conn, **HOOK))]
    return outbox.add_test(conn, hook[0].id, 1)


@pytest.mark.parametrize("kind", ["team", "canned_response", "webhook", "file", "delivery"])
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
