"""The realtime protocol's page and fixtures say what the server takes, sends and closes with."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest

from kefu.actions.catalogue import BY_NAME, COMMANDS
from kefu.actions.commands import read_form
from kefu.actions.following import ConversationPage, FeedPage
from kefu.actions.forms import Done
from kefu.actions.messages import Sent
from kefu.core import errors, signals, views
from kefu.core.conversation import Entry
from kefu.core.desk import Event
from kefu.core.endings import Ending
from kefu.core.limits import Limits
from kefu.gateways.realtime import codec
from kefu.gateways.realtime.codec import CloseCode
from kefu.transport.websocket import WebSocketLimits
from scripts import make_protocol
from tests.docs.pages import read, rows
from tests.docs.test_codes import codes_written_in

PAGE = "docs/protocol/realtime.md"
FIXTURES = sorted(make_protocol.FIXTURES.glob("*.json"))
SIGNALS = {kind.on: kind for kind in signals.Signal.__args__}
EVENTS = {views.event_name(entry) for entry in Entry}
ANSWERS: dict[str, Any] = {
    "hello": codec.Welcome,
    "conversation.open": ConversationPage,
    "feed.open": FeedPage,
    "message.send": Sent,
    "ping": Done,
}


def fixture(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((make_protocol.FIXTURES / f"{name}.json").read_text("utf-8"))
    return found


def frames(kind: str) -> list[Any]:
    """The server's frames whose file's name begins so, as parameters."""
    return [
        pytest.param(json.loads(file.read_text("utf-8"))["frame"], id=file.stem)
        for file in FIXTURES
        if file.name.startswith(f"{kind}.")
    ]


def names(heading: str) -> set[str]:
    return {cells[0].strip("`") for cells in rows(PAGE, heading)}


# Commands


def test_the_table_and_the_fixtures_of_commands_are_up_to_date():
    text = read(PAGE)
    assert make_protocol.page(text) == text, "run: python -m scripts.make_protocol"
    made = {file.name: file.read_text("utf-8") for file in FIXTURES if file.match("command.*")}
    assert made == make_protocol.fixtures(), "run: python -m scripts.make_protocol"


@pytest.mark.parametrize("name", [*codec.OWN, *BY_NAME])
def test_every_command_has_a_frame_that_the_server_takes(name):
    told = fixture(f"command.{name}")
    assert (told["name"], told["direction"]) == (name, "client")
    ask = codec.decode(json.dumps(told["frame"]))
    assert ask.do == name
    if name in codec.OWN:
        codec.form(ask, codec.OWN[name])
    else:
        read_form(BY_NAME[name], ask.fields)


def test_the_connections_own_commands_stand_in_the_page_with_their_fields():
    _, _, section = read(PAGE).partition("The connection's own:")
    listed = dict(re.findall(r"^\| `([a-z.]+)` \| (.*?) \|", section, re.MULTILINE))
    for name, form in codec.OWN.items():
        fields = re.findall(r"`(\w+)`(\??)", listed[name])
        assert {field: mark == "" for field, mark in fields} == {
            field.encode_name: field.required for field in msgspec.structs.fields(form)
        }


def test_every_command_of_http_is_one_of_realtime():
    listed = set(re.findall(r"^\| `([\w.]+)` \|", read(PAGE), re.MULTILINE))
    assert {command.name for command in COMMANDS} <= listed


# What the server sends


@pytest.mark.parametrize("frame", frames("event"))
def test_events_are_as_the_server_sends_them(frame):
    event = msgspec.convert(frame, Event)
    assert json.loads(codec.event(event)) == frame


@pytest.mark.parametrize("frame", frames("signal"))
def test_signals_are_as_the_server_sends_them(frame):
    on, fields = frame["on"], {name: one for name, one in frame.items() if name != "on"}
    if on == "heartbeat":
        heads = {int(id): head for id, head in fields["heads"].items()}
        assert json.loads(codec.heartbeat(heads, fields["cursor"])) == frame
    else:
        signal = msgspec.convert(fields, SIGNALS[on])
        assert json.loads(codec.signal(signal, on)) == frame


@pytest.mark.parametrize("frame", frames("answer"))
def test_answers_are_as_the_server_sends_them(frame, request):
    name = request.node.callspec.id.removeprefix("answer.")
    kind = next(kind for known, kind in ANSWERS.items() if name.startswith(known))
    if kind is codec.Welcome:
        limits = frame["ok"]["server"].pop("limits")
        assert limits.items() <= msgspec.structs.asdict(Limits()).items()
        frame["ok"]["server"]["limits"] = {}
        sent = json.loads(codec.answer(frame["re"], msgspec.convert(frame["ok"], kind)))
        sent["ok"]["server"]["limits"] = {}
        assert sent == frame
    else:
        assert json.loads(codec.answer(frame["re"], msgspec.convert(frame["ok"], kind))) == frame


@pytest.mark.parametrize(
    ("name", "error"),
    [("refusal", errors.NotFound()), ("refusal.too_many", errors.TooMany(retry_s=0.25))],
)
def test_refusals_are_as_the_server_sends_them(name, error):
    frame = fixture(name)["frame"]
    assert json.loads(codec.refusal(frame["re"], error)) == frame


def test_every_event_and_signal_has_a_frame_and_stands_in_the_page():
    told = {param.values[0]["on"] for kind in ("event", "signal") for param in frames(kind)}
    assert told == EVENTS | SIGNALS.keys() | {"heartbeat"}
    _, _, section = read(PAGE).partition("| `on` | When | It has |")
    assert set(re.findall(r"^\| `([\w.]+)` \|", section.split("\n\n")[0], re.MULTILINE)) == EVENTS
    assert names("## Signals") == SIGNALS.keys() | {"heartbeat"}


@pytest.mark.parametrize("on", SIGNALS)
def test_the_fields_of_signals_stand_in_the_page(on):
    (fields,) = (cells[1] for cells in rows(PAGE, "## Signals") if cells[0] == f"`{on}`")
    internal = {"last_public_seq"}
    assert (
        set(re.findall(r"`(\w+)`", fields))
        == {field.encode_name for field in msgspec.structs.fields(SIGNALS[on])} - internal
    )


def test_every_file_is_a_frame_that_is_named_and_goes_one_way():
    for file in FIXTURES:
        told = json.loads(file.read_text("utf-8"))
        assert told.keys() == {"name", "direction", "frame"}
        assert file.stem in (told["name"], f"command.{told['name']}")
        assert told["direction"] == ("client" if file.match("command.*") else "server")


# Codes


def test_every_refusal_stands_in_the_page():
    assert names("## Refusals") == {kind.code for kind in errors.ChatError.__subclasses__()}


def test_every_close_code_stands_in_the_page():
    below = {*codes_written_in("transport/websocket"), WebSocketLimits().slow_code}
    below.remove(WebSocketLimits().slow_code)  # this protocol has its own
    listed = {int(code) for code in names("## How a connection ends")}
    assert listed == {*CloseCode, *below, 1000}


@pytest.mark.parametrize("code", CloseCode)
def test_the_page_says_what_the_hundred_of_a_code_means(code):
    does = {int(cells[0]): cells[2] for cells in rows(PAGE, "## How a connection ends")}[code]
    if code < 4000 or code >= 4200:
        assert does == "come back with back-off"
    elif code >= 4100:
        assert does.startswith("come back")
        assert "token" in does
    else:
        assert does.startswith("do not come back")


def test_every_ending_has_a_close_code():
    assert codec.ENDED.keys() == set(Ending)


def test_the_numbers_in_the_page_are_those_of_the_server():
    text = read(PAGE)
    assert f"within {Limits().hello_s:g} seconds" in text
    assert f"every {codec.HEARTBEAT_S:g} seconds" in text
    assert Limits().answer_hours == 24
    assert "sent again with the same key\nwithin a day" in text
