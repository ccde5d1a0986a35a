"""The protocol pages list the close codes and refusals that the code has, and no others."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import msgspec
import pytest

from kefu.core.errors import NotStored, PerhapsStored, TooMany, Unavailable
from kefu.core.limits import Limits
from kefu.gateways.direct import codec as direct
from kefu.gateways.refusals import explain
from kefu.gateways.rest.errors import STATUS
from kefu.gateways.rooms import codec as rooms
from kefu.transport.engineio import settings as engineio
from kefu.transport.websocket import WebSocketLimits
from tests.docs.pages import ROOT, read, rows

ROOMS, DIRECT, REST = (f"docs/protocol/{name}.md" for name in ("rooms", "direct", "rest"))


def codes_written_in(package: str) -> Iterator[int]:
    """Close codes that the source gives to ``close`` and ``FrameError`` as plain numbers."""
    for file in (ROOT / "src/kefu" / package).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="close") | ast.Name(id="FrameError"),
                    args=[ast.Constant(value=int(code)), *_],
                ):
                    yield code
                case ast.keyword(arg="code", value=ast.Constant(value=int(code))):
                    yield code


def listed_codes(page: str, heading: str) -> set[int]:
    return {int(cells[0]) for cells in rows(page, heading)}


def test_the_rooms_page_lists_every_close_code():
    own = {rooms.NORMAL, rooms.UNSUPPORTED, rooms.TOO_MANY, *rooms.REFUSED.values()}
    below = {*codes_written_in("transport/websocket"), WebSocketLimits().slow_code}
    assert listed_codes(ROOMS, "## Close codes") == own | below


def test_the_rooms_page_says_which_refusal_closes_with_which_code():
    listed = {(reason.strip("`"), int(code)) for code, reason, *_ in rows(ROOMS, "## Close codes")}
    assert {*rooms.REFUSED.items(), (TooMany.code, rooms.TOO_MANY)} <= listed


def test_the_direct_page_lists_every_close_code():
    below = {*codes_written_in("transport/websocket"), WebSocketLimits().slow_code}
    own = {1000, rooms.TOO_MANY, *codes_written_in("transport/engineio")}
    # At a stop every session is closed with 1001 before the layer below would say 1012.
    assert listed_codes(DIRECT, "## How a connection ends") == (own | below) - {1012}


def test_the_direct_page_lists_every_refusal_of_a_request():
    faults = {fault for fault in vars(engineio).values() if isinstance(fault, engineio.Fault)}
    _, _, section = read(DIRECT).partition("A refused\nrequest answers")
    listed = re.findall(r"^\| (\d+) \| (\d) \| `([^`]+)` \|", section, re.MULTILINE)
    assert sorted((int(status), int(code), text) for status, code, text in listed) == sorted(faults)


def test_the_rest_page_lists_every_refusal_with_its_status():
    listed = {code.strip("`"): int(status) for code, status, _ in rows(REST, "## Refusals")}
    assert listed == STATUS


@pytest.mark.parametrize("page", [ROOMS, DIRECT])
def test_what_people_are_told_from_below_stands_in_the_page(page: str):
    assert f"`{explain(TooMany())}`" in read(page)
    for refusal in (Unavailable(), NotStored(), PerhapsStored()):
        assert f"`{explain(refusal)}`" in read(page)


@pytest.mark.parametrize("text", [direct.LOGIN_FIRST, direct.NAME_TAKEN, direct.NO_SUCH_USER])
def test_what_the_direct_protocol_tells_people_stands_in_its_page(text: str):
    assert text in {cells[1].strip("`") for cells in rows(DIRECT, "### Reasons")}


@pytest.mark.parametrize(
    ("page", "names"),
    [
        (ROOMS, "message_bytes messages_burst messages_per_s room_requests_burst"),
        (ROOMS, "room_requests_per_s outbox_bytes connections_per_address"),
        (DIRECT, "message_bytes polling_bytes messages_burst messages_per_s outbox_bytes"),
    ],
)
def test_the_limits_in_the_page_are_the_defaults(page: str, names: str):
    defaults = msgspec.structs.asdict(Limits())
    numbers = {number for _, shown in rows(page, "## Limits") for number in shown.split()}
    assert {
        f"{defaults[name]:,g}" if defaults[name] < 1000 else f"{defaults[name]:,}"
        for name in names.split()
    } <= numbers
