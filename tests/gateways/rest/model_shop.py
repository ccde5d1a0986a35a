"""The shop of the API's examples: every command's example is a request that can be made there.

Rules: the same each time: ids are chosen, the clock stands still, and what is drawn by chance is
not shown whole (``shown``). A command finds the shop as its ``BEFORE`` leaves it.
"""

from __future__ import annotations

import re
import shutil
from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import msgspec
from sqlalchemy import delete, insert, update

from kefu.actions.catalogue import BY_NAME
from kefu.actions.commands import Command
from kefu.actions.context import DAY_MS, Files
from kefu.actions.indexing import Indexer
from kefu.core.actors import AgentRole
from kefu.core.permissions import Policy
from kefu.core.tokens import Kind, hash_token
from kefu.files.intake import Intake
from kefu.files.local import LocalFiles
from kefu.gateways.rest import build_rest
from kefu.storage import schema
from kefu.storage.database import Database
from tests.actions.desk import Desk
from tests.actions.people import STORED
from tests.databases import ready_url

OPENED_MS = 1_772_442_000_000  # 2026-03-02, 09:00 UTC
NOW_MS = OPENED_MS + 30 * 60_000
CLASSIC, SHOP = 1, 2
WIDGET_KEY = "wk_3f9Xq2"
ADA, ECHO, ANN, BEN = 1, 2, 3, 4  # admin, bot, two agents
RETURNS, BILLING = 1, 2
LI, HAN = 5, 9  # contacts
OVER, LIVE = 16, 17  # Han's conversation, and Li's with Ann
IDENTITY = "shop identity key of the examples"
SUNSET = b64decode(  # a JPEG of 12 by 8 pixels, in bytes that no library makes otherwise some day
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI//////////////////////////"
    "//////////////////////////wAALCAAIAAwBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABcQAAMBAAAAAAAAAAAA"
    "AAAAAAAUYqH/2gAIAQEAAD8AL3gXvD//2Q=="
)
JOIN_LINK = BY_NAME["session.accept_link"].example["link"]
CHAT_LINK = BY_NAME["session.accept_chat_link"].example["link"]

_TOKENS = {
    "ada": f"{Kind.API}{'a' * 43}",
    "echo": f"{Kind.API}{'e' * 43}",
    "ann": f"{Kind.SESSION}{'n' * 43}",
    "li": f"{Kind.DEVICE}{'l' * 43}",
    "han": f"{Kind.DEVICE}{'h' * 43}",
    "stranger": f"{Kind.DEVICE}{'s' * 43}",
}
_SECRET = re.compile(r"\b(k[stdl]_|whsec_)[A-Za-z0-9_+/=-]{20,}")
_SIGNED = re.compile(r"(/files/[0-9]+/)[A-Za-z0-9_.~-]{20,}|([?&](?:sig|token|t)=)[^&]+")

_LOGO = re.compile(r"(/(?:logo|avatar)/[0-9]+-)[0-9a-f]{32}")


class ModelShop:
    """The shop on one store."""

    def __init__(self, database: Database, desk: Desk, folder: Path) -> None:
        store = LocalFiles(folder / "files")
        intake = Intake(store, store.scratch, most_bytes=1_000_000, most_pixels=1_000_000)
        files = Files(store, intake, b"s" * 32)
        home = "https://chat.example.com"
        desk.ctx = replace(desk.ctx, policy=Policy(mail=True, links=True), home=home, files=files)
        self.database, self.desk = database, desk
        app = build_rest(desk.ctx, demo=False, tokens=())
        transport = httpx.ASGITransport(app=app, client=("192.0.2.7", 40000))
        self._client = httpx.AsyncClient(transport=transport, base_url="https://chat.example.com")

    @classmethod
    async def furnished(cls, folder: Path) -> Path:
        """A store in which the shop is, as a file to be copied."""
        with ready_url("sqlite", folder) as url:
            self = await cls._on(url, folder, OPENED_MS)
            await self.desk.ctx.database.write(_furnish)
            await self._talk()
            await self.close()
        return folder / "kefu.db"

    @classmethod
    async def open(cls, furnished: Path, folder: Path) -> ModelShop:
        """The shop on a copy of ``furnished``."""
        shutil.copy(furnished, folder / "kefu.db")
        return await cls._on(f"sqlite:///{folder / 'kefu.db'}", folder, NOW_MS)

    @classmethod
    async def _on(cls, url: str, folder: Path, now_ms: int) -> ModelShop:
        database = Database(url)
        await database.start()
        await database.write(lambda conn: conn.execute(update(schema.store).values(epoch="e")))
        desk = await Desk.on(database)
        desk.clock.now_ms = now_ms
        return cls(database, desk, folder)

    async def close(self) -> None:
        """End everything."""
        await self.desk.settled()
        await self._client.aclose()
        await self.database.close()

    async def answer(self, command: Command) -> Any:
        """What the command's example is answered, after what has to be before it."""
        who = WHO.get(command.name) or ("li" if command.who == "visitor" else "ada")
        await self.before(command.name)
        said = await self.ask(who, command.name, **command.example)
        assert said.status_code == command.status, (command.name, said.text)
        return shown(said.json())

    async def before(self, name: str) -> None:
        """Make the shop as a command's example needs it."""
        for step in BEFORE.get(name, ()):
            if callable(step):
                await step(self)
            else:
                who, done, fields = step
                said = await self.ask(who, done, **fields)
                assert said.is_success, (name, done, said.text)
        await self.desk.settled()

    async def ask(self, who: str, name: str, /, **fields: Any) -> httpx.Response:
        """Carry a command out as a request."""
        command, path = BY_NAME[name], BY_NAME[name].path
        for field in [*fields]:
            if f"{{{field}}}" in path:
                path = path.replace(f"{{{field}}}", str(fields.pop(field)))
        given = {"params" if command.method in ("GET", "DELETE") else "json": fields}
        return await self._request(who, command.method, path, **given)

    async def upload(self) -> Any:
        """What an upload is answered."""
        sent: dict[str, Any] = {"params": {"name": "sunset.jpg", "conversation": LIVE}}
        said = await self._request("ada", "POST", "/files", content=SUNSET, **sent)
        assert said.status_code == 201, said.text
        return shown(said.json())

    async def set_logo(self) -> Any:
        """What a logo is answered."""
        said = await self._request("ada", "PUT", f"/inboxes/{SHOP}/logo", content=SUNSET)
        assert said.status_code == 200, said.text
        return shown(said.json())

    async def set_avatar(self) -> Any:
        """What a picture of Ann's is answered."""
        said = await self._request("ann", "PUT", "/me/avatar", content=SUNSET)
        assert said.status_code == 200, said.text
        return shown(said.json())

    async def _request(self, who: str, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"X-Kefu-Widget": WIDGET_KEY, "User-Agent": "Mozilla/5.0"}
        if who != "anyone":
            headers["Authorization"] = f"Bearer {_TOKENS[who]}"
        return await self._client.request(method, f"/api/v1{path}", headers=headers, **options)

    async def _talk(self) -> None:
        """Han's conversation is over; Li's is live."""
        for who, name, fields in TALK:
            self.desk.clock.advance(20)
            said = await self.ask(who, name, **fields)
            assert said.is_success, (name, said.text)
            await self.desk.settled()
        keep = schema.conversation.c.id == OVER - 1
        await self.database.write(
            lambda conn: conn.execute(delete(schema.conversation).where(keep))
        )
        indexer = Indexer(self.desk.ctx)
        while await indexer.step():
            pass


def shown(value: Any, field: str = "") -> Any:
    """``value`` without what was drawn by chance: a mark of it is enough."""
    if isinstance(value, dict):
        return {name: shown(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [shown(one, field) for one in value]
    if not isinstance(value, str):
        return value
    if field == "widget_key" and value != WIDGET_KEY:
        return "wk_7Qd2mE"
    if field == "secret" and not _SECRET.search(value):
        return "…"
    value = _LOGO.sub(rf"\g<1>{'0' * 32}", value)  # what an encoder makes is its version's
    return _SIGNED.sub(r"\1\2…", _SECRET.sub(r"\1…", value))


def _furnish(conn: Any) -> None:
    """People, places and rules, under ids of our choice."""

    def add(table: Any, **row: Any) -> None:
        conn.execute(insert(table).values(row))

    made = {"created_ms": OPENED_MS}
    settings = {"greeting": "Hello! How can we help?", "origins": ["https://www.example.com"]}
    add(
        schema.inbox,
        id=SHOP,
        kind="widget",
        name="Website",
        widget_key=WIDGET_KEY,
        settings=msgspec.json.encode(settings).decode(),
        **made,
    )
    for id, name, role in (
        (ADA, "Ada", AgentRole.ADMIN),
        (ECHO, "Echo", AgentRole.BOT),
        (ANN, "Ann", AgentRole.AGENT),
        (BEN, "Ben", AgentRole.AGENT),
    ):
        own = {} if role is AgentRole.BOT else {"email": f"{name.lower()}@example.com"}
        row = {"id": id, "name": name, "role": role, "availability": "online", **own, **made}
        add(schema.agent, password_hash=STORED if own else None, **row)
        add(schema.inbox_agent, inbox_id=SHOP, agent_id=id)
    for id, name, agent_id in ((RETURNS, "Refunds", ANN), (BILLING, "Billing", BEN)):
        add(schema.team, id=id, name=name)
        add(schema.team_agent, team_id=id, agent_id=agent_id)
    for id, agent_id, name, who in ((4, ADA, "laptop", "ada"), (5, ECHO, "echo bot", "echo")):
        scopes = '["read","write","admin"]' if agent_id == ADA else '["read","write"]'
        row = {"id": id, "agent_id": agent_id, "name": name, "scopes": scopes, **made}
        add(schema.api_token, token_hash=hash_token(_TOKENS[who]), **row)
    row = {"agent_id": ANN, "seen_ms": OPENED_MS, "expires_ms": OPENED_MS + 30 * DAY_MS, **made}
    about = {"address": "192.0.2.7", "user_agent": "Mozilla/5.0"}
    add(schema.session, id=1, token_hash=hash_token(_TOKENS["ann"]), **row, **about)
    for id, name, device, who in ((LI, "Li Lei", 7, "li"), (HAN, "Han Meimei", 8, "han")):
        email = f"{name.split()[0].lower()}@example.com"
        tags = '["vip"]' if id == LI else "[]"
        add(schema.contact, id=id, name=name, email=email, tags=tags, locale="en", **made)
        row = {"id": device, "contact_id": id, "inbox_id": SHOP, **made}
        add(schema.device, token_hash=hash_token(_TOKENS[who]), **row)
    add(schema.identity_key, inbox_id=SHOP, kid="2025-07", secret=IDENTITY, **made)
    add(schema.canned_response, id=1, shortcut="hello", text="Hello {{contact.name|there}}.")
    hook = {"id": 1, "url": "https://example.com/kefu", "events": '["message.added"]', **made}
    add(schema.webhook, secrets='["whsec_x"]', inbox_id=SHOP, last_id=0, **hook)
    add(schema.conversation, id=OVER - 1, key="x", kind="direct", last_seq=0, **made)


TALK: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("han", "conversation.start", {"client_id": "h1", "text": "Do you deliver on Sundays?"}),
    ("ann", "conversation.pick", {"conversation": OVER}),
    ("ann", "message.send", {"conversation": OVER, "client_id": "a1", "text": "Yes, we do."}),
    ("ann", "conversation.set_status", {"conversation": OVER, "status": "resolved"}),
    ("han", "conversation.rate", {"conversation": OVER, "score": 5, "comment": "Quick!"}),
    (
        "li",
        "conversation.start",
        {
            "client_id": "l1",
            "text": "Where is my order 1042?",
            "page": "https://www.example.com/orders",
        },
    ),
    ("ann", "conversation.pick", {"conversation": LIVE}),
    ("ann", "message.send", {"conversation": LIVE, "client_id": "a2", "text": "One moment"}),
    ("li", "message.send", {"conversation": LIVE, "client_id": "l2", "text": "Thank you"}),
)


Step = tuple[str, str, dict[str, Any]] | Callable[[ModelShop], Awaitable[None]]


def _set(**values: Any) -> Callable[[ModelShop], Awaitable[None]]:
    """Li's conversation is so."""

    async def step(shop: ModelShop) -> None:
        table = schema.conversation
        change = update(table).where(table.c.id == LIVE).values(values)
        await shop.database.write(lambda conn: conn.execute(change))

    return step


def _add(table: Any, **row: Any) -> Callable[[ModelShop], Awaitable[None]]:
    async def step(shop: ModelShop) -> None:
        await shop.desk.insert(table, **row)

    return step


_QUEUED = _set(status="queued", assignee_id=None, queued_ms=NOW_MS - 60_000, queued_id=7)
_OFFERED = _set(
    status="open",
    assignee_id=ANN,
    queued_ms=NOW_MS - 60_000,
    queued_id=7,
    offered_ms=NOW_MS - 20_000,
    offer_until_ms=NOW_MS + 25_000,
)
_FAILED = _add(
    schema.delivery,
    id=11,
    webhook_id=1,
    message_id=11,
    state="failed",
    attempts=9,
    created_ms=NOW_MS - DAY_MS,
    begun_ms=NOW_MS - DAY_MS,
    tried_ms=NOW_MS - 60_000,
    done_ms=NOW_MS - 60_000,
    status=500,
)
_ELSEWHERE = _add(
    schema.session,
    id=3,
    agent_id=ANN,
    token_hash=hash_token("another browser of hers"),
    created_ms=OPENED_MS,
    seen_ms=OPENED_MS,
    expires_ms=OPENED_MS + 30 * DAY_MS,
    address="",
    user_agent="",
)
_VIEW = ("ada", "view.create", BY_NAME["view.create"].example)
_TAGGED = ("ann", "conversation.set_tags", {"conversation": LIVE, "tags": ["vip"]})
_WATCHED = ("ada", "inbox.update", {"inbox": SHOP, "settings": {"watch_visitors": True}})

# Who asks, where it is not Ada, or a visitor Li.
WHO = {
    "session.login": "anyone",
    "session.accept_link": "anyone",
    "inbox.public": "anyone",
    "visitor.report": "anyone",
    "session.accept_chat_link": "stranger",
    "contact.identify": "stranger",
    "conversation.hand_off": "echo",
    "message.react": "li",
    **dict.fromkeys(
        (
            *(
                "conversation.list",
                "conversation.accept",
                "conversation.decline",
                "conversation.hold",
                "message.edit",
            ),
            *("message.delete", "agent.set_availability", "agent.set_password", "session.list"),
            *("session.end", "session.end_others", "session.logout", "session.me", "message.send"),
            *("conversation.begin", "agent.test_offer"),
            *("conversation.transfer", "canned.render", "agent.set_name", "agent.remove_avatar"),
        ),
        "ann",
    ),
}
BEFORE: dict[str, tuple[Step, ...]] = {
    "session.end": (_ELSEWHERE,),
    "conversation.queue_position": (_QUEUED,),
    "conversation.pick": (_QUEUED,),
    "conversation.accept": (_OFFERED,),
    "conversation.hold": (_OFFERED,),
    "conversation.decline": (_OFFERED,),
    "conversation.hand_off": (_set(status="pending", assignee_id=ECHO),),
    "message.history": (
        ("ann", "message.edit", {"conversation": LIVE, "seq": 4, "text": "One moment, please"}),
    ),
    "agent.activate": (("ada", "agent.deactivate", {"agent": ANN}),),
    "inbox.activate": (("ada", "inbox.deactivate", {"inbox": SHOP}),),
    "contact.unblock": (("ada", "contact.block", {"contact": LI}),),
    "audit.list": (
        ("ada", "inbox.update", {"inbox": SHOP, "name": "Shop"}),
        ("ada", "inbox.set_agents", {"inbox": SHOP, "agents": [ADA, ECHO, ANN]}),
    ),
    "session.accept_link": (
        _add(
            schema.one_time_link,
            token_hash=hash_token(JOIN_LINK),
            purpose="join",
            agent_id=BEN,
            expires_ms=NOW_MS + DAY_MS,
        ),
    ),
    "session.accept_chat_link": (
        _add(
            schema.chat_link,
            token_hash=hash_token(CHAT_LINK),
            conversation_id=LIVE,
            expires_ms=NOW_MS + DAY_MS,
            email="li@example.com",
        ),
    ),
    **dict.fromkeys(("view.list", "view.counts", "view.update", "view.delete"), (_VIEW,)),
    **dict.fromkeys(("tag.list", "tag.update", "tag.delete"), (_TAGGED,)),
    "visitor.report": (_WATCHED,),
    "visitor.list": (
        _WATCHED,
        ("anyone", "visitor.report", BY_NAME["visitor.report"].example),
    ),
    "webhook.deliveries": (_FAILED,),
    "webhook.replay": (_FAILED,),
}
