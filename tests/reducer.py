"""What events and signals do to a client's copy of a conversation: the rules of kefu.v1, once more.

Rules: pure; the same rules as ``web/protocol`` follows. ``level`` is the number up to which every
event has taken effect; what is heard again is ignored. ``state.last_seq`` says up to which number
the state has everything in it, so a message counts once, and an older state never replaces a newer
one. Read marks only grow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from kefu.core.conversation import Role
from kefu.core.desk import Conversation, Event, Message, Receipts
from kefu.core.signals import ReceiptsChanged

Side = Literal["team", "contact"]
SIDES: tuple[Side, Side] = ("team", "contact")
_WRITERS: dict[Role, Side] = {
    Role.VISITOR: "contact",
    Role.AGENT: "team",
    Role.BOT: "team",
}


class Gap(Exception):
    """The event before this one was not heard."""


class Copy(msgspec.Struct, frozen=True):
    """A conversation as a client of one side has it. ``state``: None, not heard of yet."""

    side: Side
    state: Conversation | None = None
    messages: Mapping[int, Message] = {}
    level: int = 0
    ahead: ReceiptsChanged | None = None  # receipts of a time that the state has not reached


def copy_of(side: Side, state: Conversation, messages: list[Message]) -> Copy:
    """What a client has that has just looked."""
    return Copy(side, state, {one.seq: one for one in messages}, state.last_seq)


def hear_event(copy: Copy, event: Event) -> Copy:
    """The copy after ``event``. Raises Gap."""
    if event.seq <= copy.level:
        return copy
    if event.prev > copy.level:
        raise Gap(event)
    messages = dict(copy.messages)
    if event.message is not None:
        messages[event.message.seq] = event.message
    copy = replace(copy, messages=messages, level=event.seq)
    if event.state is not None:
        return _reach(_with_names(_with_state(copy, event.state), event.message))
    if copy.state is None or event.message is None or event.seq <= copy.state.last_seq:
        return copy
    return _reach(replace(copy, state=_with_message(copy.state, event.message, copy.side)))


def hear_receipts(copy: Copy, signal: ReceiptsChanged) -> Copy:
    """The copy once it is known how far both sides got and read."""
    known = copy.state
    if known is None:
        return copy
    changes: dict[str, Any] = {}
    for side in SIDES:
        told, ours = getattr(signal, side), getattr(known, f"{side}_receipts")
        unread = _unread(copy.side, side)
        if unread and signal.last_seq == known.last_seq and told.read >= ours.read:
            changes[unread] = getattr(signal, f"{side}_unread")
        changes[f"{side}_receipts"] = _furthest(told, ours)
    ahead = signal if signal.last_seq > known.last_seq else copy.ahead
    return replace(copy, state=replace(known, **changes), ahead=ahead)


def _with_state(copy: Copy, state: Conversation) -> Copy:
    known = copy.state
    if known is None:
        return replace(copy, state=state)
    if state.last_seq < known.last_seq:
        return copy
    changes: dict[str, Any] = {}
    for side in SIDES:
        name = f"{side}_receipts"
        ours, theirs = getattr(known, name), getattr(state, name)
        unread = _unread(copy.side, side)
        if unread and ours.read > theirs.read:
            changes[unread] = getattr(known, unread)
        changes[name] = _furthest(ours, theirs)
    return replace(copy, state=replace(state, **changes))


def _with_names(copy: Copy, message: Message | None) -> Copy:
    """Messages show people as they are called now: a contact, who may be another one after a merge,
    and an agent of whom it was just told.
    """
    contact = copy.state and copy.state.contact
    activity = message and message.activity
    renamed = activity.agent if activity and activity.what == "renamed" else None

    def shown(one: Message) -> Message:
        if one.sender.role is Role.VISITOR and contact:
            return replace(one, sender=contact)
        same = renamed and (one.sender.role, one.sender.id) == (renamed.role, renamed.id)
        return replace(one, sender=renamed) if same else one

    return replace(copy, messages={seq: shown(one) for seq, one in copy.messages.items()})


def _reach(copy: Copy) -> Copy:
    """Take the receipts that were ahead, if the copy has reached their time."""
    if copy.ahead is None or copy.state is None or copy.ahead.last_seq > copy.state.last_seq:
        return copy
    return hear_receipts(replace(copy, ahead=None), copy.ahead)


def _with_message(known: Conversation, message: Message, side: Side) -> Conversation:
    changes: dict[str, Any] = {"last_seq": message.seq}
    if side == "team" and message.sender.role is not Role.SYSTEM:
        others = [one for one in known.members if one != message.sender]
        if len(others) == len(known.members):
            changes["members"] = (*known.members, message.sender)
    if message.type != "message":
        return replace(known, **changes)
    changes |= {"last_message": message, "updated_at": message.at}
    writer = _WRITERS.get(message.sender.role)
    if side == "team":
        waiting = {"team": None, "contact": known.waiting_since or message.at}
        changes["waiting_since"] = waiting.get(writer or "", known.waiting_since)
        changes["last_public_seq"] = message.seq
        changes["contact_messages"] = known.contact_messages + (writer == "contact")
    if writer is not None:
        changes |= _counted(known, message.seq, writer, side)
    return replace(known, **changes)


def _counted(known: Conversation, seq: int, writer: Side, side: Side) -> dict[str, Any]:
    """Whoever writes has read everything; the other side has one more to read."""
    changes: dict[str, Any] = {}
    for reader in SIDES:
        read = getattr(known, f"{reader}_receipts")
        unread = _unread(side, reader)
        if reader == writer:
            changes[f"{reader}_receipts"] = _furthest(read, Receipts(delivered=seq, read=seq))
        if unread:
            more = 1 if seq > read.read else 0
            changes[unread] = 0 if reader == writer else getattr(known, unread) + more
    return changes


def _unread(side: Side, of: Side) -> str | None:
    """Where the copy of a side has the unread number of each; a contact knows only their own."""
    if side == of:
        return "unread"
    return "contact_unread" if side == "team" else None


def _furthest(a: Receipts, b: Receipts) -> Receipts:
    return Receipts(delivered=max(a.delivered, b.delivered), read=max(a.read, b.read))
