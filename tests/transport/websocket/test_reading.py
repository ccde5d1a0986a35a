"""What a connection makes of the bytes it is given, on a clock that the test moves."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uvicorn.server import ServerState

from kefu.transport.budget import Budget
from kefu.transport.websocket import (
    WebSocketLimits,
    websocket_protocol,
)
from kefu.transport.websocket.decoder import Decoder, Event, FrameError, Message
from kefu.transport.websocket.frames import close_frame
from tests.transport.websocket.memory import Notes, Wire, advance, opened, read_on, turn
from tests.transport.websocket.wire import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    frame,
    head,
    header,
    masked,
    portions,
)

pytestmark = pytest.mark.asyncio(loop_factories=["clock"])


async def test_whole_frames_of_one_segment_are_given_in_order():
    wire, notes = opened()
    wire.protocol.data_received(
        frame(TEXT, "你好".encode()) + frame(BINARY, b"\xff") + frame(TEXT, b"x" * 300)
    )
    assert notes.messages == ["你好", b"\xff", "x" * 300]


mixed = st.lists(
    st.builds(
        frame,
        st.sampled_from((TEXT, TEXT, TEXT, BINARY, CONTINUATION, PING, PONG, 0x3)),
        st.one_of(st.binary(max_size=4), st.text(max_size=150).map(str.encode)),
        fin=st.sampled_from((True, True, True, False)),
        rsv=st.sampled_from((0, 0, 0, 0, 0, 0, 0, 1)),
    )
    | st.sampled_from(
        (
            header(TEXT, 20, width=2) + masked(bytes(20)),
            header(BINARY, 70_000) + bytes(200),
            b"\x81\x00",
            b"\x81",
        )
    ),
    max_size=8,
).map(b"".join)


@given(mixed, st.lists(st.floats(0, 1), max_size=5))
async def test_a_connection_reads_what_the_decoder_reads_however_it_is_split(data, cuts):
    events: list[Event] = []
    last_words = b""
    try:
        events.extend(Decoder(400).feed(data))
    except FrameError as fault:
        last_words = close_frame(fault.code, fault.reason)
    wire, notes = opened(WebSocketLimits(message_bytes=400))
    for portion in portions(data, cuts):
        wire.protocol.data_received(portion)
        await read_on(wire)
    assert notes.messages == [event.data for event in events if isinstance(event, Message)]
    assert wire.half_closed is bool(last_words)
    assert wire.take().endswith(last_words)


async def test_a_handlers_own_error_does_not_give_it_the_message_twice():
    class Faulty(Notes):
        def message(self, data: str | bytes) -> None:
            super().message(data)
            b"\xff".decode()

    notes = Faulty()
    connection = websocket_protocol(lambda _: notes)(server_state=ServerState())
    connection.connection_made(Wire(connection))
    connection.data_received(head())
    with pytest.raises(UnicodeDecodeError):
        connection.data_received(frame(TEXT, b"once"))
    assert notes.messages == ["once"]


MANY = 5000
SMALLEST = 342
"""Frames of six bytes that start within the bytes of one turn."""


@pytest.mark.parametrize(
    ("first", "rest", "given"),
    [
        pytest.param(b"", frame(TEXT), [""] * MANY, id="text"),
        pytest.param(b"", frame(BINARY), [b""] * MANY, id="binary"),
        pytest.param(b"", frame(TEXT, fin=False) + frame(CONTINUATION), [""] * MANY, id="parts"),
        pytest.param(frame(TEXT, b"x", fin=False), frame(CONTINUATION, fin=False), [], id="open"),
        pytest.param(
            b"", frame(TEXT) * 10 + frame(PING), [""] * 10 * MANY, id="with-control-frames"
        ),
    ],
)
async def test_many_frames_of_one_read_are_spread_over_turns(first, rest, given):
    wire, notes = opened(WebSocketLimits(idle=Budget(burst=0)))  # the turns are looked at alone
    seen, turns = 0, 0
    wire.protocol.data_received(first + rest * MANY)
    while wire.paused:
        assert len(notes.messages) - seen <= 2 * SMALLEST
        seen, turns = len(notes.messages), turns + 1
        await asyncio.sleep(0)
    assert turns >= len(rest) * MANY // 2 // 2048
    assert notes.messages == given
    wire.protocol.data_received(frame(CONTINUATION, b"y") if first else frame(TEXT, b"xy"))
    assert notes.messages[-1] == "xy"


async def test_few_frames_and_long_ones_are_read_at_once():
    wire, notes = opened()
    wire.protocol.data_received(frame(TEXT, b"x" * 80) * 10 + frame(TEXT, b"y" * 60_000))
    assert (len(notes.messages), wire.paused) == (11, False)
    wire.protocol.data_received(frame(BINARY, bytes(60_000)) * 2)
    assert (len(notes.messages), wire.paused) == (12, True)
    await read_on(wire)
    assert len(notes.messages) == 13


@pytest.mark.parametrize("end", ["close", "abort"])
async def test_a_handler_that_ends_the_connection_hears_nothing_of_later_turns(end):
    wire, notes = opened(WebSocketLimits(close_timeout_s=2))
    wire.protocol.data_received(frame(TEXT) * MANY)
    heard = len(notes.messages)
    getattr(notes.connection, end)()
    await read_on(wire)
    await advance(2)
    assert len(notes.messages) == heard < MANY
    assert (wire.aborted, len(notes.ends)) == (True, 1)


async def test_a_close_among_frames_of_later_turns_is_found():
    wire, notes = opened()
    wire.protocol.data_received(frame(TEXT) * 1000 + frame(CLOSE) + frame(TEXT) * 1000)
    await read_on(wire)
    await turn()
    assert (wire.take(), len(notes.messages)) == (close_frame(1005), 1000)
    assert notes.ends == [(1005, "")]


async def test_a_fault_among_frames_of_later_turns_is_found_and_the_rest_dropped():
    wire, notes = opened()
    wire.protocol.data_received(frame(TEXT) * 1000 + frame(0x3) + frame(TEXT) * 1000)
    await read_on(wire)
    assert wire.take() == close_frame(1002, "unknown opcode")
    assert len(notes.messages) == 1000


async def test_frames_left_when_the_connection_is_lost_are_dropped():
    wire, notes = opened()
    wire.protocol.data_received(frame(TEXT) * MANY)
    heard = len(notes.messages)
    wire.protocol.connection_lost(ConnectionResetError())
    await turn()
    assert (len(notes.messages), notes.ends) == (heard, [(1006, "")])


async def test_a_handlers_error_in_a_later_turn_ends_the_connection_and_is_reported():
    class Faulty(Notes):
        def message(self, data: str | bytes) -> None:
            super().message(data)
            if len(self.messages) == 1000:
                raise LookupError

    reported: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    wire, notes = opened(handler=Faulty())
    wire.protocol.data_received(frame(TEXT) * MANY)
    for _ in range(1000 // SMALLEST):
        await turn()
    assert [type(context["exception"]) for context in reported] == [LookupError]
    assert (len(notes.messages), notes.ends) == (1000, [(1006, "")])


async def test_after_a_fault_the_close_is_sent_and_the_rest_dropped():
    wire, notes = opened()
    wire.protocol.data_received(frame(TEXT, b"\xff") + frame(TEXT, b"more"))
    wire.protocol.data_received(frame(TEXT, b"and more"))
    assert wire.take() == close_frame(1007, "text is not UTF-8")
    # Only our direction: closing with unread data could take the Close away from the peer.
    assert (wire.half_closed, wire.closing) == (True, False)
    wire.protocol.eof_received()
    await turn()
    assert (notes.messages, notes.ends) == ([], [(1007, "text is not UTF-8")])


async def test_a_peer_that_stays_after_a_fault_is_dropped_in_time():
    wire, notes = opened(WebSocketLimits(close_timeout_s=2))
    wire.protocol.data_received(b"\x83\x80")
    await advance(1.9)
    assert not wire.aborted
    await advance(0.1)
    assert wire.aborted
    assert [code for code, _ in notes.ends] == [1002]


async def test_a_message_over_the_limit_fails_at_its_header():
    wire, _ = opened(WebSocketLimits(message_bytes=1000))
    wire.protocol.data_received(header(BINARY, 100_000_000))
    assert wire.take() == close_frame(1009, "message over 1000 bytes")
