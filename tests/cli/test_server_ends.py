"""How the process of a server ends by itself: its status, its words, and in time."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.clients.rooms import RoomsClient
from tests.configured import AGENT, TOKEN, ConfiguredServer
from tests.promise.test_stop import STOP_S

pytestmark = pytest.mark.timeout(240)

# As long as the file that is named first is there, SQLite does what the second word says: a COMMIT
# ends the thread, or a read or a COMMIT never comes back.
TROUBLED = """
import sqlite3, sys, threading
from pathlib import Path
troubled, how = Path(sys.argv.pop(1)), sys.argv.pop(1)
real = sqlite3.connect

class Cursor(sqlite3.Cursor):
    def execute(self, *words):
        name = threading.current_thread().name
        if how == "read" and name.startswith("kefu-read") and troubled.exists():
            threading.Event().wait()
        return super().execute(*words)

class Connection(sqlite3.Connection):
    def cursor(self, factory=Cursor):
        return super().cursor(factory)

    def commit(self):
        if threading.current_thread().name == "kefu-write" and troubled.exists():
            if how == "die":
                raise SystemExit
            if how == "commit":
                threading.Event().wait()
        super().commit()

def connect(*words, **options):
    return real(*words, factory=Connection, **options)

sqlite3.connect = connect
from kefu.cli.main import run
run()
"""


class Troubled(ConfiguredServer):
    """A server whose SQLite goes wrong from ``begin`` on."""

    def __init__(self, data_dir: Path, how: str) -> None:
        super().__init__(data_dir, storage={"deadline_s": 3.0})
        self._file = data_dir / "troubled"
        self._how = how

    def begin(self) -> None:
        self._file.touch()

    def _command(self) -> list[str]:
        words = [str(self._file), self._how, "serve", "--config", str(self.config)]
        return [sys.executable, "-c", TROUBLED, *words]


async def test_a_server_whose_writer_has_died_ends_with_status_1_and_says_so(tmp_path):
    with Troubled(tmp_path / "data", "die") as server:
        async with RoomsClient.join(server.base_url, "kefu", AGENT, token=TOKEN) as agent:
            server.begin()
            await agent.say("lost")
            status = await asyncio.to_thread(server.process.wait, 30)
    assert status == 1
    assert "what writes to the store has died, so Kefu ends" in server.log.splitlines()[-1]


@pytest.mark.parametrize("how", ["read", "commit"])
def test_a_stop_ends_in_time_though_the_disk_never_answers(how, tmp_path):
    with Troubled(tmp_path / "data", how) as server:
        server.begin()
        asking = threading.Thread(target=_ask_until_it_ends, args=(server.base_url,))
        asking.start()
        with httpx.Client(base_url=server.base_url, timeout=30) as http:
            deadline_s = time.monotonic() + 60
            while http.get("/ready").status_code == 200:
                assert time.monotonic() < deadline_s
        begun_s = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - begun_s < 2 * STOP_S
        asking.join()
    assert ("stop_forced" in server.log) == (how == "read")


def _ask_until_it_ends(url: str) -> None:
    try:
        while True:
            httpx.get(f"{url}/api/v1/me", headers={"Authorization": "Bearer x"}, timeout=30)
    except httpx.HTTPError:
        return
