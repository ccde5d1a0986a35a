"""A connection to a receiver is kept for the next event, and for nothing else."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field

import pytest

from kefu.core.urls import UnsafeUrl, read_allowed
from kefu.outbound import exchange, fetch
from kefu.outbound.exchange import encode
from kefu.outbound.fetch import Bounds, Fetcher, FetchFailed
from tests.outbound.servers import CERTIFICATE, Names

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
HANG_UP = b""
CUT = b"<cut>"  # at the end of an answer: then it closes
LOOPBACK = read_allowed(["127.0.0.0/8"])


@dataclass
class Keeping:
    """A server that takes request after request on a connection.

    ``answers`` are taken one by one, the last one stays; after ``HANG_UP`` it closes.
    """

    answers: list[bytes]
    port: int = 0
    connections: int = 0
    bodies: list[tuple[int, bytes]] = field(default_factory=list)  # with the connection's number
    open: set[int] = field(default_factory=set)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    async def until_open(self, count: int) -> None:
        """Wait until so many connections are open."""
        async with self.changed:
            await self.changed.wait_for(lambda: len(self.open) == count)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        async with self.changed:
            self.open.add(number)
            self.changed.notify_all()
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                size = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
                self.bodies.append((number, await reader.readexactly(size)))
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                if answer == HANG_UP:
                    break
                writer.write(answer.removesuffix(CUT))
                if answer.endswith(CUT):
                    break
        writer.close()
        async with self.changed:
            self.open.discard(number)
            self.changed.notify_all()


@asynccontextmanager
async def keeping(*answers: bytes, tls: bool = False) -> AsyncIterator[Keeping]:
    server = Keeping([*answers] or [OK])
    context = None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context)
    server.port = listening.sockets[0].getsockname()[1]
    yield server
    listening.close()


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with closing(Fetcher(LOOPBACK, Bounds(read_s=2.0, total_s=5.0, body_bytes=100))) as one:
        yield one


async def say(fetcher: Fetcher, url: str, *bodies: bytes) -> list[bytes]:
    """What is answered to each."""
    return [(await fetcher.post(url, body, {})).body for body in bodies]


@pytest.mark.asyncio(loop_factories=["asyncio", "uvloop"])
async def test_the_next_event_goes_over_the_connection_of_the_last(fetcher: Fetcher):
    async with keeping() as server:
        assert await say(fetcher, server.url, b"1", b"2", b"3") == [b"ok"] * 3
        assert server.bodies == [(1, b"1"), (1, b"2"), (1, b"3")]


@pytest.mark.asyncio(loop_factories=["asyncio", "uvloop"])
async def test_a_connection_with_tls_is_kept_for_the_name_it_was_checked_for():
    tls = ssl.create_default_context(cafile=CERTIFICATE)
    names = Names(hooks=[["127.0.0.1"]], other=[["127.0.0.1"]])
    with closing(Fetcher(LOOPBACK, resolve=names.resolve, tls=tls)) as fetcher:
        async with keeping(tls=True) as server:
            await say(fetcher, f"https://hooks.test:{server.port}/", b"1", b"2")
            with pytest.raises(FetchFailed) as raised:
                await say(fetcher, f"https://other.test:{server.port}/", b"3")
    assert raised.value.fault.value == "tls_failed"
    assert server.bodies == [(1, b"1"), (1, b"2")]


async def test_a_connection_that_the_receiver_ended_is_made_again(fetcher: Fetcher):
    async with keeping(OK, HANG_UP, OK) as server:
        assert await say(fetcher, server.url, b"1", b"2") == [b"ok"] * 2
        assert server.bodies == [(1, b"1"), (1, b"2"), (2, b"2")]


async def test_an_event_is_sent_again_once_and_not_if_the_connection_was_new(fetcher: Fetcher):
    async with keeping(OK, HANG_UP) as server:
        await say(fetcher, server.url, b"1")
        for expected in (3, 4):
            with pytest.raises(FetchFailed) as raised:
                await say(fetcher, server.url, b"2")
            assert raised.value.fault.value == "not_http"
            assert len(server.bodies) == expected


async def test_what_was_answered_in_part_is_not_sent_again(fetcher: Fetcher):
    async with keeping(OK, OK[:-1] + CUT, OK) as server:
        await say(fetcher, server.url, b"1")
        with pytest.raises(FetchFailed):
            await say(fetcher, server.url, b"2")
        assert server.bodies == [(1, b"1"), (1, b"2")]


async def test_two_events_at_once_have_a_connection_each(fetcher: Fetcher):
    async with keeping() as server:
        await asyncio.gather(say(fetcher, server.url, b"1"), say(fetcher, server.url, b"1"))
        await asyncio.gather(say(fetcher, server.url, b"2"), say(fetcher, server.url, b"2"))
        assert sorted(server.bodies) == [(1, b"1"), (1, b"2"), (2, b"1"), (2, b"2")]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(OK + OK, id="a second answer"),
        pytest.param(OK + b"x", id="a byte too many"),
        pytest.param(OK.replace(b"OK\r\n", b"OK\r\nConnection: close\r\n"), id="it says close"),
        pytest.param(OK.replace(b"1.1", b"1.0"), id="HTTP/1.0"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n" + b"x" * 300, id="long"),
        pytest.param(
            b"HTTP/1.1 101 Switch\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
            id="another protocol",
        ),
    ],
)
async def test_after_an_answer_that_is_not_clean_the_next_event_goes_a_new_way(
    fetcher: Fetcher, answer: bytes
):
    async with keeping(answer, OK) as server:
        await say(fetcher, server.url, b"1")
        assert await say(fetcher, server.url, b"2") == [b"ok"]
        assert server.bodies == [(1, b"1"), (2, b"2")]


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        pytest.param(
            b"HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n" * 3 + OK, 200, b"ok", id="after hints"
        ),
        pytest.param(b"HTTP/1.1 204 No\r\n\r\n", 204, b"", id="no content"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1;x=y\r\nk\r\n0\r\n"
            b"Retry-After: 9\r\n\r\n",
            200,
            b"ok",
            id="in chunks, with a trailer",
        ),
    ],
)
async def test_an_answer_of_any_form_leaves_the_connection_usable(
    fetcher: Fetcher, answer: bytes, status: int, body: bytes
):
    async with keeping(answer, OK) as server:
        got = await fetcher.post(server.url, b"1", {})
        assert (got.status, got.body, got.headers) == (status, body, {})
        assert await say(fetcher, server.url, b"2") == [b"ok"]
        assert server.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"x: " + b"y" * 1_000 + b"\r\n", id="endless headers"),
        pytest.param(b"1;" + b"x" * 500 + b"\r\nz\r\n", id="endless sizes of chunks"),
    ],
)
async def test_what_is_no_content_is_bounded_too(fetcher: Fetcher, answer: bytes):
    beginning = b"HTTP/1.1 200 OK\r\n"
    if answer.startswith(b"1"):
        beginning += b"Transfer-Encoding: chunked\r\n\r\n"
    many = exchange.MAX_HEAD_BYTES // len(answer) + 1
    generous = Bounds(total_s=5.0)
    with closing(Fetcher(LOOPBACK, generous)) as fetcher:
        async with keeping(beginning + answer * many) as server:
            with pytest.raises(FetchFailed) as raised:
                await say(fetcher, server.url, b"1")
    assert raised.value.fault.value == "not_http"


async def test_words_that_nobody_asked_for_end_a_kept_connection(fetcher: Fetcher):
    async with keeping() as server:
        await say(fetcher, server.url, b"1")
        [kept] = fetcher._kept
        kept.connection.data_received(OK)
        await server.until_open(0)
        assert await say(fetcher, server.url, b"2") == [b"ok"]
        assert server.bodies[-1] == (2, b"2")


async def test_a_kept_connection_ends_soon_if_nothing_more_is_sent(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fetch, "IDLE_S", 0.01)
    async with keeping() as server:
        await say(fetcher, server.url, b"1")
        await asyncio.wait_for(server.until_open(0), 60)
    assert not fetcher._kept


async def test_a_host_that_moved_is_followed_and_looked_at_again(
    monkeypatch: pytest.MonkeyPatch,
):
    names = Names(hooks=[["127.0.0.1"], ["10.0.0.1"]])
    with closing(Fetcher(LOOPBACK, resolve=names.resolve)) as fetcher:
        async with keeping() as server:
            url = f"http://hooks.test:{server.port}/"
            await say(fetcher, url, b"1", b"2")
            assert len(names.asked) == 1
            monkeypatch.setattr(fetch, "KEPT_S", 0.0)  # as if it had been kept for so long
            await say(fetcher, url, b"3")
            with pytest.raises(UnsafeUrl):
                await say(fetcher, url, b"4")
    assert [number for number, _ in server.bodies] == [1, 1, 1]


async def test_few_connections_are_kept_and_none_after_the_end(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fetch, "MAX_KEPT", 1)
    async with keeping() as one, keeping() as other:
        await say(fetcher, one.url, b"1")
        await say(fetcher, other.url, b"1")
        await asyncio.wait_for(one.until_open(0), 60)
        assert len(other.open) == 1
        fetcher.close()
        await asyncio.wait_for(other.until_open(0), 60)


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        ("/ HTTP/1.1\r\nx: y", {}),
        ("/a b", {}),
        ("/", {"x": "a\r\nb: c"}),
        ("/", {"x": "a\nb"}),
        ("/", {"x\r\ny": "a"}),
        ("/", {"": "a"}),
        ("/", {"x": "\x00"}),
    ],
)
def test_nothing_in_a_request_begins_a_line_of_its_own(target: str, headers: dict[str, str]):
    with pytest.raises(ValueError, match="is"):
        encode("POST", target, headers, b"")
