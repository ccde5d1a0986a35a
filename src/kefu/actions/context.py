"""What every action needs.

Rules: ports and values only, never other actions; past ten fields it is split.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

import msgspec
from sqlalchemy import Connection, insert, select

from kefu.actions.chores import Chores
from kefu.actions.credentials import Passwords
from kefu.core.actors import Actor, Agent, Visitor
from kefu.core.conversation import SYSTEM, Member, Message, News
from kefu.core.errors import Conflict, NotFound
from kefu.core.limits import Allowance, Limits, Rates
from kefu.core.permissions import Action, Place, Policy, check
from kefu.files.intake import Intake
from kefu.files.store import FileStore
from kefu.hub import Hub
from kefu.storage import desk, schema
from kefu.storage.database import Database, settle
from kefu.storage.states import news_of

T = TypeVar("T")

MOST_USER_AGENT = 500  # characters that are kept of what a client says that it is


class Files(NamedTuple):
    """Where files are kept, and the key of the links to them."""

    store: FileStore
    intake: Intake
    secret: bytes


@dataclass(frozen=True, slots=True)
class Context:
    """One server's store, connections, clocks and rules."""

    database: Database
    hub: Hub
    policy: Policy
    limits: Limits
    rates_off: bool  # rates per connection and limits per address are not enforced (benches)
    now_ms: Callable[[], int]  # Unix milliseconds, for what is stored
    monotonic_s: Callable[[], float]  # for durations; never jumps
    token: Callable[[], str]  # a new unguessable id, URL-safe
    background: Callable[[Coroutine[Any, Any, None]], None]  # run a short task nobody awaits
    epoch: str  # of the store: what marks are made with (``core.cursors``)
    rates: Rates | None = None  # of agents, visitors and addresses; None: not enforced
    files: Files | None = None  # None: none are kept
    passwords: Passwords = field(default_factory=Passwords)  # hashed and verified
    chores: Chores = field(default_factory=Chores)  # what the server does of itself

    def allowance(self) -> Allowance | None:
        """What a new connection may say; None if rates are not enforced."""
        return None if self.rates_off else Allowance(self.limits)


class Repeat(NamedTuple):
    """The name of a command that may be sent again, and what it asked the first time."""

    key: str
    asked: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """One command being carried out."""

    ctx: Context
    actor: Actor
    address: str = ""  # of the client
    repeat: Repeat | None = None
    user_agent: str = ""  # what the client says that it is

    @property
    def member(self) -> Member:
        """As who the actor takes part in a conversation."""
        return self.actor.member if isinstance(self.actor, Agent | Visitor) else SYSTEM

    @property
    def key(self) -> str:
        """Unique among actors; all who have no account share theirs."""
        return self.actor.key if isinstance(self.actor, Agent | Visitor) else str(self.actor)

    def count_command(self) -> None:
        """Count this command. Raises TooMany."""
        if self.ctx.rates:
            known = isinstance(self.actor, Agent | Visitor)
            now_s = self.ctx.monotonic_s()
            self.ctx.rates.take_command(self.key if known else "", self.address, now_s)


@dataclass(slots=True)
class Tx:
    """One transaction of an action."""

    conn: Connection
    call: Call
    now_ms: int
    entries: list[Message] = field(default_factory=list)  # to publish once it is committed
    after: list[Callable[[], object]] = field(default_factory=list)  # to do then, in order

    def place(self, conversation_id: int, action: Action) -> Place:
        """The conversation, if the actor may do ``action`` to it. Raises as ``check``."""
        return place_for(self.conn, self.call.actor, conversation_id, action)

    def audit(self, act: str, subject: str, **details: Any) -> None:
        """Leave a trace of an administrative or supervisory act."""
        row = {
            "at_ms": self.now_ms,
            "actor": self.call.key,
            "act": act,
            "subject": subject,
            "details": msgspec.json.encode(details).decode(),
            "address": self.call.address,
        }
        self.conn.execute(insert(schema.audit).values(row))


def place_for(conn: Connection, actor: Actor, conversation_id: int, action: Action) -> Place:
    """The conversation, if ``actor`` may do ``action`` to it; raises as ``check``."""
    found = desk.get_place(conn, conversation_id)
    if found is None:
        raise NotFound
    check(actor, action, found)
    return found


class _Committed(NamedTuple):
    result: Any
    news: Sequence[News]
    after: Sequence[Callable[[], object]]


async def commit(call: Call, fn: Callable[[Tx], T]) -> T:
    """Run ``fn`` in one transaction; once it is committed, publish its entries.

    What ``fn`` returns is the command's answer: it is kept with the command's key, if it has one,
    and a repeat gets it again (as plain JSON values).
    Raises what ``fn`` raises, Conflict (the key was used for another command), Unavailable.
    """
    future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    begin(call, fn, lambda result: settle(future, result))
    return await future


def begin(call: Call, fn: Callable[[Tx], T], done: Callable[[T | Exception], None]) -> None:
    """As ``commit``; ``done`` is told the answer, or what ``commit`` would raise.

    Takes its turn among the sends: before all that are asked for after this call.
    """
    ctx = call.ctx

    def work(conn: Connection) -> _Committed:
        tx = Tx(conn, call, ctx.now_ms())
        if call.repeat and (known := _known_answer(tx, call.repeat)):
            return _Committed(known, (), ())
        result = fn(tx)
        if call.repeat:
            _keep_answer(tx, call.repeat, result)
        return _Committed(result, news_of(conn, tx.entries, ctx.epoch), tx.after)

    def committed(result: _Committed | Exception) -> None:
        if isinstance(result, Exception):
            done(result)
            return
        for news in result.news:
            ctx.hub.publish(*news)
        for do in result.after:
            do()
        done(result.result)

    ctx.database.run(work, committed)


def _known_answer(tx: Tx, repeat: Repeat) -> Any:
    table = schema.answer
    mine = (table.c.actor == tx.call.key, table.c.key == repeat.key)
    found = tx.conn.execute(select(table.c.asked, table.c.json).where(*mine)).one_or_none()
    if found is None:
        return None
    if found.asked != hashlib.sha256(repeat.asked).hexdigest():
        raise Conflict("This Idempotency-Key was used for another command.")
    return msgspec.Raw(found.json.encode())


def _keep_answer(tx: Tx, repeat: Repeat, result: object) -> None:
    row = {
        "actor": tx.call.key,
        "key": repeat.key,
        "asked": hashlib.sha256(repeat.asked).hexdigest(),
        "json": msgspec.json.encode(result).decode(),
        "at_ms": tx.now_ms,
    }
    tx.conn.execute(insert(schema.answer).values(row))
