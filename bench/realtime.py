"""Kefu's own protocol in the benchmark: a store with agents, and visitors who talk with them.

A visitor begins a conversation, an agent takes and opens it, and then the visitor writes: each
message under a client id of its own, answered with its number, shown to both. The generator masks
each frame when it is sent, since no two are alike.
Facts of the wire: ``docs/protocol/realtime.md``.
Not here: the load (``bench.load``), other protocols (``bench.dialects``).
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bench.dialects import TEXT, Inbox, Talkers
from bench.servers import KEFU, CannotRun, Server
from bench.wire import Client, connect, masked_frame
from kefu.core.tokens import hash_token
from kefu.storage import schema
from kefu.storage.engine import writer_engine
from kefu.storage.migrations import migrate

AGENTS = 5_000
WIDGET_KEY = "wk_bench"
_ID = b"c0000000"
_EVENT = b'{"on":"message.added"'
_ANSWER = b'{"re":'


def session_token(index: int) -> str:
    """The session of the agent with this index."""
    return f"ks_{index:043}"


def _device_token(index: int) -> str:
    return f"kd_{index:043}"


def _command(port: int, _classic_port: int, data: Path) -> list[str]:
    executable = Path(sys.executable).with_name("kefu")
    if not executable.exists():
        raise CannotRun(f"{executable} is missing; run `make setup` first")
    fill(data)
    config = data / "kefu.toml"
    config.write_text(f"[server]\nport = {port}\n[storage]\ndata = {json.dumps(str(data))}\n")
    return [str(executable), "serve", "--config", str(config)]


REALTIME = replace(KEFU, command=_command)  # the same server, otherwise set up


def fill(data: Path) -> None:
    """Make a store of 5,000 agents in ``data``."""
    url = f"sqlite:///{data / 'kefu.db'}"
    migrate(url)
    engine = writer_engine(url, lock_wait_s=3)
    now_ms = time.time_ns() // 1_000_000
    inbox = {"name": "Bench", "kind": "widget", "widget_key": WIDGET_KEY, "created_ms": now_ms}
    agents = [
        {"id": n, "name": f"Agent {n}", "role": "agent", "created_ms": now_ms}
        for n in range(1, AGENTS + 1)
    ]
    with engine.begin() as conn:
        made = conn.execute(insert(schema.inbox).values(inbox).returning(schema.inbox.c.id))
        inbox_id = made.scalar_one()
        conn.execute(insert(schema.agent), agents)
        members = [{"inbox_id": inbox_id, "agent_id": one["id"]} for one in agents]
        conn.execute(insert(schema.inbox_agent), members)
        sessions = [
            {
                "token_hash": hash_token(session_token(n)),
                "agent_id": n,
                "created_ms": now_ms,
                "seen_ms": now_ms,
                "expires_ms": now_ms + 86_400_000,
            }
            for n in range(1, AGENTS + 1)
        ]
        conn.execute(insert(schema.session), sessions)
    engine.dispose()


class Realtime:
    """kefu.v1, with every pair in a conversation of its own."""

    mark = _EVENT
    echo_mark = _ANSWER

    def __init__(self, server: Server) -> None:
        self._port = server.port

    async def pair(self, index: int) -> Talkers:
        visitor = await self._come({"token": _device_token(index), "widget": WIDGET_KEY})
        begun = {"client_id": "start", "text": TEXT}
        conversation = (await visitor.ask("conversation.start", **begun))["conversation"]["id"]
        await visitor.ask("conversation.open", conversation=conversation)
        agent = await self._come({"token": session_token(index + 1)})
        await agent.ask("conversation.pick", conversation=conversation)
        await agent.ask("conversation.open", conversation=conversation)
        await agent.ask("message.send", conversation=conversation, client_id="hello", text=TEXT)
        await visitor.inbox.until(_EVENT)
        return Talkers(
            visitor.client,
            agent.client,
            _frames(conversation),
            echo=conversation,
            copy=(conversation, TEXT),
        )

    def decode(self, message: bytes) -> object:
        frame = json.loads(message)
        if "re" in frame:
            return frame["ok"]["conversation"]
        return frame["conversation"], frame["message"]["text"]

    async def _come(self, hello: dict[str, str]) -> "_Guest":
        inbox = Inbox()
        client = await connect(self._port, "/api/v1/realtime", inbox.put, "kefu.v1")
        inbox.watch(client)
        guest = _Guest(client, inbox)
        await guest.ask("hello", **hello)
        return guest


class _Guest:
    """A connection during set-up."""

    def __init__(self, client: Client, inbox: Inbox) -> None:
        self.client, self.inbox = client, inbox
        self._ids = count(1)

    async def ask(self, do: str, **fields: Any) -> Any:
        id = next(self._ids)
        frame = {"id": id, "do": do, **fields}
        self.client.send(masked_frame(json.dumps(frame, ensure_ascii=False)))
        answer = json.loads(await self.inbox.until(b'{"re":%d,' % id))
        return answer["ok"]


def _frames(conversation: int) -> Callable[[], bytes]:
    """The visitor's messages, one after the other."""
    fields = {"id": 99, "do": "message.send", "conversation": conversation}
    fields |= {"client_id": _ID.decode(), "text": TEXT}
    before, after = json.dumps(fields, ensure_ascii=False).encode().split(_ID)
    numbers = count()

    def frame() -> bytes:
        return masked_frame(before + b"c%07d" % next(numbers) + after)

    return frame
