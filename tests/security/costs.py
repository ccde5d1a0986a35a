"""What a piece of work costs a server in CPU time, and what it says to raw requests.

Rules: only the time of the server's own process counts, the least of several tries, so that what
else the machine does changes little. A cost that is below ``NOISE_S`` says nothing of how it grows.
Whoever measures says what the server has to answer: a request that is refused before it is read
costs nothing, and would hide what reading it costs.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from tests.clients.raw import RawConnection, raw_connection
from tests.security.office import Office, Person

MOST_S = 0.020
MOST_TIMES = 2.5
NOISE_S = 0.008  # one try of two differs by as much on a machine that does other things
TRIES = 2
MORE_TRIES = 25  # of what seems to cost too much


class Answer(NamedTuple):
    """What the server said, and what it cost."""

    told: str
    cpu_s: float


Work = Callable[[int], Awaitable[Answer]]  # does something with so many bytes
Told = str | tuple[str, ...]  # how the answer begins, if it was read


def cpu_s(office: Office) -> float:
    """The CPU time of the server's process, all of its threads."""
    return time.clock_gettime((~office.process.pid << 3) | 2)


async def too_much(do: Work, size: int, told: Told) -> str:
    """What is wrong with what it costs, or with an answer; "": nothing is."""
    whole = half = float("inf")
    for number in range(1, MORE_TRIES + 1):
        answers = [await do(size)]
        if number == 1 or whole >= NOISE_S:
            answers.append(await do(size // 2))
            half = min(half, answers[1].cpu_s)
        whole = min(whole, answers[0].cpu_s)
        for answer in answers:
            if not answer.told.startswith(told):
                return f"{answer.told!r}, not {told!r}"
        if number >= TRIES and is_little(whole, half):
            return ""
    return f"{whole * 1000:.1f} ms, of half {half * 1000:.1f} ms"


def is_little(whole_s: float, half_s: float) -> bool:
    """Whether it may cost that; ``half_s``: what half of it costs."""
    return whole_s <= min(MOST_S, MOST_TIMES * max(half_s, NOISE_S / MOST_TIMES))


async def ask(
    office: Office, who: Person, line: str, more: str = "", *, body: bytes = b""
) -> Answer:
    """Send a request; it is told its status and, of a refusal, the code and the words.

    ``more``: lines of the head; they stand in place of what ``who`` would send along.
    """
    said = {one.partition(":")[0].lower() for one in more.split("\r\n")}
    own = {"Host": f"127.0.0.1:{office.port}", **who.headers}
    head = [f"{name}: {value}\r\n" for name, value in own.items() if name.lower() not in said]
    if body and "content-type" not in said:
        head.append("Content-Type: application/json\r\n")
    if line.startswith(("POST", "PUT", "PATCH")):
        head.append(f"Content-Length: {len(body)}\r\n")
    async with raw_connection(office.base_url) as raw, asyncio.timeout(60):
        before = cpu_s(office)
        await raw.send(f"{line} HTTP/1.1\r\n{''.join(head)}{more}\r\n".encode("latin-1") + body)
        told = await _told(raw)
        return Answer(told, cpu_s(office) - before)


async def _told(raw: RawConnection) -> str:
    head = (await raw.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    coding = head.partition("content-encoding: ")[2].partition("\r")[0]
    status = f"{head.split(' ', 2)[1]} {coding}".strip()
    length = int(head.partition("content-length: ")[2].partition("\r")[0] or 0)
    if "content-length: " not in head or "transfer-encoding" in head:
        return status
    content = await raw.reader.readexactly(length)
    if int(status[:3]) < 400 or "text/html" in head:
        return status
    if "application/json" not in head:
        return f"{status} {content.decode()}"
    error = json.loads(content).get("error")  # of the tutorials' protocols it is without that
    return f"{status} {error['code']}: {error['message']}" if error else f"{status} {content!r}"
