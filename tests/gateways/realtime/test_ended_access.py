"""Whatever ends somebody's access ends everything that it let in: each act, each open thing.

The table stands in docs/security.md, with what cannot be tried and why; a cell of it is a test.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from kefu.core.actors import AgentRole
from kefu.core.identity import Key, hash_user_id
from kefu.core.passwords import SALT_BYTES, hash_password
from kefu.core.tokens import hash_token
from kefu.storage import schema
from tests.clients.raw import RawConnection, raw_connection
from tests.clients.realtime import RealtimeClient, Refused
from tests.conftest import clock
from tests.docs.pages import read
from tests.gateways.realtime.conftest import FAR_MS, Inbox, Realm, draw
from tests.quick import QUICK

NOTICED_S = 2.0
SITE = "https://shop.example"
PASSWORD = "three blue boats at noon"
KEY = Key("k1", "s" * 40)
ENDS_IN_S = 10.0
REFUSED = (401, 403, 404)
SAID = "what was said after the end"


@dataclass
class Scene:
    """Somebody whose access will end, and what they are in the middle of."""

    realm: Realm
    stack: AsyncExitStack
    inbox: Inbox
    token: str = ""
    id: int = 0  # of the agent or the contact
    proof: int = 0  # of the session, the API token, the device
    conversation: int = 0
    who: dict[str, str] = field(default_factory=dict)  # what they send along
    admin: dict[str, str] = field(default_factory=dict)
    other: str = ""  # another browser or session of theirs
    seq: int = 0  # of their message
    file: str = ""  # the link to a file of theirs
    http: httpx.AsyncClient = field(default_factory=httpx.AsyncClient)

    @property
    def is_visitor(self) -> bool:
        return self.token.startswith("kd_")

    async def ask(self, method: str, path: str, who: Any = None, **more: Any) -> httpx.Response:
        headers = (self.who if who is None else who) | more.pop("headers", {})
        url = path if path.startswith("/api") else f"/api/v1{path}"
        return await self.http.request(method, url, headers=headers, **more)

    async def does(self, method: str, path: str, who: Any = None, **more: Any) -> Any:
        answer = await self.ask(method, path, self.admin if who is None else who, **more)
        assert answer.is_success, answer.text
        return answer.json()

    async def count(self, table: Any) -> int:
        counted = select(func.count()).select_from(table)
        found = await self.realm.ctx.database.read(lambda conn: conn.scalar(counted))
        return int(found or 0)

    async def say_after(self) -> None:
        """Something is said where they could hear it."""
        here = f"/conversations/{self.conversation}/messages"
        await self.does("POST", here, json={"client_id": draw(""), "text": SAID})


# What ends somebody's access

Act = Callable[[Scene], Awaitable[None]]


async def change_the_password(it: Scene) -> None:
    body = {"old": PASSWORD, "password": "four red boats at night"}
    await it.does("PUT", "/me/password", {"authorization": f"Bearer {it.other}"}, json=body)


async def sign_out(it: Scene) -> None:
    await it.does("DELETE", "/session", it.who)


async def revoke_the_token(it: Scene) -> None:
    await it.does("DELETE", f"/tokens/{it.proof}")


async def let_time_pass(it: Scene) -> None:
    before = it.realm.ctx.now_ms
    it.realm.server.change(now_ms=lambda: before() + round(ENDS_IN_S * 1000) + 1)
    await clock().advance(ENDS_IN_S + 0.1)


async def demote(it: Scene) -> None:
    await it.does("PATCH", f"/agents/{it.id}", json={"role": "agent"})


async def deactivate_the_agent(it: Scene) -> None:
    await it.does("POST", f"/agents/{it.id}/deactivate", json={})


async def take_off_the_inbox(it: Scene) -> None:
    await it.does("PUT", f"/inboxes/{it.inbox.id}/agents", json={"agents": []})


async def block(it: Scene) -> None:
    await it.does("POST", f"/contacts/{it.id}/block", json={})


async def prove_elsewhere(it: Scene) -> None:
    body = {"user_id": "42", "hash": hash_user_id("42", KEY)}
    await it.does("POST", "/identity", {"authorization": f"Bearer {it.other}"}, json=body)


async def prove_somebody_else_here(it: Scene) -> None:
    """The page's own browser is one person's, then another's."""
    for user in ("42", "43"):
        body = {"user_id": user, "hash": hash_user_id(user, KEY)}
        await it.does("POST", "/identity", it.who, json=body)


async def merge(it: Scene) -> None:
    known = await it.realm.desk.visitor(it.inbox.id, "Known", identifier="user:42")
    await it.realm.desk.conversation(known)
    path = f"/contacts/{known.contact_id}/merge"
    await it.does("POST", path, json={"other": it.id})


async def deactivate_the_inbox(it: Scene) -> None:
    await it.does("POST", f"/inboxes/{it.inbox.id}/deactivate", json={})


async def take_the_origin_out(it: Scene) -> None:
    await it.does("PATCH", f"/inboxes/{it.inbox.id}", json={"settings": {"origins": []}})


async def end_the_browser(it: Scene) -> None:
    other = {"authorization": f"Bearer {it.other}"}
    listed = (await it.does("GET", "/devices", other))["items"]
    (id,) = [one["id"] for one in listed if not one.get("current")]
    await it.does("DELETE", f"/devices/{id}", other)


AGENTS: dict[str, Act] = {
    "password changed": change_the_password,
    "signed out": sign_out,
    "API token revoked": revoke_the_token,
    "session expired": let_time_pass,
    "API token expired": let_time_pass,
    "demoted": demote,
    "agent deactivated": deactivate_the_agent,
    "taken off the inbox": take_off_the_inbox,
}
VISITORS: dict[str, Act] = {
    "contact blocked": block,
    "identity proved in another browser": prove_elsewhere,
    "another identity proved here": prove_somebody_else_here,
    "merged into a proved contact": merge,
    "browser ended": end_the_browser,
    "inbox deactivated": deactivate_the_inbox,
    "origin removed": take_the_origin_out,
}
ACTS = AGENTS | VISITORS


# What is open. Each yields with it open, and then checks that it has ended.


@asynccontextmanager
async def request_under_way(it: Scene) -> AsyncIterator[None]:
    body = json.dumps({"client_id": draw(""), "text": "sent half before"}).encode()
    path = f"/api/v1/conversations/{it.conversation}/messages"
    async with half_sent(it, path, body, "application/json") as rest:
        before = await it.count(schema.message)
        yield
        before = await it.count(schema.message) - before  # what the act itself recorded
        assert await rest() in REFUSED
        assert "sent half before" not in await texts(it)


@asynccontextmanager
async def upload_under_way(it: Scene) -> AsyncIterator[None]:
    path = f"/api/v1/files?name=a.txt&conversation={it.conversation}"
    async with half_sent(it, path, b"half before, half after", "text/plain") as rest:
        before = await it.count(schema.file)
        yield
        assert await rest() in REFUSED
        assert await it.count(schema.file) == before


@asynccontextmanager
async def half_sent(
    it: Scene, path: str, body: bytes, type: str
) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    async with raw_connection(it.realm.server.http) as connection:
        said = it.who | {"content-type": type, "content-length": str(len(body)), "host": "kefu"}
        head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        await connection.send(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body[:1])
        await let_in(it, connection)

        async def rest() -> int:
            await connection.send(body[1:])
            return await connection.status()

        yield rest


async def let_in(it: Scene, connection: RawConnection) -> None:
    """Wait until the server has found out who asks: it has read the store for that."""
    read, seen = it.realm.ctx.database.read, 0
    while seen < 8:  # more turns than a look takes
        await read(lambda conn: None)
        seen += 1


@asynccontextmanager
async def websocket(it: Scene) -> AsyncIterator[None]:
    client = await join(it)
    await client.ask("feed.open")
    await client.ask("conversation.open", conversation=it.conversation)
    yield
    async with asyncio.timeout(NOTICED_S):
        code, _ = await client.closed()
    assert code is not None
    assert 4000 <= code < 4200
    assert SAID not in json.dumps(list(client.told))


async def join(it: Scene) -> RealtimeClient:
    headers = {"Origin": it.who["origin"]} if "origin" in it.who else {}
    widget = it.who.get("x-kefu-widget")
    return await it.realm.join(it.token, widget, additional_headers=headers)


@asynccontextmanager
async def event_stream(it: Scene) -> AsyncIterator[None]:
    headers = it.who | {"accept": "text/event-stream"}
    async with it.http.stream("GET", "/api/v1/events", headers=headers) as response:
        lines = response.aiter_lines()
        assert await anext(lines)
        yield
        async with asyncio.timeout(NOTICED_S):
            assert SAID not in "".join([line async for line in lines])


@asynccontextmanager
async def long_poll(it: Scene) -> AsyncIterator[None]:
    cursor = (await it.does("GET", "/events", it.who))["cursor"]
    listening = len(it.realm.ctx.hub._channels)
    poll = asyncio.create_task(it.ask("GET", f"/events?cursor={cursor}&wait=20"))
    while len(it.realm.ctx.hub._channels) == listening:
        await it.realm.ctx.database.read(lambda conn: None)
    yield
    async with asyncio.timeout(NOTICED_S):
        answer = await poll
    assert answer.status_code in REFUSED
    assert SAID not in answer.text


@asynccontextmanager
async def stored_answer(it: Scene) -> AsyncIterator[None]:
    """Of a command that was sent under an Idempotency-Key."""
    path = f"/conversations/{it.conversation}/messages/{it.seq}/reactions"
    again = {"json": {"emoji": "👍"}, "headers": {"idempotency-key": "once"}}
    first = await it.ask("POST", path, **again)
    assert first.is_success
    assert "mine" in first.text
    yield
    answer = await it.ask("POST", path, **again)
    assert answer.status_code in REFUSED
    assert "mine" not in answer.text


@asynccontextmanager
async def repeated_send(it: Scene) -> AsyncIterator[None]:
    """A start or a message that is sent again under its client id."""
    path, body = f"/conversations/{it.conversation}/messages", {"client_id": "c1", "text": "mine"}
    if it.is_visitor:
        path, body = "/conversations", {"client_id": "first", "text": "mine"}
    assert (await it.ask("POST", path, json=body)).is_success
    yield
    answer = await it.ask("POST", path, json=body)
    assert answer.status_code in (*REFUSED, 409)
    assert "mine" not in answer.text


@asynccontextmanager
async def file_link(it: Scene) -> AsyncIterator[None]:
    """To a file in the conversation, as it was told to whoever loses access."""
    send = f"/conversations/{it.conversation}/messages"
    upload = f"/files?name=a.txt&conversation={it.conversation}"
    file = await it.does("POST", upload, it.who, content=b"the file")
    await it.does("POST", send, it.who, json={"client_id": "f", "files": [file["id"]]})
    page = await it.does("GET", send, it.who)
    (url,) = [one["url"] for message in page["items"] for one in message.get("files", ())]
    assert (await it.ask("GET", url, {})).content == b"the file"
    yield
    assert (await it.ask("GET", url, {})).status_code == 404


@asynccontextmanager
async def chat_link(it: Scene) -> AsyncIterator[None]:
    """In a letter to the contact, which another browser opens."""
    link = draw("kl_")
    values = {"token_hash": hash_token(link), "expires_ms": FAR_MS}
    await it.realm.desk.insert(schema.chat_link, conversation_id=it.conversation, **values)
    who = {"authorization": f"Bearer {draw('kd_')}", "x-kefu-widget": it.inbox.key}
    yield
    answer = await it.ask("POST", "/chat-link", who, json={"link": link})
    assert answer.status_code in REFUSED


OPEN = {
    "request under way": request_under_way,
    "upload under way": upload_under_way,
    "WebSocket": websocket,
    "event stream": event_stream,
    "long poll": long_poll,
    "answer by Idempotency-Key": stored_answer,
    "answer by client id": repeated_send,
    "file link": file_link,
    "chat link": chat_link,
}
WHY_NOT: dict[tuple[str, str], str] = {
    **{(act, "chat link"): "–: agents have none" for act in AGENTS},
    ("browser ended", "chat link"): "–: what it opened ends; others are for other browsers",
    ("origin removed", "chat link"): "–: it opens on Kefu's own page",
    ("origin removed", "file link"): "–: a page lost access, the visitor did not",
}
ENDS = "ends"


def table() -> str:
    """The table as it stands in docs/security.md."""
    lines = [["", *OPEN], ["---"] * (len(OPEN) + 1)]
    lines += [[act, *(WHY_NOT.get((act, open), ENDS) for open in OPEN)] for act in ACTS]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def test_the_page_has_the_table_that_is_tried():
    assert table() in read("docs/security.md")


async def texts(it: Scene) -> set[str]:
    column = schema.message.c.text
    return set(await it.realm.ctx.database.read(lambda conn: conn.scalars(select(column)).all()))


# Everybody in their place


@asynccontextmanager
async def scene_for(realm: Realm, act: str) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        inbox = await realm.inbox(origins=[SITE])
        http = httpx.AsyncClient(base_url=realm.server.http, verify=False, timeout=30)
        it = Scene(realm, stack, inbox, http=await stack.enter_async_context(http))
        boss = await realm.seat(role=AgentRole.ADMIN)
        it.admin = {"authorization": f"Bearer {boss.token}"}
        await (be_an_agent(it, act) if act in AGENTS else be_a_visitor(it))
        it.who |= {"authorization": f"Bearer {it.token}"}
        yield it


async def be_an_agent(it: Scene, act: str) -> None:
    realm, stored = it.realm, hash_password(PASSWORD, salt=bytes(SALT_BYTES), cost=QUICK)
    role, inboxes = (AgentRole.ADMIN, []) if act == "demoted" else (AgentRole.AGENT, [it.inbox])
    seat = await realm.seat(*inboxes, role=role, email="li@example.com", password_hash=stored)
    it.id, it.token = seat.agent.id, seat.token
    it.other = await realm.session(seat.agent)
    now_ms = realm.ctx.now_ms()
    until_ms = now_ms + round(ENDS_IN_S * 1000) if "expired" in act else FAR_MS
    if act == "session expired":
        it.token = draw("ks_")
        times = {"created_ms": now_ms, "seen_ms": now_ms, "expires_ms": until_ms}
        values = {"token_hash": hash_token(it.token), "agent_id": it.id}
        it.proof = await realm.desk.insert(schema.session, **values, **times)
    if "API token" in act:
        it.token = draw("kt_")
        scopes = '["read","write"]'
        values = {"token_hash": hash_token(it.token), "agent_id": it.id, "name": "m"}
        times = {"created_ms": now_ms, "expires_ms": until_ms}
        it.proof = await realm.desk.insert(schema.api_token, scopes=scopes, **values, **times)
    chat = await realm.chat(it.inbox, "mine")
    it.conversation, it.seq = chat.conversation, 2


async def be_a_visitor(it: Scene) -> None:
    realm = it.realm
    row = {"inbox_id": it.inbox.id, "kid": KEY.id, "secret": KEY.secret, "created_ms": 1}
    await realm.desk.insert(schema.identity_key, **row)
    it.token, it.other = draw("kd_"), draw("kd_")
    it.who = {"origin": SITE, "x-kefu-widget": it.inbox.key}
    me = it.who | {"authorization": f"Bearer {it.token}"}
    body = {"client_id": "first", "text": "mine"}
    begun = await it.does("POST", "/conversations", me, json=body)
    it.id, it.conversation = begun["contact"], begun["conversation"]["id"]
    it.seq = begun["message"]["seq"]
    values = {"token_hash": hash_token(it.other), "contact_id": it.id, "inbox_id": it.inbox.id}
    await realm.desk.insert(schema.device, created_ms=1, **values)


def cells(*, expiring: bool) -> list[Any]:
    return [
        pytest.param(act, open, id=f"{act}: {open}")
        for act in ACTS
        for open in OPEN
        if ("expired" in act) == expiring and (act, open) not in WHY_NOT
    ]


async def check(realm: Realm, act: str, open: str) -> None:
    async with scene_for(realm, act) as it, OPEN[open](it):
        await ACTS[act](it)
        await it.say_after()


@pytest.mark.parametrize(("act", "open"), cells(expiring=False))
async def test_what_ends_somebodys_access_ends_what_it_let_in(realm: Realm, act: str, open: str):
    await check(realm, act, open)


@pytest.mark.asyncio(loop_factories=["clock"])
@pytest.mark.parametrize(("act", "open"), cells(expiring=True))
async def test_what_ends_by_itself_ends_what_it_let_in(realm: Realm, act: str, open: str):
    await check(realm, act, open)


# What no cell says


async def resolved(realm: Realm, inbox: Inbox) -> RealtimeClient:
    chat = await realm.chat(inbox)
    await chat.client.ask("conversation.end", conversation=chat.conversation)
    return chat.client


async def not_written(realm: Realm, inbox: Inbox) -> RealtimeClient:
    return await realm.join(draw("kd_"), inbox.key)


@pytest.mark.parametrize("visitor", [resolved, not_written])
async def test_an_inbox_that_closes_dismisses_also_who_has_no_live_conversation(realm, visitor):
    inbox, other = await realm.inbox(), await realm.inbox()
    leaves, stays = await visitor(realm, inbox), await visitor(realm, other)
    boss = await realm.console(role=AgentRole.ADMIN)
    await boss.ask("inbox.deactivate", inbox=inbox.id)
    async with asyncio.timeout(NOTICED_S):
        assert await leaves.closed() == (4102, "access_changed")
    assert await stays.ask("ping") == {}


async def test_a_page_whose_origin_is_taken_out_may_not_come_back_and_others_may(realm):
    inbox = await realm.inbox(origins=[SITE, "https://blog.example"])
    tokens = {site: draw("kd_") for site in (SITE, "https://blog.example")}
    pages = {
        site: await realm.join(token, inbox.key, additional_headers={"Origin": site})
        for site, token in tokens.items()
    }
    boss = await realm.console(role=AgentRole.ADMIN)
    await boss.ask("inbox.update", inbox=inbox.id, settings={"origins": ["https://blog.example"]})
    for page in pages.values():
        assert (await page.closed())[0] == 4102
    await realm.join(
        tokens["https://blog.example"],
        inbox.key,
        additional_headers={"Origin": "https://blog.example"},
    )
    again = await realm.open(additional_headers={"Origin": SITE})
    with pytest.raises(Refused, match="not_allowed"):
        await again.hello(tokens[SITE], inbox.key)
    assert (await again.closed())[0] == 4003


@pytest.mark.asyncio(loop_factories=["clock"])
async def test_a_socket_ends_on_time_though_the_store_is_locked(realm):
    seat, now_ms = await realm.seat(), realm.ctx.now_ms()
    token = draw("kt_")
    row = {"token_hash": hash_token(token), "agent_id": seat.agent.id, "name": "machine"}
    times = {"created_ms": 1, "expires_ms": now_ms + round(ENDS_IN_S * 1000)}
    await realm.desk.insert(schema.api_token, scopes='["read"]', **row, **times)
    client = await realm.join(token)
    file = realm.ctx.database._url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None)) as locking:
        locking.execute("BEGIN IMMEDIATE")
        realm.server.change(now_ms=lambda: now_ms + round(ENDS_IN_S * 1000))
        await clock().advance(ENDS_IN_S)
        assert await client.closed() == (4101, "expired")


async def test_who_proves_to_be_somebody_else_cannot_repeat_what_another_began(realm):
    """A shared computer: the next person's page still knows the last one's client id."""
    async with scene_for(realm, "another identity proved here") as it:
        await prove_somebody_else_here(it)
        body = {"client_id": "first", "text": "mine"}
        answer = await it.ask("POST", "/conversations", json=body)
        assert answer.status_code == 409
        anew = await it.does("POST", "/conversations", it.who, json=body | {"client_id": "new"})
        assert anew["conversation"]["id"] != it.conversation
