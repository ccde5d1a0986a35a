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
from unicodedata import east_asian_width

import httpx
import pytest
from msgspec.structs import replace
from websockets.sync.client import connect

import kefu
from kefu import config
from kefu.cli import running
from kefu.cli.texts import _FAULTS, _HELP, _TEXTS
from tests.configured import ConfiguredServer
from tests.docs.test_commands import COMMANDS
from tests.serving import KefuServer

pytestmark = pytest.mark.timeout(240)

KEFU = [sys.executable, "-m", "kefu"]
ENGLISH = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": ""}
GROUPS = ("agent", "inbox")
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
    assert all(one.startswith(("Try: kefu ", "请看：kefu ")) for one in more)
    return line


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_version():
    for words in (["version"], ["--version"]):
        done = run(*words)
        assert (done.returncode, done.stdout) == (0, f"kefu {kefu.__version__}\n")


# Prints the help page of each command that stands in an argument, as JSON.
PAGES = """
import json, sys
from typer.testing import CliRunner
from kefu.cli.main import cli
told = [CliRunner().invoke(cli, [*words.split(), "--help"]).stdout for words in sys.argv[1:]]
print(json.dumps(told))
"""


@pytest.mark.parametrize(
    ("env", "usage", "heading"), [(ENGLISH, "Usage:", "Examples:"), (CHINESE, "用法：", "示例：")]
)
def test_every_command_has_help_with_examples_in_both_languages(env, usage, heading):
    names = ["", *GROUPS, *COMMANDS]
    pages = subprocess.check_output([sys.executable, "-c", PAGES, *names], env=env, timeout=50)
    for name, page in zip(names, json.loads(pages), strict=True):
        assert usage in page
        if name in COMMANDS:
            assert re.search(rf"{heading}\n +kefu {name}\b|{heading}\n.*\| kefu {name}", page), page
        if env is CHINESE:
            assert [word for word in _HELP if word in page] == []
        shown = page.partition(heading)[0]
        assert not re.search(r"[{<|]", shown), shown


@pytest.mark.parametrize("env", [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_a_list_of_commands_says_of_each_in_one_whole_line_what_it_does(env):
    names = ["", *GROUPS]
    env = {**env, "COLUMNS": "80"}
    pages = subprocess.check_output([sys.executable, "-c", PAGES, *names], env=env, timeout=50)
    for page in json.loads(pages):
        [listed] = re.findall(r"^(?:Commands:|命令：)\n((?:  \S.*\n)+)", page, re.MULTILINE)
        for line in listed.splitlines():
            assert not line.endswith("...")
            assert re.fullmatch(r"  \w+ +(\S.*)", line)
            assert sum(1 + (east_asian_width(one) in "WF") for one in line) <= 80
            assert len(line.split(maxsplit=1)[1]) <= 60


@pytest.mark.parametrize("command", [[], ["demo"], ["agent", "add"], ["inbox", "set"]])
def test_the_environment_chooses_the_language_of_a_help_page(command):
    key = "_".join(command) or "app"
    for language, env in enumerate((ENGLISH, CHINESE)):
        told = run(*command, "--help", env=env)
        assert told.returncode == 0
        assert _TEXTS[key][language] in " ".join(told.stdout.split()) + told.stdout


@pytest.mark.parametrize(("env", "readme"), [(ENGLISH, "README.md"), (CHINESE, "README.zh-CN.md")])
def test_the_help_says_where_the_documentation_is(env, readme):
    told = run("--help", env=env).stdout
    [page] = re.findall(rf"^ *(/.*{re.escape(readme)})$", told, re.MULTILINE)
    assert Path(page).is_file()
    assert "/api/v1/docs" in told


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


@pytest.mark.parametrize("why", ["port", "host", "config", "store"])
def test_a_start_that_is_refused_leaves_no_directory(tmp_path, taken_port, why):
    data = tmp_path / "new" / "data"
    settings = {"port": f"port = {taken_port}", "host": 'host = "no host"'}.get(why, "port = 0")
    file = tmp_path / "kefu.toml"
    lines = ["[server]", settings, "[storage]", f'data = "{data}"']
    lines += ["colour = 1"] if why == "config" else []
    lines += [f'url = "sqlite:///{tmp_path}/no/kefu.db"'] if why == "store" else []
    file.write_text("\n".join(lines))
    refused("serve", "--config", file)
    assert [*tmp_path.iterdir()] == [file]


def test_a_refused_start_leaves_a_directory_that_was_there(tmp_path, taken_port):
    data = tmp_path / "data"
    data.mkdir()
    (data / "note").write_text("mine")
    refused("demo", "--port", taken_port, "--data", data / "below")
    refused("demo", "--port", taken_port, "--data", data)
    assert (data / "note").read_text() == "mine"
    assert not (data / "below").exists()


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
        (["demo", "--host", "not a host"], "cannot listen on not a host"),
        (["serve", "--config", "/nowhere/kefu.toml"], "/nowhere/kefu.toml: No such file"),
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
    """It makes its store."""
    process = subprocess.Popen(
        [*KEFU, "demo", "--empty", "--port", "0", "--classic-port", "0", "--data", str(tmp_path)],
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
    rest, log = server.communicate(timeout=30)
    assert (server.returncode, rest) == (0, "")
    assert "level=" not in log


def test_the_address_stands_in_the_directory_while_the_server_runs(server, tmp_path):
    url = server.stdout.readline().split()[1]
    settings = replace(config.load(None, {}), storage=config.Storage(data=str(tmp_path)))
    assert running.said_url(settings) == url
    server.send_signal(signal.SIGTERM)
    server.communicate(timeout=30)
    assert not (tmp_path / running.URL_FILE).exists()


def test_an_address_that_a_crash_left_is_not_gone_by(server, tmp_path):
    server.stdout.readline()
    server.kill()
    server.communicate(timeout=30)
    assert (tmp_path / running.URL_FILE).exists()
    words = ["x@example.com", "--name", "X", "--link", "--data", tmp_path]
    assert "\nhttp://127.0.0.1:3000/join#" in run("agent", "add", *words).stdout


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


def test_a_demo_says_what_there_is_to_see_and_who_can_sign_in(tmp_path):
    server = KefuServer(tmp_path / "data")
    server.start(env=ENGLISH)
    try:
        said = re.findall(r"(\S+@demo\.kefu)  password: (\S+)", server.log)
        assert len(said) == 4
        for email, password in said:  # each in a browser of their own
            account = {"email": email, "password": password}
            assert httpx.post(f"{server.base_url}/api/v1/session", json=account).is_success
        named = re.findall(r"^(Shop|All pages|Chat page|API): (\S+)$", server.log, re.MULTILINE)
        assert [name for name, _ in named] == ["Shop", "All pages", "Chat page", "API"]
        for _, page in named:
            assert page.startswith(server.base_url)
            assert httpx.get(page).is_success
    finally:
        server.kill()
    assert "/setup#" not in server.log  # there is an admin


def test_a_new_server_says_how_the_first_admin_is_made(tmp_path):
    with ConfiguredServer(tmp_path / "data") as server:
        assert f"{server.base_url}/setup#kl_" in server.log
        assert "@demo.kefu" not in server.log
