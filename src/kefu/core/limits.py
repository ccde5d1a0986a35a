"""Every limit in one place, and how a rate is counted.

Rules: ``Limits`` is what ``GET /api/v1/limits`` publishes and what docs/configuration.md lists; a
limit that is not here does not exist. Time is an argument (seconds of any monotonic clock).
Not here: what exceeding a limit looks like on the wire (``gateways``), the transports' own
enforcement.
"""

from __future__ import annotations

from collections import OrderedDict

import msgspec


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one client may use. Bytes, seconds and counts as the names say."""

    connections: int = 0  # in all; 0 = what the operating system's file limit allows
    connections_per_address: int = 1_000
    message_bytes: int = 65_536  # one WebSocket message or Engine.IO packet
    polling_bytes: int = 1_000_000  # one Engine.IO polling request
    outbox_bytes: int = 1_048_576  # not yet read by a client; over it the client is closed as slow
    head_bytes: int = 65_536  # one HTTP request head
    head_s: float = 20.0  # until a request head must be complete
    messages_per_s: float = 100.0  # per connection, after a burst
    messages_burst: int = 1_000
    refusals: int = 10_000  # of one connection, for its rate; then it is closed
    room_requests_per_s: float = 5.0  # /getroom, per address, after a burst
    room_requests_burst: int = 200
    pending_messages: int = 10_000  # waiting for the store; over it a send is refused


class Bucket:
    """A token bucket: ``burst`` at once, then ``per_s`` a second."""

    __slots__ = ("_at_s", "_burst", "_level", "_per_s")

    def __init__(self, per_s: float, burst: int) -> None:
        self._per_s = per_s
        self._burst = float(burst)
        self._level = self._burst
        self._at_s = 0.0

    def take(self, now_s: float) -> float:
        """Take one token. Returns 0.0, or the seconds until there is one if there is none."""
        level = self._level + (now_s - self._at_s) * self._per_s
        self._at_s = now_s
        if level > self._burst:
            level = self._burst
        if level < 1.0:
            self._level = level
            return (1.0 - level) / self._per_s
        self._level = level - 1.0
        return 0.0


class Allowance:
    """What one connection may still say; ``spent`` once it has asked for far too much."""

    __slots__ = ("_bucket", "_refusals_left")

    def __init__(self, limits: Limits) -> None:
        self._bucket = Bucket(limits.messages_per_s, limits.messages_burst)
        self._refusals_left = limits.refusals

    def take(self, now_s: float) -> float:
        """As ``Bucket.take``, for one message."""
        wait_s = self._bucket.take(now_s)
        if wait_s:
            self._refusals_left -= 1
        return wait_s

    @property
    def spent(self) -> bool:
        """Whether the connection has been refused so often that it is to be closed."""
        return self._refusals_left <= 0


class AddressBuckets:
    """A bucket per address, for ``most`` addresses: the one unused longest is forgotten."""

    def __init__(self, per_s: float, burst: int, most: int = 10_000) -> None:
        self._per_s, self._burst, self._most = per_s, burst, most
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, address: str, now_s: float) -> float:
        """As ``Bucket.take``, for this address."""
        bucket = self._buckets.pop(address, None) or Bucket(self._per_s, self._burst)
        self._buckets[address] = bucket
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return bucket.take(now_s)
