"""One of the team says what they look at; the others see it in their lists.

Rules: a look ends when its connection does, when something else is looked at, and ``GONE_S`` after
it was said last. Each word to the team names all who look now. Who writes is told by typing.
Not here: what is kept (``registry``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from functools import partial
from itertools import islice
from typing import Annotated

from msgspec import Meta
from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import Call, Context, place_for
from kefu.actions.forms import Done, Form, Id
from kefu.core.permissions import Action, Place, check
from kefu.core.signals import LookingChanged
from kefu.core.views import person
from kefu.hub import DESK_CHANNEL, inbox_channel
from kefu.viewers.registry import Look

GONE_S = 75.0
MOST_TOLD = 1_000  # conversations that a feed begins with


class LookAt(Form, frozen=True):
    """What the caller looks at; to be said again within a minute. Left out: at nothing."""

    conversation: Annotated[Id | None, Meta(description="Left out: at nothing any more.")] = None


async def look_at(call: Call, do: LookAt) -> Done:
    """Say which conversation one looks at, for the team to see."""
    ctx = call.ctx
    check(call.actor, Action.KEEP_OWN)
    key = _key(call)
    if do.conversation is None:
        stop_looking(ctx, key)
        return Done()
    id = do.conversation

    def read(conn: Connection) -> Place:
        return place_for(conn, call.actor, id, Action.READ_INTERNAL)

    place = await call.read(read)
    before = ctx.viewers.people(place.id)
    end = asyncio.get_running_loop().call_later(GONE_S, stop_looking, ctx, key)
    left = ctx.viewers.put(key, Look(place, person(call.member), end))
    if left is not None and left.id != place.id:
        _tell(ctx, left)
    if ctx.viewers.people(place.id) != before:
        _tell(ctx, place)
    return Done()


def stop_looking(ctx: Context, key: object) -> None:
    """Whoever this is looks at nothing any more."""
    left = ctx.viewers.drop(key)
    if left is not None:
        _tell(ctx, left)


def who_looks(ctx: Context, inbox_ids: Collection[int] | None) -> tuple[LookingChanged, ...]:
    """Who looks at what in these inboxes; None: in all."""
    seen = islice(ctx.viewers.conversations(inbox_ids), MOST_TOLD)
    return tuple(map(partial(_now, ctx), seen))


def _key(call: Call) -> object:
    """Who looks: a connection, or an agent over HTTP."""
    ear = call.proof.ear if call.proof else None
    return call.key if ear is None else ear


def _now(ctx: Context, conversation_id: int) -> LookingChanged:
    people = ctx.viewers.people(conversation_id)
    return LookingChanged(conversation=conversation_id, people=people)


def _tell(ctx: Context, place: Place) -> None:
    channels = (place.key, inbox_channel(place.inbox_id or 0), DESK_CHANNEL)
    ctx.hub.signal(channels, _now(ctx, place.id))


COMMANDS = (Command("conversation.look", look_at, "POST", "/looking", {"conversation": 17}),)
