"""A store that cannot write: senders are told, nobody is shown anything, service resumes."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.clients.direct import DirectClient
from tests.clients.rooms import Line, RoomsClient
from tests.configured import AGENT, TOKEN, ConfiguredServer
from tests.promise.chaos import history

pytestmark = pytest.mark.timeout(240)

NOT_SAVED = "消息未能保存，请稍后重试"
Trouble = Callable[[ConfiguredServer], "Iterator[None]"]


@dataclass
class People:
    """A visitor with an agent, and two who write to each other."""

    visitor: RoomsClient
    agent: RoomsClient
    one: DirectClient
    other: DirectClient

    async def talk(self, text: str) -> None:
        """Say ``text`` on both protocols; the other side hears it, and heard nothing before it."""
        await self.visitor.say(text)
        assert await self.visitor.hear() == await self.agent.hear() == Line("王", text)
        await self.one.say("乙", text)
        message = {"from": "甲", "to": "乙", "message": text}
        assert await self.one.event() == ("message", {**message, "self": True})
        assert await self.other.event() == ("message", {**message, "self": False})

    async def fail_to_talk(self, text: str) -> None:
        """Say ``text`` on both protocols; each sender is told that it is not stored."""
        await self.visitor.say(text)
        assert await self.visitor.hear_system() == NOT_SAVED
        await self.one.say("乙", text)
        assert await self.one.event() == ("error", NOT_SAVED)


@contextmanager
def locked(server: ConfiguredServer) -> Iterator[None]:
    """Another program holds the database's write lock."""
    with closing(sqlite3.connect(server.data_dir / "kefu.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def no_room_in_files(server: ConfiguredServer) -> Iterator[None]:
    """The server's files cannot grow, its log included."""
    pid = server.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
    yield
    resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def full_disk(server: ConfiguredServer) -> Iterator[None]:
    """The disk that the server keeps everything on, its log included, has no free block."""
    filler = server.data_dir / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4_096))
    yield
    filler.unlink()


@pytest.fixture
def disk(tmp_path, request) -> Iterator[Path]:
    """Where the data is kept: a small disk of its own for the test that fills it."""
    if request.node.callspec.params["trouble"] is not full_disk:
        yield tmp_path
        return
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(tmp_path)]
    subprocess.run(mount, check=True)
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


@pytest.fixture
def server(disk) -> Iterator[ConfiguredServer]:
    with ConfiguredServer(disk / "data", storage={"lock_wait_s": 0.2}) as running:
        yield running


@pytest.fixture
async def people(server) -> AsyncIterator[People]:
    url = server.base_url
    async with (
        RoomsClient.join(url, "kefu", AGENT, token=TOKEN) as agent,
        RoomsClient.join(url, "yonghu", "王") as visitor,
        DirectClient.login(url, "polling", "乙") as other,
        DirectClient.login(url, "websocket", "甲") as one,
    ):
        assert await agent.hear_system() == "用户-王-已进入房间"
        assert await visitor.hear_system() == f"客服-{AGENT}-将为您服务"
        while await other.event() != ("user_list", ["乙", "甲"]):
            pass
        yield People(visitor, agent, one, other)


def troubles() -> list[Callable[..., object]]:
    """``full_disk`` needs the right to mount one; a file size limit is the same for anybody."""
    return [locked, no_room_in_files, *([full_disk] if may_mount() else [])]


def may_mount() -> bool:
    probe = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("trouble", troubles())
async def test_what_cannot_be_stored_is_refused_and_service_resumes(server, people, trouble):
    await people.talk("before")
    with trouble(server):
        for attempt in range(3):
            await people.fail_to_talk(f"lost {attempt}")
        # What was stored can be read all the while.
        assert [line.text for line in await history(server.data_dir)] == ["before"] * 2
    await people.talk("after")
    assert [line.text for line in await history(server.data_dir)] == ["before", "after"] * 2
    with closing(sqlite3.connect(server.data_dir / "kefu.db")) as store:
        assert store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert server.process.poll() is None
