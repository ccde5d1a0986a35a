"""When each socket is sent the list of who is online.

Rules: no socket gets more than one list in ``INTERVAL_S``, however many people log in, and the last
one it got is right. A list goes to everybody, so with N people each change costs N times N names:
beyond ``BYTES_PER_S`` of all sockets together, lists come less often. A list is encoded once for
all.
Not here: who is online (``endpoint`` owns the names).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Protocol

from kefu.gateways.direct.codec import encode_user_list
from kefu.transport.socketio import EncodedPacket, Socket

INTERVAL_S = 0.05
BYTES_PER_S = 40_000_000


class Reader(Protocol):
    """One socket that is sent lists. The roster alone writes the two values."""

    socket: Socket
    list_version: int  # of the last list it was sent
    list_sent_s: float


class Roster:
    """Sends ``names`` to ``readers``, now or a little later."""

    def __init__(
        self,
        names: Mapping[str, object],
        readers: Mapping[object, Reader],
        monotonic_s: Callable[[], float],
    ) -> None:
        self._names = names
        self._readers = readers
        self._now_s = monotonic_s
        self._version = 0
        self.next_flush_s = 0.0  # no list goes out before, by ``monotonic_s``
        self._flush: asyncio.TimerHandle | None = None
        self._packet: tuple[int, EncodedPacket] | None = None

    def changed(self) -> None:
        """The names are others now: everybody gets the new list, soon."""
        self._version += 1
        self._flush_after(self.next_flush_s - self._now_s())

    def show(self, reader: Reader) -> None:
        """Send the list to somebody who has just logged in, now unless it had one just now."""
        now_s = self._now_s()
        if now_s - reader.list_sent_s >= INTERVAL_S:
            self._send(reader, now_s)

    def _flush_after(self, delay_s: float) -> None:
        if self._flush is None:
            loop = asyncio.get_running_loop()
            self._flush = loop.call_later(max(0.0, delay_s), self._flush_now)

    def _flush_now(self) -> None:
        self._flush = None
        now_s = self._now_s()
        too_early = False
        sent_bytes = 0
        for reader in tuple(self._readers.values()):
            if reader.list_version == self._version:
                continue
            if now_s - reader.list_sent_s < INTERVAL_S:
                too_early = True
            else:
                sent_bytes += self._send(reader, now_s)
        self.next_flush_s = now_s + max(INTERVAL_S, sent_bytes / BYTES_PER_S)
        if too_early:
            self._flush_after(INTERVAL_S)

    def _send(self, reader: Reader, now_s: float) -> int:
        """Send the list; returns its bytes."""
        if self._packet is None or self._packet[0] != self._version:
            self._packet = (self._version, encode_user_list(self._names))
        reader.list_version, reader.list_sent_s = self._version, now_s
        reader.socket.send(self._packet[1])
        return self._packet[1].size_bytes
