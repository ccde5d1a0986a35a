"""S11 to S13: guessing passwords, finding out who has an account, and sessions that have ended."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.clients.realtime import RealtimeClient, Refused
from tests.security.asking import OK, Rest, join
from tests.security.conftest import opened
from tests.security.office import Office, Person
from tests.security.witness import undisturbed

pytestmark = pytest.mark.timeout(240)

PASSWORD = "nine purple trains at dusk"
OTHER = "eight yellow trains at one"
WRONG = "six grey trains at three"
TRIES = 10
ENDED_S = 2.0

_addresses = (f"203.0.113.{number}" for number in itertools.count(1))


class Account(NamedTuple):
    """An agent with PASSWORD."""

    email: str
    id: int


@pytest.fixture(scope="module")
def bank(tmp_path_factory) -> Iterator[Office]:
    """A desk of its own: whoever guesses here locks accounts and addresses."""
    with opened(Office(tmp_path_factory.mktemp("bank") / "data")) as running:
        running.heard.secrets |= {PASSWORD, OTHER, WRONG}
        yield running


@pytest.fixture
async def rest(bank) -> AsyncIterator[Rest]:
    async with Rest.open(bank) as asker:
        yield asker


@pytest.fixture
def account(bank: Office, name: str) -> Account:
    """A new agent, who has chosen PASSWORD."""
    email = f"agent-{sum(name.encode())}-{len(bank.ids)}@example.com"
    made = {"name": name, "role": "agent", "email": email}
    hired = bank.ask(bank.admin, "POST", "/agents", json=made).json()
    link = hired["link"]["url"].partition("#")[2]
    bank.heard.secrets.add(link)
    bank.ids[name] = hired["id"]
    somewhere = Person(address=next(_addresses))
    token = bank.ask(
        somewhere, "POST", "/session/link", json={"link": link, "password": PASSWORD}
    ).json()["token"]
    bank.heard.secrets.add(token)
    return Account(email, hired["id"])


def from_anywhere(**values: Any) -> Person:
    return Person(address=next(_addresses), **values)


async def login(rest: Rest, email: str, password: str = WRONG, who: Person | None = None, **more):
    body = {"email": email, "password": password, **more.pop("json", {})}
    answer = await rest.send(
        who or from_anywhere(), "POST", "/session", tells=True, json=body, **more
    )
    if answer.is_success:
        rest.office.heard.secrets.add(answer.json()["token"])
    return answer


def spellings(email: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same account, as somebody would write it who hopes to be counted anew."""
    local, _, domain = email.partition("@")
    for number, said in enumerate(
        (email, email.upper(), email.title(), f" {email} ", f"{local}@{domain.upper()}")
    ):
        yield said, {"headers": {"User-Agent": f"Mozilla/{number}"}}
        yield said, {"headers": {"User-Agent": f"browser {number}", "Via": str(number)}}


async def test_s11_an_account_is_closed_after_ten_wrong_tries_however_and_by_whatever(
    bank, rest, account
):
    """From many addresses, in many spellings, over REST and realtime together."""
    async with undisturbed(bank), AsyncExitStack() as stack:
        tried = [*spellings(account.email)]
        assert len(tried) == TRIES
        for number, (email, more) in enumerate(tried):
            if number % 2:
                client = await stack.enter_async_context(join(bank, bank.visitor()))
                assert await refusal(client, email, WRONG) == "unauthenticated"
            else:
                assert (await login(rest, email, **more)).status_code == 401
        for password in (WRONG, PASSWORD):
            refused = await login(rest, account.email, password)
            assert refused.status_code == 429
            assert 0 < int(refused.headers["Retry-After"]) <= 300
            assert refused.json()["error"]["retry_ms"] > 0
            client = await stack.enter_async_context(join(bank, bank.visitor()))
            assert await refusal(client, account.email, password) == "too_many"


async def refusal(client: RealtimeClient, email: str, password: str) -> str:
    with pytest.raises(Refused) as refused:
        await client.ask("session.login", email=email, password=password)
    return refused.value.code


async def test_s11_an_address_is_closed_after_ten_wrong_tries_and_another_is_not(
    bank, rest, account
):
    guesser = from_anywhere()
    for number in range(TRIES):
        said = await login(rest, f"nobody-{number}@example.com", who=guesser)
        assert said.status_code == 401
    refused = await login(rest, account.email, PASSWORD, who=guesser)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert (await login(rest, account.email, PASSWORD)).status_code == 201


def cpu_s(server: Office) -> float:
    """What the server's process has computed: it does not grow because others do."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def test_s12_known_and_unknown_accounts_are_answered_alike_for_the_same_work(
    bank, rest, account, name
):
    left = bank.ask(
        bank.admin,
        "POST",
        "/agents",
        json={"name": f"{name} left", "role": "agent", "email": f"left-{account.email}"},
    ).json()
    bank.heard.secrets.add(left["link"]["url"].partition("#")[2])
    bank.ask(bank.admin, "POST", f"/agents/{left['id']}/deactivate", json={})
    emails = (account.email, "nobody@example.com", f"left-{account.email}", "no address")
    answers, spent = set(), dict.fromkeys(emails, 0.0)
    for _ in range(3):
        for email in emails:
            before_s = cpu_s(bank)
            said = await login(rest, email)
            spent[email] += cpu_s(bank) - before_s
            answers.add((said.status_code, said.text, tuple(sorted(said.headers.keys()))))
    assert len(answers) == 1
    known_s = spent[account.email]
    assert known_s > 0.1  # a hash was made
    assert all(0.5 < one_s / known_s < 2 for one_s in spent.values()), spent


async def test_s12_whatever_is_wrong_with_a_link_is_answered_alike(bank, rest, account):
    """An invitation or a reset: used, replaced, of nobody, no token at all."""
    path = f"/agents/{account.id}/reset"
    links = [
        (await rest.send(bank.admin, "POST", path, tells=True, json={})).json()["link"]["url"]
        for _ in range(2)
    ]
    replaced, used = [link.partition("#")[2] for link in links]
    chosen = {"password": OTHER}
    somebody = from_anywhere()
    assert (
        await rest.send(somebody, "POST", "/session/link", tells=True, json=chosen | {"link": used})
    ).is_success
    answers = set()
    for token in (replaced, used, "kl_" + "A" * 43, "kt_" + "A" * 43, "x", ""):
        said = await rest.send(
            from_anywhere(), "POST", "/session/link", json=chosen | {"link": token}
        )
        answers.add((said.status_code, said.text))
    assert len(answers) == 1


class Connected(NamedTuple):
    """A session with a socket and a stream that it opened."""

    who: Person
    client: RealtimeClient
    stream: asyncio.Task[None]


async def signed_in(rest: Rest, account: Account, stack: AsyncExitStack) -> Connected:
    answer = await login(rest, account.email, PASSWORD)
    assert answer.status_code == 201, answer.text
    who = from_anywhere(token=answer.json()["token"])
    client = await stack.enter_async_context(join(rest.office, who))
    await client.ask("feed.open")
    begun = asyncio.Event()
    stream = asyncio.create_task(until_the_end(rest, who, begun))
    await begun.wait()
    return Connected(who, client, stream)


async def until_the_end(rest: Rest, who: Person, begun: asyncio.Event) -> None:
    headers = who.headers | {"Accept": "text/event-stream"}
    async with rest.http.stream("GET", "/api/v1/events", headers=headers) as response:
        assert response.status_code == 200
        async for _ in response.aiter_lines():
            begun.set()


async def is_over(rest: Rest, one: Connected) -> None:
    """Within a moment nothing of it is left."""
    async with asyncio.timeout(ENDED_S):
        code, _ = await one.client.closed()
        assert code == 4101
        await one.stream
    assert (await rest.ask(one.who, "session.me")).code == "unauthenticated"


async def goes_on(rest: Rest, one: Connected) -> None:
    assert (await rest.ask(one.who, "session.me")).code == OK
    await one.client.ask("ping")
    assert not one.stream.done()


async def test_s13_a_login_makes_another_session_and_ends_the_one_it_came_with(bank, rest, account):
    first = await login(rest, account.email, PASSWORD)
    token = first.json()["token"]
    page = from_anywhere(cookie=token, origin=bank.base_url)
    second = await login(rest, account.email, PASSWORD, who=page)
    assert second.json()["token"] != token
    assert second.json()["token"] in second.headers["set-cookie"]
    assert (await rest.send(page, "GET", "/me")).status_code == 401
    planted = from_anywhere(cookie="ks_" + "A" * 43, origin=bank.base_url)
    third = await login(rest, account.email, PASSWORD, who=planted)
    assert third.json()["token"] not in (token, planted.cookie, second.json()["token"])


async def test_s13_logging_out_ends_the_session_with_its_sockets_and_streams(bank, rest, account):
    async with undisturbed(bank), AsyncExitStack() as stack:
        one, other = [await signed_in(rest, account, stack) for _ in range(2)]
        assert (await rest.ask(one.who, "session.logout")).code == OK
        await is_over(rest, one)
        await goes_on(rest, other)
        assert (await rest.ask(other.who, "session.end_others")).code == OK
        await goes_on(rest, other)
        other.stream.cancel()


@pytest.mark.parametrize("by", ["rest", "realtime"])
async def test_s13_another_password_ends_the_other_sessions(bank, rest, account, by):
    async with undisturbed(bank), AsyncExitStack() as stack:
        one, other = [await signed_in(rest, account, stack) for _ in range(2)]
        chosen = {"old": PASSWORD, "password": OTHER}
        if by == "rest":
            assert (await rest.ask(one.who, "agent.set_password", **chosen)).code == OK
        else:
            await one.client.ask("agent.set_password", **chosen)
        await is_over(rest, other)
        await goes_on(rest, one)
        assert (await login(rest, account.email, PASSWORD)).status_code == 401
        one.stream.cancel()


async def test_s13_a_reset_ends_every_session(bank, rest, account):
    async with AsyncExitStack() as stack:
        one = await signed_in(rest, account, stack)
        path = f"/agents/{account.id}/reset"
        made = await rest.send(bank.admin, "POST", path, tells=True, json={})
        link = made.json()["link"]["url"].partition("#")[2]
        body = {"link": link, "password": OTHER}
        used = await rest.send(from_anywhere(), "POST", "/session/link", tells=True, json=body)
        assert used.is_success
        await is_over(rest, one)


async def test_s13_whoever_is_let_go_or_may_other_things_is_disconnected(bank, rest, account):
    async with AsyncExitStack() as stack:
        one = await signed_in(rest, account, stack)
        assert (await rest.ask(bank.admin, "agent.deactivate", agent=account.id)).code == OK
        async with asyncio.timeout(ENDED_S):
            code, _ = await one.client.closed()
            assert code == 4001
            await one.stream
        assert (await rest.ask(one.who, "session.me")).code == "unauthenticated"
