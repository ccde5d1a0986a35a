"""One socket of the rooms protocol: what it says, hears and is shown.

Rules: nothing is shown before it is stored. While an agent catches up with what a visitor said
before, all that comes after is held back and follows in order.
Not here: who sits with whom (``endpoint``), the lines' texts (``codec``).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from kefu.actions.relay import latest_messages, send_message
from kefu.core.conversation import Conversation, Entry, Kind, Member, Message, NewMessage
from kefu.core.errors import BadInput, ChatError, TooMany
from kefu.gateways.refusals import explain, too_fast
from kefu.gateways.rooms import codec
from kefu.hub import Encoded
from kefu.transport.websocket import Connection

if TYPE_CHECKING:
    from kefu.gateways.rooms.endpoint import Rooms

# What an agent who takes a waiting visitor is shown of what the visitor said meanwhile. The rest is
# in the history; without a bound a visitor could fill the agent's outbox.
CATCH_UP_MESSAGES = 200
# A page that was told to close does so at once; a client that does not is closed after this.
DISMISS_S = 5.0


class _Held(NamedTuple):
    """A line that waits for a catching up to end; without a frame it is the next catching up."""

    frame: bytes | None
    key: str = ""  # of the conversation, for what was said
    seq: int = 0


class RoomsSocket:
    """One agent's or visitor's socket: a WebSocket handler and a subscriber of the hub."""

    __slots__ = (
        "_allowance",
        "_connection",
        "_held",
        "_rooms",
        "conversation",
        "member",
    )

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._connection: Connection
        self._allowance = rooms.ctx.allowance()
        self._held: list[_Held] | None = None  # not None: catching up; what follows it, in order
        self.member: Member | None = None  # None until it has joined
        self.conversation: Conversation | None = None  # where what it says goes

    def connected(self, connection: Connection) -> None:
        """The handshake is done: join, or be told why not."""
        self._connection = connection
        try:
            self._rooms.join(self, connection.request)
        except ChatError as refusal:
            self._refused(refusal)
            connection.close(codec.REFUSED[refusal.code], refusal.code)

    def message(self, data: str | bytes) -> None:
        """Take one frame from the client."""
        if isinstance(data, bytes):
            self.show(codec.BINARY)
            self._connection.close(codec.UNSUPPORTED)
            return
        rooms, member = self._rooms, self.member
        if member is None or self._over_rate():
            return
        try:
            text = codec.decode(data)
        except BadInput as fault:
            self._refused(fault)
            return
        if not text or text.isspace():
            return
        new = NewMessage(
            self.conversation or rooms.talk_alone(self, member),
            member,
            None,
            text,
            rooms.ctx.now_ms(),
        )
        send_message(rooms.ctx, new, self._refused)

    def closed(self, code: int, reason: str) -> None:
        """The socket is gone."""
        if self.member:
            self._rooms.leave(self, self.member)

    def deliver(
        self, channel: str, conversation: Conversation, message: Message, encoded: Encoded
    ) -> None:
        """Show a committed message: both sides get the same frame.

        One of the desk's agents may have said it; what else is in the timeline is not for here.
        """
        if message.type is not Entry.MESSAGE or not message.text:
            return
        if message.seq == 1:
            self._rooms.feed.began(conversation)
        frame = encoded.get(Kind.ROOMS)
        if not isinstance(frame, bytes):
            frame = encoded[Kind.ROOMS] = codec.line(message.text, message.sender.name)
        if self._held is None:
            self._connection.send_frame(frame)
        else:
            self._held.append(_Held(frame, channel, message.seq))

    def show(self, frame: bytes) -> None:
        """Send one encoded line."""
        if self._held is None:
            self._connection.send_frame(frame)
        else:
            self._held.append(_Held(frame))

    def talk_in(self, conversation: Conversation) -> None:
        """What is said from now on goes to ``conversation``, and this socket hears it."""
        self.conversation = conversation
        self._rooms.ctx.hub.subscribe(conversation.key, self)

    def stop_hearing(self) -> None:
        """The socket is gone; forget its subscription."""
        if self.conversation:
            self._rooms.ctx.hub.unsubscribe(self.conversation.key, self)

    def dismiss(self) -> None:
        """The agent left: the page closes its socket now, and if it does not, we do."""
        loop = asyncio.get_running_loop()
        loop.call_later(DISMISS_S, self._connection.close, codec.NORMAL)

    def catch_up(self, key: str) -> None:
        """Show what was said in ``key`` before this agent came; all that comes next follows it."""
        if self._held is None:
            self._held = []
            self._rooms.ctx.background(self._show_latest(key))
        else:  # the visitor before is gone already; this one's turn comes after
            self._held.append(_Held(None, key))

    async def _show_latest(self, key: str) -> None:
        next_key: str | None = key
        try:
            while next_key is not None:
                next_key = self._show_held(next_key, await self._show_stored(next_key))
        finally:  # whatever happens, the agent hears on
            self._held = None

    async def _show_stored(self, key: str) -> int:
        """Send the last messages of the conversation; return the number of the last one."""
        shown = 0
        try:
            for message in await latest_messages(self._rooms.ctx, key, CATCH_UP_MESSAGES):
                self._connection.send_frame(codec.line(message.text, message.sender.name))
                shown = message.seq
        except ChatError as refusal:
            self._connection.send_frame(codec.line(explain(refusal)))
        return shown

    def _show_held(self, key: str, shown: int) -> str | None:
        """Send what was held, up to the next catching up; return its key."""
        held = self._held or []
        for index, (frame, of, seq) in enumerate(held):
            if frame is None:
                self._held = held[index + 1 :]
                return of
            if of != key or seq > shown:
                self._connection.send_frame(frame)
        return None

    def _refused(self, refusal: ChatError) -> None:
        self.show(codec.line(explain(refusal)))

    def _over_rate(self) -> bool:
        allowance = self._allowance
        if not allowance or not (wait_s := allowance.take(self._rooms.ctx.monotonic_s())):
            return False
        self.show(codec.line(too_fast(wait_s)))
        if allowance.spent:
            self._connection.close(codec.TOO_MANY, TooMany.code)
        return True
