"""The two protocols the generator speaks, and how a pair of talkers is set up in each.

Facts of the wire: ``docs/protocol/rooms.md``, ``docs/protocol/direct.md``; Engine.IO protocol 4
(packet types 0 open, 2 ping, 3 pong, 4 message) and Socket.IO protocol 5 (0 connect, 2 event).
Not here: the load itself (``bench.load``).
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from bench.servers import Server
from bench.wire import Client, WireFault, connect, masked_frame

TEXT = "您好,我的订单还没有收到,请帮我查一下物流信息,谢谢!No. 20240817-0042"  # 120 bytes as JSON
_ENGINE_PING, _ENGINE_PONG = b"2", masked_frame("3")


@dataclass(frozen=True)
class Talkers:
    """Two clients who can talk: what ``sender`` sends comes back to it and to ``receiver``."""

    sender: Client
    receiver: Client
    frame: Callable[[], bytes]  # the next chat message, ready to be written
    echo: object  # the message as the sender gets it, decoded
    copy: object  # and as the receiver gets it


class Dialect(Protocol):
    mark: bytes  # a chat message starts with it, and nothing else that comes after set-up
    echo_mark: bytes  # what tells the sender that its message was taken starts with it

    async def pair(self, index: int) -> Talkers:
        """Connect two clients that talk with each other."""

    def decode(self, message: bytes) -> object:
        """The fields of a chat message that must be right."""


class Inbox:
    """What a client is told during set-up; afterwards the load takes the client over."""

    def __init__(self) -> None:
        self._arrived: asyncio.Queue[bytes | WireFault] = asyncio.Queue()
        self.put = self._arrived.put_nowait

    def watch(self, client: Client) -> None:
        """End the waiting if ``client`` is lost."""
        client.on_fault = self.put
        if client.lost:
            self.put(client.lost)

    async def until(self, part: bytes) -> bytes:
        """Wait for a message containing ``part`` and return it. Raises the client's WireFault."""
        while True:
            arrived = await self._arrived.get()
            if isinstance(arrived, WireFault):
                raise arrived
            if part in arrived:
                return arrived


def ignore(_text: bytes) -> None:
    """Drop what is received."""


def stay(client: Client, otherwise: Callable[[bytes], None] = ignore) -> None:
    """Leave ``client`` connected: answer the engine's pings, hand all else to ``otherwise``."""

    def on_text(text: bytes) -> None:
        if text == _ENGINE_PING:
            client.send(_ENGINE_PONG)
        else:
            otherwise(text)

    client.on_text = on_text


class Rooms:
    """The first tutorial's protocol; a visitor speaks to the agent it was seated with."""

    mark = echo_mark = b"{"

    def __init__(self, server: Server) -> None:
        self._server = server
        self._agents: dict[str, tuple[Client, Inbox]] = {}
        self._one_by_one = asyncio.Lock() if server.kind.one_by_one else None

    async def pair(self, index: int) -> Talkers:
        if self._one_by_one is None:
            return await self._pair(f"agent{index}", f"visitor{index}")
        async with self._one_by_one:
            return await self._pair(f"agent{index}", f"visitor{index}")

    async def _pair(self, own_agent: str, visitor: str) -> Talkers:
        # Which agent the visitor is given is the server's choice when several are free.
        told_agent, told_visitor = Inbox(), Inbox()
        target = f"/?type=kefu&name={own_agent}"
        client = await connect(self._server.port, target, told_agent.put)
        told_agent.watch(client)
        self._agents[own_agent] = client, told_agent
        agent = await self._get_room(visitor)
        target = f"/?type=yonghu&name={visitor}"
        sender = await connect(self._server.port, target, told_visitor.put)
        told_visitor.watch(sender)
        await told_visitor.until(f"客服-{agent}-".encode())
        receiver, told_agent = self._agents.pop(agent)
        await told_agent.until(f"用户-{visitor}-".encode())
        message = {"neiRong": TEXT, "shuiFaDe": visitor}
        frame = masked_frame(_json({"neiRong": TEXT}))
        return Talkers(sender, receiver, lambda: frame, echo=message, copy=message)

    async def _get_room(self, visitor: str) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._server.classic_port)
        target = f"/getroom?userName={quote(visitor)}"
        head = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        writer.write(head.encode())
        answer = await reader.read()
        writer.close()
        body = json.loads(answer.partition(b"\r\n\r\n")[2])
        if not body["room"]:
            raise WireFault(f"{visitor} got no room although an agent is free for each visitor")
        return str(body["kefuName"])

    def decode(self, message: bytes) -> object:
        return json.loads(message)


class Direct:
    """The second tutorial's protocol over Socket.IO on WebSocket."""

    mark = echo_mark = b'42["message"'

    def __init__(self, server: Server) -> None:
        self._server = server

    async def log_in(self, name: str, overhear: Callable[[bytes], None] = ignore) -> Client:
        """Connect and log in; ``overhear`` is told every message from the first to the last."""
        inbox = Inbox()

        def on_text(text: bytes) -> None:
            overhear(text)
            inbox.put(text)

        target = "/socket.io/?EIO=4&transport=websocket"
        client = await connect(self._server.port, target, on_text)
        inbox.watch(client)
        await inbox.until(b"0{")
        client.send(masked_frame("40"))
        await inbox.until(b"40{")
        client.send(masked_frame("42" + _json(["login", name])))
        await inbox.until(b'42["login_success"')
        stay(client, overhear)
        return client

    async def pair(self, index: int) -> Talkers:
        sender, receiver = f"left{index}", f"right{index}"
        clients = await self.log_in(sender), await self.log_in(receiver)
        frame = masked_frame("42" + _json(["private_message", {"to": receiver, "message": TEXT}]))
        message = {"from": sender, "to": receiver, "message": TEXT}
        return Talkers(*clients, lambda: frame, message | {"self": True}, message | {"self": False})

    def decode(self, message: bytes) -> object:
        return json.loads(message.removeprefix(b"42"))[1]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
