"""One of the team begins a conversation with a contact, whose widget shows it.

Rules: with a contact whom the agent sees, in an inbox where they work; it is theirs, open, from
the first message on. The same ``client_id`` begins one conversation.
Not here: a visitor's own start (``actions.starting``), letters (``actions.mail``).
"""

from __future__ import annotations

import hashlib
from typing import Annotated

from msgspec import Meta

from kefu.actions.commands import Command
from kefu.actions.contacts import is_classic
from kefu.actions.context import Call, Tx, commit
from kefu.actions.forms import ClientId, Form, Id
from kefu.actions.messages import Text, check_words
from kefu.core.conversation import Conversation as Address
from kefu.core.conversation import Kind, NewMessage
from kefu.core.desk import Activity, Contact, Conversation, Message, Value
from kefu.core.display import is_blank
from kefu.core.errors import (
    BadInput,
    ClientIdUsed,
    Conflict,
    IllegalState,
    NotFound,
    TooMany,
)
from kefu.core.permissions import Action, check, seen_inboxes
from kefu.core.states import Status
from kefu.storage import assigning, desk, profiles, starting
from kefu.storage.appending import append_entries
from kefu.storage.inboxes import get_inbox
from kefu.storage.states import as_entry
from kefu.storage.turns import NO_TURN


class BeginConversation(Form, frozen=True):
    """The first message to a contact."""

    contact: Id
    inbox: Annotated[Id, Meta(description="Where: the contact's widget is this inbox's.")]
    client_id: ClientId
    text: Text


class Begun(Value, frozen=True):
    """The conversation with its first message. A repeat gets the same."""

    conversation: Conversation
    message: Message


async def begin_conversation(call: Call, do: BeginConversation) -> Begun:
    """Begin a conversation with a contact; a repeat under the same `client_id` begins none."""
    check_words(call, do.text, ())
    if is_blank(do.text):
        raise BadInput("text: is blank")

    def work(tx: Tx) -> Begun:
        check(tx.call.actor, Action.BEGIN, do.inbox)
        to = _contact(tx, do)
        key = f"desk:{hashlib.sha256(f'{tx.call.key}:{do.client_id}'.encode()).hexdigest()[:40]}"
        known = starting.find_by_key(tx.conn, key)
        return _begin(tx, key, to, do) if known is None else _again(tx, known, to, do)

    return await commit(call, work)


def _contact(tx: Tx, do: BeginConversation) -> Contact:
    found = profiles.find_visible(tx.conn, do.contact, seen_inboxes(tx.call.actor))
    if found is None:
        raise NotFound
    if found.blocked:
        raise IllegalState("This contact is blocked.")
    if is_classic(tx, found.id):
        raise IllegalState("This contact is in the tutorials' protocols alone, and has no widget.")
    return found


def _begin(tx: Tx, key: str, to: Contact, do: BeginConversation) -> Begun:
    me = tx.call.member
    inbox = get_inbox(tx.conn, do.inbox, members=False)
    if inbox.kind != "widget" or not inbox.active:
        raise IllegalState("Conversations begin in a widget's inbox that takes visitors.")
    if starting.count_live(tx.conn, to.id) >= tx.call.ctx.limits.live_conversations:
        raise TooMany("This contact has as many conversations as one may have.")
    id = starting.add_conversation(
        tx.conn,
        key=key,
        created_ms=tx.now_ms,
        inbox_id=inbox.id,
        contact_id=to.id,
        status=Status.OPEN,
        assignee_id=me.id,
        team_id=inbox.team,
        **NO_TURN,
    )
    address = Address(key, Kind.DESK, (), inbox.id, to.id)
    began = Activity(what="began", status=Status.OPEN)
    first = NewMessage(address, me, do.client_id, do.text, tx.now_ms)
    tx.entries += append_entries(
        tx.conn, [as_entry(address, began, by=me, now_ms=tx.now_ms), first]
    )
    assigning.set_assigned(tx.conn, [me.id], tx.now_ms)
    return _shown(tx, id)


def _again(tx: Tx, id: int, to: Contact, do: BeginConversation) -> Begun:
    begun = _shown(tx, id)
    theirs = begun.conversation.contact
    same = (theirs and theirs.id, begun.conversation.inbox, begun.message.text)
    if same != (to.id, do.inbox, do.text):
        raise ClientIdUsed
    return begun


def _shown(tx: Tx, id: int) -> Begun:
    message = desk.get_message(tx.conn, id, 2)
    if message is None:
        raise NotFound
    return Begun(conversation=desk.get_conversation(tx.conn, id), message=message)


COMMANDS = (
    Command(
        "conversation.begin",
        begin_conversation,
        "POST",
        "/contacts/{contact}/conversations",
        {"contact": 5, "inbox": 2, "client_id": "01HF9", "text": "Your parcel is here."},
        errors=(Conflict, IllegalState, NotFound, TooMany),
        status=201,
    ),
)
