"""What a conversation's team says about it: its state, priority, tags and attributes.

Rules: only the moves of ``core.states`` are made. What is so already is no change and leaves no
entry; each change leaves one that says what is so now.
Not here: who has a conversation (``actions.handling``), waking it in time (``actions.sweeps``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.forms import Form, Id
from kefu.actions.handling import as_person, held_by, move, record
from kefu.core.actors import Agent
from kefu.core.attributes import clean_tag, merge_attributes
from kefu.core.desk import Activity, Conversation, Details, What, to_ms
from kefu.core.errors import BadInput, IllegalState
from kefu.core.permissions import Action
from kefu.core.states import Move, Status
from kefu.storage import desk, states
from kefu.storage.holding import Held
from kefu.tags.commands import make_tags

DAY_MS = 86_400_000
MOST_TAGS = 50  # of a conversation

_MOVES: dict[Status, tuple[Move, What]] = {
    Status.QUEUED: (Move.ENQUEUE, "queued"),
    Status.OPEN: (Move.RETURN, "reopened"),
    Status.PENDING: (Move.PEND, "pending"),
    Status.SNOOZED: (Move.SNOOZE, "snoozed"),
    Status.RESOLVED: (Move.RESOLVE, "resolved"),
}


class SetStatus(Form, frozen=True):
    """The state that a conversation is to be in.

    ``until``: when it is snoozed, and only then; left out, it is until the contact's next message,
    which ends any snooze.
    """

    conversation: Id
    status: Annotated[Status, Meta(description="`open` gives it back to the agent who has it.")]
    until: Annotated[datetime, Meta(tz=True)] | None = None


class SetPriority(Form, frozen=True):
    """How urgent a conversation is."""

    conversation: Id
    priority: Annotated[Literal[0, 1, 2, 3, 4], Meta(description="0 none, 1 low … 4 urgent.")]


class SetTags(Form, frozen=True):
    """All tags of a conversation."""

    conversation: Id
    tags: Annotated[tuple[Annotated[str, Meta(max_length=200)], ...], Meta(max_length=MOST_TAGS)]


class SetAttributes(Form, frozen=True):
    """What is kept of a conversation beside; null takes one away, the others stay."""

    conversation: Id
    attributes: Annotated[dict[str, str | int | float | bool | None], Meta(max_length=50)]


async def set_status(call: Call, do: SetStatus) -> Conversation:
    """Resolve, snooze or park a conversation, or bring it back."""
    return await commit(call, partial(change_status, do=do))


async def set_priority(call: Call, do: SetPriority) -> Conversation:
    """Say how urgent a conversation is."""
    return await commit(call, partial(change_priority, do=do))


def change_priority(tx: Tx, do: SetPriority) -> Conversation:
    """Set the priority. Raises ChatError."""
    activity = Activity(what="prioritised", values=Details(priority=do.priority))
    return _set(tx, do.conversation, activity, {"priority": do.priority})


async def set_tags(call: Call, do: SetTags) -> Conversation:
    """Replace a conversation's tags."""
    return await commit(call, lambda tx: change_tags(tx, do.conversation, do.tags))


def change_tags(
    tx: Tx, conversation_id: int, tags: Iterable[str], *, but: Iterable[str] = ()
) -> Conversation:
    """Let a conversation have these tags, without those in ``but``. Raises ChatError."""
    gone = {clean_tag(raw) for raw in but}
    kept = [tag for tag in dict.fromkeys(map(clean_tag, tags)) if tag not in gone]
    if len(kept) > MOST_TAGS:
        raise BadInput(f"tags: more than {MOST_TAGS}")
    activity = Activity(what="tagged", values=Details(tags=tuple(kept)))
    columns = {"tags": msgspec.json.encode(kept).decode()}
    done = _set(tx, conversation_id, activity, columns)
    make_tags(tx, kept)
    return done


async def set_attributes(call: Call, do: SetAttributes) -> Conversation:
    """Set some of a conversation's attributes."""

    def work(tx: Tx) -> Conversation:
        place = tx.place(do.conversation, Action.HANDLE)
        before = desk.get_conversation(tx.conn, place.id)
        merged = merge_attributes(before.attributes, do.attributes)
        columns = {"attributes": msgspec.json.encode(merged).decode()}
        activity = Activity(what="attributes", values=Details(attributes=do.attributes))
        return _set(tx, do.conversation, activity, columns)

    return await commit(call, work)


def change_status(tx: Tx, do: SetStatus) -> Conversation:
    """Make the move to another state. Raises ChatError."""
    held = held_by(tx, do.conversation)
    to, what = _MOVES[do.status]
    if do.until is not None and do.status is not Status.SNOOZED:
        raise BadInput("until: goes with snoozed")
    until_ms = None if do.until is None else to_ms(do.until)
    if (do.status, until_ms) != (held.status, held.snoozed_until_ms):
        columns = _columns(tx, held, do)
        me, now_ms = tx.call.actor, tx.now_ms
        if to is not Move.RETURN:
            move(tx, held.id, to, Activity(what=what, until=do.until), **columns)
        elif isinstance(me, Agent) and me.id == held.assignee_id:
            move(tx, held.id, to, Activity(what=what, agent=as_person(me)))
        else:
            by = tx.call.member
            tx.entries.append(states.bring_back(tx.conn, held.id, None, now_ms, by=by))
    return desk.get_conversation(tx.conn, held.id)


def _columns(tx: Tx, held: Held, do: SetStatus) -> dict[str, Any]:
    if do.status is Status.OPEN and not held.by_person:
        raise IllegalState("Nobody has it: assign it, or pick it from the queue.")
    if do.until is not None:
        until_ms, most = to_ms(do.until), tx.call.ctx.limits.snooze_days
        if not tx.now_ms < until_ms <= tx.now_ms + round(most * DAY_MS):
            raise BadInput(f"until: must be in the future, within {most:g} days")
        tx.after.append(partial(tx.call.ctx.chores.alarm.set, until_ms))
        return {"snoozed_until_ms": until_ms}
    return {}


def _set(tx: Tx, conversation_id: int, activity: Activity, columns: dict[str, Any]) -> Conversation:
    place = tx.place(conversation_id, Action.HANDLE)
    before = desk.get_conversation(tx.conn, place.id)
    states.change(tx.conn, place.id, **columns)
    after = desk.get_conversation(tx.conn, place.id)
    if after == before:
        return before
    record(tx, place.id, activity)
    return desk.get_conversation(tx.conn, place.id)


COMMANDS = tuple(
    Command(
        f"conversation.set_{name}",
        act,
        "PUT",
        f"/conversations/{{conversation}}/{name}",
        {"conversation": 17} | example,
        errors=errors,
    )
    for name, act, example, errors in (
        ("status", set_status, {"status": "resolved"}, (IllegalState,)),
        ("priority", set_priority, {"priority": 4}, ()),
        ("tags", set_tags, {"tags": ["invoice", "vip"]}, ()),
        ("attributes", set_attributes, {"attributes": {"order": "A-17", "paid": True}}, ()),
    )
)
