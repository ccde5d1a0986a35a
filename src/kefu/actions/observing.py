"""What supervisors do beside: look at a conversation without taking part, and whisper.

Rules: each leaves a trace in the audit trail. Looking leaves none in the conversation, so nobody in
it sees that somebody looks. A whisper is a note that names whoever has the conversation.
Not here: taking over (``actions.handling``), other notes (``actions.messages``).
"""

from __future__ import annotations

from functools import partial

from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.forms import ClientId, Form, Id
from kefu.actions.messages import Sent, Text, check_words, encoded
from kefu.core.conversation import Entry, NewMessage
from kefu.core.desk import Body, Conversation, at
from kefu.core.display import is_blank
from kefu.core.errors import BadInput, Conflict, IllegalState
from kefu.core.permissions import Action, Place, check
from kefu.storage import desk, states
from kefu.storage.appending import append_entry


class ObserveConversation(Form, frozen=True):
    """A conversation to look at."""

    conversation: Id


class Whisper(Form, frozen=True):
    """A word to whoever has the conversation, which the contact does not see."""

    conversation: Id
    client_id: ClientId
    text: Text


async def observe(call: Call, do: ObserveConversation) -> Conversation:
    """Begin to look at a conversation without taking part, as a supervisor."""
    return await commit(call, partial(_observe, do=do))


async def whisper(call: Call, do: Whisper) -> Sent:
    """Tell whoever has the conversation something that the contact does not see."""
    return await commit(call, partial(_whisper, do=do))


def _observe(tx: Tx, do: ObserveConversation) -> Conversation:
    place = _supervised(tx, do.conversation)
    tx.audit("conversation.observe", "conversation", place.id)
    return desk.get_conversation(tx.conn, place.id)


def _whisper(tx: Tx, do: Whisper) -> Sent:
    place = _supervised(tx, do.conversation)
    if is_blank(do.text):
        raise BadInput("text: is blank")
    check_words(tx.call, do.text, ())
    if place.assignee_id is None:
        raise IllegalState("Nobody has this conversation: write a note.")
    new = NewMessage(
        states.address_of(tx.conn, place.id),
        tx.call.member,
        do.client_id,
        do.text,
        tx.now_ms,
        Entry.NOTE,
        True,
        None,
        encoded(Body(mentions=(place.assignee_id,))),
    )
    entry = append_entry(tx.conn, new)
    if not entry.repeated:
        tx.entries.append(entry)
        tx.audit("conversation.whisper", "conversation", place.id, seq=entry.seq)
    return Sent(conversation=place.id, seq=entry.seq, at=at(entry.sent_ms), client_id=do.client_id)


def _supervised(tx: Tx, conversation_id: int) -> Place:
    place = tx.place(conversation_id, Action.READ_INTERNAL)
    check(tx.call.actor, Action.SUPERVISE, place.inbox_id)
    return place


COMMANDS = (
    Command(
        "conversation.observe",
        observe,
        "POST",
        "/conversations/{conversation}/observe",
        {"conversation": 17},
    ),
    Command(
        "conversation.whisper",
        whisper,
        "POST",
        "/conversations/{conversation}/whispers",
        {"conversation": 17, "client_id": "01HF5", "text": "Offer a refund"},
        errors=(Conflict, IllegalState),
        status=201,
    ),
)
