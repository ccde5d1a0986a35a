"""``kefu agent`` as people run it: a real process beside a store, and beside a real server."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace
from sqlalchemy import insert, select
from typer.testing import CliRunner, Result

from kefu import config
from kefu.cli.main import cli
from kefu.cli.options import texts
from kefu.cli.running import Unusable, say_url
from kefu.core.passwords import verify_password
from kefu.storage import schema
from kefu.storage.engine import StoreUnusable, open_for_reading, writer_engine
from tests.cli.test_cli import CHINESE, ENGLISH, KEFU, refused, run
from tests.clients.realtime import RealtimeClient
from tests.databases import BACKENDS, fresh_url
from tests.serving import KefuServer

PASSWORD = "three blue boats at noon"
NOTICED_S = 2.0


Team = list[dict[str, Any]]


def invoke(*words: object, language: int = 0, typed: str = "") -> Result:
    """Run a command in this process, which is quicker; 0: in English, 1: in Chinese."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "_language", language)
        return CliRunner().invoke(cli, ["agent", *map(str, words)], input=typed)


def said(*words: object, **options: Any) -> str:
    """Run a command that can; return what it says."""
    done = invoke(*words, **options)
    assert done.exit_code == 0, done.exception
    return done.stdout


def fault(*words: object, **options: Any) -> str:
    """Run a command that cannot; return why."""
    done = invoke(*words, **options)
    assert isinstance(done.exception, Unusable), done.exception
    return str(done.exception)


def team(*words: object) -> Team:
    return [json.loads(line) for line in said("list", "--json", *words).splitlines()]


def add(data: Path, email: str = "li@example.com", name: str = "Li", role: str = "admin") -> None:
    words = ["add", email, "--name", name, "--role", role, "--password-stdin", "--data", data]
    said(*words, typed=PASSWORD + "\n")


def password_hash(data: Path, email: str) -> str:
    with open_for_reading(f"sqlite:///{data / 'kefu.db'}") as conn:
        where = schema.agent.c.email == email
        return str(conn.scalar(select(schema.agent.c.password_hash).where(where)))


def test_the_first_admin_can_come_before_the_first_start(tmp_path):
    data = tmp_path / "not there yet"
    words = ["add", "Li@Example.com", "--name", "李雷", "--role", "admin", "--password-stdin"]
    done = run("agent", *words, "--data", data, input=PASSWORD)
    assert (done.returncode, done.stdout, done.stderr) == (0, "Admin 李雷 is number 1.\n", "")
    listed = run("agent", "list", "--json", "--data", data).stdout
    assert [json.loads(line) for line in listed.splitlines()] == [
        {
            "id": 1,
            "name": "李雷",
            "email": "li@example.com",
            "role": "admin",
            "active": True,
            "inboxes": [],
        }
    ]
    assert verify_password(PASSWORD, password_hash(data, "li@example.com"))


def test_the_list_for_people_is_a_line_each(tmp_path):
    add(tmp_path)
    said("add", "--name", "Echo", "--role", "bot", "--data", tmp_path)
    assert said("list", "--data", tmp_path) == (
        "id\trole\tname\te-mail\tstate\n"
        "1\tadmin\tLi\tli@example.com\tactive\n2\tbot\tEcho\t-\tactive\n"
    )
    assert said("list", "--data", tmp_path, language=1) == (
        "编号\t角色\t名字\t邮箱\t状态\n1\tadmin\tLi\tli@example.com\t在职\n2\tbot\tEcho\t-\t在职\n"
    )


def test_a_link_takes_the_place_of_a_password(tmp_path):
    words = ["add", "ann@example.com", "--name", "Ann", "--link", "--data", tmp_path]
    told, link = said(*words).splitlines()
    assert told == "Agent Ann is number 1."
    assert link.startswith("http://127.0.0.1:3000/join#kl_")
    words = ["password", "ann@example.com", "--link", "--data", tmp_path]
    assert "/reset#kl_" in said(*words).splitlines()[1]


def test_a_link_begins_with_where_the_server_on_this_data_is(tmp_path):
    add(tmp_path)
    settings = replace(config.load(None, {}), storage=config.Storage(data=str(tmp_path)))
    words = ["password", "Li", "--link", "--data", tmp_path]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        say_url(settings, url)
        assert said(*words).splitlines()[1].startswith(f"{url}/reset#kl_")
        other = said(*words, "--url", "https://Chat.example:443/").splitlines()[1]
        assert other.startswith("https://chat.example/reset#kl_")
    assert said(*words).splitlines()[1].startswith("http://127.0.0.1:3000/reset#kl_")


def test_whoever_used_the_tutorials_page_is_not_listed_as_an_account(tmp_path):
    add(tmp_path)
    engine = writer_engine(f"sqlite:///{tmp_path / 'kefu.db'}", lock_wait_s=1)
    with engine.begin() as conn:
        row = {"name": "客服", "classic_name": "客服", "role": "agent", "created_ms": 1}
        conn.execute(insert(schema.agent).values(row))
    engine.dispose()
    assert said("list", "--data", tmp_path).count("\n") == 2  # with the line above them


def test_a_password_is_set_by_address_or_name(tmp_path):
    add(tmp_path)
    for who in ("LI@example.com", "Li"):
        words = ["password", who, "--password-stdin", "--data", tmp_path]
        other = f"{PASSWORD} for {who}"
        said(*words, typed=other)
        assert verify_password(other, password_hash(tmp_path, "li@example.com"))


def test_roles_change_and_people_go_but_never_the_last_admin(tmp_path):
    add(tmp_path)
    add(tmp_path, "ann@example.com", "Ann", "agent")
    last = "This is the last active admin."
    assert fault("role", "Li", "agent", "--data", tmp_path) == last
    assert fault("deactivate", "Li", "--data", tmp_path) == last
    assert said("role", "Ann", "admin", "--data", tmp_path) == "Ann is Admin now.\n"
    told = said("deactivate", "li@example.com", "--data", tmp_path, language=1)
    assert told == "Li 已停用，所有登录已结束。\n"
    assert [(one["role"], one["active"]) for one in team("--data", tmp_path)] == [
        ("admin", False),
        ("admin", True),
    ]


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (["add", "x@example.com", "--name", "X"], "no terminal", "没有终端"),
        (["add", "--name", "X"], "only a bot has none", "只有机器人没有邮箱"),
        (["add", "x@example.com", "--name", "X", "--role", "bot"], "only a bot", "只有机器人"),
        (["add", "--name", "X", "--role", "bot", "--link"], "not for it", "建立 API 令牌"),
        (["add", "--name", "X", "--role", "bot", "--password-stdin"], "not for it", "API 令牌"),
        (["add", "nobody", "--name", "X", "--link"], "not an e-mail", "不是邮箱"),
        (["add", "LI@example.com", "--name", "X", "--link"], "another agent", "已有人使用这个邮箱"),
        (["add", "x@example.com", "--name", "LI", "--link"], "looks the same", "看起来相同"),
        (["add", "x@example.com", "--name", "\u200b", "--link"], "can be seen", "可见"),
        (["add", "x@example.com", "--name", "X", "--password-stdin"], "12 to 200", "12 到 200"),
        (["add", "x@example.com", "--name", "X", "--inbox", "Y", "--link"], "number: Y", "Y"),
        (["role", "nobody", "admin"], "nobody called nobody", "没有 nobody 这个人"),
        (["password", "Echo", "--link"], "no e-mail address", "没有邮箱的人没有密码"),
        (["role", "Echo", "admin"], "A bot stays one", "不能互相转换"),
        (["password", "Li", "--link", "--password-stdin"], "exclude", "只能给一个"),
        (["password", "Li", "--link", "--url", "chat"], "does not begin with http", "开头"),
        (["password", "Li", "--url", "https://a.example"], "is for --link", "--link"),
        (["deactivate", "nobody"], "nobody", "nobody"),
    ],
    ids=str,
)
def test_what_cannot_be_is_said_in_both_languages(
    crew: Path, words: list[str], english: str, chinese: str
):
    for language, expected in enumerate((english, chinese)):
        why = fault(*words, "--data", crew, language=language, typed="short\n")
        assert expected in why
    assert len(team("--data", crew)) == 2


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (["deactivate", "nobody"], "error: there is nobody called", "错误：没有 nobody 这个人"),
    ],
    ids=str,
)
def test_what_cannot_be_is_one_clear_line(crew, words, english, chinese):
    assert english in refused("agent", *words, "--data", crew)
    assert chinese in refused("agent", *words, "--data", crew, env=CHINESE)


@pytest.fixture(scope="module")
def crew(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with Li, an admin, and Echo, a bot, that nobody changes."""
    data = tmp_path_factory.mktemp("crew")
    add(data)
    said("add", "--name", "Echo", "--role", "bot", "--data", data)
    return data


@pytest.fixture(params=BACKENDS)
def empty_store(request, tmp_path, monkeypatch):
    """Where the commands find a store in which nobody has put anything."""
    with fresh_url(request.param, tmp_path) as url:
        monkeypatch.setenv("KEFU_STORAGE_URL", url)
        yield


def test_a_store_that_is_not_there_is_named(empty_store):
    for words in (["list"], ["role", "Li", "admin"], ["password", "Li", "--link"]):
        done = invoke(*words)
        assert isinstance(done.exception, StoreUnusable)
        assert "holds no Kefu data yet" in str(done.exception)


def test_the_first_of_the_team_makes_a_store_that_is_not_there(empty_store):
    said("add", "ann@example.com", "--name", "Ann", "--link")
    said("add", "bob@example.com", "--name", "Bob", "--link")
    assert [one["email"] for one in team()] == ["ann@example.com", "bob@example.com"]


def test_a_directory_that_is_not_there_is_not_made_by_a_question(tmp_path):
    assert isinstance(invoke("list", "--data", tmp_path / "nowhere").exception, StoreUnusable)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("email", "name", "password"),
    [
        ("ann@example.com", "", PASSWORD),
        ("ann@example.com", "\u200b", PASSWORD),
        ("ann", "Ann", PASSWORD),
        ("ann@example.com", "Ann", "short"),
    ],
)
def test_somebody_who_cannot_be_taken_in_makes_no_store(tmp_path, email, name, password):
    words = ("add", email, "--name", name, "--password-stdin", "--data", tmp_path / "new")
    fault(*words, typed=f"{password}\n")
    assert not (tmp_path / "new").exists()


def typing(data: Path, *typed: str) -> tuple[int, str]:
    """Set Li's password at a terminal; returns the exit code and what was shown there."""
    ours, theirs = pty.openpty()
    words = [*KEFU, "agent", "password", "Li", "--data", str(data)]
    process = subprocess.Popen(words, env=ENGLISH, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    with closing(os.fdopen(ours, "r+b", buffering=0)) as terminal:
        for text, prompt in zip(typed, (b"Password: ", b"Once more: "), strict=True):
            while not shown.endswith(prompt):
                shown += terminal.read(1)
            terminal.write(text.encode() + b"\n")
        try:
            while more := terminal.read(1024):
                shown += more
        except OSError:  # Linux: the other end is closed
            pass
    return process.wait(30), shown.decode()


def test_a_password_that_is_typed_is_not_shown(tmp_path):
    add(tmp_path)
    other = "four red boats at night"
    code, shown = typing(tmp_path, other, other)
    assert (code, "red boats" in shown) == (0, False)
    assert verify_password(other, password_hash(tmp_path, "li@example.com"))
    code, shown = typing(tmp_path, other, PASSWORD)
    assert code == 2
    assert "not the same" in shown
    assert verify_password(other, password_hash(tmp_path, "li@example.com"))


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[KefuServer]:
    with KefuServer(tmp_path_factory.mktemp("served")) as running:
        yield running


def sign_in(server: KefuServer, email: str) -> str:
    answer = httpx.post(
        f"{server.base_url}/api/v1/session", json={"email": email, "password": PASSWORD}
    )
    assert answer.status_code == 201
    return str(answer.json()["token"])


def command(*words: str, data: Path) -> Result:
    return invoke(*words, "--data", data, typed=PASSWORD + " again\n")


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (["deactivate", "{email}"], range(4000, 4100)),
        (["role", "{email}", "supervisor"], range(4100, 4200)),
        (["password", "{email}", "--password-stdin"], range(4100, 4200)),
    ],
    ids=lambda words: str(words[0]),
)
async def test_what_a_command_ends_is_closed_by_the_server_that_runs(server, act, code):
    email = f"{act[0]}@example.com"
    await asyncio.to_thread(add, server.data_dir, email, f"The one to {act[0]}", "agent")
    words = [word.format(email=email) for word in act]
    async with RealtimeClient.join(server.base_url, sign_in(server, email)) as client:
        done = await asyncio.to_thread(command, *words, data=server.data_dir)
        assert done.exit_code == 0
        done_s = time.monotonic()
        closed, _ = await client.closed()
        assert closed in code
        assert time.monotonic() - done_s < NOTICED_S


def test_no_option_takes_a_password(tmp_path):
    line = refused("agent", "password", "Li", "--password", PASSWORD, "--data", tmp_path)
    assert PASSWORD not in line
