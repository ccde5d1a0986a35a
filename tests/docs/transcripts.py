"""Plays a transcript of a protocol page against a real server.

A transcript has one step a line: who, what, the rest. ``…`` stands for anything, ``$NAME`` for
what stood there when it was first received.

    li  connects   /PATH          opens a WebSocket
    li  sends      TEXT           a text frame
    li  gets       TEXT           the next text frame
    li  closes                    closes the WebSocket
    li  is closed  CODE REASON    the server closes it
    li  asks       /PATH          HTTP GET
    li  posts      /PATH BODY     HTTP POST
    li  answered   STATUS BODY    of the request before

Rules: what is received must be exactly what the page says, in its order, and at the end nobody may
have received more.
Not here: finding transcripts (``pages``), starting servers (``tests.serving``).
"""

from __future__ import annotations

import asyncio
import re
from contextlib import AsyncExitStack, suppress
from urllib.parse import quote

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError

WAIT_S = 60.0
_STEP = re.compile(r"(\S+) +(connects|sends|gets|closes|is closed|asks|posts|answered) *(.*)")
_BLANK = re.compile(r"(…|\$[A-Z]+)")


async def play(transcript: str, authority: str) -> None:
    """Take every step against the server at ``authority``. Raises AssertionError."""
    async with AsyncExitStack() as stack:
        base_url = f"http://{authority}"
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=base_url, timeout=WAIT_S))
        play = _Play(authority, http, stack)
        for line in filter(None, map(str.strip, transcript.splitlines())):
            step = _STEP.fullmatch(line)
            assert step, f"not a step: {line}"
            try:
                async with asyncio.timeout(WAIT_S):
                    await play.take(*step.groups())
            except (AssertionError, TimeoutError) as fault:
                raise AssertionError(f"the page says: {line}\nthe server: {fault}") from fault
        for person in play.people.values():
            await person.check_no_more()


class _Person:
    """One WebSocket and what has arrived on it: ``("gets", TEXT)``, ``("is closed", …)``."""

    def __init__(self, name: str, socket: ClientConnection) -> None:
        self._name = name
        self.socket = socket
        self.arrived: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self._listening = asyncio.create_task(self._listen())

    async def check_no_more(self) -> None:
        """See that nothing arrived beyond what the page says; the ping comes after all of it."""
        await (await self.socket.ping())
        assert self.arrived.empty(), f"{self._name} also got {self.arrived.get_nowait()}"

    async def _listen(self) -> None:
        with suppress(ConnectionClosedError):
            async for frame in self.socket:
                self.arrived.put_nowait(("gets", str(frame)))
        code, reason = self.socket.close_code, self.socket.close_reason
        self.arrived.put_nowait(("is closed", f"{code} {reason}".rstrip()))


class _Play:
    """The people of one transcript, and what ``$NAME`` stands for."""

    def __init__(self, authority: str, http: httpx.AsyncClient, stack: AsyncExitStack) -> None:
        self.people: dict[str, _Person] = {}
        self._authority, self._http, self._stack = authority, http, stack
        self._answers: dict[str, httpx.Response] = {}
        self._values: dict[str, str] = {}

    async def take(self, who: str, what: str, rest: str) -> None:
        """Take one step."""
        match what:
            case "connects":
                url = f"ws://{self._authority}{quote(self._filled(rest), safe='/?=&%')}"
                opened = connect(url, proxy=None, ping_interval=None, compression=None)
                socket = await self._stack.enter_async_context(opened)
                self.people[who] = _Person(who, socket)
            case "sends":
                await self.people[who].socket.send(self._filled(rest))
            case "closes":
                await self.people.pop(who).socket.close()
            case "asks":
                self._answers[who] = await self._http.get(self._filled(rest))
            case "posts":
                path, _, body = self._filled(rest).partition(" ")
                self._answers[who] = await self._http.post(path, content=body.encode())
            case "answered":
                answer = self._answers.pop(who)
                self._compare(rest, f"{answer.status_code} {answer.text}")
            case _:  # gets, is closed
                happened, text = await self.people[who].arrived.get()
                assert happened == what, f"{happened} {text}"
                self._compare(rest, text)
                if what == "is closed":
                    del self.people[who]

    def _filled(self, text: str) -> str:
        return _BLANK.sub(lambda blank: self._values[blank[0]], text)

    def _compare(self, expected: str, received: str) -> None:
        """Compare, and remember what stands where ``expected`` has a new ``$NAME``."""
        pattern = ""
        for part in _BLANK.split(expected):
            if part == "…":
                pattern += ".*"
            elif _BLANK.fullmatch(part) and part not in self._values:
                pattern += f'(?P<{part[1:]}>[^"]+)'
            else:
                pattern += re.escape(self._values.get(part, part))
        found = re.fullmatch(pattern, received, re.DOTALL)
        assert found, received
        self._values |= {f"${name}": value for name, value in found.groupdict().items()}
