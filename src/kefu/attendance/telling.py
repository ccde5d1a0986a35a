"""A contact connects or leaves, and the inbox's team sees it beside what they wrote.

Rules: a contact is here while a connection of theirs is, and ``GRACE_MS`` after the last: a page
that gives way to another comes back at once. Each inbox's team is told at most once in ``EVERY_S``
who came and who left, however many come at once. Whoever has not written yet is no contact.
Not here: agents (``actions.availability``), who is on a site (``widget.watching``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from kefu.actions.context import Context
from kefu.core.actors import Actor, Visitor
from kefu.core.offers import GRACE_MS
from kefu.core.signals import ContactsHere
from kefu.hub import DESK_CHANNEL, inbox_channel

EVERY_S = 1.0
MOST_TOLD = 5_000  # contacts that a feed begins with


def come(ctx: Context, actor: Actor) -> None:
    """A connection of ``actor`` was let in."""
    if isinstance(actor, Visitor) and actor.contact_id:
        at = actor.inbox_id, actor.contact_id
        if ctx.attendance.add(*at):
            _note(ctx, *at)


def leave(ctx: Context, actor: Actor) -> None:
    """The opposite of one ``come``."""
    if isinstance(actor, Visitor) and actor.contact_id:
        at = actor.inbox_id, actor.contact_id
        if ctx.attendance.remove(*at):
            loop = asyncio.get_running_loop()
            ctx.attendance.leave_by(*at, loop.call_later(GRACE_MS / 1000, _gone, ctx, *at))


def who_is_here(ctx: Context, inbox_ids: Collection[int] | None) -> tuple[ContactsHere, ...]:
    """The contacts who are here at these inboxes; None: at all."""
    found = ctx.attendance.here(inbox_ids, MOST_TOLD)
    return tuple(ContactsHere(inbox=id, contacts=tuple(contacts)) for id, contacts in found)


def _gone(ctx: Context, inbox_id: int, contact_id: int) -> None:
    ctx.attendance.drop(inbox_id, contact_id)
    _note(ctx, inbox_id, contact_id)


def _note(ctx: Context, inbox_id: int, contact_id: int) -> None:
    if ctx.attendance.note(inbox_id, contact_id):
        asyncio.get_running_loop().call_later(EVERY_S, _tell, ctx, inbox_id)


def _tell(ctx: Context, inbox_id: int) -> None:
    here, gone = map(tuple, ctx.attendance.take_news(inbox_id))
    told = ContactsHere(inbox=inbox_id, contacts=here, gone=gone)
    ctx.hub.signal([inbox_channel(inbox_id), DESK_CHANNEL], told)
