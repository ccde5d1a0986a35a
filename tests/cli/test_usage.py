"""Words that make no command: what is wrong with them, in the reader's language, and what to do."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from functools import cache

import pytest
from typer._click import exceptions  # the classes that it keeps to itself

from kefu.cli import usage
from tests.cli.test_cli import CHINESE, ENGLISH

WRONG = [
    (
        ["history", "--limti", "3"],
        "there is no option --limti; did you mean --limit?",
        "没有选项 --limti；是不是 --limit？",
        "kefu history",
    ),
    (["history", "-x"], "there is no option -x", "没有选项 -x", "kefu history"),
    (["--colour"], "there is no option --colour", "没有选项 --colour", "kefu"),
    (
        ["histroy"],
        "there is no command `kefu histroy`; did you mean `kefu history`?",
        "没有命令 `kefu histroy`；是不是 `kefu history`？",
        "kefu",
    ),
    (
        ["agent", "lst"],
        "there is no command `kefu agent lst`; did you mean `kefu agent list`?",
        "没有命令 `kefu agent lst`；是不是 `kefu agent list`？",
        "kefu agent",
    ),
    (["dance"], "there is no command `kefu dance`", "没有命令 `kefu dance`", "kefu"),
    (["agent", "--"], "no command is named", "没有给出命令", "kefu agent"),
    (
        ["history", "--limit"],
        "a value is missing; write --limit N",
        "缺少值；请写 --limit N",
        "kefu history",
    ),
    (
        ["history", "--json=yes"],
        "--json takes no value; write --json alone",
        "--json 不带值；请只写 --json",
        "kefu history",
    ),
    (
        ["demo", "--port", "many"],
        "--port PORT: many is no whole number; write one, such as 3000",
        "--port PORT：many 不是整数；请写一个整数，例如 3000",
        "kefu demo",
    ),
    (
        ["demo", "--port", "9" * 5000],
        f"--port PORT: {'9' * 200} is no whole number; write one, such as 3000",
        f"--port PORT：{'9' * 200} 不是整数；请写一个整数，例如 3000",
        "kefu demo",
    ),
    (
        ["demo", "--classic-port", "x"],
        "--classic-port PORT: x is no whole number; write one, such as 3001",
        "--classic-port PORT：x 不是整数；请写一个整数，例如 3001",
        "kefu demo",
    ),
    (
        ["history", "--limit", "few"],
        "--limit N: few is no whole number; write one, such as 20",
        "--limit N：few 不是整数；请写一个整数，例如 20",
        "kefu history",
    ),
    (
        ["history", "--limit", "0"],
        "--limit N: 0 is too small; write 1 or more",
        "--limit N：0 太小；不能小于 1",
        "kefu history",
    ),
    (
        ["history", "--limit", "4294967296"],
        "--limit N: 4294967296 is too big; write 2147483647 or less",
        "--limit N：4294967296 太大；不能大于 2147483647",
        "kefu history",
    ),
    (
        ["agent", "role", "Li", "boss"],
        "ROLE: boss is none of agent, supervisor, admin; write one of them",
        "ROLE：boss 不是 agent, supervisor, admin 之一；请写其中一个",
        "kefu agent role",
    ),
    (
        ["agent", "role", "Li"],
        "ROLE is missing; write kefu agent role WHO ROLE",
        "缺少 ROLE；请写 kefu agent role WHO ROLE",
        "kefu agent role",
    ),
    (
        ["agent", "add", "li@example.com"],
        "--name NAME is missing; write kefu agent add --name NAME",
        "缺少 --name NAME；请写 kefu agent add --name NAME",
        "kefu agent add",
    ),
    (
        ["inbox", "show", "Our", "\x1b[2Jshop"],
        "too many words: �[2Jshop; write kefu inbox show INBOX, and quote what belongs together",
        "多余的参数：�[2Jshop；请写 kefu inbox show INBOX，属于一起的内容请加引号",
        "kefu inbox show",
    ),
]

# Runs each command of a list in an argument; prints status, stdout and stderr. All in JSON.
TOLD = """
import io, json, sys
from contextlib import redirect_stderr, redirect_stdout
from kefu.cli.main import run
told = []
for words in json.loads(sys.argv[1]):
    out, err, sys.argv = io.StringIO(), io.StringIO(), ["kefu", *words]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            run()
    except SystemExit as end:
        told.append((end.code, out.getvalue(), err.getvalue()))
print(json.dumps(told))
"""


@cache
def told(chinese: bool) -> list[list[object]]:
    """All of WRONG in one process of a language."""
    words = json.dumps([one[0] for one in WRONG])
    env = CHINESE if chinese else ENGLISH
    found = subprocess.check_output([sys.executable, "-c", TOLD, words], env=env, timeout=60)
    told: list[list[object]] = json.loads(found)
    return told


@pytest.mark.parametrize(
    ("words", "english", "chinese", "command"), WRONG, ids=[" ".join(one[0])[:40] for one in WRONG]
)
def test_a_fault_in_the_words_is_told_in_the_readers_language_with_what_to_do(
    words: list[str], english: str, chinese: str, command: str
):
    number = [one[0] for one in WRONG].index(words)
    assert told(chinese=False)[number] == [2, "", f"error: {english}\nTry: {command} --help\n"]
    assert told(chinese=True)[number] == [2, "", f"错误：{chinese}\n请看：{command} --help\n"]


def test_every_kind_of_fault_that_typer_tells_apart_is_known():
    raised = {
        name
        for name, kind in inspect.getmembers(exceptions, inspect.isclass)
        if issubclass(kind, exceptions.UsageError)
    }
    # Of several values for one option, which no command has; the help page; what is left.
    others = {"BadArgumentUsage", "NoArgsIsHelpError", "UsageError"}
    source = inspect.getsource(usage.fault_of)
    assert {name for name in raised - others if f'case "{name}"' not in source} == set()
