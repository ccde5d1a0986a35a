"""The rule that holds for every attack: nobody else notices, and memory returns.

``undisturbed(server)`` is a block in which something bad is done to ``server``. Before, during and
after it two honest pairs talk, one on each protocol, the latter over both transports. At its end
the server is the same process, its memory is back, and its log has no traceback.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

from tests.clients.direct import DirectClient
from tests.clients.rooms import Line, RoomsClient
from tests.configured import TOKEN, WITNESS
from tests.serving import KefuServer

# An answer that takes longer than this is noticed. It is far above what a busy machine needs.
NOTICED_S = 5.0
MEMORY_BACK_S = 20.0
# Allocators keep some of what they had, and caches of the server fill once.
KEPT_BYTES = 32 * 1024 * 1024
# People pause; without it the pairs themselves would run into the server's rates.
PAUSE_S = 0.01

_numbers = itertools.count(1)


@asynccontextmanager
async def undisturbed(server: KefuServer) -> AsyncIterator[None]:
    """Run the block beside honest pairs and see that it did no harm."""
    async with _Pairs.join(server.base_url) as pairs:
        await pairs.exchange()
        before_bytes = rss_bytes(server)
        over = asyncio.Event()
        talking = asyncio.create_task(pairs.talk_until(over.is_set))
        try:
            yield
            over.set()
            await talking
            async with asyncio.timeout(MEMORY_BACK_S):
                await pairs.talk_until(lambda: rss_bytes(server) <= before_bytes + KEPT_BYTES)
            await pairs.leave()
        finally:
            talking.cancel()
            await asyncio.wait([talking])
    assert server.process.poll() is None
    assert "Traceback" not in server.log


def rss_bytes(server: KefuServer) -> int:
    """Resident memory of the server's process."""
    status = Path(f"/proc/{server.process.pid}/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


class _Pairs:
    """A visitor with an agent, and two who write to each other."""

    def __init__(self, number: int) -> None:
        self._names = f"访客{number}", f"甲{number}", f"乙{number}"
        self._visitor: RoomsClient
        self._agent: RoomsClient
        self._one: DirectClient
        self._other: DirectClient

    @classmethod
    @asynccontextmanager
    async def join(cls, base_url: str) -> AsyncIterator[Self]:
        pairs = cls(next(_numbers))
        visitor, one, other = pairs._names
        async with (
            RoomsClient.join(base_url, "kefu", WITNESS, token=TOKEN) as pairs._agent,
            RoomsClient.join(base_url, "yonghu", visitor) as pairs._visitor,
            DirectClient.login(base_url, "websocket", one) as pairs._one,
            DirectClient.login(base_url, "polling", other) as pairs._other,
        ):
            assert await pairs._visitor.hear_system() == f"客服-{WITNESS}-将为您服务"
            assert await pairs._agent.hear_system() == f"用户-{visitor}-已进入房间"
            yield pairs

    async def exchange(self) -> None:
        """Say one thing on each protocol, in time. In the room nothing else is heard."""
        visitor, one, other = self._names
        text = str(time.monotonic_ns())
        message = {"from": one, "to": other, "message": text}
        async with asyncio.timeout(NOTICED_S):
            await self._visitor.say(text)
            assert await self._visitor.hear() == await self._agent.hear() == Line(visitor, text)
            await self._one.say(other, text)
            assert await self._one.until("message") == message | {"self": True}
            assert await self._other.until("message") == message | {"self": False}

    async def talk_until(self, over: Callable[[], bool]) -> None:
        """Talk at least once, and until it is ``over``."""
        while True:
            await self.exchange()
            if over():
                return
            await asyncio.sleep(PAUSE_S)

    async def leave(self) -> None:
        """Say goodbye, so that the names are free for the next."""
        await self._agent.connection.close()
        while await self._visitor.hear() != Line("code", "close"):
            pass
