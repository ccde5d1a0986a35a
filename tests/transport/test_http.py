"""Bounds of the HTTP protocol, on real sockets under uvicorn's protocol, on both event loops."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

import pytest

from kefu.transport.http import Admission, HttpLimits, http_protocol
from kefu.transport.websocket import Connection, websocket_protocol
from tests.conftest import clock
from tests.transport.serving import Address, serve
from tests.transport.websocket.wire import head

on_a_clock = pytest.mark.asyncio(loop_factories=["clock"])
on_both_loops = pytest.mark.asyncio(loop_factories=["asyncio", "uvloop"])

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


async def length_of_body(scope: Any, receive: Any, send: Any) -> None:
    """Answers with the number of bytes in the request's body."""
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message["body"])
        if not message["more_body"]:
            break
    body = str(size).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Silent:
    def connected(self, connection: Connection) -> None: ...

    def message(self, data: str | bytes) -> None: ...

    def closed(self, code: int, reason: str) -> None: ...


def bounded(admission: Admission | None = None, **limits: Any) -> type[asyncio.Protocol]:
    return http_protocol(admission or Admission(per_address=0, total=0), HttpLimits(**limits))


class Client:
    """One TCP connection that says what it is told to."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def to(cls, address: Address, data: bytes = b"") -> Client:
        client = cls(*await asyncio.open_connection(*address))
        client.say(data)
        return client

    def say(self, data: bytes) -> None:
        self._writer.write(data)

    async def answer(self) -> tuple[int, bytes]:
        """Status and body of one response."""
        async with asyncio.timeout(60):
            response = await self._reader.readuntil(b"\r\n\r\n")
            length = 0
            for line in response.lower().split(b"\r\n"):
                if line.startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            return int(response.split()[1]), await self._reader.readexactly(length)

    async def end(self) -> bytes:
        """What comes until the server hangs up."""
        async with asyncio.timeout(60):
            try:
                return await self._reader.read()
            except ConnectionResetError:
                return b""

    def hang_up(self) -> None:
        self._writer.close()


def chunked(*, then: bytes = b"") -> bytes:
    return b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + then


# Heads


@on_both_loops
async def test_requests_are_answered_on_one_connection():
    async with serve(http=bounded(), app=length_of_body) as address:
        client = await Client.to(address, GET)
        assert await client.answer() == (200, b"0")
        client.say(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello")
        assert await client.answer() == (200, b"5")
        client.hang_up()


@on_both_loops
async def test_a_head_over_the_limit_is_answered_with_431():
    async with serve(http=bounded(head_bytes=1000), app=length_of_body) as address:
        client = await Client.to(address, b"GET / HTTP/1.1\r\nX: " + b"x" * 5000)
        assert (await client.answer())[0] == 431
        assert await client.end() == b""
        client.hang_up()


async def test_a_head_of_exactly_the_limit_is_read():
    request = b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"x" * 500 + b"\r\n\r\n"
    async with serve(http=bounded(head_bytes=len(request)), app=length_of_body) as address:
        client = await Client.to(address, request)
        assert (await client.answer())[0] == 200
        client.hang_up()
    async with serve(http=bounded(head_bytes=len(request) - 1), app=length_of_body) as address:
        client = await Client.to(address, request)
        assert (await client.answer())[0] == 431
        client.hang_up()


async def test_a_head_in_many_pieces_is_counted_as_one():
    async with serve(http=bounded(head_bytes=1000), app=length_of_body) as address:
        client = await Client.to(address, b"GET / HTTP/1.1\r\n")
        for number in range(60):
            client.say(f"X-{number}: {'x' * 20}\r\n".encode())
            await asyncio.sleep(0)
        assert (await client.answer())[0] == 431
        client.hang_up()


async def test_a_body_is_not_counted_as_head():
    async with serve(http=bounded(head_bytes=1000), app=length_of_body) as address:
        length = 300_000
        client = await Client.to(
            address, f"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {length}\r\n\r\n".encode()
        )
        client.say(b"x" * length)
        assert await client.answer() == (200, b"300000")
        client.say(chunked(then=b"a\r\n0123456789\r\n" * 500 + b"0\r\n\r\n"))
        assert await client.answer() == (200, b"5000")
        client.hang_up()


async def test_a_trailer_is_bounded_like_a_head():
    async with serve(http=bounded(head_bytes=1000), app=length_of_body) as address:
        client = await Client.to(address, chunked(then=b"1\r\nx\r\n0\r\nX: " + b"x" * 5000))
        await client.end()
        client.hang_up()


async def test_requests_far_ahead_of_their_answers_end_the_connection():
    async with serve(http=bounded(), app=length_of_body) as address:
        client = await Client.to(address, GET * 500)
        assert b" 400 " in await client.end()
        client.hang_up()
        client = await Client.to(address, GET * 10)
        for _ in range(10):
            assert await client.answer() == (200, b"0")
        client.hang_up()


@pytest.mark.parametrize(
    ("data", "status"),
    [
        pytest.param(b"GET / HTTP/1.1\r\nHost: \xff\x00\r\n\r\n", 400, id="control-in-host"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a b/..\r\n\r\n", 200, id="nonsense-in-host"),
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", 200, id="no-host"),
        pytest.param(b"GET http://h/x HTTP/1.1\r\nHost: h\r\n\r\n", 200, id="absolute-form"),
        pytest.param(b"GET http://H:80/ HTTP/1.1\r\nHost: h:80\r\n\r\n", 200, id="absolute-root"),
        pytest.param(b"GET http://h/ HTTP/1.1\r\n\r\n", 200, id="absolute-form-only"),
        pytest.param(b"GET http://i/ HTTP/1.1\r\nHost: h\r\n\r\n", 400, id="another-authority"),
        pytest.param(b"GET http://i?h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400, id="authority-query"),
        pytest.param(b"GET /?a=b://i HTTP/1.1\r\nHost: h\r\n\r\n", 200, id="url-in-query"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: h\r\nHOST: h\r\n\r\n", 400, id="two-hosts"),
        pytest.param(head("ws://i/"), 400, id="upgrade-with-another-authority"),
        pytest.param(head("ws://localhost/"), 101, id="upgrade-in-absolute-form"),
        pytest.param(head("/", ("Host", "a\r\nHost: b")), 400, id="upgrade-with-two-hosts"),
        pytest.param(b"GET x HTTP/1.1\r\nHost: h\r\n\r\n", 400, id="path-without-slash"),
        pytest.param(b"CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n", 400, id="connect"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\r\n\r\n", 400, id="tls"),
        pytest.param(head(method="POST"), 405, id="upgrade-by-post"),
        pytest.param(head(without="Sec-WebSocket-Key"), 400, id="upgrade-without-key"),
        pytest.param(head("/", ("Host", "a b/..")), 101, id="upgrade-with-nonsense-in-host"),
        pytest.param(head("*"), 400, id="upgrade-of-an-asterisk"),
    ],
)
@on_both_loops
async def test_odd_requests_get_an_answer_and_hurt_nobody(data, status):
    ws = websocket_protocol(lambda _: Silent())
    async with serve(ws=ws, http=bounded(), app=length_of_body) as address:
        client = await Client.to(address, data)
        assert (await client.answer())[0] == status
        client.hang_up()
        beside = await Client.to(address, GET)
        assert (await beside.answer())[0] == 200
        beside.hang_up()


async def test_an_upgrade_before_the_last_answer_is_refused():
    ws = websocket_protocol(lambda _: Silent())
    async with serve(ws=ws, http=bounded(), app=length_of_body) as address:
        client = await Client.to(address, GET + head())
        assert b" 101 " not in await client.end()
        client.hang_up()


async def test_an_upgrade_after_the_last_answer_is_taken():
    ws = websocket_protocol(lambda _: Silent())
    async with serve(ws=ws, http=bounded(), app=length_of_body) as address:
        client = await Client.to(address, GET)
        await client.answer()
        client.say(head())
        assert (await client.answer())[0] == 101
        client.hang_up()


# Time


@on_both_loops
@pytest.mark.parametrize(
    "start",
    [
        pytest.param(b"", id="nothing-said"),
        pytest.param(GET[:-2], id="half-a-head"),
        pytest.param(head()[:-2], id="half-a-handshake"),
    ],
)
async def test_who_does_not_finish_a_head_is_ended(start):
    async with serve(http=bounded(head_timeout_s=0.2), app=length_of_body) as address:
        client = await Client.to(address, start)
        assert (await client.answer())[0] == 408
        assert await client.end() == b""
        client.hang_up()


@on_a_clock
async def test_a_slow_second_head_is_ended_too():
    async with serve(http=bounded(head_timeout_s=3), app=length_of_body) as address:
        client = await Client.to(address, GET)
        assert (await client.answer())[0] == 200
        client.say(GET[:10])
        assert (await clock().advance_until(client.answer()))[0] == 408
        client.hang_up()


@on_both_loops
async def test_who_does_not_finish_a_body_is_ended():
    async with serve(http=bounded(body_timeout_s=0.2), app=length_of_body) as address:
        client = await Client.to(
            address, b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx"
        )
        assert await client.end() == b""
        client.hang_up()


async def endless(scope: Any, receive: Any, send: Any) -> None:
    """Answers as long as somebody is there."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    gone = asyncio.ensure_future(_disconnected(receive))
    while not gone.done():
        await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})


async def _disconnected(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


@on_a_clock
async def test_who_does_not_read_the_answer_is_dropped():
    async with serve(http=bounded(stall_timeout_s=60), app=endless) as address:
        client = await Client.to(address, GET)  # its reader takes some, and then no more
        (connection,) = await until_there(lambda: address.state.connections)
        await until_there(lambda: connection._stalled)
        await clock().advance(59)
        assert address.state.connections
        await clock().advance(2)
        await until_there(lambda: not address.state.connections)
        await client.end()
        client.hang_up()


async def until_there(what: Any) -> Any:
    """Let the loop go on until there is something."""
    async with asyncio.timeout(60):
        while not (found := what()):  # noqa: ASYNC110 - plain values, no event
            await asyncio.sleep(0)
    return found


@on_a_clock
async def test_a_finished_request_may_take_its_time():
    asked, release = asyncio.Event(), asyncio.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        asked.set()
        await release.wait()
        await length_of_body(scope, receive, send)

    http = bounded(head_timeout_s=3, body_timeout_s=3)
    async with serve(http=http, app=slow) as address:
        client = await Client.to(address, GET)
        await asked.wait()
        stalled = await Client.to(address, GET[:5])
        assert (await clock().advance_until(stalled.answer()))[0] == 408
        release.set()
        assert (await client.answer())[0] == 200
        client.hang_up()
        stalled.hang_up()


@on_both_loops
async def test_500_half_sent_heads_and_handshakes_hold_nobody_up():
    async with serve(http=bounded(head_timeout_s=2.0), app=length_of_body) as address:
        half = [
            await Client.to(address, GET[:-2] if number % 2 else head()[:-2])
            for number in range(500)
        ]
        ends = [asyncio.create_task(client.answer()) for client in half]
        honest = await Client.to(address, GET)
        assert await honest.answer() == (200, b"0")
        assert not ends[-1].done()  # so it is not their end that lets others in
        honest.hang_up()
        for status, _ in await asyncio.gather(*ends):
            assert status == 408
        for client in half:
            client.hang_up()


# Admission


def test_each_address_has_its_own_places():
    admission = Admission(per_address=2, total=0)
    assert [admission.enter("a") for _ in range(3)] == [None, None, HTTPStatus.TOO_MANY_REQUESTS]
    assert admission.enter("b") is None
    admission.leave("a")
    assert admission.enter("a") is None


def test_the_total_counts_all():
    admission = Admission(per_address=0, total=2)
    assert [admission.enter(a) for a in "abc"] == [None, None, HTTPStatus.SERVICE_UNAVAILABLE]
    admission.leave("a")
    assert admission.enter("c") is None
    assert admission.connections == 2


def test_exempt_and_unknown_addresses_count_in_total_only():
    admission = Admission(per_address=1, total=4, exempt={"proxy"})
    assert [admission.enter(a) for a in ("proxy", "proxy", "", "")] == [None] * 4
    assert admission.enter("proxy") is HTTPStatus.SERVICE_UNAVAILABLE


@on_both_loops
async def test_over_the_limit_is_429_and_the_present_are_unhurt():
    admission = Admission(per_address=2, total=0)
    http = bounded(admission, retry_after_s=7)
    async with serve(http=http, app=length_of_body) as address:
        present = [await Client.to(address, GET) for _ in range(2)]
        for client in present:
            assert (await client.answer())[0] == 200
        refused = await Client.to(address, GET[:10])
        refused.say(GET[10:] * 2)
        answer = await refused.end()
        assert answer.startswith(b"HTTP/1.1 429 Too Many Requests\r\n")
        assert b"\r\nRetry-After: 7\r\n" in answer
        for client in present:
            client.say(GET)
            assert (await client.answer())[0] == 200
            client.hang_up()
        refused.hang_up()
    assert (admission.connections, admission.refusals) == (0, 0)


@on_both_loops
@pytest.mark.parametrize("broken", ["route", "connected"])
async def test_a_fault_at_the_start_of_a_websocket_is_reported_and_gives_the_place_back(broken):
    class Faulty(Silent):
        def connected(self, connection: Connection) -> None:
            raise LookupError

    def route(_: object) -> Silent:
        if broken == "route":
            raise LookupError
        return Faulty()

    reported = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    admission = Admission(per_address=0, total=1)
    async with serve(ws=websocket_protocol(route), http=bounded(admission)) as address:
        client = await Client.to(address, head())
        await client.end()
        client.hang_up()
        assert [type(context["exception"]) for context in reported] == [LookupError]
        assert (admission.connections, address.state.connections) == (0, set())


@on_both_loops
async def test_a_full_server_answers_503():
    http = bounded(Admission(per_address=0, total=1))
    async with serve(http=http, app=length_of_body) as address:
        present = await Client.to(address, GET)
        assert (await present.answer())[0] == 200
        refused = await Client.to(address, GET)
        assert (await refused.answer())[0] == 503
        refused.hang_up()
        present.hang_up()


@on_both_loops
async def test_refused_connections_do_not_pile_up():
    admission = Admission(per_address=1, total=0)
    async with serve(http=bounded(admission), app=length_of_body) as address:
        present = await Client.to(address, GET)
        assert (await present.answer())[0] == 200
        silent = [await Client.to(address) for _ in range(150)]
        # The last ones are dropped without a word; the present one is served all the same.
        assert await silent[-1].end() == b""
        assert admission.refusals == 100
        present.say(GET)
        assert (await present.answer())[0] == 200
        for client in (present, *silent):
            client.hang_up()
    assert (admission.connections, admission.refusals) == (0, 0)
