"""The command as people run it: a real process, its output and its exit code."""

from __future__ import annotations

import ast
import json
import os
import re
import signal
import socket
import string
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

import kefu
from kefu.cli.texts import _FAULTS, _HELP, _TEXTS
from tests.configured import ConfiguredServer
from tests.serving import KefuServer

KEFU = [sys.executable, "-m", "kefu"]
ENGLISH = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": ""}
CHINESE = {**ENGLISH, "LANG": "zh_CN.UTF-8"}


def run(*words, env=ENGLISH, **options):
    return subprocess.run(
        [*KEFU, *map(str, words)], env=env, capture_output=True, text=True, timeout=50, **options
    )


def refused(*words, **options):
    """Run a command that cannot run; return its one clear line."""
    done = run(*words, **options)
    assert done.returncode == 2
    assert done.stdout == ""
    line, *more = done.stderr.splitlines()
    assert "Traceback" not in done.stderr
    assert more in ([], ["Try: kefu --help"], ["请看：kefu --help"])
    return line


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_version():
    for words in (["version"], ["--version"]):
        done = run(*words)
        assert (done.returncode, done.stdout) == (0, f"kefu {kefu.__version__}\n")


@pytest.mark.parametrize("command", [[], ["demo"], ["serve"], ["history"], ["version"]])
def test_help_is_there_in_both_languages(command):
    english, chinese = run(*command, "--help"), run(*command, "--help", env=CHINESE)
    assert english.returncode == chinese.returncode == 0
    key = command[0] if command else "app"
    assert _TEXTS[key][0] in english.stdout
    assert _TEXTS[key][1] in chinese.stdout
    for words in _HELP:
        assert words not in chinese.stdout
    if command and command != ["version"]:
        assert "Examples:" in english.stdout
        assert "示例：" in chinese.stdout


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_has_both_languages_and_the_same_fields():
    for english, chinese in _TEXTS.values():
        assert english.strip()
        assert chinese.strip()
        assert fields(english) == fields(chinese)


def fault_templates():
    """The first argument of every such ``Fault(…)`` in the sources."""
    faults = ("ConfigError", "StoreLost", "StoreTaken", "StoreUnusable")
    for path in Path(kefu.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(ast.Name(name), [ast.Constant(text), *_]) if name in faults:
                    yield text


def test_every_fault_is_translated_with_the_same_fields():
    templates = set(fault_templates())
    assert len(templates) > 10
    assert templates == _FAULTS.keys()
    for english, chinese in _FAULTS.items():
        assert fields(english) == fields(chinese)


def test_without_a_command_it_shows_the_help():
    done = run()
    assert done.returncode == 2
    assert "Commands:" in done.stderr


def test_a_taken_port_is_one_clear_line(tmp_path, taken_port):
    line = refused("demo", "--port", taken_port, "--data", tmp_path)
    assert line == (
        f"error: port {taken_port} on 127.0.0.1 is taken; stop what uses it or choose another port"
    )
    line = refused("demo", "--port", taken_port, "--data", tmp_path, env=CHINESE)
    assert line.startswith(f"错误：127.0.0.1 的端口 {taken_port} 已被占用")


def test_a_taken_classic_port_is_one_clear_line(tmp_path, taken_port):
    line = refused("demo", "--port", 0, "--classic-port", taken_port, "--data", tmp_path)
    assert f"port {taken_port}" in line


@pytest.mark.parametrize("what", ["a file", "below a file", "not writable"])
def test_an_unusable_directory_is_one_clear_line(tmp_path, what):
    place = tmp_path / "place"
    if what == "not writable":
        place = Path("/proc/kefu")  # nobody, root included, can make a directory there
    else:
        place.write_text("")
        place = place / "below" if what == "below a file" else place
    line = refused("demo", "--port", 0, "--classic-port", 0, "--data", place)
    assert str(place) in line


def test_a_bad_setting_is_named_in_chinese_too(tmp_path):
    file = tmp_path / "kefu.toml"
    file.write_text("[limits]\nhead_s = 0")
    line = refused("serve", "--config", file, env=CHINESE)
    assert line == f"错误：{file}: limits.head_s：0.0 须大于 0 且有限"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["dance"], "错误：没有这个命令：dance"),
        (["demo", "--port", "many"], "错误：--port 须为整数"),
        (["history", "--limit", "0"], "错误：--limit 不能小于 1"),
        (["history", "--limit"], "错误：--limit 后面缺少值"),
        (["serve", "--config", "/nowhere/a"], "错误：/nowhere/a: 没有这个文件或目录"),
    ],
)
def test_other_peoples_words_are_translated(words, said):
    done = run(*words, env=CHINESE)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == said


def test_output_that_cannot_be_written_is_one_clear_line():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*KEFU, "version"], env=ENGLISH, stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 1
    assert done.stderr == "error: No space left on device\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["demo", "--port", "70000"], "server.port: 70000"),
        (["demo", "--port", "many"], "--port"),
        (["demo", "--host", "not a host"], "cannot listen on not a host"),
        (["demo", "--colour"], "no such option: --colour"),
        (["dance"], "dance"),
        (["serve", "--config", "/nowhere/kefu.toml"], "/nowhere/kefu.toml: No such file"),
        (["history", "--limit", "0"], "--limit"),
        (["history", "--data", "/nowhere"], "/nowhere"),
    ],
)
def test_a_bad_setting_is_one_clear_line(words, said, tmp_path):
    assert said in refused(*words, cwd=tmp_path)


def test_limits_cannot_be_off_where_others_reach_the_server(tmp_path):
    env = {**ENGLISH, "KEFU_LIMITS": "off"}
    assert "KEFU_LIMITS" in refused("demo", "--host", "0.0.0.0", "--data", tmp_path, env=env)


@pytest.fixture
def server(tmp_path):
    process = subprocess.Popen(
        [*KEFU, "demo", "--port", "0", "--classic-port", "0", "--data", str(tmp_path)],
        env=ENGLISH,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_once_listening_it_says_so_and_a_signal_ends_it_with_success(server, number):
    ready = server.stdout.readline()
    assert ready.startswith("ready http://127.0.0.1:")
    server.send_signal(number)
    rest, _ = server.communicate(timeout=30)
    assert (server.returncode, rest) == (0, "")


def test_one_directory_has_one_server(server, tmp_path):
    server.stdout.readline()
    line = refused("demo", "--port", 0, "--classic-port", 0, "--data", tmp_path)
    assert "another Kefu uses this directory" in line


def test_history_of_an_empty_store_says_so(server, tmp_path):
    server.stdout.readline()
    done = run("history", "--data", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "No messages yet.\n")
    assert run("history", "--json", "--data", tmp_path).stderr == ""


def test_history_prints_what_was_said_while_the_server_runs(server, tmp_path):
    port = server.stdout.readline().strip().rpartition(":")[2]
    with connect(f"ws://127.0.0.1:{port}/?type=kefu&name=a") as agent:
        for text in ("一\x1b[2J", "二", "三"):
            agent.send(json.dumps({"neiRong": text}))
            agent.recv()
    lines = run("history", "--json", "--limit", 2, "--data", tmp_path).stdout.splitlines()
    first, second = map(json.loads, lines)
    assert first.keys() == {"conversation", "seq", "sender", "text", "at"}
    # Number 1 says that the conversation began, 2 to 4 what was said.
    assert (first["conversation"], first["seq"], first["sender"]) == (1, 3, "a")
    assert (first["text"], second["text"]) == ("二", "三")
    told = run("history", "--with", " a ", "--data", tmp_path).stdout
    assert "a: 一\ufffd[2J" in told
    assert run("history", "--with", "b", "--data", tmp_path).stdout == ""


def test_a_demo_says_who_can_sign_in(tmp_path):
    server = KefuServer(tmp_path / "data")
    server.start(env=ENGLISH)
    try:
        said = re.findall(r"(\S+@demo\.kefu)  password: (\S+)", server.log)
        assert len(said) == 4
        for email, password in said:  # each in a browser of their own
            account = {"email": email, "password": password}
            assert httpx.post(f"{server.base_url}/api/v1/session", json=account).is_success
    finally:
        server.kill()
    assert "/setup#" not in server.log  # there is an admin


def test_a_new_server_says_how_the_first_admin_is_made(tmp_path):
    with ConfiguredServer(tmp_path / "data") as server:
        assert f"{server.base_url}/setup#kl_" in server.log
        assert "@demo.kefu" not in server.log
