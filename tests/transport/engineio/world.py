"""A session without a loop, a network or a clock of its own."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable

from kefu.transport.engineio import EngineHandler, EngineSettings, Session
from kefu.transport.engineio.settings import Fault
from kefu.transport.websocket import Request
from kefu.transport.websocket.frames import TEXT

REQUEST = Request("/socket.io/", {"EIO": "4"}, {"host": "example.com"}, "10.0.0.1")


class Call:
    """A call that will come unless it is cancelled."""

    def __init__(self, callback: Callable[..., object], args: tuple[object, ...]) -> None:
        self.callback, self.args, self.cancelled = callback, args, False

    def cancel(self) -> None:
        self.cancelled = True


class Clock:
    """Time that stands still until ``advance``; each call comes ``late_s`` late."""

    def __init__(self, late_s: float = 0.0) -> None:
        self._late_s = late_s
        self._now = 0.0
        self._turns = itertools.count()
        self._calls: list[tuple[float, int, Call]] = []

    def time(self) -> float:
        return self._now

    def call_later(self, delay: float, callback: Callable[..., object], *args: object) -> Call:
        call = Call(callback, args)
        due = self._now + delay + self._late_s
        heapq.heappush(self._calls, (due, next(self._turns), call))
        return call

    def advance(self, milliseconds: float = 0) -> None:
        until = self._now + milliseconds / 1000
        while self._calls and self._calls[0][0] <= until + 1e-9:
            self._now, _, call = heapq.heappop(self._calls)
            if not call.cancelled:
                call.callback(*call.args)
        self._now = until

    @property
    def waiting(self) -> int:
        return sum(not call.cancelled for _, _, call in self._calls)


class Link:
    """A WebSocket that notes what the client would get: ``str`` for text, ``bytes`` for binary."""

    def __init__(self) -> None:
        self.sent: list[str | bytes] = []
        self.code: int | None = None

    def send_frame(self, frame: bytes) -> None:
        if self.code is None:
            self.sent += unframe(frame)

    def close(self, code: int = 1000, reason: str = "") -> None:
        self.code = self.code or code


def unframe(data: bytes) -> list[str | bytes]:
    """The messages in unmasked frames of up to 64 KiB."""
    messages: list[str | bytes] = []
    while data:
        length, start = data[1], 2
        if length == 126:
            length, start = int.from_bytes(data[2:4], "big"), 4
        payload = data[start : start + length]
        messages.append(payload.decode() if data[0] == TEXT else payload)
        data = data[start + length :]
    return messages


class Notes:
    """A listener that notes what it hears."""

    def __init__(self) -> None:
        self.messages: list[str | bytes] = []
        self.reasons: list[str] = []

    def message(self, data: str | bytes) -> None:
        self.messages.append(data)

    def closed(self, reason: str) -> None:
        self.reasons.append(reason)


class World:
    """Who owns the one session ``s1``; ``answers`` are those to its polls.

    ``stopped_posts`` has the reason at the stop of each POST that was under way.
    """

    def __init__(
        self,
        link: Link | None = None,
        *,
        settings: EngineSettings | None = None,
        accept: Callable[[World], EngineHandler] | None = None,
        late_s: float = 0.0,
    ) -> None:
        self.settings = settings or EngineSettings(ping_interval_ms=300, ping_timeout_ms=200)
        self.clock = Clock(late_s)
        self.known = {"s1"}
        self.answers: list[bytes | Fault] = []
        self.stopped_posts: list[str | None] = []
        self.notes = Notes()
        self.session = Session("s1", REQUEST, self)
        self.session.open(link)
        self.session.handler = accept(self) if accept else self.notes
        if link is None:
            self.poll()
            answer = self.answers.pop()
        else:
            answer = str(link.sent.pop()).encode()
        assert isinstance(answer, bytes)
        self.handshake = answer.decode()

    def forget(self, sid: str) -> None:
        self.known.discard(sid)

    def poll(self) -> None:
        self.session.poll(self.answers.append)

    def post(self, body: bytes) -> bool:
        return self.begin_post() and self.session.post(body)

    def begin_post(self) -> bool:
        return self.session.begin_post(lambda: self.stopped_posts.append(self.session.reason))

    def upgrade(self) -> Link:
        """The session on a WebSocket, by the whole procedure."""
        link = Link()
        assert self.session.begin_upgrade(link)
        self.session.receive_upgrade(link, "2probe")
        self.session.receive_upgrade(link, "5")
        assert self.session.link is link
        link.sent.clear()
        return link
