"""What every action needs, and the only ways from a call to the store.

Rules: ports and values only, never other actions; past ten fields it is split. ``Call.actor`` is
who asked when the claim was looked at; the time from there to here has no bound (a slow body, a
file, a password's hash, the queue to the store). So nothing is read or written for a call but by
``Call.read``, ``commit``, ``begin`` and ``Call.said``, which look again in the same transaction:
whoever may nothing any more is refused, and for whoever is somebody else by now the command begins
anew (``as_now``). Why this costs next to nothing: docs/decisions/0016-looked-at-again.md.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol, TypeVar

import msgspec
from sqlalchemy import Connection, insert, select

from kefu.actions.chores import Chores
from kefu.actions.credentials import Passwords
from kefu.attendance.registry import Attendance
from kefu.core import audit
from kefu.core.actors import Actor, Agent, Claim, Standing, Visitor
from kefu.core.audit import Act, Noun
from kefu.core.conversation import SYSTEM, Member, Message, NewMessage, News
from kefu.core.errors import Conflict, NotFound, Unauthenticated
from kefu.core.limits import Allowance, Limits, Rates
from kefu.core.permissions import Action, Place, Policy, check
from kefu.files.intake import Intake
from kefu.files.store import FileStore
from kefu.hub import Hub, Listener
from kefu.storage import access, desk, proving, schema
from kefu.storage.database import Database
from kefu.storage.readers import settle
from kefu.storage.states import news_of
from kefu.storage.writer import Said
from kefu.viewers.registry import Viewers
from kefu.widget.replies import Replies
from kefu.widget.visits import Visits

T = TypeVar("T")

MOST_USER_AGENT = 500  # characters that are kept of what a client says that it is
DAY_MS = 24 * 3_600_000
MOST_TURNS = 4  # of a command whose actor becomes somebody else again and again


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
    home: str = ""  # how browsers reach the server, for links; no slash at the end
    rates: Rates | None = None  # of agents, visitors and addresses; None: not enforced
    files: Files | None = None  # None: none are kept
    passwords: Passwords = field(default_factory=Passwords)  # hashed and verified
    chores: Chores = field(default_factory=Chores)  # what the server does of itself
    replies: Replies = field(default_factory=Replies)  # how long visitors wait for one
    visits: Visits = field(default_factory=Visits)  # who is on the sites, where that is watched
    viewers: Viewers = field(default_factory=Viewers)  # who of the team looks at what
    attendance: Attendance = field(default_factory=Attendance)  # which contacts are here

    def allowance(self) -> Allowance | None:
        """What a new connection may say; None if rates are not enforced."""
        return None if self.rates_off else Allowance(self.limits)


class Repeat(NamedTuple):
    """The name of a command that may be sent again, and what it asked the first time.

    ``keep``: what is stored of the answer.
    """

    key: str
    asked: bytes
    keep: Callable[[Any], bytes]


class Again(NamedTuple):
    """In place of an answer: the command was done before, and this is ``kept`` of its answer."""

    kept: bytes


class Ear(Listener, Protocol):
    """A connection that hears, on its actor's channels, that their access ends."""

    ended: bool  # it has heard so


@dataclass(frozen=True, slots=True)
class Proof:
    """By what an actor was found, and how long that is known to hold without a look.

    ``until_ms``: when it ends by itself; None: never. ``looked``: the newest revocation that was
    known then. ``ear``: of a connection, for which all that the hub has told counts as looked at.
    ``optional``: whoever does not hold it any more is nobody in particular, and may still ask.
    """

    claim: Claim
    until_ms: int | None
    looked: int
    ear: Ear | None = None
    optional: bool = False

    def since(self, hub: Hub) -> int:
        """The number of the revocation up to which it holds. For any thread."""
        heard = hub.heard  # before ``ended``: an end is told first and counted as heard then
        if self.ear is None or self.ear.ended:
            return self.looked
        return max(self.looked, heard)


class Changed(Unauthenticated):
    """Whoever asks is somebody else by now, or may other things: ask again."""

    def __init__(self, call: Call) -> None:
        super().__init__()
        self.call = call  # as whom


@dataclass(frozen=True, slots=True)
class Call:
    """One command being carried out. ``proof``: None for those who need none (``Standing``)."""

    ctx: Context
    actor: Actor
    address: str = ""  # of the client
    repeat: Repeat | None = None
    user_agent: str = ""  # what the client says that it is
    proof: Proof | None = None

    @property
    def member(self) -> Member:
        """As who the actor takes part in a conversation."""
        return self.actor.member if isinstance(self.actor, Agent | Visitor) else SYSTEM

    @property
    def key(self) -> str:
        """Unique among actors; all who have no account share theirs."""
        return self.actor.key if isinstance(self.actor, Agent | Visitor) else str(self.actor)

    @property
    def left_s(self) -> float:
        """How long the proof still holds by itself; infinite, if it does not end."""
        until_ms = self.proof.until_ms if self.proof else None
        return math.inf if until_ms is None else max(0, until_ms - self.ctx.now_ms()) / 1000

    async def read(self, fn: Callable[[Connection], T]) -> T:
        """Run ``fn`` in a reading transaction in which the actor is who they are said to be.

        Raises what ``fn`` and ``look`` raise, and Unavailable.
        """

        def looked(conn: Connection) -> T:
            self.look(conn)
            return fn(conn)

        return await self.ctx.database.read(looked)

    def look(self, conn: Connection) -> None:
        """Look at the claim again, if anything has ended since. For any thread.

        Raises Unauthenticated, NotAllowed: it does not hold any more; Changed.
        """
        proof, now_ms = self.proof, self.ctx.now_ms()
        if proof is None:
            return
        newest = access.newest_revocation(conn)
        over = proof.until_ms is not None and now_ms >= proof.until_ms
        if newest == proof.since(self.ctx.hub) and not over:
            return
        try:
            found = find_actor(self.ctx, conn, proof.claim, now_ms)
        except Unauthenticated:
            if proof.optional:
                raise Changed(replace(self, actor=Standing.ANYONE, proof=None)) from None
            raise
        if found.actor != self.actor:
            again = replace(proof, until_ms=found.until_ms, looked=newest)
            raise Changed(replace(self, actor=found.actor, proof=again))

    def said(self, new: NewMessage) -> NewMessage | Said:
        """``new`` as ``Database.append`` takes it: the actor is looked at if anything has ended."""
        proof = self.proof
        return new if proof is None else Said(new, proof.since(self.ctx.hub), self.look)

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
    _made: list[News] = field(default_factory=list)

    def news(self) -> list[News]:
        """What is to be published of ``entries``.

        Made once: an action that answers with it asks for it when it has done everything else.
        """
        if len(self._made) != len(self.entries):
            self._made = news_of(self.conn, self.entries, self.call.ctx.epoch)
        return self._made

    def place(self, conversation_id: int, action: Action) -> Place:
        """The conversation, if the actor may do ``action`` to it. Raises as ``check``."""
        return place_for(self.conn, self.call.actor, conversation_id, action)

    def audit(self, act: Act, noun: Noun, id: int, /, **details: Any) -> None:
        """Leave a trace of an administrative or supervisory act, and of what it was done to."""
        row = {
            "at_ms": self.now_ms,
            "actor": audit.mark(*audit.who(self.call.actor)),
            "act": act,
            "subject": audit.mark(noun, id),
            "details": msgspec.json.encode(details).decode(),
            "address": self.call.address,
        }
        self.conn.execute(insert(schema.audit).values(row))


def find_actor(ctx: Context, conn: Connection, claim: Claim, now_ms: int) -> proving.Found:
    """Whom ``claim`` stands for now. Raises as ``proving.find_actor``."""
    idle_ms = round(ctx.limits.session_idle_days * DAY_MS)
    return proving.find_actor(conn, claim, now_ms=now_ms, used_after_ms=now_ms - idle_ms)


async def as_now(call: Call, act: Callable[[Call], Awaitable[T]]) -> T:
    """``act`` as whoever ``call`` is by the time that it takes effect."""
    for _ in range(MOST_TURNS):
        try:
            return await act(call)
        except Changed as changed:
            call = changed.call
    raise Unauthenticated


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

    What ``fn`` returns is the command's answer: what has to be kept of it is, with the command's
    key, if it has one; a repeat gets ``Again`` (``actions.carrying``).
    Raises what ``fn`` and ``Call.look`` raise, Conflict (the key was used for another command),
    Unavailable.
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
        call.look(conn)
        tx = Tx(conn, call, ctx.now_ms())
        if call.repeat and (known := _known_answer(tx, call.repeat)):
            return _Committed(known, (), ())
        result = fn(tx)
        if call.repeat:
            _keep_answer(tx, call.repeat, result)
        return _Committed(result, tx.news(), tx.after)

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
    return Again(found.json.encode())


def _keep_answer(tx: Tx, repeat: Repeat, result: object) -> None:
    row = {
        "actor": tx.call.key,
        "key": repeat.key,
        "asked": hashlib.sha256(repeat.asked).hexdigest(),
        "json": repeat.keep(result).decode(),
        "at_ms": tx.now_ms,
    }
    tx.conn.execute(insert(schema.answer).values(row))
