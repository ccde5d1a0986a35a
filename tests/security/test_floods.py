"""S24 and S25: more connections, commands, uploads and guesses than one may have.

What one visitor may is counted over all their connections, whatever the transport; what their
address may, over all who share it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.clients.direct import DirectClient
from tests.clients.realtime import RealtimeClient, Refused
from tests.clients.rooms import RoomsClient
from tests.security.asking import OK, Rest, join
from tests.security.conftest import opened
from tests.security.office import Office, Person, draw
from tests.security.test_packets import ENDED
from tests.security.witness import undisturbed

COMMANDS = 60
CONNECTIONS = 5
UPLOADS = 4
GUESSES = 8
# Slow enough that nothing is given back while a test runs.
LIMITS: dict[str, float] = {
    "commands_per_s": 0.01,
    "commands_burst": COMMANDS,
    "commands_per_address_burst": 100_000,
    "connections_per_actor": CONNECTIONS,
    "uploads_per_hour": UPLOADS,
    "bad_tokens_per_s": 0.001,
    "bad_tokens_burst": GUESSES,
}
STREAM = {"Accept": "text/event-stream"}


@pytest.fixture(scope="module")
def strict(tmp_path_factory) -> Iterator[Office]:
    """A desk that allows little."""
    with opened(Office(tmp_path_factory.mktemp("strict") / "data", limits=LIMITS)) as running:
        published = httpx.get(f"{running.base_url}/api/v1/limits", trust_env=False).json()
        assert LIMITS.items() <= published.items()
        yield running


@pytest.fixture
async def rest(strict) -> AsyncIterator[Rest]:
    async with Rest.open(strict) as asker:
        yield asker


@asynccontextmanager
async def streaming(rest: Rest, who: Person) -> AsyncIterator[httpx.Response]:
    """The beginning of a stream, whatever it is answered."""
    headers = who.headers | STREAM
    async with rest.http.stream("GET", "/api/v1/events", headers=headers) as response:
        if response.status_code != 200:
            await response.aread()
        yield response


def check_refused(response: httpx.Response) -> None:
    """It says that it was too much, and when there is more."""
    assert response.status_code == 429, response.text
    error = response.json()["error"]
    assert error["code"] == "too_many"
    assert error["retry_ms"] > 0
    assert int(response.headers["Retry-After"]) > 0


async def code_of(client: RealtimeClient, do: str, **fields: Any) -> str:
    """What a command is answered."""
    try:
        await client.ask(do, **fields)
    except Refused as refused:
        return refused.code
    return OK


async def check_refuses(client: RealtimeClient, do: str = "session.me", **fields: Any) -> None:
    with pytest.raises(Refused) as refused:
        await client.ask(do, **fields)
    assert refused.value.code == "too_many"
    assert refused.value.error["retry_ms"] > 0


async def test_s24_a_visitor_has_so_many_connections_over_sockets_and_streams_together(
    strict, rest: Rest
):
    visitor = strict.chat().visitor
    async with undisturbed(strict), AsyncExitStack() as stack:
        sockets = [
            await stack.enter_async_context(join(strict, visitor)) for _ in range(CONNECTIONS - 2)
        ]
        streams = [await stack.enter_async_context(streaming(rest, visitor)) for _ in range(2)]
        assert [one.status_code for one in streams] == [200, 200]
        elsewhere = visitor._replace(address="192.0.2.99")
        for who in (visitor, elsewhere):
            async with RealtimeClient.open(
                strict.base_url, additional_headers={"X-Forwarded-For": who.address}
            ) as more:
                with pytest.raises(Refused, match="too_many"):
                    await more.hello(who.token, who.widget)
                assert (await more.closed())[0] == 4201
            async with streaming(rest, who) as refused:
                check_refused(refused)
        for present in sockets:
            await present.ask("ping")
        async with join(strict, strict.visitor()) as other:  # who has their own
            await other.ask("ping")
        await sockets[0].connection.close()
        async with join(strict, visitor) as back:
            await back.ask("ping")


async def test_s25_what_a_visitor_asks_is_counted_over_every_transport(strict, rest: Rest):
    chat = strict.chat()
    visitor = chat.visitor
    elsewhere = visitor._replace(address="192.0.2.98")
    own = {"conversation": chat.conversation, "text": "x"}
    async with undisturbed(strict), join(strict, visitor) as one, join(strict, elsewhere) as two:
        codes: list[str] = []
        while "too_many" not in codes[-3:]:
            codes.append((await rest.ask(visitor, "session.me")).code)
            codes += [
                await code_of(client, "message.send", client_id=draw(""), **own)
                for client in (one, two)
            ]
        assert codes.count(OK) <= COMMANDS
        for client in (one, two):
            await check_refuses(client)
            await check_refuses(client, "message.send", client_id=draw(""), **own)
            await check_refuses(client, "feed.open")
        for who in (visitor, elsewhere):
            check_refused(await rest.send(who, "GET", "/me"))
            check_refused(await rest.send(who, "GET", "/events"))
            async with streaming(rest, who) as stream:
                check_refused(stream)
        async with join(strict, visitor) as three:  # it may come back, and ask as little
            await check_refuses(three)
        other = strict.visitor()._replace(address=visitor.address)
        assert (await rest.ask(other, "session.me")).code == OK


async def test_s25_uploads_are_counted_for_a_visitor_wherever_they_come_from(strict, rest: Rest):
    visitor = strict.chat().visitor
    async with undisturbed(strict):
        for number in range(UPLOADS):
            who = visitor._replace(address=f"192.0.2.{number}")
            said = await rest.send(who, "POST", "/files?name=a", content=b"x")
            assert said.status_code == 201
        for who in (visitor, visitor._replace(address="192.0.2.77")):
            check_refused(await rest.send(who, "POST", "/files?name=a", content=b"x"))
        other = strict.visitor()
        assert (await rest.send(other, "POST", "/files?name=a", content=b"x")).is_success


async def guess(strict: Office, rest: Rest, way: str, who: Person) -> dict[str, Any]:
    """Show a token in one of the ways; returns the refusal."""
    if way == "socket":
        headers = {"X-Forwarded-For": who.address}
        async with RealtimeClient.open(strict.base_url, additional_headers=headers) as client:
            with pytest.raises(Refused) as refused:
                await client.hello(who.token, who.widget or None)
            return refused.value.error
    if way == "stream":
        async with streaming(rest, who) as response:
            return dict(response.json()["error"])
    if way == "cookie":
        who = Person(address=who.address, cookie=who.token, origin=strict.base_url)
    method, path = ("POST", "/files?name=a") if way == "upload" else ("GET", "/me")
    response = await rest.send(who, method, "/events" if way == "poll" else path)
    return dict(response.json()["error"])


WAYS = ("socket", "stream", "poll", "rest", "upload", "cookie")


async def test_s25_wrong_tokens_are_counted_for_an_address_over_every_transport(strict, rest):
    here = "192.0.2.50"
    honest = strict.chat().visitor._replace(address=here)
    assert (await rest.ask(honest, "session.me")).code == OK
    async with undisturbed(strict):
        for number in range(GUESSES):
            way = WAYS[number % len(WAYS)]
            kind = ("ks_", "kt_", "kd_")[number % 3] if way != "cookie" else "ks_"
            refused = await guess(strict, rest, way, Person(draw(kind), address=here))
            assert refused["code"] == "unauthenticated", way
        for way in WAYS:
            refused = await guess(strict, rest, way, Person(draw("ks_"), address=here))
            assert (refused["code"], refused["retry_ms"] > 0) == ("too_many", True), way
        # Whose token was right before is not locked out, nor is another address.
        assert (await rest.ask(honest, "session.me")).code == OK
        async with join(strict, honest) as client:
            await client.ask("ping")
        assert (await guess(strict, rest, "rest", Person(draw("ks_"))))["code"] != "too_many"


async def ping_on(client: RealtimeClient, times: int) -> None:
    for id in range(1, times + 1):
        await client.connection.send(json.dumps({"id": id, "do": "ping"}))


async def say_on(visitor: RoomsClient, times: int) -> None:
    for _ in range(times):
        await visitor.say("x")


async def hear_all(visitor: RoomsClient) -> None:
    while True:
        await visitor.hear()


async def test_s25_who_goes_on_over_the_rate_of_a_socket_is_sent_away(tmp_path):
    limits = {"messages_per_s": 1.0, "messages_burst": 50, "refusals": 100}
    with opened(Office(tmp_path / "data", limits=limits)) as office:
        async with join(office, office.visitor()) as client:
            with suppress(ConnectionClosed):
                await ping_on(client, 1_000)
            assert (await client.closed())[0] == 4029
        async with RoomsClient.join(office.base_url, "yonghu", "洪水") as visitor:
            with suppress(ConnectionClosed):
                await say_on(visitor, 1_000)
            with pytest.raises(ConnectionClosed):
                await hear_all(visitor)
            assert visitor.connection.close_code == 4029
        for transport in ("websocket", "polling"):
            async with DirectClient.login(office.base_url, transport, "洪水") as direct:
                with suppress(*ENDED):
                    for _ in range(1_000):
                        await direct.say("洪水", "x")
                with suppress(*ENDED):  # some are told before
                    while await direct.packet() != "41":
                        pass
