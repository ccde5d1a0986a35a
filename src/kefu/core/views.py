"""What each side is shown: an entry as an event, and the visitor's part of the team's values.

Rules: pure. The team sees everything; a visitor sees what is not private, without what
``core.desk.INTERNAL`` names, and other numbers in ``prev`` and ``unread``.
Not here: what is stored (``storage.desk``), bytes (``gateways.*.codec``).
"""

from __future__ import annotations

import msgspec

from kefu.core import desk
from kefu.core.conversation import Entry, Member, Message
from kefu.core.cursors import make_cursor
from kefu.core.desk import INTERNAL, Conversation, Event, EventName, Person, at
from kefu.core.signals import ReceiptsChanged

_EVENTS: dict[Entry, EventName] = {
    Entry.MESSAGE: "message.added",
    Entry.NOTE: "message.added",
    Entry.ACTIVITY: "conversation.changed",
    Entry.EDIT: "message.changed",
    Entry.DELETE: "message.changed",
    Entry.REACTION: "message.changed",
}
_DEFAULTS = {
    field.name: field.default
    for field in msgspec.structs.fields(Conversation)
    if field.name in INTERNAL
} | {"attributes": {}, "unverified": {}}
_TOLD_WHOLE = frozenset({"rated", "began"})  # activities whose values are the visitor's own
_plain_body = msgspec.json.Decoder(desk.Body).decode


def event_name(entry: Entry) -> EventName:
    """What the event of such an entry is called."""
    return _EVENTS[entry]


def person(member: Member) -> Person:
    """``member`` as clients see it."""
    return Person(role=member.role, name=member.name, id=member.id)


def added(message: Message, epoch: str) -> Event:
    """The event of a plain message that was just stored, for the team.

    One with files needs them looked up: ``storage.desk.events_of``.
    """
    body = desk.Body() if message.body is None else _plain_body(message.body)
    return Event(
        on=_EVENTS[message.type],
        cursor=make_cursor(epoch, message),
        conversation=message.conversation_id,
        seq=message.seq,
        prev=message.seq - 1,
        private=message.private,
        message=desk.Message(
            conversation=message.conversation_id,
            seq=message.seq,
            type=message.type,
            sender=person(message.sender),
            text=message.text,
            at=at(message.sent_ms),
            client_id=message.client_id,
            quote=body.quote,
            blocks=body.blocks,
            answers=body.answers,
            mentions=body.mentions,
        ),
    )


def event_for_visitor(event: Event, *, prev: int) -> Event:
    """``event``, which is not private, as the visitor sees it.

    ``prev``: the number before it that the visitor sees (``Message.public_prev``).
    """
    state = event.state and conversation_for_visitor(event.state)
    message = event.message and message_for_visitor(event.message)
    return msgspec.structs.replace(event, prev=prev, message=message, state=state)


def message_for_visitor(message: desk.Message) -> desk.Message:
    """``message``, which is not private, as the visitor sees it: without what is said of the team.

    Why a conversation moved, and between which teams, is for the team.
    """
    activity = message.activity
    if activity is None:
        return message
    own = activity.values if activity.what in _TOLD_WHOLE else desk.NO_DETAILS
    shown = desk.Activity(
        what=activity.what, agent=activity.agent, status=activity.status, values=own
    )
    return msgspec.structs.replace(message, activity=shown)


def conversation_for_visitor(state: Conversation) -> Conversation:
    """``state`` as the visitor sees it."""
    seen = _DEFAULTS | {"unread": state.contact_unread, "last_seq": state.last_public_seq}
    return msgspec.structs.replace(state, **seen)


def receipts_for_visitor(signal: ReceiptsChanged) -> ReceiptsChanged:
    """``signal`` as the visitor sees it."""
    return msgspec.structs.replace(
        signal, last_seq=signal.last_public_seq, last_public_seq=0, team_unread=0
    )
