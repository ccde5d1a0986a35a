"""The examples do what they say, on a real server."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from kefu.core.webhooks import make_secret, sign
from tests.configured import ConfiguredServer
from tests.docs.pages import ROOT
from tests.prepared import Admin, prepare
from tests.serving import KefuServer, free_ports

pytestmark = pytest.mark.timeout(240)

EXAMPLES = ROOT / "examples"
PATIENCE_S = 60.0
T = TypeVar("T")


def until(found: Callable[[], T | None]) -> T:
    """What ``found`` returns once it returns something."""
    deadline_s = time.monotonic() + PATIENCE_S
    while (value := found()) is None:
        assert time.monotonic() < deadline_s, "it did not happen"
        time.sleep(0.02)
    return value


class Client:
    """Somebody who sends commands."""

    def __init__(self, base_url: str, token: str, widget_key: str = "") -> None:
        headers = {"Authorization": f"Bearer {token}"}
        if widget_key:
            headers["X-Kefu-Widget"] = widget_key
        self._http = httpx.Client(base_url=f"{base_url}/api/v1", headers=headers, trust_env=False)

    def __call__(self, method: str, path: str, **content: Any) -> Any:
        answer = self._http.request(method, path, json=content or None)
        assert answer.is_success, answer.text
        return answer.json()

    def close(self) -> None:
        self._http.close()


@pytest.fixture
def bot_port() -> int:
    return free_ports(1)[0]


@pytest.fixture
def server(tmp_path: Path, bot_port: int) -> ConfiguredServer:
    return ConfiguredServer(tmp_path / "data", outbound={"allow": [f"127.0.0.1:{bot_port}"]})


@pytest.fixture
def admin(server: ConfiguredServer) -> Iterator[Admin]:
    found = prepare(server.data_dir)
    with server:
        yield found


def test_the_walk_through_goes_all_the_way(server: ConfiguredServer, admin: Admin, bot_port: int):
    ask = Client(server.base_url, admin.token)
    hook = ask("POST", "/webhooks", url=f"http://127.0.0.1:{bot_port}/")
    ask.close()
    walk_through(server.base_url, admin.email, admin.password, [hook["url"]])


def test_the_walk_through_goes_all_the_way_in_a_demo(tmp_path: Path):
    with KefuServer(tmp_path / "data") as demo:
        found = re.search(r"(ada@demo\.kefu)\D*?[:：]\s*([a-z2-7]{16})", demo.log)
        assert found, demo.log
        walk_through(demo.base_url, found[1], found[2], [])


def walk_through(url: str, email: str, password: str, hooks: list[str]) -> None:
    """Run the example, and hold it to what it shows. ``hooks``: where the webhooks go to."""
    env = os.environ | {"KEFU_URL": url, "KEFU_EMAIL": email, "KEFU_PASSWORD": password}
    command = ["sh", str(EXAMPLES / "walkthrough.sh")]
    ran = subprocess.run(command, env=env, capture_output=True, text=True, timeout=50)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stderr == ""
    lines = ran.stdout.splitlines()
    assert lines[-1] == "done"
    assert "   visitor: Where is my parcel? 我的包裹在哪里？" in lines  # a visitor's text is plain
    assert "   agent: It arrives tomorrow." in lines
    assert "note" not in ran.stdout.partition("5.")[2].partition("6.")[0].replace("notes", "")
    assert "   found" in lines
    assert "resolved" in lines
    told = json.loads(lines[lines.index("8. The webhooks that there are") + 1])
    assert [one["url"] for one in told] == hooks


@contextmanager
def running_bot(server: ConfiguredServer, port: int, token: str, secret: str) -> Iterator[None]:
    """The echo bot, listening."""
    env = os.environ | {
        "KEFU_URL": server.base_url,
        "KEFU_TOKEN": token,
        "KEFU_SECRET": secret,
    }
    command = [sys.executable, str(EXAMPLES / "echo_bot.py"), str(port)]
    with subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == f"listening on {port}"
            yield
        finally:
            process.kill()


def test_the_bot_echoes_and_hands_off(server: ConfiguredServer, admin: Admin, bot_port: int):
    ask = Client(server.base_url, admin.token)
    bot = ask("POST", "/agents", name="Echo", role="bot")["id"]
    person = ask("GET", "/me")["agent"]["id"]
    inbox = ask("POST", "/inboxes", name="Shop", bot=bot, agents=[bot, person])
    token = ask("POST", "/tokens", name="echo", scopes=["read", "write"], agent=bot)["secret"]
    hook = ask("POST", "/webhooks", url=f"http://127.0.0.1:{bot_port}/", inbox=inbox["id"], bot=bot)
    device = "kd_" + secrets.token_urlsafe(32)
    visitor = Client(server.base_url, device, inbox["widget_key"])

    with running_bot(server, bot_port, token, hook["secret"]):
        started = visitor("POST", "/conversations", client_id="1", text="Hello")
        path = f"/conversations/{started['conversation']['id']}"

        def said() -> list[str]:
            entries = visitor("GET", f"{path}/messages")["items"]
            return [one["text"] for one in entries if one["type"] == "message"]

        until(lambda: said() if len(said()) == 2 else None)
        assert said() == ["Hello", "You said: Hello"]
        visitor("POST", f"{path}/messages", client_id="2", text="人工客服，谢谢")
        until(lambda: ask("GET", path)["status"] == "queued" or None)
        visitor("POST", f"{path}/messages", client_id="3", text="Anybody?")
        log = f"/webhooks/{hook['id']}/deliveries"
        until(lambda: not ask("GET", f"{log}?state=waiting")["items"] or None)
        assert said() == ["Hello", "You said: Hello", "人工客服，谢谢", "Anybody?"]
    visitor.close()
    ask.close()


def test_the_bot_heeds_nobody_but_kefu(server: ConfiguredServer, admin: Admin, bot_port: int):
    secret = make_secret(b"k" * 32)
    with running_bot(server, bot_port, admin.token, secret):
        body, now_s = b'{"type": "webhook.test"}', int(time.time())
        genuine = sign([secret], "evt_1", now_s, body)
        for headers, status in (
            (genuine, 204),
            (sign([make_secret(b"x" * 32)], "evt_1", now_s, body), 401),
            (sign([secret], "evt_1", now_s - 600, body), 401),
            ({}, 401),
        ):
            answer = httpx.post(
                f"http://127.0.0.1:{bot_port}/", content=body, headers=headers, trust_env=False
            )
            assert answer.status_code == status
