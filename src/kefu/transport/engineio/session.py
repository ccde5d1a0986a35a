"""One Engine.IO session: what its client may do, and what it is sent over which transport.

A state machine without I/O: the shells (``polling``, ``websocket``) bring what arrived, and the
session answers through what they hand in: the callback of a waiting poll, the ``Link`` of a
WebSocket, the ``Clock`` of the event loop.

Rules
- A session is on polling (``link`` is None) until an upgrade or for ever, else on its WebSocket.
- A client has one GET, one POST and one WebSocket at a time; a second GET or POST ends the
  session, a second WebSocket ends only itself.
- What cannot be sent at once waits in a bounded outbox; past the bound the session is closed.
- A client gets no more pings than it answers, whoever asks for them.
- After ``handler.closed(reason)`` the handler hears nothing more.

Source: Engine.IO protocol 4, sections "Transports", "Heartbeat", "Upgrade", "Message".
Not here: HTTP, WebSocket frames, who may open a session (``server``).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import msgspec

from kefu.transport.budget import Spending
from kefu.transport.engineio.outbox import Outbox
from kefu.transport.engineio.packet import (
    CLOSE,
    NOOP,
    PING,
    PONG_PROBE,
    BadPayload,
    EncodedPacket,
    decode_payload,
    encode_payload,
)
from kefu.transport.engineio.ports import Answer, EngineHandler, Link, Owner, Timer
from kefu.transport.engineio.settings import BAD_REQUEST
from kefu.transport.websocket import Request

# Why a session ended, in the words of the reference implementation.
TRANSPORT_CLOSE = "transport close"
TRANSPORT_ERROR = "transport error"
PING_TIMEOUT = "ping timeout"
PARSE_ERROR = "parse error"
SERVER_CLOSE = "forced server close"
SLOW_READER = "slow reader"
SHUTTING_DOWN = "server shutting down"


class _Watcher:
    """Somebody who waits for a sign of life."""

    __slots__ = ("answer", "timer")

    timer: Timer

    def __init__(self, answer: Callable[[bool], None]) -> None:
        self.answer = answer


class Session:
    """See the module; made by ``EngineIOServer`` only.

    Attributes:
        id: at least 120 random bits; who knows it may act for the client.
        request: the HTTP request that opened the session; see ``drop_headers``.
        reason: why it ended; None while it is open.
        link: the WebSocket it is on; None while it is on polling.
    """

    __slots__ = (
        "_candidate",
        "_heartbeat",
        "_idle",
        "_outbox",
        "_owner",
        "_poll",
        "_pong_due_s",
        "_probed",
        "_stop_post",
        "_upgrade_timer",
        "_watchers",
        "handler",
        "id",
        "link",
        "reason",
        "request",
    )

    handler: EngineHandler
    _heartbeat: Timer
    _pong_due_s: float

    def __init__(self, sid: str, request: Request, owner: Owner) -> None:
        self.id = sid
        self.request = request
        self.reason: str | None = None
        self.link: Link | None = None
        self._owner = owner
        settings = owner.settings
        self._outbox = Outbox(settings.outbox_packets, settings.outbox_bytes)
        self._poll: Answer | None = None
        self._stop_post: Callable[[], object] | None = None  # set while one is under way
        self._candidate: Link | None = None
        self._probed = False
        self._upgrade_timer: Timer | None = None
        self._idle: Spending | None = None  # None: none was spent yet
        self._watchers: dict[_Watcher, None] = {}  # a set, in the order they came
        self._plan_ping()

    def open(self, link: Link | None) -> None:
        """Queue the handshake for the first poll, or send it over ``link``.

        Source: "Handshake"; the answer has these five keys and no other.
        """
        self.link = link
        handshake = {
            "sid": self.id,
            "upgrades": [] if link else ["websocket"],
            "pingInterval": self._owner.settings.ping_interval_ms,
            "pingTimeout": self._owner.settings.ping_timeout_ms,
            "maxPayload": self._owner.settings.max_payload,
        }
        self.send(EncodedPacket(b"0" + msgspec.json.encode(handshake)))

    def send(self, packet: EncodedPacket) -> None:
        """Send now, or with the next poll. Does nothing once the session has ended."""
        if self.reason is not None:
            return
        if self.link is not None:
            self.link.send_frame(packet.frames)
        elif not self._answer_poll(packet):
            self._queue(packet)

    def receive(self, packet: str | bytes) -> None:
        """Take one packet of the client: text with its type digit, or a binary message.

        Anything the client may not send ends the session. Source: "Protocol".
        """
        if self._watchers:
            self._seen_alive()
        if self.reason is not None:
            return
        if isinstance(packet, bytes):
            self.handler.message(packet)
            return
        kind = packet[:1]
        if kind == "4":
            self.handler.message(packet[1:])
        elif not self.spend():
            return
        elif kind == "3":
            self._pong()
        elif kind == "1":
            self._finish(TRANSPORT_CLOSE, farewell=NOOP)
        elif kind != "6":
            self._finish(PARSE_ERROR)

    def spend(self) -> bool:
        """Count a packet that says nothing; False: those were too many, and the session ends."""
        if self._idle is None:
            self._idle = Spending(self._owner.settings.idle)
        if not self._idle.spend(1, self._owner.clock.time()):
            self._finish(PARSE_ERROR)
        return self.reason is None

    def close(self, reason: str = SERVER_CLOSE, code: int = 1000) -> None:
        """End the session; what was sent before still arrives.

        On polling, a client that is between two polls is told at the next one.
        """
        self._finish(reason, code=code, linger=True)

    def fail(self) -> None:
        """The client broke the protocol that its messages carry: end the session at once."""
        self._finish(PARSE_ERROR)

    def check_alive(self, timeout_s: float, answer: Callable[[bool], None]) -> None:
        """``answer(True)`` at the next sign of life, ``answer(False)`` without one in time.

        The answer comes once, never before this returns. The client is pinged, unless it owes
        the answer to such a ping already.
        """
        if self.reason is not None:
            self._later(0, answer, False)
            return
        watcher = _Watcher(answer)
        watcher.timer = self._later(timeout_s * 1000, self._not_seen, watcher)
        asked = bool(self._watchers)
        self._watchers[watcher] = None
        if not asked:
            self.send(PING)

    def drop_headers(self) -> None:
        """Keep no more of ``request`` than path, query and address: whoever listens has read it."""
        self.request = self.request.without_headers()

    # Polling

    def poll(self, answer: Answer) -> None:
        """A GET arrived. ``answer`` is called once, now or later."""
        self._end_if_overdue()
        self._seen_alive()
        if self._outbox.packets and self.link is None and self._poll is None:
            answer(encode_payload(self._outbox.drain()))
            if self.reason is not None:  # it lingered for this
                self._heartbeat.cancel()
                self._owner.forget(self.id)
        elif self.reason is not None or self.link is not None:
            answer(BAD_REQUEST)
        elif self._poll is not None:
            self._finish(TRANSPORT_ERROR)
            answer(BAD_REQUEST)
        elif self._probed:
            answer(NOOP.text)
        else:
            self._poll = answer

    def poll_abandoned(self) -> None:
        """The client went away from its waiting GET: it has gone."""
        self._poll = None
        self._finish(TRANSPORT_CLOSE)

    def begin_post(self, stop: Callable[[], object]) -> bool:
        """A POST's head arrived; False: refuse it.

        ``stop`` is called if the session ends before ``post`` or ``post_failed``.
        """
        self._end_if_overdue()
        if self.reason is not None or self.link is not None:
            return False
        if self._stop_post is not None:
            self._finish(TRANSPORT_ERROR)
            return False
        self._stop_post = stop
        self._seen_alive()
        return True

    def post(self, body: bytes) -> bool:
        """Take the body of the POST begun; False: refuse it. A bad payload ends the session."""
        self._stop_post = None
        if self.reason is not None or self.link is not None:
            return False
        settings = self._owner.settings
        try:
            packets = decode_payload(body, settings.max_packets, settings.max_packet_bytes)
        except BadPayload:
            self._finish(PARSE_ERROR)
            return False
        for packet in packets:
            self.receive(packet)
            if self.reason is not None:
                break
        return self.reason != PARSE_ERROR

    def post_failed(self) -> None:
        """The body of the POST was too large, too slow or cut off."""
        self._stop_post = None
        self._finish(TRANSPORT_ERROR)

    # WebSocket

    def begin_upgrade(self, link: Link) -> bool:
        """A WebSocket with this session's id opened; False: close it, the session goes on."""
        if self.reason is not None or self.link is not None or self._candidate is not None:
            return False
        self._candidate = link
        timeout_ms = self._owner.settings.upgrade_timeout_ms
        self._upgrade_timer = self._later(timeout_ms, self._drop_candidate)
        return True

    def receive_upgrade(self, link: Link, packet: str | bytes) -> None:
        """Take one packet from a WebSocket that the session is not on. Source: "Upgrade"."""
        if link is not self._candidate or not self.spend():
            return
        if packet == "2probe":
            self._probed = True
            link.send_frame(PONG_PROBE.frames)
            self._answer_poll(NOOP)
        elif packet == "5" and self._probed:
            self._upgrade(link)
        else:
            self._drop_candidate()

    def link_lost(self, link: Link) -> None:
        """A WebSocket of this session has closed."""
        if link is self.link:
            self._finish(TRANSPORT_CLOSE)
        elif link is self._candidate:
            self._drop_candidate()

    def _upgrade(self, link: Link) -> None:
        self._answer_poll(NOOP)
        self._candidate = None
        self._drop_candidate()
        self.link = link
        for packet in self._outbox.drain():
            link.send_frame(packet.frames)

    def _drop_candidate(self) -> None:
        if self._upgrade_timer is not None:
            self._upgrade_timer.cancel()
        self._upgrade_timer = None
        self._probed = False
        candidate, self._candidate = self._candidate, None
        if candidate is not None:
            candidate.close()

    # Heartbeat

    def _plan_ping(self) -> None:
        interval_ms = self._owner.settings.ping_interval_ms
        planned_s = self._owner.clock.time() + interval_ms / 1000
        self._pong_due_s = math.inf
        self._heartbeat = self._later(interval_ms, self._ping, planned_s)

    def _ping(self, planned_s: float) -> None:
        # A busy loop is late with its timers: a little is not added to the client's time, and
        # much is not taken from it.
        timeout_s = self._owner.settings.ping_timeout_ms / 1000
        now_s = self._owner.clock.time()
        self._pong_due_s = max(planned_s + timeout_s, now_s + timeout_s / 2)
        self._heartbeat = self._later((self._pong_due_s - now_s) * 1000, self._finish, PING_TIMEOUT)
        self.send(PING)

    def _pong(self) -> None:
        if self._pong_due_s < math.inf:  # else nobody asked, or ``check_alive`` did
            self._heartbeat.cancel()
            self._plan_ping()

    def _end_if_overdue(self) -> None:
        """The timer may not have come to it yet."""
        if self._owner.clock.time() >= self._pong_due_s:
            self._finish(PING_TIMEOUT)

    def _seen_alive(self) -> None:
        watchers, self._watchers = self._watchers, {}
        for watcher in watchers:
            watcher.timer.cancel()
            watcher.answer(True)

    def _not_seen(self, watcher: _Watcher) -> None:
        del self._watchers[watcher]
        watcher.answer(False)

    # Sending

    def _answer_poll(self, packet: EncodedPacket) -> bool:
        """Send ``packet`` with the GET that waits; False if none does."""
        answer, self._poll = self._poll, None
        if answer is None:
            return False
        answer(encode_payload((packet,)))
        return True

    def _queue(self, packet: EncodedPacket) -> None:
        if not self._outbox.add(packet):
            # Not at once: whoever sends to many must not see one of them leave meanwhile.
            self._later(0, self._finish, SLOW_READER)

    # The end

    def _finish(
        self,
        reason: str,
        *,
        farewell: EncodedPacket = CLOSE,
        code: int = 1000,
        linger: bool = False,
    ) -> None:
        if self.reason is not None:
            return
        self.reason = reason
        self._heartbeat.cancel()
        self._drop_candidate()
        stop_post, self._stop_post = self._stop_post, None
        if stop_post is not None:
            stop_post()
        link, self.link = self.link, None
        if link is not None:
            link.close(code)
        elif not self._answer_poll(farewell) and linger:
            self._queue(farewell)
            timeout_ms = self._owner.settings.ping_timeout_ms
            self._heartbeat = self._later(timeout_ms, self._owner.forget, self.id)
        if not linger:
            self._outbox.drain()
        if not self._outbox.packets:
            self._owner.forget(self.id)
        watchers, self._watchers = self._watchers, {}
        for watcher in watchers:
            watcher.timer.cancel()
            self._later(0, watcher.answer, False)
        self.handler.closed(reason)
        del self.handler  # it holds the session, too

    def _later(self, delay_ms: float, callback: Callable[..., object], *args: object) -> Timer:
        return self._owner.clock.call_later(delay_ms / 1000, callback, *args)
