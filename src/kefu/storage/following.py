"""What somebody who follows conversations has missed, read from one snapshot.

Rules: whoever follows is on the channels before anything here is read, so that what a snapshot has
not is heard. Every function gives one bounded page and says where the next begins. Pages are cut
by entries' numbers and ids, never by time.
Not here: who may follow what (``actions.following``), what was meanwhile heard (the gateways).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Connection, Row, literal_column, select

from kefu.core.conversation import Kind
from kefu.core.desk import Conversation, Event
from kefu.core.signals import ReceiptsChanged
from kefu.core.states import Status
from kefu.core.views import conversation_for_visitor, event_for_visitor, receipts_for_visitor
from kefu.storage.desk import (
    in_conversation,
    list_events,
    load_conversations,
    of_contact,
    public_prevs,
    receipts,
    since,
)
from kefu.storage.schema import conversation, inbox, message

RECEIPTS = 2_000  # conversations whose receipts are told at once, the most recent ones

Where = list[ColumnElement[bool]]

# Not a parameter: a database must see that the index of what is live will do.
_LIVE = conversation.c.status != literal_column(f"'{Status.RESOLVED}'")


def events_after_seq(
    conn: Connection, conversation_id: int, after_seq: int, *, team: bool, limit: int, epoch: str
) -> list[Event]:
    """The entries ``after_seq + 1`` … ``after_seq + limit`` of a conversation, as its side sees
    them.

    Numbers have no holes, so an empty page does not mean that there is no more for a visitor.
    """
    here = [*in_conversation(conversation_id, after_seq), message.c.seq <= after_seq + limit]
    if team:
        return list_events(conn, here, limit=limit, epoch=epoch)
    return _for_visitor(conn, [*here, message.c.private == 0], limit, epoch)


def events_of_inboxes(
    conn: Connection, inbox_ids: Collection[int] | None, after_id: int, *, limit: int, epoch: str
) -> list[Event]:
    """What the team saw after an entry, in these inboxes; None: in all."""
    return list_events(conn, since(after_id, inbox_ids=inbox_ids), limit=limit, epoch=epoch)


def events_of_contact(
    conn: Connection, contact_id: int, after_id: int, *, limit: int, epoch: str
) -> list[Event]:
    """What a contact saw after an entry."""
    return _for_visitor(conn, of_contact(after_id, contact_id), limit, epoch)


def has_classic(conn: Connection, inbox_ids: Collection[int]) -> bool:
    """Whether the inbox of the rooms protocol is among these."""
    classic = select(inbox.c.id).where(inbox.c.kind == "classic", inbox.c.id.in_(inbox_ids))
    return conn.scalar(classic) is not None


def live_in(inbox_ids: Collection[int] | None) -> Where:
    """Conversations of these inboxes that are not over; None: of all."""
    live = [_LIVE, conversation.c.inbox_id.is_not(None)]
    return live if inbox_ids is None else [*live, conversation.c.inbox_id.in_(inbox_ids)]


def had_by(contact_id: int) -> Where:
    """A contact's own conversations."""
    return [conversation.c.contact_id == contact_id, conversation.c.kind == Kind.DESK]


def list_followed(
    conn: Connection, where: Where, *, before_id: int | None, limit: int, team: bool
) -> list[Conversation]:
    """Conversations as they stand now, the youngest first, with an id below ``before_id``."""
    below = [] if before_id is None else [conversation.c.id < before_id]
    chosen = select(conversation.c.id).where(*where, *below).order_by(conversation.c.id.desc())
    found = load_conversations(conn, list(conn.scalars(chosen.limit(limit))))
    return found if team else [conversation_for_visitor(one) for one in found]


def list_receipts(conn: Connection, where: Where, *, team: bool) -> list[ReceiptsChanged]:
    """How far both sides have read each; of at most the ``RECEIPTS`` written to last."""
    chosen = select(conversation).where(*where).order_by(conversation.c.last_id.desc())
    found = [_receipts(row) for row in conn.execute(chosen.limit(RECEIPTS))]
    return found if team else [receipts_for_visitor(one) for one in found]


def _for_visitor(conn: Connection, where: Where, limit: int, epoch: str) -> list[Event]:
    events: Sequence[Event] = list_events(conn, where, limit=limit, epoch=epoch)
    prevs = public_prevs(conn, events)
    return [event_for_visitor(event, prev=prev) for event, prev in zip(events, prevs, strict=True)]


def _receipts(row: Row[tuple[object, ...]]) -> ReceiptsChanged:
    return ReceiptsChanged(
        conversation=row.id,
        team=receipts(row.team_delivered_seq, row.team_read_seq),
        contact=receipts(row.contact_delivered_seq, row.contact_read_seq),
        team_unread=row.team_unread,
        contact_unread=row.contact_unread,
        last_seq=row.last_seq,
        last_public_seq=row.last_public_seq,
    )
