"""The load: pairs that talk, in flight or at a fixed rate, and what that cost the server.

The latency of a message is from handing it to the socket to reading the receiver's copy.
Not here: repetition, servers' order and medians (``bench.modes``).
"""

import asyncio
import gc
import math
import time
from array import array
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle

from bench.dialects import Dialect, Inbox, Talkers, stay
from bench.servers import Server
from bench.wire import WireFault

Figures = dict[str, float]
_SET_UP_TOGETHER = 64
_SET_UP_TIMEOUT_S = 120.0
_DRAIN_TIMEOUT_S = 10.0
TICK_S = 0.001


@dataclass(frozen=True)
class Timing:
    warm_up_s: float
    window_s: float
    in_flight: int = 1  # messages a sender has unanswered, for in_flight()
    rate: float = 2000.0  # messages a second of all senders, for at_rate()


class Tally:
    """What all pairs have seen since the last ``clear``."""

    def __init__(self) -> None:
        self.talking = False
        self.clear()

    def clear(self) -> None:
        self.messages = 0
        self.latencies_s = array("d")


class Pair:
    """A sender and a receiver at work. Each echo starts the next message while all are talking."""

    def __init__(self, talkers: Talkers, dialect: Dialect, tally: Tally) -> None:
        self.talkers = talkers
        self.waiting: deque[float] = deque()  # when each message not yet delivered was sent
        self._frame, self._send = talkers.frame, talkers.sender.send
        self._mark, self._echo_mark = dialect.mark, dialect.echo_mark
        self._tally = tally
        stay(talkers.sender)
        stay(talkers.receiver)
        self._sender_else, self._receiver_else = talkers.sender.on_text, talkers.receiver.on_text
        talkers.sender.on_text = self._echoed
        talkers.receiver.on_text = self._arrived

    def speak(self) -> None:
        self.waiting.append(time.perf_counter())
        self._send(self._frame())

    def _echoed(self, text: bytes) -> None:
        if not text.startswith(self._echo_mark):
            self._sender_else(text)
            return
        self._tally.messages += 1
        if self._tally.talking:
            self.speak()

    def _arrived(self, text: bytes) -> None:
        if not text.startswith(self._mark):
            self._receiver_else(text)
            return
        self._tally.latencies_s.append(time.perf_counter() - self.waiting.popleft())


async def set_up(dialect: Dialect, indexes: Iterable[int]) -> list[Talkers]:
    """Connect the pairs, a bounded number at a time, and see one message through each."""
    gate = asyncio.Semaphore(_SET_UP_TOGETHER)

    async def one(index: int) -> Talkers:
        async with gate:
            talkers = await dialect.pair(index)
            await _prove(dialect, talkers)
            return talkers

    async with asyncio.timeout(_SET_UP_TIMEOUT_S):
        return await asyncio.gather(*(one(index) for index in indexes))


async def _prove(dialect: Dialect, talkers: Talkers) -> None:
    """Send one message and check both copies, so that no server is timed doing less."""
    inboxes = Inbox(), Inbox()
    for inbox, client in zip(inboxes, (talkers.sender, talkers.receiver), strict=True):
        client.on_text = inbox.put
        inbox.watch(client)
    talkers.sender.send(talkers.frame())
    marks = dialect.echo_mark, dialect.mark
    got = [
        dialect.decode(await inbox.until(mark)) for inbox, mark in zip(inboxes, marks, strict=True)
    ]
    if got != [talkers.echo, talkers.copy]:
        raise WireFault(f"expected {talkers.echo} and {talkers.copy}, got {got}")


@asynccontextmanager
async def talking_pairs(dialect: Dialect, count: int) -> AsyncIterator[tuple[list["Pair"], Tally]]:
    """Set up ``count`` pairs for a measurement and cut all their connections after it."""
    all_talkers = await set_up(dialect, range(count))
    tally = Tally()
    pairs = [Pair(talkers, dialect, tally) for talkers in all_talkers]
    gc.collect()
    gc.freeze()  # the generator's own collections would be read as the server's latency
    try:
        yield pairs, tally
        await _all_delivered(pairs)
    finally:
        gc.unfreeze()
        for talkers in all_talkers:
            talkers.sender.transport.abort()
            talkers.receiver.transport.abort()


async def _all_delivered(pairs: Sequence[Pair]) -> None:
    deadline = time.monotonic() + _DRAIN_TIMEOUT_S
    while missing := sum(len(pair.waiting) for pair in pairs):
        for pair in pairs:
            if fault := pair.talkers.sender.lost or pair.talkers.receiver.lost:
                raise fault
        if time.monotonic() > deadline:
            raise WireFault(f"{missing} messages were never delivered")
        await asyncio.sleep(0.01)


async def in_flight(server: Server, pairs: Sequence[Pair], tally: Tally, timing: Timing) -> Figures:
    """Keep ``timing.in_flight`` messages of each sender in flight; measure after the warm-up."""
    tally.talking = True
    for pair in pairs:
        for _ in range(timing.in_flight):
            pair.speak()
    await asyncio.sleep(timing.warm_up_s)
    figures = await _watch(server, tally, asyncio.sleep(timing.window_s))
    tally.talking = False
    return figures


async def at_rate(server: Server, pairs: Sequence[Pair], tally: Tally, timing: Timing) -> Figures:
    """Offer ``timing.rate`` messages a second in turn, whatever is answered; measure likewise."""
    await _offer(pairs, timing.rate, timing.warm_up_s)
    return await _watch(server, tally, _offer(pairs, timing.rate, timing.window_s))


async def _offer(pairs: Sequence[Pair], rate: float, seconds: float) -> None:
    turns = cycle(pairs)
    start, sent = time.perf_counter(), 0
    while (elapsed := time.perf_counter() - start) < seconds:
        while sent < elapsed * rate:
            next(turns).speak()
            sent += 1
        await asyncio.sleep(TICK_S)


async def _watch(server: Server, tally: Tally, work: Awaitable[None]) -> Figures:
    tally.clear()
    clock, cpu_s, own_cpu_s = time.perf_counter(), server.cpu_s(), time.process_time()
    await work
    seconds = time.perf_counter() - clock
    cpu_s, own_cpu_s = server.cpu_s() - cpu_s, time.process_time() - own_cpu_s
    if not tally.messages:
        raise WireFault(f"{server.kind.label} delivered nothing in {seconds:.1f} s")
    return {
        "cpu_us": cpu_s / tally.messages * 1e6,
        "per_s": tally.messages / seconds,
        "p50_ms": percentile_ms(tally.latencies_s, 50),
        "p99_ms": percentile_ms(tally.latencies_s, 99),
        "server_share": cpu_s / seconds,
        "generator_share": own_cpu_s / seconds,
    }


def percentile_ms(seconds: Sequence[float], percent: int) -> float:
    """The smallest value that ``percent`` % of ``seconds`` do not exceed, in milliseconds."""
    return sorted(seconds)[max(0, math.ceil(len(seconds) * percent / 100) - 1)] * 1e3
