"""Follow what happens: all that was missed, so that nothing is missed from then on.

Rules: whoever follows is on the channels first (``find_channels``) and reads then; a page holds
everything up to where it says that it ends. ``more``: ask again from there. Without it, the page
and what is heard from ``level`` on are everything.
Not here: SQL (``storage.following``), connections (``gateways.realtime``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Annotated, NamedTuple, TypeVar

import msgspec
from msgspec import Meta
from msgspec.structs import replace
from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import Call, place_for
from kefu.actions.files import with_links
from kefu.actions.forms import Cursor, Form, Id, Seq
from kefu.attendance.telling import come, leave, who_is_here
from kefu.core.actors import Actor, Agent, AgentRole, Visitor
from kefu.core.conversation import Conversation as Address
from kefu.core.conversation import Message
from kefu.core.cursors import MARK
from kefu.core.desk import Conversation, Event, Value
from kefu.core.errors import BadInput, Expired, Unauthenticated
from kefu.core.permissions import Action, Place, check, may, seen_inboxes
from kefu.core.signals import ContactsHere, LookingChanged, ReadMark, ReceiptsChanged
from kefu.core.views import conversation_for_visitor
from kefu.hub import DESK_CHANNEL, Encoded, access_channels, contact_channel, inbox_channel
from kefu.notifications import rows as own
from kefu.storage import desk
from kefu.storage import following as rows
from kefu.storage.positions import End, find_end, find_mark, find_position
from kefu.viewers.commands import who_looks

PAGE = 200  # entries or conversations
PAGE_BYTES = 262_144  # of their JSON: a page must fit into what may wait for a slow reader
MOST_WAIT_S = 30

_V = TypeVar("_V", bound=Value)

Mark = Annotated[
    str,
    Meta(
        pattern=f"^{MARK}$",
        description="What stands before the `-` in the cursor of the entry `since`.",
    ),
]


class OpenConversation(Form, frozen=True):
    """Follow one conversation.

    ``since``: the last number that you have; left out, only what comes from now on is told.
    ``mark``: that entry's mark. Without it nobody notices that the store was restored, and has
    another entry under that number.
    """

    conversation: Id
    since: Seq | None = None
    mark: Mark | None = None


class OpenFeed(Form, frozen=True):
    """Follow everything that you may see.

    Without ``cursor`` you get the conversations as they stand; with it, what happened since.
    ``next``: as the answer before said.
    """

    cursor: Cursor | None = None
    next: Id | None = None


class ListEvents(Form, frozen=True):
    """What happened since a cursor. ``wait``: seconds to wait for something, if nothing did."""

    cursor: Cursor | None = None
    wait: Annotated[int, Meta(ge=0, le=MOST_WAIT_S)] = 0


class ConversationPage(Value, frozen=True):
    """A part of a conversation's timeline.

    ``seq``: the number up to which it is complete; ``mark``: that entry's mark.
    """

    conversation: Conversation
    seq: int
    mark: str = ""
    events: tuple[Event, ...] = ()
    more: bool = False


class EventPage(Value, frozen=True):
    """A part of what happened. ``cursor``: up to where it is complete."""

    cursor: str
    events: tuple[Event, ...] = ()
    more: bool = False


class FeedPage(Value, frozen=True):
    """A part of what a follower has missed: conversations as they stand, or events.

    ``more``: ask again with ``cursor`` and ``next``. What is not among the events comes with the
    last part: ``receipts`` of what is not resolved; of one of the team, how far they have read that
    themselves (``marks``), how many ``mentions`` of themselves they have not read, and who is
    ``looking`` at what, and which contacts are ``here``.
    """

    cursor: str
    conversations: tuple[Conversation, ...] = ()
    events: tuple[Event, ...] = ()
    receipts: tuple[ReceiptsChanged, ...] = ()
    marks: tuple[ReadMark, ...] = ()
    mentions: int = 0
    looking: tuple[LookingChanged, ...] = ()
    here: tuple[ContactsHere, ...] = ()
    next: int | None = None
    more: bool = False


class Opened(NamedTuple):
    """A conversation as it is followed from ``level`` on, the number of its newest entry."""

    place: Place
    level: int
    page: ConversationPage


class Fed(NamedTuple):
    """A feed as it is followed from ``level`` on, the id of the store's newest entry."""

    level: int
    page: FeedPage


def is_team(actor: Actor) -> bool:
    """Whether ``actor`` sees what only the team sees."""
    return not isinstance(actor, Visitor)


async def find_channels(call: Call) -> tuple[str, ...]:
    """Where everything that the actor may see is heard."""
    match call.actor:
        case Visitor(contact_id=0):
            return ()
        case Visitor(contact_id=id):
            return (contact_channel(id),)
        case Agent(role=AgentRole.ADMIN):
            return (DESK_CHANNEL,)
        case Agent(inboxes=ids):
            classic = await call.read(lambda conn: rows.has_classic(conn, ids))
            return tuple(map(inbox_channel, [*sorted(ids), *([0] if classic else [])]))
    return ()


async def find_place(call: Call, conversation_id: int) -> Place:
    """A conversation that the actor may read. Raises NotFound."""
    return await call.read(lambda conn: place_for(conn, call.actor, conversation_id, Action.READ))


async def open_conversation(call: Call, do: OpenConversation) -> Opened:
    """The conversation, and what happened in it after ``since``.

    Raises NotFound; Expired: ``since`` is above every number there is, or ``mark`` is not that
    entry's, so it is of another past.
    """
    ctx, actor = call.ctx, call.actor
    if do.mark is not None and do.since is None:
        raise BadInput("mark: needs the number in since.")

    def read(conn: Connection) -> Opened:
        place = place_for(conn, actor, do.conversation, Action.READ)
        team = may(actor, Action.READ_INTERNAL, place)
        found = desk.get_conversation(conn, place.id)
        level = found.last_seq
        state = with_links(call, found if team else conversation_for_visitor(found))
        since = level if do.since is None else do.since
        if since > level:
            raise Expired
        if since and do.mark not in (None, find_mark(conn, ctx.epoch, place.id, since)):
            raise Expired
        entries = rows.events_after_seq(
            conn, place.id, since, team=team, limit=PAGE, epoch=ctx.epoch
        )
        events = _fit(with_links(call, one) for one in entries)
        cut = len(events) < len(entries)
        more = cut or since + PAGE < level
        reached = events[-1].seq if cut else since + PAGE if more else state.last_seq
        mark = find_mark(conn, ctx.epoch, place.id, reached) or ""
        page = ConversationPage(
            conversation=state, seq=reached, mark=mark, events=events, more=more
        )
        return Opened(place, level, page)

    return await call.read(read)


async def open_feed(call: Call, do: OpenFeed) -> Fed:
    """What the actor has missed since a cursor, or how everything stands.

    Raises Unauthenticated, NotAllowed; Expired: start without a cursor.
    """
    actor = call.actor
    if is_team(actor):
        check(actor, Action.USE_DESK)
    if do.next is not None and do.cursor is None:
        raise BadInput("next: needs the cursor of the same answer.")

    def read(conn: Connection) -> Fed:
        end = find_end(conn, call.ctx.epoch)
        if do.cursor is None or do.next is not None:
            return Fed(end.id, _stand(conn, call, do, end))
        events, more, cursor = _since(conn, call, do.cursor, end)
        page = FeedPage(cursor=cursor, events=events, more=more)
        return Fed(end.id, page if more else _with_told(conn, actor, page))

    fed = await call.read(read)
    if fed.page.more or not isinstance(actor, Agent):
        return fed
    seen = seen_inboxes(actor)
    told = {"looking": who_looks(call.ctx, seen), "here": who_is_here(call.ctx, seen)}
    return fed._replace(page=replace(fed.page, **told))


async def list_events(call: Call, do: ListEvents) -> EventPage:
    """What happened since a cursor in everything that you may see; a long poll, if you wait.

    Without a cursor there are no events, but the cursor of this moment.
    """
    if is_team(call.actor):
        check(call.actor, Action.USE_DESK)
    channels = await find_channels(call)
    with _Ear(call, channels) as ear:
        page = await _list_events(call, do)
        left_s = call.left_s
        with suppress(TimeoutError):
            async with asyncio.timeout(min(do.wait, left_s)):
                while not page.events and do.cursor is not None:
                    await ear.heard.wait()
                    ear.heard.clear()
                    ear.check()
                    page = await _list_events(call, do)
        if left_s < do.wait and not page.events:
            raise Unauthenticated
    return page


async def _list_events(call: Call, do: ListEvents) -> EventPage:
    def read(conn: Connection) -> EventPage:
        end = find_end(conn, call.ctx.epoch)
        if do.cursor is None:
            return EventPage(cursor=end.cursor)
        events, more, cursor = _since(conn, call, do.cursor, end)
        return EventPage(cursor=cursor, events=events, more=more)

    return await call.read(read)


def _stand(conn: Connection, call: Call, do: OpenFeed, end: End) -> FeedPage:
    """Conversations as they stand, the youngest first."""
    ctx, actor = call.ctx, call.actor
    if do.cursor is not None:
        find_position(conn, do.cursor, ctx.epoch)
    cursor = end.cursor if do.cursor is None else do.cursor
    found = rows.list_followed(
        conn, _followed(actor), before_id=do.next, limit=PAGE, team=is_team(actor)
    )
    shown = _fit(with_links(call, one) for one in found)
    # Pages after the first stand at a later moment than the cursor: once they are all there, what
    # happened since the cursor must follow.
    last = len(shown) == len(found) < PAGE
    page = FeedPage(
        cursor=cursor,
        conversations=shown,
        next=None if last else shown[-1].id,
        more=not last or do.cursor is not None,
    )
    return page if page.more else _with_own(conn, actor, page)


def _since(
    conn: Connection, call: Call, cursor: str, end: End
) -> tuple[tuple[Event, ...], bool, str]:
    """Events after ``cursor``; whether there are more; and the cursor that they reach."""
    ctx, actor = call.ctx, call.actor
    after_id = find_position(conn, cursor, ctx.epoch)
    if isinstance(actor, Visitor):
        found = rows.events_of_contact(
            conn, actor.contact_id, after_id, limit=PAGE + 1, epoch=ctx.epoch
        )
    else:
        if end.id - after_id > ctx.limits.resume_entries:
            raise Expired
        found = rows.events_of_inboxes(
            conn, seen_inboxes(actor), after_id, limit=PAGE + 1, epoch=ctx.epoch
        )
    events = _fit(with_links(call, one) for one in found[:PAGE])
    more = len(events) < len(found)
    return events, more, events[-1].cursor if more else end.cursor


def _followed(actor: Actor) -> rows.Where:
    if isinstance(actor, Visitor):
        return rows.had_by(actor.contact_id)
    return rows.live_in(seen_inboxes(actor))


def _with_told(conn: Connection, actor: Actor, page: FeedPage) -> FeedPage:
    """``page``, the last of what was missed, with what is told by signals alone."""
    receipts = rows.list_receipts(conn, _followed(actor), team=is_team(actor))
    return _with_own(conn, actor, replace(page, receipts=tuple(receipts)))


def _with_own(conn: Connection, actor: Actor, page: FeedPage) -> FeedPage:
    """``page`` with what one of the team has read themselves."""
    if not isinstance(actor, Agent):
        return page
    marks = own.list_marks(conn, actor.id, _followed(actor), limit=rows.RECEIPTS)
    mentions = own.count_unread_mentions(conn, actor.id)
    return replace(page, marks=tuple(marks), mentions=mentions)


def _fit(values: Iterable[_V]) -> tuple[_V, ...]:
    """The first of ``values`` whose JSON has at most ``PAGE_BYTES``, but at least one."""
    kept: list[_V] = []
    room = PAGE_BYTES
    for one in values:
        room -= len(msgspec.json.encode(one))
        if room < 0 and kept:
            break
        kept.append(one)
    return tuple(kept)


class _Ear:
    """Hears, while it is there, that there is something new for an actor."""

    def __init__(self, call: Call, channels: Sequence[str]) -> None:
        self.heard = asyncio.Event()
        self._ctx, self._hub, self._actor = call.ctx, call.ctx.hub, call.actor
        self._ended = False
        self._channels = channels
        self._access = (
            access_channels(call.actor) if isinstance(call.actor, Agent | Visitor) else ()
        )

    def __enter__(self) -> _Ear:
        for channel in self._channels:
            self._hub.subscribe(channel, self)
        for channel in self._access:
            self._hub.listen(channel, self)
        come(self._ctx, self._actor)
        return self

    def __exit__(self, *_: object) -> None:
        leave(self._ctx, self._actor)
        for channel in self._channels:
            self._hub.unsubscribe(channel, self)
        for channel in self._access:
            self._hub.ignore(channel, self)

    def check(self) -> None:
        """Raise Unauthenticated if what let the actor in holds no more."""
        if self._ended:
            raise Unauthenticated

    def deliver(
        self, channel: str, conversation: Address, message: Message, encoded: Encoded
    ) -> None:
        """There is something new."""
        if is_team(self._actor) or not message.private:
            self.heard.set()

    def signalled(self, channel: str, signal: msgspec.Struct, encoded: Encoded) -> None:
        """Signals are not events."""

    def revoked(self, reason: str) -> None:
        """The actor's access has ended."""
        self._ended = True
        self.heard.set()


COMMANDS = (
    Command(
        "event.list",
        list_events,
        "GET",
        "/events",
        {"cursor": "bde5a135a012-10", "wait": 20},
        who="both",
        errors=(Expired,),
    ),
)
