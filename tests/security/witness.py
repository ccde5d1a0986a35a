"""The rule that holds for every attack: nobody else notices, and memory returns.

``undisturbed(server)`` is a block in which something bad is done to ``server``. Before, during and
after it two honest pairs talk, one on each protocol, the latter over both transports; if it has a
desk, an agent hears over realtime what new visitors write over REST. At its end the server is the
same process, its memory is back, and its log has no traceback.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Protocol, Self

from tests.clients.direct import DirectClient
from tests.clients.realtime import RealtimeClient
from tests.clients.rooms import Line, RoomsClient
from tests.configured import TOKEN, WITNESS
from tests.security.asking import OK, Rest, join
from tests.security.office import Office, draw
from tests.serving import KefuServer

# An answer that takes longer than this is noticed. It is far above what a busy machine needs.
NOTICED_S = 5.0
MEMORY_BACK_S = 20.0
# Allocators keep some of what they had, and caches of the server fill once.
KEPT_BYTES = 32 * 1024 * 1024
MOST_PAUSE_S = 0.3

_numbers = itertools.count(1)


@asynccontextmanager
async def undisturbed(server: KefuServer) -> AsyncIterator[None]:
    """Run the block beside honest people and see that it did no harm."""
    async with AsyncExitStack() as stack:
        pairs = await stack.enter_async_context(_Pairs.join(server.base_url))
        people: list[_Talking] = [pairs]
        if isinstance(server, Office):
            people.append(await stack.enter_async_context(_Desk.open(server)))
        for one in people:
            await one.exchange()
        before_bytes = rss_bytes(server)
        over = asyncio.Event()
        talking = [asyncio.create_task(_talk(one, over)) for one in people]
        try:
            yield
            over.set()
            for task in talking:
                await task
            async with asyncio.timeout(MEMORY_BACK_S):
                while rss_bytes(server) > before_bytes + KEPT_BYTES:
                    await asyncio.sleep(pairs.pause_s)
                    await pairs.exchange()
            await pairs.leave()
        finally:
            for task in talking:
                task.cancel()
            await asyncio.wait(talking)
    assert server.process.poll() is None
    assert "Traceback" not in server.log


def rss_bytes(server: KefuServer) -> int:
    """Resident memory of the server's process."""
    status = Path(f"/proc/{server.process.pid}/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


class _Talking(Protocol):
    """Honest people."""

    pause_s: float  # without it they would themselves run into the server's rates

    async def exchange(self) -> None:
        """Say something, and hear it in time."""
        ...


async def _talk(people: _Talking, over: asyncio.Event) -> None:
    """Talk until it is ``over``, less and less often, and then once more."""
    pause_s = people.pause_s
    while not over.is_set():
        await people.exchange()
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), pause_s)
        pause_s = min(2 * pause_s, MOST_PAUSE_S)
    await people.exchange()


class _Desk:
    """An agent, and visitors who come and write."""

    pause_s = 0.1

    def __init__(self, rest: Rest, agent: RealtimeClient) -> None:
        self._rest, self._agent = rest, agent

    @classmethod
    @asynccontextmanager
    async def open(cls, office: Office) -> AsyncIterator[Self]:
        async with Rest.open(office) as rest, join(office, office.agents["witness"]) as agent:
            now = await agent.ask("event.list")  # from here on: there may be much by now
            await agent.ask("feed.open", cursor=now["cursor"])
            yield cls(rest, agent)

    async def exchange(self) -> None:
        visitor, text = self._rest.office.visitor(), str(time.monotonic_ns())
        async with asyncio.timeout(NOTICED_S):
            begun = await self._rest.ask(
                visitor, "conversation.start", client_id=draw(""), text=text
            )
            assert begun.code == OK, begun.told
            while (await self._agent.hear("message.added"))["message"]["text"] != text:
                pass


class _Pairs:
    """A visitor with an agent, and two who write to each other."""

    pause_s = 0.01

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

    async def leave(self) -> None:
        """Say goodbye, so that the names are free for the next."""
        await self._agent.connection.close()
        while await self._visitor.hear() != Line("code", "close"):
            pass
