"""What one of the team has read, or not again; notes that name them: listed, read, told of at once.

Rules: an agent sees their own mentions alone, in conversations that they may see by now. How many
are unread is told to all that they have open, as it stands then.
Not here: writing a note (``actions.messages``), rows (``rows``).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Annotated

from msgspec import Meta
from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.forms import Cursor, Done, Form, Id, Limit, Page, Seq, older_than
from kefu.core.actors import Agent
from kefu.core.conversation import Message as Entry
from kefu.core.desk import Message, Value
from kefu.core.errors import IllegalState, NotAllowed, NotFound
from kefu.core.permissions import Action, check
from kefu.core.signals import MentionsChanged
from kefu.core.views import person
from kefu.hub import agent_channel
from kefu.notifications import rows
from kefu.storage import desk

MentionId = Annotated[int, Meta(ge=1, lt=2**53, description="As `mention.list` has it.")]


class MarkUnread(Form, frozen=True):
    """You have not read it."""

    conversation: Id
    seq: Annotated[
        Seq | None,
        Meta(description="From this number on; without it, the contact's last message."),
    ] = None


class ListMentions(Form, frozen=True):
    """Notes that name you, the newest first."""

    unread: Annotated[bool, Meta(description="Only those that you have not read.")] = False
    cursor: Cursor | None = None
    limit: Limit = 50


class ReadMentions(Form, frozen=True):
    """One note that names you, or all of them if it is left out."""

    mention: MentionId | None = None


class Mention(Value, frozen=True):
    """A note that names you, as it stands now."""

    id: int
    conversation: int
    message: Message
    read: bool = False


class Unread(Value, frozen=True, omit_defaults=False):
    """How many notes name you that you have not read."""

    unread: int


async def mark_unread(call: Call, do: MarkUnread) -> Done:
    """Set one's own mark of what one has read back, before a message; the team's stays."""

    def work(tx: Tx) -> Done:
        set_back(tx, do.conversation, do.seq)
        return Done()

    return await commit(call, work)


async def list_mentions(call: Call, do: ListMentions) -> Page[Mention]:
    """Notes that name the caller, the newest first."""
    me = one_of_team(call)
    before_id = older_than(do.cursor)

    def read(conn: Connection) -> Page[Mention]:
        found = rows.list_mentions(
            conn, me.id, unread=do.unread, before_id=before_id, limit=do.limit
        )
        notes = desk.load_messages(conn, [one.id for one in found])
        items = tuple(
            Mention(
                id=one.id, conversation=one.conversation_id, message=notes[one.id], read=one.read
            )
            for one in found
        )
        return Page(items=items, next=str(found[-1].id) if len(found) == do.limit else None)

    return await call.read(read)


async def read_mentions(call: Call, do: ReadMentions) -> Unread:
    """Say that the caller has read one note that names them, or all."""

    def work(tx: Tx) -> Unread:
        me = one_of_team(tx.call, Action.KEEP_OWN)
        if do.mention is not None and not rows.is_mentioned(tx.conn, me.id, do.mention):
            raise NotFound
        if rows.read_mentions(tx.conn, me.id, tx.now_ms, message_id=do.mention):
            tell_unread(tx, [me.id])
        return Unread(unread=rows.count_unread_mentions(tx.conn, me.id))

    return await commit(call, work)


def mark_read(tx: Tx, agent_id: int, conversation_id: int, seq: int) -> None:
    """The agent has read this conversation up to ``seq``, with the notes there that name them."""
    mark = rows.move_mark(tx.conn, agent_id, conversation_id, seq)
    if mark is None:
        return
    tx.after.append(partial(tx.call.ctx.hub.signal, [agent_channel(agent_id)], mark))
    if rows.read_mentions(tx.conn, agent_id, tx.now_ms, in_conversation=(conversation_id, seq)):
        tell_unread(tx, [agent_id])


def set_back(tx: Tx, conversation_id: int, seq: int | None = None) -> None:
    """The caller has not read what is from ``seq`` on; raises as ``rows.set_back``."""
    me = one_of_team(tx.call)
    place = tx.place(conversation_id, Action.WRITE)
    mark = rows.set_back(tx.conn, me.id, place.id, seq)
    if mark is not None:
        tx.after.append(partial(tx.call.ctx.hub.signal, [agent_channel(me.id)], mark))


def mention(tx: Tx, note: Entry, agent_ids: Iterable[int]) -> None:
    """``note`` names these agents, who are told."""
    named = sorted(set(agent_ids) - {tx.call.member.id})
    if named:
        rows.add_mentions(tx.conn, note, named)
        tell_unread(tx, named, note)


def unmention(tx: Tx, message_id: int) -> None:
    """A note is gone that may have named somebody."""
    tell_unread(tx, rows.drop_mentions(tx.conn, message_id))


def tell_unread(tx: Tx, agent_ids: Iterable[int], note: Entry | None = None) -> None:
    """Tell each agent how many mentions they have not read; ``note``: which is new."""
    for id in agent_ids:
        unread = rows.count_unread_mentions(tx.conn, id)
        signal = MentionsChanged(unread=unread)
        if note is not None:
            signal = MentionsChanged(
                unread=unread,
                conversation=note.conversation_id,
                note=note.seq,
                person=person(note.sender),
            )
        tx.after.append(partial(tx.call.ctx.hub.signal, [agent_channel(id)], signal))


def one_of_team(call: Call, action: Action = Action.USE_DESK) -> Agent:
    """The caller, who is a person or a bot of the team. Raises as ``check``."""
    check(call.actor, action)
    if not isinstance(call.actor, Agent):
        raise NotAllowed("This is for those of the team.")
    return call.actor


COMMANDS = (
    Command(
        "conversation.unread",
        mark_unread,
        "PUT",
        "/conversations/{conversation}/unread",
        {"conversation": 17, "seq": 5},
        errors=(IllegalState,),
    ),
    Command("mention.list", list_mentions, "GET", "/mentions", {"unread": True}),
    Command(
        "mention.read",
        read_mentions,
        "PUT",
        "/mentions/read",
        {},
        errors=(NotFound,),
    ),
)
