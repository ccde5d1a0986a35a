"""The page on webhooks says what is sent and when, and its code verifies it."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kefu.actions.catalogue import COMMANDS
from kefu.actions.deliveries import TEST, Payload
from kefu.core.conversation import Entry
from kefu.core.desk import Event
from kefu.core.views import event_name
from kefu.core.webhooks import GIVE_UP_MS, make_secret, next_attempt, sign
from kefu.outbound.fetch import Bounds
from tests.docs.pages import fenced, read, rows

PAGE = "docs/webhooks.md"
SECRET, OTHER = make_secret(b"k" * 32), make_secret(b"o" * 32)
BODY = '{"text": "您好"}'.encode()
AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
_UNITS_MS = {"s": 1_000, "min": 60_000, "h": 3_600_000}


def attempts() -> dict[str, tuple[str, dict[str, str], bool]]:
    """Deliveries by what is the matter with them: secret, headers, whether they are genuine."""
    now_s = int(time.time())
    good = sign([OTHER, SECRET], "evt_7", now_s, BODY)
    old = sign([SECRET], "evt_7", now_s - 301, BODY)
    return {
        "genuine": (SECRET, good, True),
        "by the old secret": (OTHER, good, True),
        "by another secret": (make_secret(b"x" * 32), good, False),
        "too old": (SECRET, old, False),
        "under another id": (SECRET, good | {"webhook-id": "evt_8"}, False),
        "at no time": (SECRET, good | {"webhook-timestamp": "now"}, False),
        "unsigned": (SECRET, good | {"webhook-signature": "v1,"}, False),
    }


def test_the_python_code_tells_genuine_deliveries_from_others():
    [code] = fenced(PAGE, "python")
    names: dict[str, Any] = {}
    exec(compile(code, PAGE, "exec"), names)
    verify: Callable[..., bool] = names["verify"]
    for secret, headers, genuine in attempts().values():
        assert verify(secret, headers, BODY) is genuine
    assert not verify(SECRET, sign([SECRET], "evt_7", int(time.time()), BODY), BODY + b" ")


@pytest.mark.node
def test_the_javascript_code_tells_genuine_deliveries_from_others(tmp_path: Path):
    [code] = fenced(PAGE, "js")
    (tmp_path / "verify.mjs").write_text(code, "utf-8")
    cases = [(secret, headers) for secret, headers, _ in attempts().values()]
    (tmp_path / "run.mjs").write_text(
        'import { verify } from "./verify.mjs";\n'
        f"const body = Buffer.from({json.dumps(BODY.decode())});\n"
        f"const cases = {json.dumps(cases)};\n"
        "console.log(JSON.stringify(cases.map(([s, headers]) => verify(s, headers, body))));\n",
        "utf-8",
    )
    ran = subprocess.run(
        ["node", str(tmp_path / "run.mjs")], capture_output=True, text=True, check=True
    )
    assert json.loads(ran.stdout) == [genuine for *_, genuine in attempts().values()]


def test_the_example_is_what_is_sent():
    example = json.loads(fenced(PAGE, "json")[0])
    event = msgspec.convert(example["data"], Event)
    assert event.state is not None
    sent = Payload(type=example["type"], id=example["id"], timestamp=AT, data=event)
    assert json.loads(msgspec.json.encode(sent)) == example


def test_every_type_is_listed():
    sent = {event_name(entry) for entry in Entry} | {TEST}
    assert {cells[0].strip("`") for cells in rows(PAGE, "## What is sent")} == sent


def test_every_command_is_listed_with_its_path():
    listed = {(name.strip("`"), path.strip("`")) for name, path, _ in rows(PAGE, "## Set one up")}
    assert listed == {
        (command.name, f"{command.method} {command.path}")
        for command in COMMANDS
        if command.name.startswith("webhook.")
    }


def test_the_waits_are_those_of_the_code():
    for failures, wait in rows(PAGE, "## Answer"):
        count, unit = wait.split()
        first = int(failures.split()[0])
        assert next_attempt(first, 0, 0, 0.0) == int(count) * _UNITS_MS[unit]


def test_the_times_in_the_text_are_those_of_the_code():
    text = re.sub(r"\s+", " ", read(PAGE))
    assert f"within {Bounds().total_s:.0f} seconds" in text
    assert f"After {GIVE_UP_MS // 3_600_000} hours the event has failed" in text
