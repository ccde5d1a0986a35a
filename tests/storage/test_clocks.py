"""Each time that is stored, after the clock was set back."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, insert, select

from kefu.core.limits import Limits
from kefu.core.times import SLACK_MS
from kefu.core.webhooks import Breaker, longest_wait_ms
from kefu.storage import schema
from kefu.storage.clocks import RULES, Rule, is_wrong, mend
from kefu.storage.database import Database
from tests.actions.desk import NOW_MS, Desk

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
LIMITS = Limits()
_HASH: dict[str, Any] = {"token_hash": "h"}

# By column: the longest wait that it can have, and its row while the clock was an hour ahead.
DUE: dict[str, tuple[int, dict[str, Any]]] = {
    "agent.gone_ms": (0, {"name": "A", "role": "agent", "created_ms": 0}),
    "conversation.offer_until_ms": (
        90_000,
        {"key": "desk:o", "kind": "desk", "last_seq": 0, "created_ms": 0},
    ),
    "agent.assigned_ms": (0, {"name": "A", "role": "agent", "created_ms": 0}),
    "api_token.used_ms": (0, _HASH | {"name": "t", "scopes": "[]", "created_ms": 0}),
    "login_attempt.at_ms": (0, {"key": "k"}),
    "session.seen_ms": (0, _HASH | {"created_ms": 0, "expires_ms": NOW_MS}),
    "session.expires_ms": (30 * DAY_MS, _HASH | {"created_ms": 0, "seen_ms": NOW_MS}),
    "one_time_link.expires_ms": (72 * HOUR_MS, _HASH | {"purpose": "invite"}),
    "chat_link.expires_ms": (7 * DAY_MS, _HASH),
    "delivery.next_ms": (
        longest_wait_ms(3),
        {"state": "waiting", "attempts": 3, "created_ms": 0, "begun_ms": 0},
    ),
    "delivery.tried_ms": (
        0,
        {"state": "waiting", "attempts": 3, "created_ms": 0, "begun_ms": 0},
    ),
    "letter.next_ms": (
        120_000,
        {"kind": "answer", "recipient": "", "after_seq": 0, "state": "waiting", "created_ms": 0},
    ),
}


@pytest.fixture
async def owners(database: Database) -> dict[str, int]:
    """What rows refer to."""
    desk = await Desk.on(database)
    agent, inbox = await desk.agent(), await desk.inbox()
    talk = await desk.conversation(await desk.visitor(inbox))
    hook = await desk.insert(schema.webhook, url="", secrets="[]", last_id=0, created_ms=0)
    return {"agent_id": agent.id, "conversation_id": talk, "webhook_id": hook}


LENGTHS = {"file.duration_ms"}  # of no time of day


def test_every_time_in_the_schema_has_a_rule():
    stored = {
        f"{table.name}.{column.name}"
        for table in schema.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_ms")
    }
    assert stored - LENGTHS == RULES.keys()
    assert stored > LENGTHS


def test_every_time_that_is_mended_is_tried_here():
    mended = {name for name, rule in RULES.items() if rule in (Rule.DUE, Rule.PAST)}
    assert mended == DUE.keys() | {"conversation.snoozed_until_ms"}  # tests.actions.test_sweeps


@pytest.mark.parametrize("name", DUE)
async def test_nothing_waits_longer_than_it_can_though_the_clock_was_set_back(
    database: Database, owners: dict[str, int], name: str
):
    table_name, column = name.split(".")
    table, (longest_ms, values) = schema.metadata.tables[table_name], DUE[name]
    ahead_ms = NOW_MS + HOUR_MS
    row = {key: id for key, id in owners.items() if key in table.c} | values
    row[column] = ahead_ms + longest_ms
    if table_name == "delivery":
        row |= {"tried_ms": ahead_ms, "next_ms": ahead_ms + longest_wait_ms(3)}
    if table_name == "agent":
        row.pop("agent_id", None)

    def store(conn: Connection) -> int:
        key = conn.execute(insert(table).values(row)).inserted_primary_key
        return int(key[0]) if key else 0

    def at(conn: Connection) -> int:
        return int(conn.scalar(select(table.c[column]).where(table.c.id == id)) or 0)

    id = await database.write(store)
    assert not await database.read(lambda conn: is_wrong(conn, ahead_ms, LIMITS))
    assert not await database.read(lambda conn: is_wrong(conn, ahead_ms - SLACK_MS, LIMITS))
    assert await database.read(lambda conn: is_wrong(conn, NOW_MS, LIMITS))
    await database.write(lambda conn: mend(conn, NOW_MS, LIMITS))
    assert await database.read(at) == NOW_MS + longest_ms
    assert not await database.read(lambda conn: is_wrong(conn, NOW_MS, LIMITS))


@pytest.mark.parametrize("attempts", [1, 2, 5, 20])
async def test_a_letter_that_failed_waits_no_longer_than_after_so_many_tries(
    database: Database, owners: dict[str, int], attempts: int
):
    row = {"conversation_id": owners["conversation_id"], **DUE["letter.next_ms"][1]}
    row |= {"attempts": attempts, "next_ms": NOW_MS + 100 * HOUR_MS}

    def work(conn: Connection) -> int:
        conn.execute(insert(schema.letter).values(row))
        mend(conn, NOW_MS, LIMITS)
        return int(conn.scalar(select(schema.letter.c.next_ms)) or 0)

    assert await database.write(work) == NOW_MS + longest_wait_ms(attempts)


@pytest.mark.parametrize(
    ("breaker", "longest_ms"),
    [
        (Breaker(failures=5, openings=1), 30_000),
        (Breaker(failures=5, openings=3), 120_000),
        (Breaker(failures=5, openings=99), 900_000),
        (Breaker(failures=5, openings=99, trial=True), 60_000),
    ],
)
async def test_a_receiver_is_left_alone_no_longer_than_by_its_failures(
    database: Database, owners: dict[str, int], breaker: Breaker, longest_ms: int
):
    until_ms = NOW_MS + HOUR_MS + longest_ms
    stored = msgspec.structs.replace(breaker, open_until_ms=until_ms)
    table, id = schema.webhook, owners["webhook_id"]

    def work(conn: Connection) -> tuple[bool, Breaker, bool]:
        json = msgspec.json.encode(stored).decode()
        conn.execute(table.update().where(table.c.id == id).values(breaker=json))
        wrong = is_wrong(conn, NOW_MS, LIMITS)
        mend(conn, NOW_MS, LIMITS)
        found = conn.scalar(select(table.c.breaker).where(table.c.id == id)) or ""
        return wrong, msgspec.json.decode(found, type=Breaker), is_wrong(conn, NOW_MS, LIMITS)

    wrong, found, still = await database.write(work)
    assert (wrong, still) == (True, False)
    assert found == msgspec.structs.replace(breaker, open_until_ms=NOW_MS + longest_ms)
