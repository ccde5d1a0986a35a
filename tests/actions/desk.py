"""A house for tests of actions: a real store, a hub, a clock that stands still, and people."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Coroutine, Iterable
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, insert

from kefu.actions.context import Call, Context
from kefu.core.actors import Actor, Agent, AgentRole, Scope, Visitor
from kefu.core.conversation import Conversation, Message
from kefu.core.desk import Event
from kefu.core.limits import Limits
from kefu.core.permissions import Policy
from kefu.core.views import added, event_for_visitor
from kefu.hub import EVENT, Encoded, Hub
from kefu.storage import schema
from kefu.storage.database import Database
from kefu.storage.desk import get_epoch

NOW_MS = 1_700_000_000_000


class Clock:
    """Both clocks of a context, moved by hand."""

    def __init__(self) -> None:
        self.now_ms = NOW_MS

    def advance(self, seconds: float) -> None:
        self.now_ms += round(seconds * 1000)


class Recorder:
    """Whoever hears channels: keeps the events and signals, in order."""

    def __init__(self, hub: Hub, epoch: str, channels: Iterable[str], *, team: bool) -> None:
        self.events: list[Event] = []
        self.signals: list[Any] = []
        self.reasons: list[str] = []  # of being revoked
        self.ended = False
        self._epoch, self._team = epoch, team
        for channel in channels:
            hub.subscribe(channel, self)
            hub.listen(channel, self)

    def deliver(
        self, channel: str, conversation: Conversation, message: Message, encoded: Encoded
    ) -> None:
        known = encoded.get(EVENT)
        event = known if isinstance(known, Event) else added(message, self._epoch)
        if self._team:
            self.events.append(event)
        elif not event.private:
            self.events.append(event_for_visitor(event, prev=message.public_prev))

    def signalled(self, channel: str, signal: msgspec.Struct, encoded: Encoded) -> None:
        self.signals.append(signal)

    def revoked(self, reason: str) -> None:
        self.ended = True
        self.reasons.append(reason)


class Desk:
    """One server's inside, without any transport."""

    def __init__(self, database: Database, epoch: str) -> None:
        self.clock = Clock()
        self.tasks: list[asyncio.Task[None]] = []
        self._drawn = 0
        self.ctx = Context(
            database=database,
            hub=Hub(),
            policy=Policy(),
            limits=Limits(),
            rates_off=False,
            now_ms=lambda: self.clock.now_ms,
            monotonic_s=lambda: self.clock.now_ms / 1000,
            token=self._draw,
            background=self._run,
            epoch=epoch,
        )

    @classmethod
    async def on(cls, database: Database) -> Desk:
        """A desk on this store."""
        return cls(database, await database.read(get_epoch))

    @property
    def hub(self) -> Hub:
        return self.ctx.hub

    def call(self, actor: Actor, address: str = "192.0.2.7") -> Call:
        """A command of this actor."""
        return Call(self.ctx, actor, address)

    async def settled(self) -> None:
        """Everything that was begun has ended: what is on its way to the store, and tasks."""
        quiet = False
        while not quiet:
            while self.tasks:
                await self.tasks.pop()
            written = asyncio.Event()
            self.ctx.database.after_pending(written.set)
            await written.wait()
            quiet = not self.tasks and not self.ctx.chores.assigning.running

    def recorder(self, *channels: str, team: bool = True) -> Recorder:
        """Somebody who hears these channels from now on, as the team or as a visitor."""
        return Recorder(self.hub, self.ctx.epoch, channels, team=team)

    async def insert(self, table: Table, **values: Any) -> int:
        """Store a row; returns its id."""

        def work(conn: Connection) -> int:
            key = conn.execute(insert(table).values(values)).inserted_primary_key
            return int(key[0]) if key else 0

        return await self.ctx.database.write(work)

    async def inbox(self, name: str | None = None, **values: Any) -> int:
        """A widget's inbox; ``settings`` as a dict."""
        unique = self._draw()
        settings = msgspec.json.encode(values.pop("settings", {})).decode()
        row: dict[str, Any] = {
            "kind": "widget",
            "name": name or f"Inbox {unique}",
            "widget_key": f"wk_{unique}",
            "settings": settings,
            "created_ms": self.clock.now_ms,
        }
        return await self.insert(schema.inbox, **(row | values))

    async def agent(
        self,
        name: str | None = None,
        *,
        role: AgentRole = AgentRole.AGENT,
        inboxes: Iterable[int] = (),
        scopes: frozenset[Scope] | None = None,
        **values: Any,
    ) -> Agent:
        """One of the team, who is there, as the actor they are."""
        name = name or f"Agent {self._draw()}"
        row = {"name": name, "role": role, "availability": "online"} | values
        row.setdefault("created_ms", self.clock.now_ms)
        id = await self.insert(schema.agent, **row)
        for inbox_id in inboxes:
            await self.insert(schema.inbox_agent, inbox_id=inbox_id, agent_id=id)
        return Agent(id, name, role, frozenset(inboxes), scopes)

    async def visitor(self, inbox_id: int, name: str = "Li", **values: Any) -> Visitor:
        """A contact with a device, as the actor they are."""
        token_hash = hashlib.sha256(self._draw().encode()).hexdigest()
        row = {"name": name, "created_ms": self.clock.now_ms} | values
        id = await self.insert(schema.contact, **row)
        await self.insert(
            schema.device,
            token_hash=token_hash,
            contact_id=id,
            inbox_id=inbox_id,
            created_ms=self.clock.now_ms,
        )
        return Visitor(id, inbox_id, name, token_hash=token_hash)

    def stranger(self, inbox_id: int) -> Visitor:
        """Whoever has never sent anything."""
        return Visitor(
            0, inbox_id, "", token_hash=hashlib.sha256(self._draw().encode()).hexdigest()
        )

    async def conversation(self, visitor: Visitor, **values: Any) -> int:
        """An empty conversation of the desk, queued."""
        row = {
            "key": f"desk:{self._draw()}",
            "kind": "desk",
            "last_seq": 0,
            "created_ms": self.clock.now_ms,
            "inbox_id": visitor.inbox_id,
            "contact_id": visitor.contact_id,
            "status": "queued",
            "queued_ms": self.clock.now_ms,
        }
        row |= values
        row.setdefault("queued_id", row["queued_ms"])
        return await self.insert(schema.conversation, **row)

    def _draw(self) -> str:
        self._drawn += 1
        return f"t{self._drawn:04}"

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(asyncio.get_running_loop().create_task(work))
