"""Say something in a conversation: messages for everybody in it, notes for the team.

Rules: stored before it is shown; the same client id gets the first answer, with other content a
Conflict. ``send`` is the hot path: no task and no future per message, and sends take effect in the
order of the calls (docs/decisions/0006-sends-without-tasks.md). What needs a look at other rows
(files, quotes, answers, mentions) goes through a transaction of its own, in the same order.
Not here: a conversation's first message (``actions.starting``), changes of what was said
(``actions.revising``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, begin, place_for
from kefu.actions.files import owners_of
from kefu.actions.forms import ClientId, Form, Id
from kefu.core.actors import Agent, Visitor
from kefu.core.content import Blocks, check_answers, only_form
from kefu.core.conversation import Conversation, Entry, Message, NewMessage
from kefu.core.desk import Body, Time, Value, at
from kefu.core.display import is_blank
from kefu.core.errors import BadInput, ChatError, Conflict, IllegalState, NotAllowed, NotFound
from kefu.core.permissions import Action, Place, check
from kefu.core.text import check_text
from kefu.notifications import commands as notifications
from kefu.storage import writing
from kefu.storage.appending import append_entry
from kefu.storage.files import claim_files
from kefu.storage.readers import settle
from kefu.storage.states import follow

Text = Annotated[str, Meta(description="Markdown, kept as it is.")]
Quote = Annotated[int, Meta(ge=1, lt=2**31, description="Number of the message it answers.")]
FileIds = Annotated[tuple[Id, ...], Meta(max_length=100, description="Uploaded files.")]
Answers = Annotated[
    dict[str, str | int | float | bool | None],
    Meta(max_length=100, description="Answers to a form, by the names of its fields."),
]


class SendMessage(Form, frozen=True):
    """A message for everybody in the conversation. Text, files, blocks or answers: something."""

    conversation: Id
    client_id: ClientId
    text: Text = ""
    files: FileIds = ()
    quote: Quote | None = None
    blocks: Annotated[Blocks, Meta(description="Cards, quick replies, a form; of agents.")] = ()
    answers: Annotated[
        Answers | None, Meta(description="To the form of the message in `quote`, once.")
    ] = None


class WriteNote(Form, frozen=True):
    """A message that only the team sees."""

    conversation: Id
    client_id: ClientId
    text: Text
    files: FileIds = ()
    quote: Quote | None = None
    mentions: Annotated[
        tuple[Id, ...], Meta(max_length=100, description="Agents who are to look at it.")
    ] = ()


class Sent(Value, frozen=True):
    """A message that is stored. A repeat gets the first one's answer."""

    conversation: int
    seq: int
    at: Time
    client_id: str


def send(
    call: Call,
    place: Place,
    do: SendMessage | WriteNote,
    done: Callable[[Sent | Exception], None],
) -> None:
    """Store a message or note, publish it, and tell ``done``, on the event loop.

    ``place`` is what ``place_to_write`` found. ``done`` gets what ``send_message`` would raise, and
    Changed; it is called from within this call if the refusal needs no look at the store. It must
    not raise.
    """
    try:
        new = _new_message(call, place, do)
    except ChatError as error:
        done(error)
        return
    if call.repeat or _looks_elsewhere(do):
        begin(call, partial(_store, place=place, do=do, new=new), done)
        return
    ctx = call.ctx

    def stored(result: Message | ChatError) -> None:
        if not isinstance(result, Message):
            done(result)
            return
        if not result.repeated:
            ctx.hub.publish(new.conversation, result)
        done(_sent(result))

    ctx.database.append(call.said(new), stored)


def _looks_elsewhere(do: SendMessage | WriteNote) -> bool:
    mentions = isinstance(do, WriteNote) and do.mentions
    return bool(do.files or do.quote is not None or mentions)


async def place_to_write(call: Call, conversation_id: int, action: Action) -> Place:
    """The conversation, if the actor may write there: what ``send`` needs. Raises as ``check``."""
    read = partial(place_for, actor=call.actor, conversation_id=conversation_id, action=action)
    return await call.read(read)


async def send_message(call: Call, do: SendMessage) -> Sent:
    """Say something; a repeat under the same `client_id` is stored once."""
    return await _send(call, do, Action.WRITE)


async def write_note(call: Call, do: WriteNote) -> Sent:
    """Say something that only the team sees."""
    return await _send(call, do, Action.NOTE)


async def _send(call: Call, do: SendMessage | WriteNote, action: Action) -> Sent:
    place = await place_to_write(call, do.conversation, action)
    future: asyncio.Future[Sent] = asyncio.get_running_loop().create_future()
    send(call, place, do, lambda result: settle(future, result))
    return await future


def _new_message(call: Call, place: Place, do: SendMessage | WriteNote) -> NewMessage:
    """What is to be stored, but for what the store must be asked. Raises ChatError."""
    note = isinstance(do, WriteNote)
    check(call.actor, Action.NOTE if note else Action.WRITE, place)
    check_words(call, do.text, do.files)
    if isinstance(do, SendMessage):
        _check_extras(call, do)
        if is_blank(do.text) and not (do.files or do.blocks or do.answers):
            raise BadInput("text: is blank")
    elif len(do.mentions) > call.ctx.limits.mentions:
        raise BadInput(f"mentions: over {call.ctx.limits.mentions}")
    elif is_blank(do.text) and not do.files:
        raise BadInput("text: is blank")
    return NewMessage(
        Conversation(place.key, place.kind, (), place.inbox_id or 0, place.contact_id or 0),
        call.member,
        do.client_id,
        do.text,
        call.ctx.now_ms(),
        Entry.NOTE if note else Entry.MESSAGE,
        note,
        None,
        encoded(_body(do)),
    )


def check_words(call: Call, text: str, files: tuple[int, ...]) -> None:
    """Raise BadInput: more than a message may hold, or what not every store can keep."""
    limits = call.ctx.limits
    if len(text) > limits.message_chars:
        raise BadInput(f"text: over {limits.message_chars} characters")
    if len(files) > limits.message_files or len(set(files)) != len(files):
        raise BadInput(f"files: at most {limits.message_files}, each once")
    check_text(text)


def encoded(body: Body) -> str | None:
    """``body`` as it is stored."""
    return None if body == Body() else msgspec.json.encode(body).decode()


def _check_extras(call: Call, do: SendMessage) -> None:
    if do.blocks and not isinstance(call.actor, Agent):
        raise NotAllowed("Cards, quick replies and forms are for agents and bots.")
    only_form(do.blocks)
    if do.answers is not None and not isinstance(call.actor, Visitor):
        raise NotAllowed("Forms are for visitors to answer.")
    if do.answers is not None and do.quote is None:
        raise BadInput("quote: must be the message with the form")


def _body(do: SendMessage | WriteNote) -> Body:
    if isinstance(do, WriteNote):
        return Body(files=do.files, quote=do.quote, mentions=do.mentions)
    blocks: list[dict[str, Any]] = msgspec.to_builtins(do.blocks)
    return Body(files=do.files, quote=do.quote, blocks=tuple(blocks), answers=do.answers)


def _store(tx: Tx, *, place: Place, do: SendMessage | WriteNote, new: NewMessage) -> Sent:
    """The part of ``send`` that looks at other rows. What it refuses is not stored."""
    answering = isinstance(do, SendMessage) and do.answers is not None
    if isinstance(do, SendMessage) and do.answers is not None:
        answers = check_answers(_form_of(tx.conn, place, do.quote or 0), do.answers)
        body = msgspec.structs.replace(_body(do), answers=answers)
        new = msgspec.structs.replace(new, body=encoded(body))
    entry = append_entry(tx.conn, new)
    if entry.repeated:
        return _sent(entry)
    if answering and writing.has_answers(tx.conn, place.id, do.quote or 0, before_seq=entry.seq):
        raise IllegalState("This form is answered already.")
    tx.entries.append(entry)
    if do.quote is not None:
        _check_quote(tx.conn, place, do.quote, private=new.private)
    if isinstance(do, WriteNote) and do.mentions:
        _check_mentions(tx.conn, place, do.mentions)
        notifications.mention(tx, entry, do.mentions)
    claim(tx, do.files, place.id)
    if (moved := follow(tx.conn, entry)) is not None:
        tx.entries.append(moved)
    return _sent(entry)


def claim(tx: Tx, files: tuple[int, ...], conversation_id: int) -> None:
    """The actor sends these files in this conversation. Raises BadInput."""
    owners = owners_of(tx.call.actor)
    try:
        claim_files(tx.conn, files, owners=owners, conversation_id=conversation_id)
    except NotFound:
        raise BadInput("files: one is not there, not yours, or was sent elsewhere") from None


def _form_of(conn: Connection, place: Place, seq: int) -> Any:
    quoted = writing.find_written(conn, place.id, seq)
    form = only_form(msgspec.convert(quoted.body.blocks, Blocks)) if quoted else None
    if form is None:
        raise BadInput("quote: has no form to answer")
    return form


def _check_quote(conn: Connection, place: Place, seq: int, *, private: bool) -> None:
    quoted = writing.find_written(conn, place.id, seq)
    if quoted is None or (quoted.private and not private):
        raise BadInput("quote: there is no such message")


def _check_mentions(conn: Connection, place: Place, ids: tuple[int, ...]) -> None:
    if writing.agents_who_see(conn, ids, place.inbox_id) != set(ids):
        raise BadInput("mentions: one is no agent who can see this conversation")


def _sent(entry: Message) -> Sent:
    return Sent(
        conversation=entry.conversation_id,
        seq=entry.seq,
        at=at(entry.sent_ms),
        client_id=entry.client_id or "",
    )


COMMANDS = (
    Command(
        "message.send",
        send_message,
        "POST",
        "/conversations/{conversation}/messages",
        {"conversation": 17, "client_id": "01HF3", "text": "It arrives **tomorrow**."},
        who="both",
        errors=(Conflict, IllegalState),
        status=201,
    ),
    Command(
        "message.note",
        write_note,
        "POST",
        "/conversations/{conversation}/notes",
        {"conversation": 17, "client_id": "01HF4", "text": "Please look", "mentions": [3]},
        errors=(Conflict,),
        status=201,
    ),
)
