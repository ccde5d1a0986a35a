"""The examples of the client library talk to a real server, over a WebSocket and without one."""

from __future__ import annotations

import os
import secrets
import select
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.configured import ConfiguredServer
from tests.docs.pages import fenced, read
from tests.packaging.client_package import RUN, copy_example, install_client
from tests.prepared import Admin, prepare

pytestmark = [pytest.mark.node, pytest.mark.timeout(240)]

WAIT_S = 60.0
WAYS = pytest.mark.parametrize(
    "way", [("--experimental-websocket",), ()], ids=["WebSocket", "stream"]
)


class Program:
    """A Node.js program, and what it says line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._rest = b""

    def write(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def read(self) -> str:
        """The next line. Fails if none comes."""
        assert self._process.stdout
        while b"\n" not in self._rest:
            readable, _, _ = select.select([self._process.stdout], [], [], WAIT_S)
            assert readable, "it says nothing"
            more = os.read(self._process.stdout.fileno(), 65_536)
            assert more, f"it ended, and said {self._rest!r}"
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode()

    def until(self, line: str) -> list[str]:
        """What it says up to this line, that one included."""
        said = [self.read()]
        while said[-1] != line:
            said.append(self.read())
        return said


@contextmanager
def running(path: Path, *args: str, way: tuple[str, ...], **env: str) -> Iterator[Program]:
    command = [str(RUN), "node", *way, "--no-warnings", str(path), *args]
    with subprocess.Popen(
        command,
        cwd=path.parent,
        text=True,
        env=os.environ | env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            yield Program(process)
        finally:
            process.kill()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_client(tmp_path_factory.mktemp("client"))


@pytest.fixture
def kept(tmp_path: Path) -> dict[str, str]:
    """Where the bot keeps its position."""
    return {"KEFU_POSITION": str(tmp_path / "position.txt")}


@pytest.fixture
def server(tmp_path: Path) -> ConfiguredServer:
    return ConfiguredServer(tmp_path / "data")


@pytest.fixture
def admin(server: ConfiguredServer) -> Iterator[Admin]:
    found = prepare(server.data_dir)
    with server:
        yield found


class Ask:
    """The admin's requests."""

    def __init__(self, url: str, http: httpx.Client) -> None:
        self.url, self._http = url, http

    def __call__(self, method: str, path: str, **content: object) -> Any:
        answer = self._http.request(method, path, json=content or None)
        assert answer.is_success, answer.text
        return answer.json()


@pytest.fixture
def ask(server: ConfiguredServer, admin: Admin) -> Iterator[Ask]:
    url = f"{server.base_url}/api/v1"
    with httpx.Client(base_url=url, headers=admin.headers, trust_env=False) as http:
        yield Ask(server.base_url, http)


def test_the_pages_show_the_examples_as_they_are():
    for name in ("chat.mjs", "bot.mjs"):
        code = read(f"examples/{name}")
        for page in ("docs/client.md", "docs/client.zh-CN.md"):
            assert code in fenced(page, "js"), f"{page} shows another {name}"


@WAYS
def test_a_chat_goes_on_after_the_server_was_killed(ask, server, fresh, way):
    inbox = ask("POST", "/inboxes", name="Shop", agents=[1])
    chat = copy_example("chat.mjs", fresh)
    with running(chat, server.base_url, inbox["widget_key"], way=way) as visitor:
        visitor.until("(live)")
        visitor.write("Hello")
        visitor.write("and again")
        begun = wait_for(ask, "and again")
        say(ask, begun, "Welcome")
        visitor.until("Ada: Welcome")
        server.kill()
        visitor.until("(connecting)")
        visitor.write("said while it was down")
        server.start()
        visitor.until("(live)")
        wait_for(ask, "said while it was down")
        say(ask, begun, "I have it")
        visitor.until("Ada: I have it")
    said = [one["text"] for one in messages(ask, begun)]
    assert said == ["Hello", "and again", "Welcome", "said while it was down", "I have it"]


@WAYS
def test_a_bot_answers_once_and_hands_off(ask, fresh, way, kept):
    agent = ask("POST", "/agents", name="Echo", role="bot")
    inbox = ask("POST", "/inboxes", name="Shop", bot=agent["id"], agents=[agent["id"], 1])
    secret = ask("POST", "/tokens", name="echo", scopes=["read", "write"], agent=agent["id"])[
        "secret"
    ]
    env = kept | {"KEFU_TOKEN": secret}
    # Whatever is said from now on is for the bot, also while it is still on its way.
    Path(kept["KEFU_POSITION"]).write_text(ask("GET", "/events")["cursor"], "ascii")
    bot, chat = copy_example("bot.mjs", fresh), copy_example("chat.mjs", fresh)
    with running(chat, ask.url, inbox["widget_key"], way=way) as visitor:
        with running(bot, ask.url, way=way, **env):
            visitor.until("(live)")
            visitor.write("one")
            visitor.until("Echo: You said: one")
        visitor.write("two")  # while the bot is away
        begun = wait_for(ask, "two")
        with running(bot, ask.url, way=way, **env):
            visitor.until("Echo: You said: two")
            visitor.write("a human, please")
            until_status(ask, begun, {"queued", "open"})
    said = [one["text"] for one in messages(ask, begun)]
    assert said == ["one", "You said: one", "two", "You said: two", "a human, please"]


@WAYS
def test_a_bot_keeps_its_position_only_once_all_is_answered(ask, fresh, way, kept):
    agent = ask("POST", "/agents", name="Echo", role="bot")
    inbox = ask("POST", "/inboxes", name="Shop", bot=agent["id"], agents=[agent["id"], 1])
    mute, able = (
        ask("POST", "/tokens", name="echo", scopes=scopes, agent=agent["id"])["secret"]
        for scopes in (["read"], ["read", "write"])
    )
    began = ask("GET", "/events")["cursor"]
    position, link = Path(kept["KEFU_POSITION"]), Path(kept["KEFU_POSITION"]).with_name("link")
    position.write_text(began, "ascii")
    bot, chat = copy_example("bot.mjs", fresh), copy_example("chat.mjs", fresh)
    with running(chat, ask.url, inbox["widget_key"], way=way) as visitor:
        visitor.until("(live)")
        visitor.write("a human, please")
        begun = wait_for(ask, "a human, please")
        with running(bot, ask.url, way=way, **kept, KEFU_TOKEN=mute) as refused:
            refused.until("  code: 'not_allowed',")
        events = ask("GET", f"/events?cursor={began}")["events"]
        [asked] = [one["cursor"] for one in events if one["on"] == "message.added"]
        before = position.read_text("ascii")
        assert before not in [asked, events[-1]["cursor"]], "nobody would answer it any more"
        link.hardlink_to(position)
        with running(bot, ask.url, way=way, **kept, KEFU_TOKEN=able):
            until_status(ask, begun, {"queued", "open"})
            say(ask, begun, "Welcome")
            until(ask, lambda _: position.read_text("ascii") != before)
    assert link.read_text("ascii") == before, "it was written over: a kill could leave half of it"


def wait_for(ask, text: str) -> int:
    """The conversation in which somebody has said this, as soon as they have."""
    return until(ask, lambda one: any(said["text"] == text for said in messages(ask, one["id"])))


def until_status(ask, conversation: int, statuses: set[str]) -> None:
    until(ask, lambda one: one["id"] == conversation and one["status"] in statuses)


def until(ask, is_it: Callable[[dict[str, Any]], bool]) -> int:
    """The first conversation that is it; looked for again whenever something happens."""
    deadline_s = time.monotonic() + WAIT_S
    cursor = ask("GET", "/events")["cursor"]
    while time.monotonic() < deadline_s:
        for one in ask("GET", "/conversations")["items"]:
            if is_it(one):
                return int(one["id"])
        cursor = ask("GET", f"/events?cursor={cursor}&wait=2")["cursor"]
    pytest.fail("it did not happen")


def messages(ask, conversation: int) -> list[dict[str, Any]]:
    items = ask("GET", f"/conversations/{conversation}/messages?after=0&limit=200")["items"]
    return [one for one in items if one["type"] == "message"]


def say(ask, conversation: int, text: str) -> None:
    path = f"/conversations/{conversation}/messages"
    ask("POST", path, client_id=secrets.token_hex(8), text=text)
