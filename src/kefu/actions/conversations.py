"""Look at conversations: lists, one, its entries.

Rules: whoever may not know of a conversation is told that there is none.
Not here: writing (``actions.messages``), states and assignment (``actions.handling``).
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import Call, place_for
from kefu.actions.forms import Cursor, Form, Id, Limit, Name, Page, Seq, older_than
from kefu.core.actors import Actor, Agent, AgentRole, Standing, Visitor
from kefu.core.attributes import clean_tag
from kefu.core.conversation import Kind
from kefu.core.desk import Conversation, Message, Value
from kefu.core.names import same_name
from kefu.core.permissions import Action, check, may
from kefu.core.states import Status
from kefu.core.views import conversation_for_visitor, message_for_visitor
from kefu.storage import desk, listing
from kefu.storage.listing import Filter, Scope

Assignee = Id | Literal["me", "none"]


class GetConversation(Form, frozen=True):
    """One conversation."""

    conversation: Id


class ListConversations(Form, frozen=True):
    """Conversations that you may see, the one written to last first."""

    status: Annotated[
        tuple[Status, ...], Meta(max_length=5, description="In one of these states.")
    ] = ()
    inbox: Id | None = None
    assignee: Annotated[
        Assignee | None, Meta(description="An agent, oneself (`me`), or nobody (`none`).")
    ] = None
    team: Id | None = None
    tag: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    contact: Id | None = None
    kind: Kind | None = None
    with_: Annotated[
        Name | None, Meta(description="Somebody takes part under exactly this name.")
    ] = msgspec.field(name="with", default=None)
    cursor: Cursor | None = None
    limit: Limit = 50


class CountConversations(Form, frozen=True):
    """How many conversations wait for what."""

    inbox: Id | None = None
    team: Id | None = None


class Counts(Value, frozen=True, omit_defaults=False):
    """Conversations that are not resolved. ``mine``: open, and yours."""

    queued: int
    open: int
    pending: int
    snoozed: int
    mine: int


class ListMessages(Form, frozen=True):
    """A page of a conversation's messages, notes and activities."""

    conversation: Id
    after: Seq = 0
    before: Seq | None = None
    limit: Limit = 100


async def get_conversation(call: Call, do: GetConversation) -> Conversation:
    """A conversation as it stands now."""

    def read(conn: Connection) -> Conversation:
        place = place_for(conn, call.actor, do.conversation, Action.READ)
        return desk.get_conversation(conn, place.id)

    found = await call.read(read)
    if isinstance(call.actor, Visitor):
        return conversation_for_visitor(found)
    return found


async def list_conversations(call: Call, do: ListConversations) -> Page[Conversation]:
    """Conversations, the one written to last first."""
    scope = _scope(call.actor)
    if do.kind is not None:
        scope = scope._replace(kinds=[do.kind] if do.kind in scope.kinds else [])
    wanted = Filter(
        statuses=do.status,
        inbox_id=do.inbox,
        assignee_id=_assignee(call.actor, do.assignee),
        unassigned=do.assignee == "none",
        team_id=do.team,
        tag=clean_tag(do.tag) if do.tag else None,
        contact_id=do.contact,
        name=same_name(do.with_) if do.with_ else None,
    )
    before_id = older_than(do.cursor)

    def read(conn: Connection) -> Page[Conversation]:
        found = listing.list_newest(conn, scope, wanted, before_id=before_id, limit=do.limit)
        items = desk.load_conversations(conn, [one.id for one in found])
        more = len(found) == do.limit
        return Page(items=tuple(items), next=str(found[-1].last_id) if more else None)

    page = await call.read(read)
    if isinstance(call.actor, Visitor):
        return Page(items=tuple(map(conversation_for_visitor, page.items)), next=page.next)
    return page


async def count_conversations(call: Call, do: CountConversations) -> Counts:
    """How many conversations wait for what."""
    check(call.actor, Action.USE_DESK)
    scope, wanted = _scope(call.actor), Filter(inbox_id=do.inbox, team_id=do.team)
    me = call.actor.id if isinstance(call.actor, Agent) else 0
    found = await call.read(lambda conn: listing.count_live(conn, scope, wanted, me))
    return Counts(**found._asdict())


async def list_messages(call: Call, do: ListMessages) -> Page[Message]:
    """Messages, notes and activities of a conversation, by number.

    ``after`` gives those above a number, oldest first; ``before`` the last ones below it.
    """

    def read(conn: Connection) -> list[Message]:
        place = place_for(conn, call.actor, do.conversation, Action.READ)
        return desk.list_entries(
            conn,
            place.id,
            after_seq=do.after,
            before_seq=do.before,
            limit=do.limit,
            private=may(call.actor, Action.READ_INTERNAL, place),
        )

    found = await call.read(read)
    if isinstance(call.actor, Visitor):
        found = [message_for_visitor(one) for one in found]
    more = len(found) == do.limit
    edge = found[-1 if do.before is None else 0].seq if found else 0
    return Page(items=tuple(found), next=str(edge) if more else None)


def _scope(actor: Actor) -> Scope:
    """What the actor's lists are of: no more than what ``may`` lets them read."""
    if isinstance(actor, Visitor):
        return Scope(contact_id=actor.contact_id, kinds=[Kind.DESK])
    check(actor, Action.READ)
    if actor is Standing.AGENT:
        return Scope(kinds=[Kind.ROOMS, Kind.DIRECT])
    if isinstance(actor, Agent) and actor.role is not AgentRole.ADMIN:
        return Scope(inbox_ids=actor.inboxes, kinds=[Kind.DESK, Kind.ROOMS])
    return Scope(kinds=list(Kind))


def _assignee(actor: Actor, asked: int | str | None) -> int | None:
    if asked == "me":
        return actor.id if isinstance(actor, Agent) else 0
    return asked if isinstance(asked, int) else None


COMMANDS = (
    Command(
        "conversation.list",
        list_conversations,
        "GET",
        "/conversations",
        {"status": ["queued", "open"], "assignee": "me", "limit": 20},
        who="both",
    ),
    Command(
        "conversation.counts",
        count_conversations,
        "GET",
        "/conversation-counts",
        {"inbox": 2},
    ),
    Command(
        "conversation.get",
        get_conversation,
        "GET",
        "/conversations/{conversation}",
        {"conversation": 17},
        who="both",
    ),
    Command(
        "message.list",
        list_messages,
        "GET",
        "/conversations/{conversation}/messages",
        {"conversation": 17, "after": 3},
        who="both",
    ),
)
