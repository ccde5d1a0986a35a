"""What the desk is told of the rooms protocol's conversations: begun, taken, over.

A console shows these conversations as any other, so their timelines say what became of them.

Rules: nothing here is on the way of a message. What happened is noted and stored by and by, many
notes in one transaction, never two at once; what could not be stored is tried again. A conversation
in which nothing was said does not exist (docs/decisions/0007-first-message-opens.md), so nothing is
noted of it. Conversations that a crash left open are resolved at the next start.
Not here: who sits with whom (``core.lobby``), messages (``actions.relay``).
"""

from __future__ import annotations

import asyncio
from collections import deque
from functools import partial

import structlog

from kefu.actions.chores import Coalesced
from kefu.actions.context import Call, Context, Tx, begin, commit
from kefu.core.actors import Standing
from kefu.core.conversation import Conversation
from kefu.core.desk import Reason
from kefu.core.errors import ChatError
from kefu.storage import rooms
from kefu.storage.rooms import Happening, What

MOST_AT_ONCE = 20  # messages wait meanwhile
MOST_NOTED = 100_000  # while the store is away; then the oldest are lost, and mended at a start
RETRY_S = 1.0

log = structlog.get_logger()


class RoomsFeed:
    """Notes of one server's rooms, on their way to the store."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._live: set[str] = set()  # keys of conversations that are stored and not over
        self._noted: deque[Happening] = deque(maxlen=MOST_NOTED)
        self._storing = Coalesced()

    def began(self, conversation: Conversation) -> None:
        """Its first message is stored; whoever hears it may say so, once is enough."""
        if conversation.key not in self._live:
            self._live.add(conversation.key)
            self._note(Happening(What.BEGAN, conversation))

    def taken(self, conversation: Conversation) -> None:
        """An agent, now among its members, has taken a visitor who waited."""
        if conversation.key in self._live:
            self._note(Happening(What.ASSIGNED, conversation))

    def over(self, conversation: Conversation, reason: Reason) -> None:
        """Nothing more is said in it, by ``reason``."""
        if conversation.key in self._live:
            self._live.remove(conversation.key)
            self._note(Happening(What.RESOLVED, conversation, reason))

    def _note(self, happening: Happening) -> None:
        self._noted.append(happening)
        self._store()

    def _store(self) -> None:
        if not self._noted or not self._storing.enter():
            return
        some = [self._noted.popleft() for _ in range(min(MOST_AT_ONCE, len(self._noted)))]
        call = Call(self._ctx, Standing.SERVER)
        begin(call, partial(_record, some), partial(self._stored, some))

    def _stored(self, some: list[Happening], result: Exception | None) -> None:
        self._storing.leave()
        if result is None:
            self._store()
        elif isinstance(result, ChatError):
            self._noted.extendleft(reversed(some))
            asyncio.get_running_loop().call_later(RETRY_S, self._store)
        else:
            log.error("rooms_not_noted", exc_info=result)
            self._store()


async def resolve_left_open(ctx: Context) -> None:
    """At a start: what a crash left open is over, since everybody was cut off."""
    resolved = MOST_AT_ONCE
    try:
        while resolved == MOST_AT_ONCE:
            resolved = await commit(Call(ctx, Standing.SERVER), _resolve_some)
    except ChatError as error:  # the next start does it
        log.warning("rooms_left_open", reason=str(error))


def _record(some: list[Happening], tx: Tx) -> None:
    tx.entries += rooms.record_happenings(tx.conn, some, tx.now_ms)


def _resolve_some(tx: Tx) -> int:
    entries = rooms.resolve_open(tx.conn, tx.now_ms, MOST_AT_ONCE)
    tx.entries += entries
    return len(entries)
