"""One WebSocket connection: an asyncio protocol for uvicorn's ``ws`` setting.

Rules:
- Everything happens in callbacks on the event loop; an idle connection has no task, no queue and
  no decoder, only this object and one timer.
- The frames of one turn of the loop are written together, in order.
- The outbox is the transport's write buffer with a bound. A peer that lets it fill up is closed.
- Once our Close is sent, messages are no longer given to the handler.
- A peer has its turn like any other: what it sent beyond some frames waits for the next turn of
  the loop, and nothing more is read meanwhile.
Not here: frame rules (``decoder``), the head (``handshake``), limits of the HTTP part and of the
number of connections (``kefu.transport.http``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from enum import IntEnum
from typing import Any, ClassVar, Final, cast

from kefu.transport.budget import Spending
from kefu.transport.websocket.contract import (
    DEFAULT_LIMITS,
    NOBODY,
    Agreed,
    Handler,
    LimitsOf,
    Route,
    WebSocketLimits,
)
from kefu.transport.websocket.decoder import Close, Decoder, FrameError, Message, Ping, Pong
from kefu.transport.websocket.frames import (
    ABNORMAL,
    BINARY,
    TEXT,
    binary_frame,
    close_frame,
    ping_frame,
    pong_frame,
    text_frame,
)
from kefu.transport.websocket.handshake import (
    Fields,
    Refusal,
    Request,
    accept_response,
    read_request,
    refusal_response,
)
from kefu.transport.websocket.masking import apply_mask
from kefu.transport.websocket.turn import Turn

_PING: Final = ping_frame()
_WHOLE: Final = (TEXT, BINARY)
# A frame list is handed to the transport at this length at the latest, so that its bound holds.
_MAX_MERGED: Final = 64
# The frames that start within so many bytes of a read are handled in one turn of the loop, all
# others later: at most 342 of the smallest, and any number of bytes of the last.
_TURN_BYTES: Final = 2048
# More control frames in one turn than any honest peer sends: pings cost an answer each.
_MAX_CONTROLS: Final = 100


class _State(IntEnum):
    CONNECTING = 0
    OPEN = 1
    CLOSING = 2  # our Close is sent, the peer's is awaited
    DONE = 3  # nothing that arrives matters any more


_OPEN: Final = _State.OPEN  # read for each message: a module's name is found faster


class Connection(asyncio.Protocol):
    """The handler's side: ``request``, ``send_*``, ``close``, ``abort``, ``buffered_bytes``.

    The rest is asyncio's and uvicorn's. Sending on a connection that is closing does nothing.
    """

    __slots__ = (
        "_connections",
        "_decoder",
        "_end",
        "_handler",
        "_heard_at",
        "_idle",
        "_limits",
        "_loop",
        "_state",
        "_timer",
        "_transport",
        "_unread",
        "_unsent",
        "on_lost",
        "request",
    )

    # Callables behind a tuple: as attributes of a class they would be methods.
    settings: ClassVar[tuple[Route, LimitsOf]]
    refusal_headers: ClassVar[Fields] = ()
    turn: ClassVar[Turn]

    request: Request
    on_lost: Callable[[], object] | None
    """Called when the connection is gone; for whoever counts connections."""

    _transport: asyncio.Transport

    def __init__(self, *, server_state: Any, **_: Any) -> None:
        # uvicorn passes config and app_state too; what they hold is not this layer's.
        self._connections: set[object] = server_state.connections
        self._loop = asyncio.get_running_loop()
        self._state = _State.CONNECTING
        self._handler: Handler = NOBODY
        self._limits = DEFAULT_LIMITS
        self._heard_at: float | None = None  # None: not since our last ping
        self._timer: asyncio.TimerHandle | None = None
        self._decoder: Decoder | None = None
        self._idle: Spending | None = None  # None: none was spent yet
        self._unread = b""  # put off to the next turn; reading is paused while there is some
        self._unsent: list[bytes] | None = None
        self._end: tuple[int, str] | None = None
        self.on_lost = None

    # The handler's side

    def send_text(self, text: str) -> None:
        self.send_frame(text_frame(text))

    def send_binary(self, data: bytes) -> None:
        self.send_frame(binary_frame(data))

    def send_frame(self, frame: bytes) -> None:
        """Sends what ``text_frame`` or ``binary_frame`` made, to this peer among others."""
        if self._state is not _OPEN:
            return
        unsent = self._unsent
        if unsent is None:
            self._unsent = [frame]
            self.turn.add(self)
        else:
            unsent.append(frame)
            if len(unsent) >= _MAX_MERGED:
                self.flush()

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Starts the closing handshake; the peer has ``close_timeout_s`` to answer.

        Raises ``ValueError`` for a code that may not be sent.
        """
        if self._state is _OPEN:
            self._send_close(code, reason, _State.CLOSING)
            self._set_timer(self._limits.close_timeout_s, self.abort)

    def abort(self) -> None:
        """Drops the connection without a word."""
        self._state = _State.DONE
        self._unsent = None
        self._transport.abort()

    @property
    def buffered_bytes(self) -> int:
        """What is sent and not yet taken by the operating system."""
        waiting = sum(map(len, self._unsent or ()))
        return waiting + self._transport.get_write_buffer_size()

    def flush(self) -> None:
        """Hands what was sent in this turn to the transport."""
        unsent, self._unsent = self._unsent, None
        if unsent:
            self._transport.write(unsent[0] if len(unsent) == 1 else b"".join(unsent))

    # Called by the loop and by uvicorn

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._connections.add(self)

    def data_received(self, data: bytes) -> None:
        self._heard_at = self._loop.time()
        if self._state is _OPEN and self._decoder is None:
            data = self._read_whole_frames(data)
            if not data:
                return
        if self._state is _State.CONNECTING:
            with ExitStack() as fault:
                # The transport has not this protocol yet, so it would not tell it of its end.
                fault.callback(self.connection_lost, None)
                fault.callback(self.abort)
                self._open(data)
                fault.pop_all()
        elif self._state is not _State.DONE:
            self._read(data)

    def eof_received(self) -> None:
        self._hang_up()

    def pause_writing(self) -> None:
        # More than outbox_bytes wait. The Close goes behind them: who reads on will see it.
        self.close(self._limits.slow_code, "reading too slowly")

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)
        self._state = _State.DONE
        self._decoder = self._unsent = None
        self._unread = b""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        # Handler and connection let go of each other: memory returns without the collector.
        handler, self._handler = self._handler, NOBODY
        if self.on_lost is not None:
            self.on_lost()
        handler.closed(*(self._end or (ABNORMAL, "")))

    def shutdown(self) -> None:
        """The server is about to stop."""
        if not self._transport.is_closing():
            self.close(1012, "service restart")

    # Reading

    def _open(self, head: bytes) -> None:
        peer = self._transport.get_extra_info("peername")
        request = read_request(head, peer[0] if isinstance(peer, tuple) else "")
        if isinstance(request, Refusal):
            self._refuse(request)
            return
        route, limits_of = self.settings
        answer = route(request)
        if isinstance(answer, Refusal):
            self._refuse(answer)
            return
        agreed = answer if isinstance(answer, Agreed) else Agreed(answer, "")
        self._limits = limits_of(request)
        self._transport.set_write_buffer_limits(high=self._limits.outbox_bytes)
        self._transport.write(accept_response(request, agreed.subprotocol))
        self._state = _State.OPEN
        handler = self._handler = agreed.handler
        self.request = request
        if self._limits.ping_interval_s:
            self._set_timer(self._limits.ping_interval_s, self._ping_if_silent)
        handler.connected(self)
        self.request = request.without_headers()

    def _refuse(self, refusal: Refusal) -> None:
        self._transport.write(refusal_response(refusal, self.refusal_headers))
        self._hang_up()

    def _read_whole_frames(self, data: bytes) -> bytes:
        """The hot path: unfragmented messages that came whole. Returns what is something else."""
        limit = self._limits.message_bytes
        end = len(data)
        last = end - 6 if end < _TURN_BYTES else _TURN_BYTES - 1
        at = 0
        while at <= last:
            first = data[at]
            length = data[at + 1] - 128  # negative if not masked
            body = at + 6
            if length > 125:
                length = data[at + 2] << 8 | data[at + 3] if length == 126 else -1
                body += 2
                if length < 126:
                    break
            stop = body + length
            if not (0 <= length <= limit and stop <= end and first in _WHOLE):
                break
            payload = apply_mask(data[body:stop], data[body - 4 : body])
            message: str | bytes = payload
            if first == TEXT:
                try:
                    message = payload.decode()
                except UnicodeDecodeError:
                    break
            self._handler.message(message)
            at = stop
            if self._state is not _OPEN:
                break
        if at >= _TURN_BYTES:
            self._put_off(data[at:])
            return b""
        return data[at:]

    def _read(self, data: bytes) -> None:
        decoder = self._decoder
        if decoder is None:
            decoder = self._decoder = Decoder(self._limits.message_bytes)
        portion = decoder.lacks + _TURN_BYTES
        controls, crumbs = 0, decoder.crumbs
        try:
            for event in decoder.feed(data[:portion]):
                if isinstance(event, Message):
                    if self._state is _OPEN:
                        self._handler.message(event.data)
                else:
                    controls += 1
                    if controls > _MAX_CONTROLS:
                        raise FrameError(1008, "too many control frames at once")
                    self._answer(event)
                if self._state is _State.DONE:
                    return
            self._spend(controls + decoder.crumbs - crumbs)
        except FrameError as error:
            self._fail(error)
            return
        if decoder.at_rest:
            self._decoder = None
        self._put_off(data[portion:])

    def _spend(self, frames: int) -> None:
        """Count frames that say nothing. Raises FrameError: far too many."""
        if not frames:
            return
        if self._idle is None:
            self._idle = Spending(self._limits.idle)
        if not self._idle.spend(frames, self._loop.time()):
            raise FrameError(self._limits.flood_code, "too many frames that say nothing")

    def _put_off(self, data: bytes) -> None:
        """Leaves ``data`` for the next turn, and what comes after it to the system."""
        if data:
            self._unread = data
            self._transport.pause_reading()
            self._loop.call_soon(self._read_on)

    def _read_on(self) -> None:
        data, self._unread = self._unread, b""
        with ExitStack() as fault:
            # What a transport does when its protocol raises; here nobody else would.
            fault.callback(self.abort)
            self.data_received(data)
            fault.pop_all()
        if not self._unread:
            self._transport.resume_reading()

    def _answer(self, event: Ping | Pong | Close) -> None:
        if isinstance(event, Ping):
            self.send_frame(pong_frame(event.payload))
        elif isinstance(event, Close):
            if self._state is _OPEN:
                self._send_close(event.code, "", _State.DONE)
                self._end = event
            self._hang_up()

    # Ending

    def _send_close(self, code: int, reason: str, then: _State) -> None:
        frame = close_frame(code, reason)
        self._end = (code, reason)
        # Before writing: a full outbox closes too, and there is but one Close.
        self._state = then
        self._unsent = [*(self._unsent or ()), frame]
        self.flush()

    def _fail(self, error: FrameError) -> None:
        """Section 7.1.7. What follows cannot be read as frames, so it is dropped.

        Only our direction is closed at first: a reset, which closing with unread data causes,
        could overtake the Close.
        """
        if self._state is not _OPEN:
            self._hang_up()
            return
        self._send_close(error.code, error.reason, _State.DONE)
        if self._transport.can_write_eof():
            self._transport.write_eof()
        self._set_timer(self._limits.close_timeout_s, self.abort)

    def _hang_up(self) -> None:
        self._state = _State.DONE
        self.flush()
        self._transport.close()
        # close() waits for the peer to read what is left; not for ever.
        self._set_timer(self._limits.close_timeout_s, self.abort)

    # Life

    def _set_timer(self, delay_s: float, callback: Callable[[], None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(delay_s, callback)

    def _ping_if_silent(self) -> None:
        silent_s = self._loop.time() - (self._heard_at or 0.0)
        wait_s = self._limits.ping_interval_s - silent_s
        if wait_s > 0:
            self._set_timer(wait_s, self._ping_if_silent)
            return
        self.send_frame(_PING)
        self._heard_at = None
        self._set_timer(self._limits.ping_timeout_s, self._close_if_silent)

    def _close_if_silent(self) -> None:
        if self._heard_at is None:
            self.close(1011, "no answer to ping")
        else:
            self._ping_if_silent()


def websocket_protocol(
    route: Route, limits: WebSocketLimits | LimitsOf = DEFAULT_LIMITS, headers: Fields = ()
) -> type[Connection]:
    """The class for uvicorn's ``ws`` setting: ``route`` decides who handles which request.

    ``headers`` are added to the HTTP answers of handshakes that are refused.
    """

    class Routed(Connection):
        __slots__ = ()

    limits_of = (lambda _: limits) if isinstance(limits, WebSocketLimits) else limits
    Routed.settings = (route, limits_of)
    Routed.turn = Turn()
    Routed.refusal_headers = headers
    return Routed
