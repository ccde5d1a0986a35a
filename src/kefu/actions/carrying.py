"""How a command is carried out, whatever the transport.

Rules: a command that changes something may carry a key (``Idempotency-Key``): a repeat does nothing
and gets the answer again. What is kept for that says what was done and to what, by ids, and nothing
of what it held: a repeat is answered anew, by the commands that read, from what its caller may see
by then. A token that may change a thing and not read it is told what came of it, each time.
Whoever calls ``carry_out`` has counted the command (``Call.count_command``) and asked
``check_caller`` before it read the form, so that what is refused costs next to nothing.
Not here: the list of commands (``actions.catalogue``), who may do what (``core.permissions``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from kefu.actions.availability import AgentPresence
from kefu.actions.catalogue import BY_NAME
from kefu.actions.commands import Command
from kefu.actions.context import Again, Call, Repeat, as_now, place_for
from kefu.actions.forms import Done
from kefu.actions.mail import Queued, queued
from kefu.actions.me import VisitorInfo
from kefu.actions.messages import Sent
from kefu.actions.offers import OfferHeld
from kefu.actions.webhook_log import Replayed
from kefu.actions.webhooks import Tested, Webhook
from kefu.bulk.commands import BulkResults
from kefu.core.actors import Agent, Scope, Standing, Visitor
from kefu.core.desk import AgentInfo, CannedResponse, Contact, Conversation, Message, Team
from kefu.core.errors import NotAllowed, NotFound, Unauthenticated
from kefu.core.inbox import Inbox
from kefu.core.lists import View
from kefu.core.permissions import Action
from kefu.notifications.commands import Unread
from kefu.notifications.testing import OfferTested
from kefu.profile.preferences import Preferences
from kefu.storage import starting
from kefu.tags.commands import Tag

_MARK = "~"  # of a thing that is kept by its ids

Kept = dict[str, Any]


async def carry_out(call: Call, command: Command, form: msgspec.Struct) -> Any:
    """Do what ``form`` asks for, and return the command's answer. Raises ChatError."""

    async def act(call: Call) -> Any:
        check_caller(call, command)
        known = isinstance(call.actor, Agent | Visitor)
        if call.repeat and (command.secret or not command.changes or not known):
            call = replace(call, repeat=None)
        answer = await command.act(call, form)
        if isinstance(answer, Again):
            return await _again(call, command, form, answer.kept)
        return answer

    return await as_now(call, act)


def repeat_of(command: Command, form: msgspec.Struct, key: str) -> Repeat:
    """What a command asks under ``key``: the same over every transport."""
    asked = msgspec.json.encode([command.name, form], order="deterministic")
    return Repeat(key, asked, keep)


def check_caller(call: Call, command: Command) -> None:
    """Refuse whom a command is not meant for at all; the action asks ``may`` about the rest.

    Raises Unauthenticated, NotAllowed.
    """
    if command.who == "anyone":
        return
    if isinstance(call.actor, Standing) and call.actor is not Standing.OPERATOR:
        # At the machine of a demo, or with a token of the rooms protocol, one only looks.
        looks = command.who != "visitor" and not command.changes
        if not looks or call.actor not in (Standing.LOCAL, Standing.AGENT):
            raise Unauthenticated("Sign in, or send a token.")
    if isinstance(call.actor, Visitor) and command.who == "agent":
        raise NotAllowed
    if isinstance(call.actor, Agent) and command.who == "visitor":
        raise NotAllowed


# What is kept of an answer


class _Thing(NamedTuple):
    """A kind of value that is kept by its ids. ``again``: reads it as the caller may."""

    ids: Callable[[Any], Kept]
    again: Callable[[Call, Kept, Any], Awaitable[Any]]


def _read_by(name: str, pick: Callable[[Any, Kept], Any] = lambda answer, kept: answer) -> Any:
    async def again(call: Call, kept: Kept, form: Any) -> Any:
        command = BY_NAME[name]
        fields = {field: kept[field] for field in command.form.__struct_fields__ if field in kept}
        picked = pick(await command.act(call, msgspec.convert(fields, command.form)), kept)
        if picked is None:
            raise NotFound
        return picked

    return again


async def _sent_again(call: Call, kept: Kept, form: Any) -> Sent:
    await call.read(partial(_place, call=call, id=kept["conversation"]))
    return msgspec.convert({name: one for name, one in kept.items() if name != _MARK}, Sent)


async def _queued_again(call: Call, kept: Kept, form: Any) -> Queued:
    def told(conn: Connection) -> Queued:
        place = _place(conn, call=call, id=form.conversation)
        contact = starting.find_contact(conn, place.contact_id or 0)
        own = contact.email if contact else None
        return queued(call, conn, place, form.to or own or "")

    return await call.read(told)


def _place(conn: Connection, *, call: Call, id: int) -> Any:
    return place_for(conn, call.actor, id, Action.READ)


def _with_seq(page: Any, kept: Kept) -> Any:
    return next((one for one in page.items if one.seq == kept["seq"]), None)


def _with_id(page: Any, kept: Kept) -> Any:
    return next((one for one in page.items if one.id == kept["id"]), None)


THINGS: dict[type, _Thing] = {
    Conversation: _Thing(lambda it: {"conversation": it.id}, _read_by("conversation.get")),
    Message: _Thing(
        lambda it: {
            "conversation": it.conversation,
            "after": it.seq - 1,
            "limit": 1,
            "seq": it.seq,
        },
        _read_by("message.list", _with_seq),
    ),
    AgentInfo: _Thing(lambda it: {"agent": it.id}, _read_by("agent.get")),
    Inbox: _Thing(lambda it: {"inbox": it.id}, _read_by("inbox.get")),
    Contact: _Thing(lambda it: {"contact": it.id}, _read_by("contact.get")),
    Webhook: _Thing(lambda it: {"webhook": it.id}, _read_by("webhook.get")),
    Team: _Thing(lambda it: {"id": it.id}, _read_by("team.list", _with_id)),
    CannedResponse: _Thing(
        lambda it: {"id": it.id, "prefix": it.shortcut}, _read_by("canned.list", _with_id)
    ),
    View: _Thing(lambda it: {"id": it.id}, _read_by("view.list", _with_id)),
    Tag: _Thing(lambda it: {"id": it.id}, _read_by("tag.list", _with_id)),
    VisitorInfo: _Thing(lambda it: {}, _read_by("session.me", lambda me, kept: me.visitor)),
    Sent: _Thing(msgspec.to_builtins, _sent_again),
    Queued: _Thing(lambda it: {}, _queued_again),
}
PLAIN = (
    Done,
    AgentPresence,
    BulkResults,
    OfferHeld,
    OfferTested,
    Preferences,
    Unread,
    Tested,
    Replayed,
)  # they hold nothing of anybody's
_NAMES = {kind.__name__: thing for kind, thing in THINGS.items()}


def keep(answer: Any) -> bytes:
    """What is stored of an answer."""
    return msgspec.json.encode(["kept", _kept(answer)])


def _kept(value: Any) -> Any:
    if (thing := THINGS.get(type(value))) is not None:
        return {_MARK: type(value).__name__, **thing.ids(value)}
    if isinstance(value, msgspec.Struct) and not isinstance(value, PLAIN):
        return {name: _kept(getattr(value, name)) for name in value.__struct_fields__}
    return msgspec.to_builtins(value)


async def _again(call: Call, command: Command, form: Any, stored: bytes) -> Any:
    """The answer to a repeat. Raises what reading raises, e.g. NotFound: it is gone."""
    call = _seeing(call)
    kept = msgspec.json.decode(stored)
    if isinstance(kept, dict):  # stored by an earlier version, with all that it held
        kept = ["kept", _kept(msgspec.convert(kept, command.answer))]
    return msgspec.convert(await _shown(call, kept[1], form), command.answer)


def _seeing(call: Call) -> Call:
    """``call``, by a token that may look, too: whoever may change a thing was told what came of it.

    All else that its agent may not see by now is refused as ever.
    """
    actor = call.actor
    if not isinstance(actor, Agent) or actor.scopes is None:
        return call
    seeing = msgspec.structs.replace(actor, scopes=actor.scopes | {Scope.READ})
    return replace(call, actor=seeing)


async def _shown(call: Call, kept: Any, form: Any) -> Any:
    if not isinstance(kept, dict):
        return kept
    if _MARK in kept:
        return msgspec.to_builtins(await _NAMES[kept[_MARK]].again(call, kept, form))
    return {name: await _shown(call, one, form) for name, one in kept.items()}
