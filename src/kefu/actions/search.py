"""Search messages, notes and contacts by their words.

Rules: an agent finds what is in inboxes of theirs, and contacts who have a conversation there.
What was deleted is not found. What somebody types is looked for, never interpreted; a text without
a letter or a digit finds nothing. What was said a moment ago may not be found yet.
Not here: how words are compared (``core.search``), the index (``storage.indexing``).
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta
from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import Call, place_for
from kefu.actions.forms import Cursor, Form, Id, Limit, Page, older_than
from kefu.core.conversation import Entry, Kind, Role
from kefu.core.desk import Contact, Person, Time, Value, at
from kefu.core.errors import NotFound
from kefu.core.permissions import Action, Place, check, may, seen_inboxes
from kefu.core.search import QUERY_CHARS, Query, query
from kefu.core.snippets import Piece, snippet
from kefu.storage import profiles, search

Text = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=QUERY_CHARS,
        description="Words that must all be there, the last one from its beginning on.",
    ),
]


class SearchMessages(Form, frozen=True):
    """Messages and notes with these words, the newest first."""

    text: Text
    inbox: Id | None = None
    conversation: Id | None = None
    cursor: Cursor | None = None
    limit: Limit = 20


class SearchContacts(Form, frozen=True):
    """Contacts with these words, the newest first."""

    text: Text
    inbox: Id | None = None
    cursor: Cursor | None = None
    limit: Limit = 20


class MessageHit(Value, frozen=True):
    """A message or note that was found. ``snippet``: the part of its text around the first hit."""

    conversation: int
    seq: int
    type: Entry
    sender: Person
    at: Time
    snippet: tuple[Piece, ...]
    inbox: int | None = None
    contact: Person | None = None


async def search_messages(call: Call, do: SearchMessages) -> Page[MessageHit]:
    """Find messages and notes by their words.

    Chinese, Japanese, Korean and Thai texts are found by any characters that stand together, other
    words as a whole, whatever their case and accents. ``snippet`` has the text in pieces, those
    with ``hit`` are what was looked for.
    """
    check(call.actor, Action.USE_DESK)
    wanted, before_id = query(do.text), older_than(do.cursor)

    def read(conn: Connection) -> Page[MessageHit]:
        inbox_ids = seen_inboxes(call.actor, do.inbox)
        if do.conversation is not None:
            place_for(conn, call.actor, do.conversation, Action.READ_INTERNAL)
        if wanted is None:
            return Page(items=())
        found = search.find_messages(
            conn,
            wanted,
            inbox_ids=inbox_ids,
            conversation_id=do.conversation,
            before_id=before_id,
            limit=do.limit,
        )
        rows = search.load_hits(conn, found.ids)
        hits = tuple(_hit(row, wanted) for row in rows if _may_see(call, row))
        return Page(items=hits, next=str(found.ids[-1]) if found.more else None)

    return await call.read(read)


async def search_contacts(call: Call, do: SearchContacts) -> Page[Contact]:
    """Find contacts by their name, e-mail address, telephone number, id, tags and attributes."""
    check(call.actor, Action.USE_DESK)
    wanted, before_id = query(do.text), older_than(do.cursor)

    def read(conn: Connection) -> Page[Contact]:
        visible = profiles.visible_in(seen_inboxes(call.actor, do.inbox))
        if wanted is None:
            return Page(items=())
        found = search.find_contacts(conn, wanted, visible, before_id=before_id, limit=do.limit)
        contacts = profiles.load_contacts(conn, found.ids)
        return Page(items=tuple(contacts), next=str(found.ids[-1]) if found.more else None)

    return await call.read(read)


def _may_see(call: Call, row: Any) -> bool:
    place = Place(row.conversation_id, row.key, Kind(row.kind), row.inbox_id, row.contact_id)
    return may(call.actor, Action.READ_INTERNAL, place)


def _hit(row: Any, wanted: Query) -> MessageHit:
    person = None
    if row.contact_id is not None:
        person = Person(role=Role.VISITOR, name=row.contact_name, id=row.contact_id)
    return MessageHit(
        conversation=row.conversation_id,
        seq=row.seq,
        type=Entry(row.type),
        sender=Person(role=Role(row.role), name=row.name, id=row.sender_id),
        at=at(row.sent_ms),
        snippet=snippet(row.text, wanted),
        inbox=row.inbox_id,
        contact=person,
    )


COMMANDS = (
    Command(
        "message.search",
        search_messages,
        "GET",
        "/search/messages",
        {"text": "order 1042", "inbox": 2},
        errors=(NotFound,),
    ),
    Command(
        "contact.search",
        search_contacts,
        "GET",
        "/search/contacts",
        {"text": "li@example.com"},
        errors=(NotFound,),
    ),
)
