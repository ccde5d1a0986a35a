"""A server with people of the desk, who speak ``kefu.v1`` to it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from typing import Any, NamedTuple

import httpx
import pytest

from kefu.core.actors import Agent, AgentRole
from kefu.core.tokens import hash_token
from kefu.storage import schema
from tests.actions.desk import Desk
from tests.clients.realtime import RealtimeClient
from tests.gateways.conftest import House, Running

FAR_MS = 4_000_000_000_000


def draw(kind: str) -> str:
    """A new token."""
    return kind + secrets.token_urlsafe(32)


class Inbox(NamedTuple):
    id: int
    key: str


class Seat(NamedTuple):
    """An agent and the token of one of their sessions."""

    agent: Agent
    token: str


class Chat(NamedTuple):
    """A visitor who has begun a conversation."""

    client: RealtimeClient
    token: str
    conversation: int
    contact: int


class Realm:
    """One server, its people and their connections; all end with the test."""

    def __init__(self, server: Running, stack: AsyncExitStack) -> None:
        self.server = server
        self.ctx = server.kefu.ctx
        self.desk = Desk(self.ctx.database, self.ctx.epoch)
        self.desk.ctx = self.ctx
        self.stack = stack

    async def inbox(self, **settings: Any) -> Inbox:
        key = f"wk_{secrets.token_hex(4)}"
        return Inbox(await self.desk.inbox(widget_key=key, settings=settings), key)

    async def seat(self, *inboxes: Inbox, role: AgentRole = AgentRole.AGENT, **values: Any) -> Seat:
        """Somebody of the team, who is given nothing by the queue."""
        values.setdefault("availability", "offline")
        ids: Iterable[int] = [inbox.id for inbox in inboxes]
        agent = await self.desk.agent(role=role, inboxes=ids, **values)
        return Seat(agent, await self.session(agent))

    async def session(self, agent: Agent) -> str:
        token = draw("ks_")
        now_ms = self.ctx.now_ms()
        await self.desk.insert(
            schema.session,
            token_hash=hash_token(token),
            agent_id=agent.id,
            created_ms=now_ms,
            seen_ms=now_ms,
            expires_ms=FAR_MS,
        )
        return token

    async def join(
        self, token: str | None, widget: str | None = None, **options: Any
    ) -> RealtimeClient:
        """Connect and say hello."""
        joining = RealtimeClient.join(self.server.http, token, widget, **options)
        return await self.stack.enter_async_context(joining)

    async def open(self, **options: Any) -> RealtimeClient:
        """Connect and say nothing."""
        return await self.stack.enter_async_context(
            RealtimeClient.open(self.server.http, **options)
        )

    async def console(self, *inboxes: Inbox, role: AgentRole = AgentRole.AGENT) -> RealtimeClient:
        """A new agent's connection."""
        return await self.join((await self.seat(*inboxes, role=role)).token)

    async def chat(self, inbox: Inbox, text: str = "Hello") -> Chat:
        """A stranger who connects and writes."""
        token = draw("kd_")
        client = await self.join(token, inbox.key)
        begun = await client.ask("conversation.start", client_id="first", text=text)
        return Chat(client, token, begun["conversation"]["id"], begun["contact"])

    async def get(self, path: str, token: str, **options: Any) -> httpx.Response:
        """Ask over REST."""
        headers = {"authorization": f"Bearer {token}"} | options.pop("headers", {})
        return await self.server.get(path, headers=headers, **options)

    async def put(self, path: str, token: str, **options: Any) -> httpx.Response:
        """Change something over REST."""
        headers = {"authorization": f"Bearer {token}"} | options.pop("headers", {})
        return await self.server.request("PUT", path, headers=headers, **options)


@pytest.fixture
async def open_realm(house: House):
    """Start a server with these sections of settings."""
    async with AsyncExitStack() as stack:

        async def start(**sections: dict[str, Any]) -> Realm:
            return Realm(await house.serve(**sections), stack)

        yield start


@pytest.fixture
async def realm(open_realm: Callable[..., Any]) -> Realm:
    started: Realm = await open_realm()
    return started
