"""Change what was said: edit, delete, react; and what it said before.

Rules: a deleted message keeps its place and nothing else; what it said before is gone too. Each
change is an entry of the timeline that holds nothing but which message it is about. To set what is
set already changes nothing.
Not here: new messages (``actions.messages``).
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta
from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit, place_for
from kefu.actions.forms import Form, Id, Page
from kefu.actions.messages import Text, check_words
from kefu.core.actors import Visitor
from kefu.core.conversation import Entry
from kefu.core.desk import Message, Time, Value, at
from kefu.core.display import is_blank
from kefu.core.errors import BadInput, IllegalState, NotAllowed, NotFound, TooMany
from kefu.core.permissions import Action, Place, may
from kefu.core.reactions import EMOJI_CHARS, set_reaction
from kefu.core.times import passed
from kefu.notifications import commands as notifications
from kefu.storage import desk, writing
from kefu.storage.files import release_files
from kefu.storage.writing import Written

Number = Annotated[int, Meta(ge=1, lt=2**31, description="Number of the message.")]


class EditMessage(Form, frozen=True):
    """Another text for a message or note of one's own."""

    conversation: Id
    seq: Number
    text: Text


class DeleteMessage(Form, frozen=True):
    """A message or note whose content is to go."""

    conversation: Id
    seq: Number


class React(Form, frozen=True):
    """An emoji at a message, or none any more."""

    conversation: Id
    seq: Number
    emoji: Annotated[str, Meta(min_length=1, max_length=EMOJI_CHARS)]
    on: Annotated[bool, Meta(description="False takes it back.")] = True


class GetHistory(Form, frozen=True):
    """What a message said before."""

    conversation: Id
    seq: Number


class Version(Value, frozen=True):
    """What a message said until it was edited."""

    text: str
    until: Time


async def edit_message(call: Call, do: EditMessage) -> Message:
    """Give a message another text. Visitors may for a while, agents at any time."""

    def work(tx: Tx) -> Message:
        place, found = _own(tx, do.conversation, do.seq)
        if found.deleted:
            raise IllegalState("It was deleted.")
        check_words(call, do.text, ())
        if is_blank(do.text) and not (found.body.files or found.body.blocks):
            raise BadInput("text: is blank")
        if do.text != found.text:
            writing.set_text(tx.conn, found, do.text, tx.now_ms)
            _record(tx, found, Entry.EDIT)
        return _present(tx.conn, place, do.seq)

    return await commit(call, work)


async def delete_message(call: Call, do: DeleteMessage) -> Message:
    """Take a message's content away; its place stays. Supervisors may delete others' messages."""

    def work(tx: Tx) -> Message:
        place = tx.place(do.conversation, Action.WRITE)
        found = _find(tx, place, do.seq)
        own = _is_own(call, found)
        if not (own or may(call.actor, Action.MODERATE, place)):
            raise NotAllowed
        if found.deleted:
            return _present(tx.conn, place, do.seq)
        if own:
            _check_window(tx, found)
        else:
            tx.audit("message.delete", "conversation", place.id, seq=do.seq)
        release_files(tx.conn, found.body.files)
        writing.wipe(tx.conn, found, tx.now_ms)
        notifications.unmention(tx, found.id)
        _record(tx, found, Entry.DELETE)
        return _present(tx.conn, place, do.seq)

    return await commit(call, work)


async def react(call: Call, do: React) -> Message:
    """Set an emoji at a message, or take it back."""

    def work(tx: Tx) -> Message:
        place = tx.place(do.conversation, Action.WRITE)
        found = _find(tx, place, do.seq)
        if found.deleted:
            raise IllegalState("It was deleted.")
        before, kinds = found.body.reactions, call.ctx.limits.reaction_kinds
        who = call.member.identity
        after = set_reaction(before, do.emoji, who, on=do.on, kinds=kinds)
        if after != before:
            body = msgspec.structs.replace(found.body, reactions=after)
            writing.set_body(tx.conn, found, body)
            _record(tx, found, Entry.REACTION)
        return _present(tx.conn, place, do.seq)

    return await commit(call, work)


async def get_history(call: Call, do: GetHistory) -> Page[Version]:
    """What a message said before it was edited, the oldest first."""

    def read(conn: Connection) -> Page[Version]:
        place = place_for(conn, call.actor, do.conversation, Action.READ_INTERNAL)
        found = writing.find_written(conn, place.id, do.seq)
        if found is None:
            raise NotFound
        versions = writing.list_versions(conn, found.id)
        return Page(items=tuple(Version(text=t, until=at(ms)) for t, ms in versions))

    return await call.read(read)


def _own(tx: Tx, conversation_id: int, seq: int) -> tuple[Place, Written]:
    place = tx.place(conversation_id, Action.WRITE)
    found = _find(tx, place, seq)
    if not _is_own(tx.call, found):
        raise NotAllowed("Somebody else wrote it.")
    _check_window(tx, found)
    return place, found


def _find(tx: Tx, place: Place, seq: int) -> Written:
    """The message. Raises NotFound: also if the actor may not see it."""
    found = writing.find_written(tx.conn, place.id, seq)
    if found is None or (found.private and not may(tx.call.actor, Action.READ_INTERNAL, place)):
        raise NotFound
    return found


def _is_own(call: Call, found: Written) -> bool:
    me = call.member
    return bool(me.id) and (me.role, me.id) == (found.role, found.author_id)


def _check_window(tx: Tx, found: Written) -> None:
    if not isinstance(tx.call.actor, Visitor):
        return
    if passed(found.sent_ms, tx.now_ms, tx.call.ctx.limits.edit_s * 1000 + 1):
        raise IllegalState("It was sent too long ago.")


def _record(tx: Tx, found: Written, type: Entry) -> None:
    by, now_ms = tx.call.member, tx.now_ms
    tx.entries.append(writing.changed(tx.conn, found, type, by=by, now_ms=now_ms))


def _present(conn: Connection, place: Place, seq: int) -> Message:
    found = desk.get_message(conn, place.id, seq)
    if found is None:
        raise NotFound
    return found


_PATH = "/conversations/{conversation}/messages/{seq}"
COMMANDS = (
    Command(
        "message.edit",
        edit_message,
        "PATCH",
        _PATH,
        {"conversation": 17, "seq": 4, "text": "One *moment*, please."},
        who="both",
        errors=(IllegalState,),
    ),
    Command(
        "message.delete",
        delete_message,
        "DELETE",
        _PATH,
        {"conversation": 17, "seq": 4},
        who="both",
        errors=(IllegalState,),
    ),
    Command(
        "message.react",
        react,
        "POST",
        f"{_PATH}/reactions",
        {"conversation": 17, "seq": 4, "emoji": "👍"},
        who="both",
        errors=(IllegalState, TooMany),
    ),
    Command(
        "message.history",
        get_history,
        "GET",
        f"{_PATH}/history",
        {"conversation": 17, "seq": 4},
    ),
)
