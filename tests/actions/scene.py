"""A desk at work, watched from both sides, for tests of what clients are told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from kefu.actions.carrying import carry_out
from kefu.actions.catalogue import BY_NAME
from kefu.actions.commands import read_form
from kefu.actions.context import Call
from kefu.actions.starting import as_started
from kefu.core.actors import Actor, Agent, AgentRole, Visitor
from kefu.core.desk import Conversation, Event, Message
from kefu.core.signals import ReceiptsChanged
from kefu.core.views import conversation_for_visitor, message_for_visitor, receipts_for_visitor
from kefu.hub import DESK_CHANNEL, contact_channel
from kefu.storage import desk as stored
from kefu.storage import following, schema
from kefu.storage.positions import find_end
from tests.actions.acts import fresh_id, notes, says, starts
from tests.actions.desk import Desk, Recorder
from tests.actions.recording import Recording
from tests.reducer import Copy, Side, copy_of, hear_event, hear_receipts

Copies = dict[int, Copy]


class Scene:
    """An inbox with its people, and Li, whom Ann is talking with."""

    inbox: int
    team: int  # Ann's and Bob's
    ann: Agent
    bob: Agent
    boss: Agent
    admin: Agent
    bot: Agent
    li: Visitor
    chat: int  # of Li's

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @classmethod
    async def on(cls, desk: Desk) -> Scene:
        """Everybody in their place."""
        self = cls(desk)
        self.inbox = await desk.inbox()
        inboxes = [self.inbox]
        self.ann = await desk.agent(inboxes=inboxes)
        self.bob = await desk.agent(inboxes=inboxes)
        self.boss = await desk.agent(role=AgentRole.SUPERVISOR, inboxes=inboxes)
        self.admin = await desk.agent(role=AgentRole.ADMIN)
        self.bot = await desk.agent(role=AgentRole.BOT, inboxes=inboxes)
        self.team = await desk.insert(schema.team, name=f"Team {fresh_id()}")
        for agent in (self.ann, self.bob):
            await desk.insert(schema.team_agent, team_id=self.team, agent_id=agent.id)
        self.li, self.chat = await self.begin()  # 1 began, 2 Hello
        await self.act("conversation.pick", self.ann, conversation=self.chat)  # 3
        await says(desk, self.ann, self.chat, "Yes?")  # 4
        await notes(desk, self.ann, self.chat)  # 5
        await says(desk, self.li, self.chat, "My order")  # 6
        await says(desk, self.li, self.chat, "is late")  # 7
        return self

    async def begin(self, inbox: int | None = None) -> tuple[Visitor, int]:
        """Another visitor, with one message that waits."""
        stranger = self.desk.stranger(inbox or self.inbox)
        started = await starts(self.desk, stranger)
        return as_started(stranger, started), started.conversation.id

    async def act(self, name: str, who: Actor, /, **fields: Any) -> Any:
        """Carry a command out as any gateway does."""
        command = BY_NAME[name]
        call = Call(self.desk.ctx, who, "192.0.2.7")
        return await carry_out(call, command, read_form(command, fields))

    async def set_status(self, status: str, **more: Any) -> None:
        """Ann's conversation is in this state."""
        await self.act(
            "conversation.set_status", self.ann, conversation=self.chat, status=status, **more
        )

    def allow_mail(self) -> None:
        """The operator has set a mail server up."""
        policy = msgspec.structs.replace(self.desk.ctx.policy, mail=True)
        self.desk.ctx = replace(self.desk.ctx, policy=policy)


class Watch:
    """One side's client: what it had when it looked, and what it hears since.

    The team's, of conversations from ``from_id`` on; or a contact's.
    """

    def __init__(self, desk: Desk, contact_id: int | None = None, *, from_id: int = 0) -> None:
        self._desk, self._contact_id, self._from_id = desk, contact_id, from_id
        self.side: Side = "team" if contact_id is None else "contact"
        channel = DESK_CHANNEL if contact_id is None else contact_channel(contact_id)
        self.heard: Recorder = desk.recorder(channel, team=self.side == "team")
        self.stale: Copies = {}
        self._newest = 0

    async def look(self) -> None:
        """Take a snapshot, and hear on from there."""
        self.stale, self._newest = await self._snapshot()
        self.heard.events.clear()
        self.heard.signals.clear()

    @property
    def is_gone(self) -> bool:
        """Whether the client was disconnected, and comes back with a fresh snapshot."""
        return bool(self.heard.reasons)

    async def check(self, recording: Recording | None = None) -> int:
        """What was heard makes the stale copies fresh, live and as a replay; how much it was."""
        fresh, _ = await self._snapshot()
        heard: list[Any] = [*self.heard.events]
        receipts = [one for one in self.heard.signals if isinstance(one, ReceiptsChanged)]
        if self.side == "contact":
            receipts = [receipts_for_visitor(one) for one in receipts]
        if recording is not None:
            recording.add(self.side, self.stale, [*heard, *receipts], fresh)
        live = applied(self.stale, heard, receipts, self.side)
        compare(live, fresh)
        early = applied(self.stale, [], receipts, self.side)
        compare(applied(early, heard, [], self.side), fresh)
        compare(applied(live, heard, receipts, self.side), fresh)  # heard once more
        replayed, receipts = await self._desk.ctx.database.read(self._replay)
        compare(applied(self.stale, replayed, receipts, self.side), fresh)
        return len(heard) + len(self.heard.signals)

    async def _snapshot(self) -> tuple[Copies, int]:
        return await self._desk.ctx.database.read(self._read)

    def _read(self, conn: Connection) -> tuple[Copies, int]:
        ids = list(conn.scalars(select(schema.conversation.c.id).where(*self._where)))
        states = stored.load_conversations(conn, ids)
        found = [(state, self._messages(conn, state)) for state in states]
        copies = {state.id: copy_of(self.side, self._shown(state), said) for state, said in found}
        return copies, find_end(conn, self._desk.ctx.epoch).id

    def _messages(self, conn: Connection, state: Conversation) -> list[Message]:
        private = self.side == "team"
        found = stored.list_entries(conn, state.id, limit=1000, private=private)
        return found if private else [message_for_visitor(one) for one in found]

    def _shown(self, state: Conversation) -> Conversation:
        return state if self.side == "team" else conversation_for_visitor(state)

    def _replay(self, conn: Connection) -> tuple[list[Event], list[ReceiptsChanged]]:
        epoch, after = self._desk.ctx.epoch, self._newest
        if self._contact_id is None:
            found = following.events_of_inboxes(conn, None, after, limit=1000, epoch=epoch)
        else:
            id = self._contact_id
            found = following.events_of_contact(conn, id, after, limit=1000, epoch=epoch)
        return found, following.list_receipts(conn, self._where, team=self.side == "team")

    @property
    def _where(self) -> following.Where:
        if self._contact_id is None:
            return [schema.conversation.c.id >= self._from_id]
        return following.had_by(self._contact_id)


def applied(
    stale: Copies, events: list[Event], receipts: list[ReceiptsChanged], side: Side
) -> Copies:
    """The copies after all of this."""
    copies = dict(stale)
    for event in events:
        known = copies.get(event.conversation, Copy(side))
        copies[event.conversation] = hear_event(known, event)
    for signal in receipts:
        if signal.conversation in copies:
            copies[signal.conversation] = hear_receipts(copies[signal.conversation], signal)
    return copies


def compare(copies: Copies, fresh: Copies) -> None:
    """Raise AssertionError: a copy is not what it should be."""
    assert copies.keys() == fresh.keys()
    for id, wanted in fresh.items():
        got = copies[id]
        _check_same(got.state, wanted.state)
        assert got.messages.keys() == wanted.messages.keys()
        for seq, message in wanted.messages.items():
            _check_same(got.messages[seq], message)


def _check_same(got: Any, wanted: Any) -> None:
    for name in wanted.__struct_fields__:
        ours, theirs = getattr(got, name, None), getattr(wanted, name)
        assert ours == theirs, f"{name}: {ours!r} is told, {theirs!r} is stored"
