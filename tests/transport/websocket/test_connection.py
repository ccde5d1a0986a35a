"""The asyncio shell by itself, on a transport in memory and a clock that the test moves."""

import gc
import weakref
from typing import Any

import pytest
from uvicorn.server import ServerState

from kefu.transport.websocket import (
    Agreed,
    Refusal,
    WebSocketLimits,
    binary_frame,
    text_frame,
    websocket_protocol,
)
from kefu.transport.websocket.frames import close_frame, ping_frame, pong_frame
from tests.transport.websocket.memory import Notes, Wire, advance, opened, turn
from tests.transport.websocket.wire import (
    CLOSE,
    PING,
    PONG,
    TEXT,
    frame,
    head,
)

pytestmark = pytest.mark.asyncio(loop_factories=["clock"])


# Writing


async def test_the_frames_of_one_turn_are_written_at_once():
    wire, notes = opened()
    notes.connection.send_text("a")
    notes.connection.send_binary(b"b")
    notes.connection.send_frame(text_frame("c"))
    assert wire.writes == []
    await turn()
    assert wire.writes == [text_frame("a") + binary_frame(b"b") + text_frame("c")]


async def test_many_frames_do_not_wait_for_the_end_of_the_turn():
    wire, notes = opened()
    for _ in range(200):
        notes.connection.send_text("x")
    assert wire.writes
    await turn()
    assert wire.take() == text_frame("x") * 200


async def test_what_is_not_yet_taken_by_the_system_is_counted():
    wire, notes = opened()
    wire.stalled = True
    notes.connection.send_binary(b"x" * 98)
    assert notes.connection.buffered_bytes == 100
    await turn()
    assert notes.connection.buffered_bytes == wire.waiting_bytes == 100


async def test_a_reader_that_stops_is_closed_and_dropped():
    wire, notes = opened(WebSocketLimits(outbox_bytes=10_000, close_timeout_s=2))
    wire.stalled = True
    for _ in range(10_000):
        notes.connection.send_binary(b"x" * 1000)
    assert wire.waiting_bytes < 10_000 + 65 * 1004
    assert wire.take().endswith(close_frame(1013, "reading too slowly"))
    await advance(2)
    assert wire.aborted
    assert notes.ends == [(1013, "reading too slowly")]


async def test_the_code_for_slow_readers_is_a_setting():
    wire, notes = opened(WebSocketLimits(outbox_bytes=10, slow_code=4200))
    wire.stalled = True
    notes.connection.send_text("more than ten bytes")
    await turn()
    assert wire.take().endswith(close_frame(4200, "reading too slowly"))


async def test_the_route_says_which_subprotocol_is_spoken():
    notes = Notes()
    protocol = websocket_protocol(lambda request: Agreed(notes, request.subprotocols[1]))
    connection = protocol(server_state=ServerState())
    wire = Wire(connection)
    connection.connection_made(wire)
    connection.data_received(head("/", ("Sec-WebSocket-Protocol", "v1, v2")))
    assert b"\r\nSec-WebSocket-Protocol: v2\r\n" in wire.take()
    connection.data_received(frame(TEXT, b"hello"))
    assert notes.messages == ["hello"]


# Control frames


async def test_a_ping_is_answered_with_its_payload():
    wire, _ = opened()
    wire.protocol.data_received(frame(PING, b"now"))
    await turn()
    assert wire.take() == pong_frame(b"now")


async def test_pings_of_one_segment_are_answered_in_one_write():
    wire, _ = opened()
    wire.protocol.data_received(frame(PING, b"p") * 60)
    await turn()
    assert wire.writes == [pong_frame(b"p") * 60]


async def test_a_flood_of_control_frames_ends_the_connection():
    wire, notes = opened()
    wire.protocol.data_received(frame(PING) * 50_000)
    assert wire.take() == pong_frame(b"") * 100 + close_frame(
        1008, "too many control frames at once"
    )
    assert notes.messages == []


async def test_silence_is_answered_with_a_ping_and_then_the_end():
    wire, notes = opened(WebSocketLimits(ping_interval_s=20, ping_timeout_s=15, close_timeout_s=2))
    await advance(19.5)
    assert wire.take() == b""
    await advance(0.5)
    assert wire.take() == ping_frame()
    await advance(15)
    assert wire.take() == close_frame(1011, "no answer to ping")
    await advance(2)
    assert wire.aborted
    assert notes.ends == [(1011, "no answer to ping")]


@pytest.mark.parametrize(
    "sign",
    [
        pytest.param(frame(PONG), id="pong"),
        pytest.param(frame(TEXT, b"x"), id="message"),
        pytest.param(frame(TEXT, b"x")[:3], id="part-of-a-frame"),
    ],
)
async def test_any_sign_of_life_will_do(sign):
    wire, _ = opened(WebSocketLimits(ping_interval_s=20, ping_timeout_s=15))
    await advance(20)
    assert wire.take() == ping_frame()
    await advance(10)
    wire.protocol.data_received(sign)
    await advance(19)
    assert wire.take() == b""
    await advance(1)
    assert wire.take() == ping_frame()


async def test_who_speaks_is_not_pinged():
    wire, _ = opened(WebSocketLimits(ping_interval_s=20))
    for _ in range(10):
        await advance(19)
        wire.protocol.data_received(frame(TEXT, b"x"))
    assert wire.take() == b""


async def test_without_an_interval_nobody_is_pinged():
    wire, _ = opened(WebSocketLimits(ping_interval_s=0))
    await advance(1000)
    assert (wire.take(), wire.closing) == (b"", False)


# Ending


async def test_a_peers_close_is_answered_and_the_connection_ended():
    wire, notes = opened()
    wire.protocol.data_received(frame(CLOSE, b"\x0f\xa0" + "再见".encode()) + frame(TEXT, b"late"))
    assert wire.take() == close_frame(4000)
    assert wire.closing
    await turn()
    assert (notes.messages, notes.ends) == ([], [(4000, "再见")])


async def test_an_empty_close_is_answered_with_an_empty_one():
    wire, notes = opened()
    wire.protocol.data_received(frame(CLOSE))
    await turn()
    assert (wire.take(), notes.ends) == (close_frame(1005), [(1005, "")])


async def test_after_our_close_messages_are_dropped_until_the_peers():
    wire, notes = opened()
    notes.connection.close(4009, "taken")
    assert wire.take() == close_frame(4009, "taken")
    wire.protocol.data_received(frame(TEXT, b"crossed") + frame(CLOSE, b"\x03\xe8"))
    await turn()
    assert (wire.take(), wire.closing, wire.aborted) == (b"", True, False)
    assert (notes.messages, notes.ends) == ([], [(4009, "taken")])


async def test_a_close_out_of_a_message_drops_the_rest_of_the_segment():
    class OneOnly(Notes):
        def message(self, data: str | bytes) -> None:
            super().message(data)
            self.connection.close()

    notes = OneOnly()
    connection = websocket_protocol(lambda _: notes)(server_state=ServerState())
    connection.connection_made(Wire(connection))
    connection.data_received(head())
    connection.data_received(frame(TEXT, b"one") + frame(TEXT, b"two") + frame(CLOSE))
    await turn()
    assert (notes.messages, notes.ends) == (["one"], [(1000, "")])


async def test_a_peer_that_does_not_answer_our_close_is_dropped_in_time():
    wire, notes = opened(WebSocketLimits(close_timeout_s=2))
    notes.connection.close()
    await advance(1.9)
    assert not wire.closing
    await advance(0.1)
    assert wire.aborted
    assert notes.ends == [(1000, "")]


async def test_a_close_is_sent_once_and_nothing_after_it():
    wire, notes = opened()
    notes.connection.send_text("before")
    notes.connection.close(1000)
    notes.connection.close(1001)
    notes.connection.send_text("after")
    await turn()
    assert wire.take() == text_frame("before") + close_frame(1000)


async def test_a_code_that_may_not_be_sent_is_an_error_and_changes_nothing():
    wire, notes = opened()
    with pytest.raises(ValueError, match="1006"):
        notes.connection.close(1006)
    notes.connection.send_text("still open")
    await turn()
    assert wire.take() == text_frame("still open")


async def test_a_close_into_a_full_outbox_is_still_one_close():
    wire, notes = opened(WebSocketLimits(outbox_bytes=100))
    wire.stalled = True
    notes.connection.send_binary(b"x" * 98)
    notes.connection.close(4000)
    assert wire.take() == binary_frame(b"x" * 98) + close_frame(4000)
    await advance(2)
    assert notes.ends == [(4000, "")]


async def test_a_connection_that_just_ends_is_1006():
    wire, notes = opened()
    wire.protocol.eof_received()
    await turn()
    assert notes.ends == [(1006, "")]


async def test_abort_drops_what_was_sent_in_the_same_turn():
    wire, notes = opened()
    notes.connection.send_text("never")
    notes.connection.abort()
    await turn()
    assert (wire.take(), wire.aborted, notes.ends) == (b"", True, [(1006, "")])


async def test_a_peer_that_ends_without_reading_is_dropped_in_time():
    wire, notes = opened(WebSocketLimits(close_timeout_s=2))
    wire.stalled = True
    notes.connection.send_text("unread")
    await turn()
    wire.protocol.eof_received()
    await turn()
    assert (wire.closing, notes.ends) == (True, [])
    await advance(2)
    assert (wire.aborted, notes.ends) == (True, [(1006, "")])


async def test_a_stopping_server_says_so():
    wire, _ = opened()
    wire.protocol.shutdown()
    assert wire.take() == close_frame(1012, "service restart")


async def test_nothing_is_left_of_a_connection_without_the_collector():
    wire, notes = opened()
    gone = weakref.ref(notes)
    gc.disable()
    try:
        wire.protocol.data_received(frame(CLOSE))
        await turn()
        del wire, notes
        assert gone() is None
    finally:
        gc.enable()


# The handshake


async def test_the_headers_are_kept_until_connected_only():
    seen = []

    class Reader(Notes):
        def connected(self, connection):
            super().connected(connection)
            seen.append(dict(connection.request.headers))

    notes = Reader()
    connection = websocket_protocol(lambda _: notes)(server_state=ServerState())
    connection.connection_made(Wire(connection))
    connection.data_received(head("/x?a=1"))
    assert seen[0]["host"] == "localhost"
    kept = notes.connection.request
    assert (kept.path, kept.query, kept.client, dict(kept.headers)) == (
        "/x",
        {"a": "1"},
        "10.0.0.1",
        {},
    )


async def test_a_route_may_refuse():
    connection = websocket_protocol(lambda _: Refusal(403))(server_state=ServerState())
    wire = Wire(connection)
    connection.connection_made(wire)
    connection.data_received(head())
    assert wire.take().startswith(b"HTTP/1.1 403 Forbidden\r\n")
    assert wire.closing
    connection.data_received(frame(TEXT, b"x"))
    await turn()


async def test_a_handlers_error_at_the_start_leaves_nothing_behind():
    class Faulty(Notes):
        def connected(self, connection):
            raise LookupError

    state: Any = ServerState()
    notes = Faulty()
    connection = websocket_protocol(lambda _: notes)(server_state=state)
    wire = Wire(connection)
    connection.connection_made(wire)
    with pytest.raises(LookupError):
        connection.data_received(head())
    assert (state.connections, wire.aborted, notes.ends) == (set(), True, [(1006, "")])
    wire.take()
    connection.shutdown()
    await advance(100)
    assert (wire.take(), notes.ends) == (b"", [(1006, "")])


async def test_a_connection_that_is_closing_is_not_told_of_the_stop():
    wire, notes = opened()
    wire.close()
    wire.protocol.shutdown()
    await turn()
    assert (wire.take(), notes.ends) == (b"", [(1006, "")])


async def test_limits_may_depend_on_the_request():
    notes = Notes()
    protocol = websocket_protocol(
        lambda _: notes,
        lambda request: WebSocketLimits(message_bytes=10 if request.path == "/small" else 100),
    )
    connection = protocol(server_state=ServerState())
    wire = Wire(connection)
    connection.connection_made(wire)
    connection.data_received(head("/small"))
    wire.take()
    connection.data_received(frame(TEXT, b"x" * 11))
    assert wire.take() == close_frame(1009, "message over 10 bytes")


async def test_the_server_knows_its_connections_and_counts_their_ends():
    state: Any = ServerState()
    lost = []
    connection = websocket_protocol(lambda _: Notes())(server_state=state)
    wire = Wire(connection)
    connection.connection_made(wire)
    connection.on_lost = lambda: lost.append(connection)
    connection.data_received(head())
    assert state.connections == {connection}
    connection.data_received(frame(CLOSE))
    await turn()
    assert (state.connections, lost) == (set(), [connection])
