"""A shop on a real server: an inbox, people of every role, and what each of them sends along."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import httpx
import msgspec
import pytest

from kefu.core.actors import AgentRole
from kefu.core.limits import Rates
from kefu.core.tokens import Kind, hash_token
from kefu.storage import schema
from tests.actions.desk import Desk
from tests.actions.people import token_of
from tests.gateways.conftest import House, Running

SITE = "https://shop.example"

Headers = dict[str, str]

# What no refusal and no line of the log may show: how it is made, where it lies, who may come in.
INSIDE = re.compile(
    r"Traceback|sqlalchemy|psycopg|SELECT |INSERT |/src/|\.py\b|/tmp/", re.IGNORECASE
)
SECRET = re.compile(r"k[stdl]_[A-Za-z0-9_-]{20}|three blue boats")


@pytest.fixture(autouse=True)
def nothing_leaks(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """See what was logged meanwhile."""
    yield
    said = "".join(capfd.readouterr())
    assert "Traceback" not in said
    assert not SECRET.search(said)


class Shop:
    """One server with an inbox that ``SITE`` may use."""

    def __init__(self, server: Running, desk: Desk, inbox_id: int, widget_key: str) -> None:
        self.server, self.desk = server, desk
        self.inbox_id, self.widget_key = inbox_id, widget_key

    @classmethod
    async def open(cls, server: Running, **limits: float) -> Shop:
        """Fill the store of ``server``; ``limits`` are rates that differ from the default."""
        ctx = server.kefu.ctx
        if limits:
            server.change(rates=Rates(msgspec.structs.replace(ctx.limits, **limits)))
        desk = Desk(ctx.database, ctx.epoch)
        desk.clock.now_ms = ctx.now_ms()
        inbox_id = await desk.inbox("Shop", widget_key="wk_shop", settings={"origins": [SITE]})
        return cls(server, desk, inbox_id, "wk_shop")

    async def agent(
        self,
        role: AgentRole = AgentRole.AGENT,
        *,
        kind: Kind = Kind.API,
        scopes: Iterable[str] = ("read", "write", "admin"),
        inboxes: Iterable[int] | None = None,
    ) -> Headers:
        """One of the team, who works in the inbox; what they send along."""
        inboxes = [self.inbox_id] if inboxes is None else inboxes
        agent = await self.desk.agent(role=role, inboxes=inboxes)
        token, now_ms = token_of(kind), self.desk.clock.now_ms
        row: dict[str, Any] = {"token_hash": hash_token(token), "agent_id": agent.id}
        if kind is Kind.API:
            scoped = msgspec.json.encode([*scopes]).decode()
            row |= {"created_ms": now_ms, "name": "test", "scopes": scoped}
            await self.desk.insert(schema.api_token, **row)
            return {"Authorization": f"Bearer {token}"}
        row |= {"created_ms": now_ms, "seen_ms": now_ms, "expires_ms": now_ms + 86_400_000}
        await self.desk.insert(schema.session, **row)
        return {"Cookie": f"kefu_session={token}"}

    def visitor(self) -> Headers:
        """Somebody who has not written yet."""
        return {
            "Authorization": f"Bearer {token_of(Kind.DEVICE)}",
            "X-Kefu-Widget": self.widget_key,
        }

    async def ask(
        self, who: Mapping[str, str], method: str, path: str, **options: Any
    ) -> httpx.Response:
        """Send a request below ``/api/v1`` as somebody."""
        headers = {**who, **options.pop("headers", {})}
        answer = await self.server.request(method, f"/api/v1{path}", headers=headers, **options)
        if not answer.is_success:
            assert not INSIDE.search(answer.text), answer.text
            assert not SECRET.search(answer.text), answer.text
        return answer

    async def start(self, visitor: Headers, text: str = "Hello", **values: Any) -> int:
        """Begin a conversation; returns its id."""
        body = {"client_id": token_of(Kind.LINK), "text": text, **values}
        begun = await self.ask(visitor, "POST", "/conversations", json=body)
        assert begun.is_success, begun.text
        return int(begun.json()["conversation"]["id"])


@pytest.fixture
async def shop(house: House) -> Shop:
    """A shop in production, with the rooms protocol off."""
    return await Shop.open(await house.serve_production(enabled=False))
