"""The server goes to public addresses alone, however it is led, and never for long: S17."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from kefu.core.urls import UnsafeUrl, read_allowed
from kefu.outbound.fetch import Bounds, Fetcher, FetchFailed, Resolve
from tests.core.unsafe_urls import UNSAFE
from tests.outbound.servers import (
    CERTIFICATE,
    Names,
    raw,
    redirect,
    reply,
    serving,
    silent_after,
)
from tests.serving import free_ports

LOOPBACK = "127.0.0.1"
QUICK = Bounds(connect_s=0.5, read_s=0.2, total_s=0.5, body_bytes=1_000)

NO_AUTHORITY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
MakeFetcher = Callable[..., Fetcher]


@pytest.fixture
def fetcher() -> Iterator[MakeFetcher]:
    """Makes fetchers to which nothing internal is open but what ``allowed`` says."""
    made: list[Fetcher] = []

    def make(
        *allowed: str,
        names: Resolve | None = None,
        bounds: Bounds | None = None,
        tls: ssl.SSLContext = NO_AUTHORITY,
    ) -> Fetcher:
        made.append(Fetcher(read_allowed(allowed), bounds, resolve=names, tls=tls))
        return made[-1]

    yield make
    for each in made:
        each.close()


def fault(raised: pytest.ExceptionInfo[FetchFailed]) -> str:
    return raised.value.fault.value


@pytest.mark.asyncio(loop_factories=["asyncio", "uvloop"])
async def test_an_answer_comes_back_with_its_beginning(fetcher: MakeFetcher):
    answer = reply(b"no", "503 Sorry", Retry_After="7", Content_Type="text/x", Set_Cookie="a=b")
    async with serving(answer) as server:
        got = await fetcher(LOOPBACK).post(
            f"http://127.0.0.1:{server.port}/hook?x=1", b"{}", {"webhook-id": "evt_1"}
        )
    assert (got.status, got.body, got.truncated) == (503, b"no", False)
    assert got.headers == {"retry-after": "7", "content-type": "text/x"}
    assert 0 <= got.duration_ms < 10_000
    assert server.heads[0].startswith("POST /hook?x=1 HTTP/1.1\r\n")
    assert server.bodies == [b"{}"]
    assert server.header("webhook-id") == "evt_1"
    assert server.header("host") == f"127.0.0.1:{server.port}"


@pytest.mark.parametrize("url", UNSAFE)
async def test_an_unsafe_url_is_not_fetched(fetcher: MakeFetcher, url: str):
    names = Names()
    for send in (fetcher(names=names.resolve).get(url), fetcher().post(url, b"", {})):
        with pytest.raises(UnsafeUrl):
            await send
    assert not names.asked


@pytest.mark.parametrize(
    "addresses",
    [
        pytest.param(["127.0.0.1"], id="loopback"),
        pytest.param(["93.184.216.34", "127.0.0.1"], id="one public, one loopback"),
        pytest.param(["::ffff:127.0.0.1"], id="mapped loopback"),
        pytest.param(["169.254.169.254"], id="cloud metadata"),
        pytest.param(["fe80::1%lo"], id="zone"),
    ],
)
async def test_a_name_that_leads_inside_is_refused(fetcher: MakeFetcher, addresses: list[str]):
    async with serving(reply()) as server:
        names = Names(hooks=[addresses])
        with pytest.raises(UnsafeUrl):
            await fetcher(names=names.resolve).get(f"http://hooks.test:{server.port}/")
    assert not server.connections


async def test_the_systems_own_names_are_checked_too(fetcher: MakeFetcher):
    async with serving(reply()) as server:
        port = server.port
        got = await fetcher(f"localhost:{port}").get(f"http://localhost:{port}/")
        assert got.status == 200
        with pytest.raises(UnsafeUrl):
            await fetcher().get(f"http://localhost:{port}/")
    assert server.connections == 1


async def test_a_name_is_looked_up_once_and_the_checked_address_is_used(fetcher: MakeFetcher):
    names = Names(hooks=[["127.0.0.2"], ["127.0.0.1"]])
    async with serving(reply(b"checked"), "127.0.0.2") as open_one:
        port = open_one.port
        async with serving(reply(b"inside"), "127.0.0.1", port) as closed_one:
            got = await fetcher("127.0.0.2", names=names.resolve).get(f"http://hooks.test:{port}/")
    assert got.body == b"checked"
    assert names.asked == ["hooks.test"]
    assert open_one.header("host") == f"hooks.test:{port}"
    assert not closed_one.connections


async def test_a_redirect_to_the_same_name_is_looked_up_and_checked_again(fetcher: MakeFetcher):
    names = Names(hooks=[["127.0.0.2"], ["127.0.0.1"]])
    async with serving(redirect("/again"), "127.0.0.2") as server:
        with pytest.raises(UnsafeUrl):
            await fetcher("127.0.0.2", names=names.resolve).get(f"http://hooks.test:{server.port}/")
    assert len(names.asked) == 2


@pytest.mark.parametrize("status", ["301 A", "302 B", "303 C", "307 D", "308 E"])
async def test_a_redirect_inside_is_refused(fetcher: MakeFetcher, status: str):
    async with (
        serving(reply(b"secret")) as inside,
        serving(redirect(f"http://127.0.0.1:{inside.port}/", status)) as outside,
    ):
        with pytest.raises(UnsafeUrl):
            await fetcher(f"{LOOPBACK}:{outside.port}").get(f"http://127.0.0.1:{outside.port}/")
    assert outside.connections == 1
    assert not inside.connections


@pytest.mark.parametrize(
    "location",
    [
        pytest.param("http://127.0.0.1:9/", id="another port of loopback"),
        pytest.param("//127.0.0.1:9/", id="without a scheme"),
        pytest.param("http://[::ffff:127.0.0.1]/", id="mapped loopback"),
        pytest.param("http://169.254.169.254/latest/meta-data/", id="cloud metadata"),
        pytest.param("http://2130706433/", id="decimal"),
        pytest.param("http://0177.0.0.1/", id="octal"),
        pytest.param("http://0x7f.1/", id="hexadecimal"),
        pytest.param("http://[fe80::1%25lo]/", id="zone"),
        pytest.param("file:///etc/passwd", id="file"),
        pytest.param("gopher://hooks.example/", id="gopher"),
        pytest.param("data:text/plain,x", id="data"),
        pytest.param("http://user@hooks.example/", id="user"),
        pytest.param("http://hooks.example:25/", id="mail port"),
        pytest.param("/\\127.0.0.1/", id="backslash"),
        pytest.param("http://[::1/", id="broken"),
        pytest.param("http://hooks..example/", id="empty label"),
    ],
)
async def test_a_redirect_to_an_unsafe_url_is_refused(fetcher: MakeFetcher, location: str):
    async with serving(redirect(location)) as server:
        with pytest.raises(UnsafeUrl):
            await fetcher(f"{LOOPBACK}:{server.port}").get(f"http://127.0.0.1:{server.port}/")
    assert server.connections == 1


async def test_a_post_is_not_redirected(fetcher: MakeFetcher):
    async with serving(redirect("/elsewhere", "307 Go")) as server:
        got = await fetcher(LOOPBACK).post(f"http://127.0.0.1:{server.port}/", b"x", {})
    assert got.status == 307
    assert server.connections == 1


async def test_three_redirects_are_followed_and_no_more(fetcher: MakeFetcher):
    async with serving(redirect("/again")) as server:
        with pytest.raises(FetchFailed) as raised:
            await fetcher(LOOPBACK).get(f"http://127.0.0.1:{server.port}/")
    assert fault(raised) == "too_many_redirects"
    assert server.connections == 1 + 3


async def test_headers_stay_behind_when_a_redirect_leaves_the_origin(fetcher: MakeFetcher):
    async with (
        serving(reply(b"there")) as other,
        serving(redirect(f"http://127.0.0.1:{other.port}/")) as first,
    ):
        got = await fetcher(LOOPBACK).get(
            f"http://127.0.0.1:{first.port}/", {"Authorization": "secret"}
        )
    assert got.body == b"there"
    assert first.header("authorization") == "secret"
    assert other.header("authorization") == ""


async def test_the_next_address_is_tried_if_one_does_not_answer(fetcher: MakeFetcher):
    names = Names(hooks=[["127.0.0.3", "127.0.0.2"]])
    async with serving(reply(b"second"), "127.0.0.2") as server:
        got = await fetcher("127.0.0.0/8", names=names.resolve).get(
            f"http://hooks.test:{server.port}/"
        )
    assert got.body == b"second"


async def test_an_address_of_ipv6_is_reached(fetcher: MakeFetcher):
    async with serving(reply(b"six"), "::1") as server:
        got = await fetcher("::1").get(f"http://[::1]:{server.port}/")
    assert got.body == b"six"
    assert server.header("host") == f"[::1]:{server.port}"


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(silent_after(b""), "timed_out", id="silent"),
        pytest.param(silent_after(HEAD), "timed_out", id="half a head"),
        pytest.param(
            silent_after(HEAD + b"Content-Length: 9\r\n\r\n1"), "timed_out", id="half a body"
        ),
        pytest.param(raw(b""), "not_http", id="hangs up"),
        pytest.param(raw(b"SSH-2.0-x\r\n\r\n"), "not_http", id="another protocol"),
        pytest.param(raw(HEAD + b"Content-Length: 9\r\n\r\n1"), "not_http", id="body cut off"),
        pytest.param(raw(HEAD + b"x: " + b"y" * 300_000), "not_http", id="endless head"),
    ],
)
async def test_a_bad_answer_is_a_failure_in_time(fetcher: MakeFetcher, answer, expected):
    async with serving(answer) as server:
        with pytest.raises(FetchFailed) as raised:
            await fetcher(LOOPBACK, bounds=QUICK).get(f"http://127.0.0.1:{server.port}/")
    assert fault(raised) == expected


async def test_a_drip_of_bytes_ends_with_the_time_for_all(fetcher: MakeFetcher):
    async def drip(writer, head):
        while True:  # each piece is in time, the whole never
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            await writer.drain()

    async with serving(drip) as server:
        with pytest.raises(FetchFailed) as raised:
            await fetcher(LOOPBACK, bounds=QUICK).get(f"http://127.0.0.1:{server.port}/")
    assert fault(raised) == "timed_out"


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"Content-Length: 100000000\r\n\r\n", id="said to be huge"),
        pytest.param(b"\r\n", id="of unknown size"),
        pytest.param(b"Content-Encoding: gzip\r\n\r\n", id="packed"),
    ],
)
async def test_only_the_beginning_of_a_huge_body_is_read(fetcher: MakeFetcher, head: bytes):
    sent = 0

    async def endless(writer, _):
        nonlocal sent
        writer.write(HEAD + head)
        while True:
            writer.write(b"x" * 65_536)
            sent += 65_536
            await writer.drain()

    async with serving(endless) as server:
        got = await fetcher(LOOPBACK, bounds=QUICK).get(f"http://127.0.0.1:{server.port}/")
    assert got.body == b"x" * 1_000
    assert got.truncated
    assert sent < 20_000_000  # what the buffers on the way hold


async def test_a_body_of_just_the_bound_is_whole(fetcher: MakeFetcher):
    async with serving(reply(b"x" * 1_000)) as server:
        got = await fetcher(LOOPBACK, bounds=QUICK).get(f"http://127.0.0.1:{server.port}/")
    assert len(got.body) == 1_000
    assert not got.truncated


async def test_a_refused_connection_is_a_failure(fetcher: MakeFetcher):
    with pytest.raises(FetchFailed) as raised:
        await fetcher(LOOPBACK).get(f"http://127.0.0.1:{free_ports(1)[0]}/")
    assert fault(raised) == "cannot_connect"


async def test_a_name_that_does_not_exist_is_a_failure(fetcher: MakeFetcher):
    with pytest.raises(FetchFailed) as raised:
        await fetcher(names=Names().resolve).get("http://nobody.test/")
    assert fault(raised) == "no_such_host"


async def test_a_proxy_of_the_environment_is_not_used(fetcher, monkeypatch):
    async with serving(reply(b"proxy")) as proxy, serving(reply(b"direct")) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        got = await fetcher(LOOPBACK).get(f"http://127.0.0.1:{server.port}/")
    assert got.body == b"direct"
    assert not proxy.connections


async def test_the_certificate_is_checked_for_the_name_not_the_address(fetcher: MakeFetcher):
    tls = ssl.create_default_context(cafile=CERTIFICATE)
    names = Names(hooks=[[LOOPBACK]], other=[[LOOPBACK]])
    mine = fetcher(LOOPBACK, names=names.resolve, tls=tls)
    async with serving(reply(b"ours"), tls=True) as server:
        assert (await mine.get(f"https://hooks.test:{server.port}/")).body == b"ours"
        for host in ("other.test", LOOPBACK):
            with pytest.raises(FetchFailed) as raised:
                await mine.get(f"https://{host}:{server.port}/")
            assert fault(raised) == "tls_failed"


async def test_a_certificate_that_nobody_vouches_for_is_refused():
    names = Names(hooks=[[LOOPBACK]])
    with closing(Fetcher(read_allowed([LOOPBACK]), resolve=names.resolve)) as usual:
        async with serving(reply(), tls=True) as server:
            with pytest.raises(FetchFailed) as raised:
                await usual.get(f"https://hooks.test:{server.port}/")
    assert fault(raised) == "tls_failed"
    assert not server.heads
