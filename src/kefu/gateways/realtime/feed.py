"""What one connection follows: conversations it has opened, and the feed of all it may see.

Rules: whoever follows is on the channels before the store is read. While something is being
opened, whatever is heard is held back, and follows the answer in its order; what the answer has in
it already is left out. So nothing is missed and nothing is told twice. An event's bytes are made
once for everybody who sees the same, but for links to files, which are each one's own.
Not here: reading what was missed (``actions.following``), frames (``codec``), commands
(``socket``), the HTTP response (``http``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import msgspec

from kefu.actions.context import Call, Context
from kefu.actions.files import with_links
from kefu.actions.following import (
    ConversationPage,
    FeedPage,
    OpenConversation,
    OpenFeed,
    find_channels,
    find_place,
    is_team,
    open_conversation,
    open_feed,
)
from kefu.core.actors import Agent, Visitor
from kefu.core.conversation import Conversation, Entry, Message
from kefu.core.cursors import make_cursor
from kefu.core.desk import Event
from kefu.core.endings import Ending
from kefu.core.errors import IllegalState, TooMany
from kefu.core.permissions import Place
from kefu.core.signals import QueuePosition, ReceiptsChanged, Signal, Typing
from kefu.core.views import added, event_for_visitor, receipts_for_visitor
from kefu.gateways.realtime import codec
from kefu.hub import EVENT, TEAM_CHANNEL, Encoded
from kefu.viewers.commands import stop_looking

Wrap = Callable[[bytes, str | None], bytes]  # an event's JSON and cursor as bytes on the wire
CLOCK_S = 60.0  # the wall clock is looked at this often at least
MOST_HELD = 5_000  # entries while something is being opened; a store that slow is no use


class _Open(msgspec.Struct):
    """A conversation that is followed: everything after ``level`` is told as it happens."""

    key: str
    level: int
    head: int  # the newest number that was told
    place: Place | None  # None: it has to be looked at again


class Following:
    """One connection's ears. ``push`` sends; ``end`` is told why it has to end."""

    __slots__ = (
        "_begun",
        "_busy",
        "_channels",
        "_clock",
        "_ctx",
        "_end",
        "_gone",
        "_held",
        "_holds",
        "_level",
        "_open",
        "_push",
        "_reached",
        "_told",
        "_wrap",
        "call",
        "ended",
    )

    def __init__(
        self,
        ctx: Context,
        wrap: Wrap,
        push: Callable[[bytes], None],
        end: Callable[[str], None],
    ) -> None:
        self.call: Call | None = None  # as whom it was let in
        self.ended = False  # its access has
        self._clock: asyncio.TimerHandle | None = None  # its access ends by itself, later
        self._ctx = ctx
        self._wrap = wrap
        self._push = push
        self._end = end
        self._open: dict[int, _Open] = {}
        self._channels: tuple[str, ...] = ()  # of the feed
        self._level: int | None = None  # entries after this id are told; None: no feed is open
        self._begun = ""  # the cursor of the entry ``_level``
        self._reached: Message | None = None  # the newest entry that went through the feed since
        self._busy = False  # the feed is being opened
        self._gone = False
        self._holds = 0
        self._held: list[Callable[[], None]] = []
        self._told: object = None  # the newest signal: it may be heard on several channels

    # As whom it is there

    @property
    def actor(self) -> Agent | Visitor | None:
        """Who it is; None: it was not let in yet."""
        actor = self.call.actor if self.call else None
        return actor if isinstance(actor, Agent | Visitor) else None

    def begin(self, call: Call) -> None:
        """It is let in, for as long as the proof holds."""
        self.call = call
        self._look_at_clock()

    def stop(self) -> Call | None:
        """It is there no more; as whom it was."""
        call, self.call = self.call, None
        if self._clock is not None:
            self._clock.cancel()
        return call

    def _look_at_clock(self) -> None:
        """End when the proof does: by the clock on the wall, which may be set meanwhile."""
        until_ms = self.call.proof.until_ms if self.call and self.call.proof else None
        if until_ms is None:
            return
        left_s = (until_ms - self._ctx.now_ms()) / 1000
        if left_s <= 0:
            self.revoked(Ending.EXPIRED)
        else:
            loop = asyncio.get_running_loop()
            self._clock = loop.call_later(min(left_s, CLOCK_S), self._look_at_clock)

    # What the connection asks for

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Around opening and its answer: what is heard meanwhile comes after it."""
        self._holds += 1
        try:
            yield
        finally:
            self._holds -= 1
            if not self._holds:
                held, self._held = self._held, []
                for tell in held:
                    tell()

    async def open_conversation(self, call: Call, do: OpenConversation) -> ConversationPage:
        """Follow a conversation; within ``holding``. Raises as ``following.open_conversation``.

        If the answer says ``more``, it is not followed yet.
        """
        known = self._open.get(do.conversation)
        if known is None and len(self._open) >= self._ctx.limits.open_conversations:
            raise TooMany("Too many conversations are open on this connection.")
        key = known.key if known else (await find_place(call, do.conversation)).key
        self._listen(key)
        try:
            place, level, page = await open_conversation(call, do)
        except BaseException:
            self._ignore(key)
            raise
        self.close_conversation(do.conversation)  # as it was open before
        if page.more or self._gone:
            self._ignore(key)
        else:
            head = page.conversation.last_seq
            self._open[do.conversation] = _Open(key, level, head, place)
        return page

    def close_conversation(self, conversation_id: int) -> None:
        """Follow it no more."""
        if known := self._open.pop(conversation_id, None):
            self._ignore(known.key)

    async def open_feed(self, call: Call, do: OpenFeed) -> FeedPage:
        """Follow everything; within ``holding``. Raises as ``following.open_feed``."""
        if self._busy:
            raise IllegalState("Wait for the answer to feed.open before you send another.")
        self._busy, self._level = True, None
        try:
            await self._join_feed(call)
            fed = await open_feed(call, do)
        except BaseException:
            self.close_feed()
            raise
        finally:
            self._busy = False
        if self._gone:
            self.close_feed()
        elif not fed.page.more:
            self._level, self._begun, self._reached = fed.level, fed.page.cursor, None
        return fed.page

    def close_feed(self) -> None:
        """Follow everything no more."""
        for channel in self._channels:
            self._ignore(channel)
        self._channels, self._level = (), None

    async def become(self, call: Call) -> None:
        """The actor is now whoever ``call`` says: the feed goes on as theirs, without a gap."""
        if self._busy:  # as whoever it was before
            self._end(Ending.IDENTITY_CHANGED)
        if self._level is None:
            return
        page = FeedPage(cursor=self._begun, more=True)
        self.close_feed()
        with self.holding():
            while page.more:
                page = await self.open_feed(call, OpenFeed(cursor=page.cursor))
                for event in page.events:
                    self._push(self._wrap(codec.event(event), event.cursor))

    def leave(self) -> None:
        """Hear nothing any more, also of what is being opened now."""
        self._gone = True
        stop_looking(self._ctx, self)
        self.close_feed()
        for id in tuple(self._open):
            self.close_conversation(id)
        self._held.clear()

    # What it is asked

    @property
    def is_open(self) -> bool:
        """Whether anything is followed."""
        return bool(self._open) or self._level is not None

    def place_of(self, conversation_id: int) -> Place | None:
        """A followed conversation, as ``may`` needs it; None: it has to be looked up."""
        known = self._open.get(conversation_id)
        return known.place if known else None

    def found(self, place: Place) -> None:
        """It was looked up: remember it until the next change of the conversation."""
        if known := self._open.get(place.id):
            known.place = place

    def heartbeat(self) -> bytes:
        """The frame that says how far everything that is followed has come."""
        heads = {id: one.head for id, one in self._open.items()}
        cursor = None if self._level is None else self._begun
        if cursor and self._reached:
            cursor = make_cursor(self._ctx.epoch, self._reached)
        return self._wrap(codec.heartbeat(heads, cursor), cursor)

    # Called by the hub

    def deliver(
        self, channel: str, conversation: Conversation, message: Message, encoded: Encoded
    ) -> None:
        """Show a committed entry, once what is being opened is open."""
        if self._holds:
            self._hold(partial(self._show, channel, message, encoded))
        else:
            self._show(channel, message, encoded)

    def signalled(self, channel: str, signal: msgspec.Struct, encoded: Encoded) -> None:
        """Tell a signal, in its order among the entries."""
        if self._holds:
            self._hold(partial(self._tell, signal, encoded))
        else:
            self._tell(signal, encoded)

    def revoked(self, reason: str) -> None:
        """The actor's access has ended."""
        self.ended = True
        self._end(reason)

    # Inside

    async def _join_feed(self, call: Call) -> None:
        if self._channels:
            return
        team = (TEAM_CHANNEL,) if is_team(call.actor) else ()
        self._channels = (*await find_channels(call), *team)
        for channel in self._channels:
            self._listen(channel)

    def _listen(self, channel: str) -> None:
        self._ctx.hub.subscribe(channel, self)
        self._ctx.hub.listen(channel, self)

    def _ignore(self, channel: str) -> None:
        self._ctx.hub.unsubscribe(channel, self)
        self._ctx.hub.ignore(channel, self)

    def _hold(self, tell: Callable[[], None]) -> None:
        if len(self._held) < MOST_HELD:
            self._held.append(tell)
        else:
            self._end("slow")

    def _show(self, channel: str, message: Message, encoded: Encoded) -> None:
        opened = self._open.get(message.conversation_id)
        if opened and channel == opened.key:
            if message.type is Entry.ACTIVITY:
                opened.place = None
            if message.seq <= opened.level:
                return
        elif self._level is not None and channel in self._channels:
            if message.id <= self._level:
                return
            self._reached = message
            if opened:  # it is told by its own channel
                return
        else:
            return
        frame = self._event(message, encoded)
        if frame:
            if opened:
                opened.head = message.seq
            self._push(frame)

    def _event(self, message: Message, encoded: Encoded) -> bytes | None:
        """The entry's bytes for this audience; None: it must not see it."""
        team = isinstance(self.actor, Agent)
        if message.private and not team:
            return None
        made = encoded.get((self._wrap, team))
        if isinstance(made, bytes):
            return made
        event = made if isinstance(made, Event) else self._made(message, encoded, team=team)
        if self.call and (event.state or (event.message and event.message.files)):
            linked = with_links(self.call, event)
            if linked is not event:  # a link is its holder's own: these bytes are nobody else's
                encoded[self._wrap, team] = event
                return self._wrap(codec.event(linked), event.cursor)
        frame = encoded[self._wrap, team] = self._wrap(codec.event(event), event.cursor)
        return frame

    def _made(self, message: Message, encoded: Encoded, *, team: bool) -> Event:
        """The entry's event for this audience, without links."""
        event = encoded.get(EVENT)
        if not isinstance(event, Event):
            event = encoded[EVENT] = added(message, self._ctx.epoch)
        return event if team else event_for_visitor(event, prev=message.public_prev)

    def _tell(self, signal: msgspec.Struct, encoded: Encoded) -> None:
        if signal is self._told or not isinstance(signal, Signal) or not self._concerns(signal):
            return
        self._told = signal
        team = isinstance(self.actor, Agent)
        frame = encoded.get((self._wrap, team))
        if not isinstance(frame, bytes):
            frame = encoded[self._wrap, team] = self._wrap(_signal(signal, team=team), None)
        self._push(frame)

    def _concerns(self, signal: Signal) -> bool:
        """Whether the signal is for this connection."""
        team, feeds = isinstance(self.actor, Agent), self._level is not None
        match signal:
            case Typing(person=person, internal=internal):
                me = self.actor.member if self.actor else None
                own = me is not None and (person.role, person.id) == (me.role, me.id)
                return not own and (team or not internal) and self._follows(signal.conversation)
            case ReceiptsChanged() | QueuePosition():
                return self._follows(signal.conversation)
        return team and feeds

    def _follows(self, conversation_id: int) -> bool:
        return self._level is not None or conversation_id in self._open


def _signal(signal: Signal, *, team: bool) -> bytes:
    if not team:
        if isinstance(signal, ReceiptsChanged):
            signal = receipts_for_visitor(signal)
        elif isinstance(signal, Typing):
            signal = msgspec.structs.replace(signal, text=None)
    return codec.signal(signal, signal.on)
