"""Look at conversations: lists, one, its entries.

Rules: whoever may not know of a conversation is told that there is none.
Not here: writing (``actions.messages``), states and assignment (``actions.handling``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta
from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import Call, place_for
from kefu.actions.forms import Cursor, Form, Id, Limit, Name, Page, Seq, older_than
from kefu.core.actors import Actor, Agent, AgentRole, Standing, Visitor
from kefu.core.attributes import clean_tag
from kefu.core.conversation import Kind
from kefu.core.desk import Conversation, Message, Time, Value, to_ms
from kefu.core.errors import BadInput, NotAllowed
from kefu.core.lists import ConversationFilter, Sort
from kefu.core.names import same_name
from kefu.core.permissions import Action, check, may
from kefu.core.states import Status
from kefu.core.views import conversation_for_visitor, message_for_visitor
from kefu.notifications import rows as notifications
from kefu.storage import desk, listing, positions
from kefu.storage.listing import Filter, Live, Rank, Scope


class GetConversation(Form, frozen=True):
    """One conversation."""

    conversation: Id


class ListConversations(ConversationFilter, frozen=True):
    """Conversations that you may see, the one written to last first.

    Sorted otherwise, they are those that are not resolved.
    """

    contact: Id | None = None
    kind: Kind | None = None
    updated_since: Annotated[
        Time | None, Meta(description="Something happened in it at this time or after it.")
    ] = None
    with_: Annotated[
        Name | None, Meta(description="Somebody takes part under exactly this name.")
    ] = msgspec.field(name="with", default=None)
    sort: Sort = Sort.NEWEST
    cursor: Cursor | None = None
    limit: Limit = 50


class CountConversations(Form, frozen=True):
    """How many conversations wait for what."""

    inbox: Id | None = None
    team: Id | None = None


class TeamCount(Value, frozen=True, omit_defaults=False):
    """How many conversations a team has that are not resolved."""

    team: int
    queued: int
    open: int


class Counts(Value, frozen=True, omit_defaults=False):
    """Conversations that are not resolved.

    ``mine``: open, and yours; ``unread``: of these, with what you have not read. ``mentions``:
    notes that name you and that you have not read.
    """

    queued: int
    open: int
    pending: int
    snoozed: int
    mine: int
    all: int
    unread: int
    mentions: int
    teams: tuple[TeamCount, ...]


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
    """Conversations, the one written to last first, or whoever waits longest, or by urgency."""
    scope = scope_of(call.actor)
    _check_own_filters(call.actor, do)
    if do.kind is not None:
        scope = scope._replace(kinds=[do.kind] if do.kind in scope.kinds else [])
    wanted = filter_of(call.actor, do)._replace(
        contact_id=do.contact, name=same_name(do.with_) if do.with_ else None
    )
    list_page = _newest if do.sort is Sort.NEWEST else _sorted

    def read(conn: Connection) -> Page[Conversation]:
        since = wanted
        if do.updated_since is not None:
            after_id = positions.last_before(conn, to_ms(do.updated_since))
            since = wanted._replace(after_id=after_id)
        ids, next = list_page(conn, scope, since, do)
        items = desk.load_conversations(conn, ids)
        return Page(items=tuple(items), next=next if len(ids) == do.limit else None)

    page = await call.read(read)
    if isinstance(call.actor, Visitor):
        return Page(items=tuple(map(conversation_for_visitor, page.items)), next=page.next)
    return page


def _newest(
    conn: Connection, scope: Scope, wanted: Filter, do: ListConversations
) -> tuple[list[int], str]:
    before_id = older_than(do.cursor)
    found = listing.list_newest(conn, scope, wanted, before_id=before_id, limit=do.limit)
    return [one.id for one in found], str(found[-1].last_id) if found else ""


def _sorted(
    conn: Connection, scope: Scope, wanted: Filter, do: ListConversations
) -> tuple[list[int], str]:
    after = None if do.cursor is None else _read_rank(do.cursor)
    found = listing.list_sorted(conn, scope, wanted, do.sort, after=after, limit=do.limit)
    return [one.id for one in found], "{}.{}.{}".format(*found[-1].rank) if found else ""


def _read_rank(cursor: str) -> Rank:
    """The rank of the last one that was shown. Raises BadInput."""
    found = re.fullmatch(r"([0-4])\.([0-9]{1,16})\.([0-9]{1,15})", cursor)
    if found is None:
        raise BadInput("cursor: not one that this list gave.")
    return Rank(*map(int, found.groups()))


def filter_of(actor: Actor, do: ConversationFilter) -> Filter:
    """What is wanted, as the store understands it. Raises BadInput."""
    me = _me(actor)
    also = [notifications.is_unread_by(me)] if do.unread == "me" else []
    if do.mentioned:
        also.append(notifications.names(me))
    return Filter(
        statuses=do.status,
        inbox_id=do.inbox,
        assignee_id=_assignee(actor, do.assignee),
        unassigned=do.assignee == "none",
        team_id=do.team,
        tag=clean_tag(do.tag) if do.tag else None,
        priority=do.priority,
        waiting=do.waiting,
        unread=do.unread == "team",
        also=tuple(also),
    )


def _check_own_filters(actor: Actor, do: ListConversations) -> None:
    """What a visitor does not see of a conversation, they do not find it by, either."""
    if isinstance(actor, Visitor):
        # Not since when something changed, either: a note changes it.
        teams = (do.team, do.tag, do.priority, do.unread, do.updated_since)
        if any(teams) or do.waiting or do.mentioned or do.sort is not Sort.NEWEST:
            raise NotAllowed("This is for the team to sort and choose by.")


async def count_conversations(call: Call, do: CountConversations) -> Counts:
    """How many conversations wait for what."""
    check(call.actor, Action.USE_DESK)
    scope, wanted = scope_of(call.actor), Filter(inbox_id=do.inbox, team_id=do.team)
    me = _me(call.actor)

    def read(conn: Connection) -> Counts:
        found = listing.count_live(conn, scope, wanted, me)
        mine = wanted._replace(
            statuses=[Status.OPEN], assignee_id=me, also=(notifications.is_unread_by(me),)
        )
        most = call.ctx.limits.resume_entries
        unread = listing.count_some(conn, scope, mine, most=most) if me else 0
        mentions = notifications.count_unread_mentions(conn, me) if me else 0
        return _counts(found, unread, mentions)

    return await call.read(read)


def _counts(found: Sequence[Live], unread: int, mentions: int) -> Counts:
    def number(status: Status, team: int | None = None) -> int:
        wanted = (status, team)
        alike = [one for one in found if (one.status, team and one.team_id) == wanted]
        return sum(one.number for one in alike)

    teams = sorted({one.team_id for one in found if one.team_id is not None})
    return Counts(
        queued=number(Status.QUEUED),
        open=number(Status.OPEN),
        pending=number(Status.PENDING),
        snoozed=number(Status.SNOOZED),
        mine=sum(one.number for one in found if one.mine and one.status is Status.OPEN),
        all=sum(one.number for one in found),
        unread=unread,
        mentions=mentions,
        teams=tuple(
            TeamCount(team=id, queued=number(Status.QUEUED, id), open=number(Status.OPEN, id))
            for id in teams
        ),
    )


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


def scope_of(actor: Actor) -> Scope:
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
        return _me(actor)
    return asked if isinstance(asked, int) else None


def _me(actor: Actor) -> int:
    """The caller as an agent; 0 is none."""
    return actor.id if isinstance(actor, Agent) else 0


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
