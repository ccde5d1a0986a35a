"""Whatever is parsed takes time that grows with its length alone, and little of it.

Every header and body that the server reads is sent to a real one full of each separator, 60 kB of
it. It may cost 20 ms of the process's CPU time, and not much more than twice what 30 kB cost.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.clients.raw import raw_connection
from tests.security.office import Office

SIZE = 60_000
MOST_S = 0.020
MOST_TIMES = 2.5
NOISE_S = 0.004  # less than this says nothing of how it grows
TRIES = 2
MORE_TRIES = 8  # of what seems to cost too much

SEPARATORS = [
    *(" ", "\t", ",", ";", "=", '"', "\\", "/", ".", "%", "&", "[", "{"),
    *("a,", "a=b; ", '"\\', "=&", "0-0,"),
]
KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
UPGRADE = f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n{KEY}\r\n"
REALTIME = f"GET /api/v1/realtime HTTP/1.1\r\n{UPGRADE}"
ROOMS = f"GET /?type=yonghu&name=x HTTP/1.1\r\n{UPGRADE}"
SOCKETIO = f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n{UPGRADE}"
POLLING = "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\n"
STREAM = "GET /api/v1/events HTTP/1.1\r\nAccept: text/event-stream\r\n"
EVENTS = "GET /api/v1/events HTTP/1.1\r\n"
LOGIN = "POST /api/v1/session HTTP/1.1\r\nContent-Length: 2\r\n"
UPLOAD = "POST /api/v1/files?name=a HTTP/1.1\r\nContent-Length: 0\r\n"
GETROOM = "GET /getroom?userName=x HTTP/1.1\r\n"
PAGE = "GET / HTTP/1.1\r\n"
DOCS = "GET /api/v1/docs HTTP/1.1\r\n"
FILE = "GET /api/v1/files/1/a.txt?token=x HTTP/1.1\r\n"
PREFLIGHT = "OPTIONS /api/v1/conversations HTTP/1.1\r\nOrigin: https://shop.example\r\n"
EVERYWHERE = (REALTIME, ROOMS, SOCKETIO, POLLING, STREAM, LOGIN, GETROOM, PAGE)

# Which requests look at which header.
HEADERS: dict[str, tuple[str, ...]] = {
    "Content-Type": (LOGIN, UPLOAD),
    "Content-Disposition": (UPLOAD,),
    "Accept": (EVENTS, PAGE, "GET /no/such HTTP/1.1\r\n"),
    "Accept-Encoding": (PAGE, DOCS),
    "Accept-Language": (DOCS, "GET /no/such HTTP/1.1\r\nAccept: text/html\r\n"),
    "Authorization": (EVENTS, STREAM, LOGIN, UPLOAD),
    "Cookie": (EVENTS, STREAM, LOGIN, REALTIME),
    "Range": (PAGE, DOCS, FILE),
    "If-Range": (PAGE, FILE),
    "If-None-Match": (PAGE, DOCS),
    "If-Modified-Since": (PAGE,),
    "Origin": EVERYWHERE,
    "Host": EVERYWHERE,
    "X-Forwarded-For": EVERYWHERE,
    "X-Forwarded-Proto": (EVENTS,),
    "Forwarded": (EVENTS, REALTIME),
    "Connection": (REALTIME, EVENTS),
    "Upgrade": (REALTIME, EVENTS),
    "Sec-WebSocket-Protocol": (REALTIME, ROOMS),
    "Sec-WebSocket-Extensions": (REALTIME, ROOMS),
    "Sec-WebSocket-Key": (REALTIME,),
    "Sec-WebSocket-Version": (REALTIME,),
    "Sec-Fetch-Site": (EVENTS,),
    "Idempotency-Key": (LOGIN,),
    "Last-Event-ID": (STREAM,),
    "User-Agent": (EVENTS,),
    "X-Kefu-Widget": (EVENTS,),
    "Access-Control-Request-Headers": (PREFLIGHT, POLLING.replace("GET", "OPTIONS")),
    "X-Anything": (EVENTS, REALTIME),
}
TARGETS = {
    "REST path": "GET /api/v1/{} HTTP/1.1\r\n",
    "REST query": "GET /api/v1/conversations?{} HTTP/1.1\r\n",
    "REST value": "GET /api/v1/search?q={} HTTP/1.1\r\n",
    "stream query": "GET /api/v1/events?{} HTTP/1.1\r\nAccept: text/event-stream\r\n",
    "realtime query": REALTIME.replace("realtime", "realtime?{}"),
    "rooms query": ROOMS.replace("name=x", "name={}"),
    "getroom query": GETROOM.replace("=x", "=x&{}"),
    "polling query": POLLING.replace("polling ", "polling&{} "),
    "page path": "GET /{} HTTP/1.1\r\n",
    "file path": FILE.replace("a.txt", "{}"),
}


def cpu_s(office: Office) -> float:
    """The CPU time of the server's process, all of its threads."""
    return time.clock_gettime((~office.process.pid << 3) | 2)


async def ask(office: Office, head: str, body: bytes = b"") -> None:
    """Send a request and wait until its answer begins, or the server has had enough."""
    async with raw_connection(office.base_url) as raw, asyncio.timeout(20):
        if "\r\nHost:" not in head:
            head += f"Host: 127.0.0.1:{office.port}\r\n"
        await raw.send(f"{head}\r\n".encode("latin-1") + body)
        await raw.reader.readline()


async def cost(office: Office, do: Callable[[int], Awaitable[object]], size: int) -> float:
    """The least CPU time that it cost in several tries."""
    least = float("inf")
    for number in range(MORE_TRIES):
        before = cpu_s(office)
        await do(size)
        least = min(least, cpu_s(office) - before)
        if number + 1 >= TRIES and least < NOISE_S:
            break
    return least


async def too_much(office: Office, do: Callable[[int], Awaitable[object]]) -> str:
    """What 60 kB cost if that is too much; "": it is not."""
    whole = await cost(office, do, SIZE)
    if whole < NOISE_S:
        return ""
    half = await cost(office, do, SIZE // 2)
    if whole <= MOST_S and whole <= MOST_TIMES * max(half, NOISE_S / MOST_TIMES):
        return ""
    return f"{whole * 1000:.1f} ms, of half {half * 1000:.1f} ms"


def filled(separator: str, size: int) -> str:
    return separator * (size // len(separator))


@pytest.mark.parametrize("header", HEADERS)
async def test_a_header_full_of_separators_costs_next_to_nothing(office, header):
    costly = {}
    for head in HEADERS[header]:
        for separator in SEPARATORS:

            async def send(size: int, head: str = head, separator: str = separator) -> None:
                value = f"x{filled(separator, size)}x"
                await ask(office, f"{head}{header}: {value}\r\n", b"{}" if "2\r" in head else b"")

            if found := await too_much(office, send):
                costly[head.split("\r")[0], separator] = found
    assert costly == {}


@pytest.mark.parametrize("target", TARGETS)
async def test_a_target_full_of_separators_costs_next_to_nothing(office, target):
    costly = {}
    for separator in SEPARATORS:
        if set(separator) & set(' \t"{[\\'):
            continue  # not of a request line
        written = separator

        async def send(size: int, written: str = written) -> None:
            await ask(office, TARGETS[target].replace("{}", filled(written, size)))

        if found := await too_much(office, send):
            costly[separator] = found
    assert costly == {}


def bodies(separator: str, size: int) -> Iterator[tuple[str, bytes]]:
    """Bodies of REST, as they come and as values of a form."""
    text = filled(separator, size)
    yield "/api/v1/session", text.encode()
    yield "/api/v1/session", json.dumps({"email": text, "password": "x"}).encode()
    yield "/api/v1/session", json.dumps({"email": f"{text}@{text}", "password": "x"}).encode()
    yield "/api/v1/session", json.dumps({text: text}).encode()
    yield "/api/v1/conversations", json.dumps({"client_id": "1", "text": text}).encode()


@pytest.mark.parametrize("number", range(5))
async def test_a_body_full_of_separators_costs_next_to_nothing(office, number):
    costly = {}
    for separator in SEPARATORS:

        async def send(size: int, separator: str = separator) -> None:
            path, body = [*bodies(separator, size)][number]
            head = f"POST {path} HTTP/1.1\r\nContent-Type: application/json\r\n"
            await ask(office, f"{head}Content-Length: {len(body)}\r\n", body)

        if found := await too_much(office, send):
            costly[separator] = found
    assert costly == {}


def frames(text: str) -> dict[str, tuple[str, list[str], str, dict[str, Any]]]:
    """What is sent over each WebSocket: its path, frames before, the frame, and options."""
    v1: dict[str, Any] = {"subprotocols": ["kefu.v1"]}
    io = "/socket.io/?EIO=4&transport=websocket"
    quoted = json.dumps(text)
    return {
        "realtime frame": ("/api/v1/realtime", [], text, v1),
        "realtime token": (
            "/api/v1/realtime",
            [],
            json.dumps({"id": 1, "do": "hello", "token": text}),
            v1,
        ),
        "realtime key": (
            "/api/v1/realtime",
            [],
            json.dumps({"id": 1, "do": text, "key": text}),
            v1,
        ),
        "socket.io connect": (io, [], f"40/{text}", {}),
        "socket.io packet": (io, ["40"], f"42{text}", {}),
        "socket.io event": (io, ["40"], f"42[{quoted},{quoted}]"[:SIZE], {}),
        "socket.io login": (io, ["40"], f'42["login",{quoted}]', {}),
        "rooms frame": ("/?type=yonghu&name=separators", [], text, {}),
    }


@pytest.mark.parametrize("kind", frames(""))
async def test_a_frame_full_of_separators_costs_next_to_nothing(office, kind):
    costly = {}
    for separator in SEPARATORS:

        async def send(size: int, separator: str = separator) -> None:
            path, before, frame, options = frames(filled(separator, size // 2))[kind]
            await say(office, path, [*before, frame], options)

        if found := await too_much(office, send):
            costly[separator] = found
    assert costly == {}


async def say(office: Office, path: str, said: list[str], options: dict[str, Any]) -> None:
    """Say this on a WebSocket, and then ping until it is read or refused."""
    url = office.base_url.replace("http", "ws", 1) + path
    async with asyncio.timeout(20), connect(url, compression=None, **options) as socket:
        with suppress(ConnectionClosed):  # however it ends, it was read
            for frame in said:
                await socket.send(frame)
            await (await socket.ping())


@pytest.mark.parametrize("kind", ["payload", "packet"])
async def test_a_post_of_the_polling_full_of_separators_costs_next_to_nothing(office, kind):
    costly = {}
    async with httpx.AsyncClient(trust_env=False, verify=False) as http:
        for separator in [*SEPARATORS, "\x1e", "4\x1e", "2\x1e", "b=", "bAAAA\x1e"]:

            async def send(size: int, separator: str = separator) -> None:
                text = filled(separator, size)
                body = (text if kind == "payload" else f"42{text}").encode()
                url = f"{office.base_url}/socket.io/?EIO=4&transport=polling"
                opened = await http.get(url)
                sid = json.loads(opened.text[1:])["sid"]
                await http.post(f"{url}&sid={sid}", content=body)
                await http.get(f"{url}&sid={sid}")

            if found := await too_much(office, send):
                costly[separator] = found
    assert costly == {}


ATTACKERS = 4
ROUND_TRIPS = 100


async def test_an_honest_client_is_answered_beside_the_attack(office, capsys):
    """It prints how long a round trip took."""
    attack = f"{LOGIN}Content-Type: application/json{filled(' ', 30_000)}x\r\n"

    async def attacks() -> None:
        while True:
            await ask(office, attack, b"{}")

    took = []
    attackers = [asyncio.create_task(attacks()) for _ in range(ATTACKERS)]
    async with raw_connection(office.base_url) as raw, asyncio.timeout(60):
        for _ in range(ROUND_TRIPS):
            begin = time.perf_counter()
            await raw.send(
                f"GET /health HTTP/1.1\r\nHost: 127.0.0.1:{office.port}\r\n\r\n".encode()
            )
            head = await raw.reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            await raw.reader.readexactly(length)
            took.append(time.perf_counter() - begin)
    for one in attackers:
        one.cancel()
    await asyncio.gather(*attackers, return_exceptions=True)
    took.sort()
    median, longest = took[ROUND_TRIPS // 2] * 1000, took[-1] * 1000
    with capsys.disabled():
        sys.stdout.write(f"\nmedian {median:.1f} ms, longest {longest:.1f} ms\n")
    assert took[-1] < 2.0  # one request of the attack took ten seconds
