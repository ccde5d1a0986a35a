"""The reading half by the rules of RFC 6455; section numbers in the ids are its."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.transport.websocket.decoder import Close, Decoder, Event, FrameError, Message, Ping, Pong
from tests.transport.websocket.wire import (
    BINARY,
    CLOSE,
    CONTINUATION,
    KEY,
    PING,
    PONG,
    TEXT,
    frame,
    header,
    portions,
)

LIMIT = 1000


def read(*portions, limit=LIMIT):
    """All events, and at the end the close code of the fault, if there is one."""
    decoder = Decoder(limit)
    events: list[Event | int] = []
    try:
        for portion in portions:
            events += decoder.feed(portion)
    except FrameError as error:
        events.append(error.code)
    return events


@pytest.mark.parametrize(
    ("data", "events"),
    [
        pytest.param(frame(TEXT, "你好".encode()), [Message("你好")], id="text"),
        pytest.param(frame(BINARY, b"\xff\x00"), [Message(b"\xff\x00")], id="binary"),
        pytest.param(frame(TEXT), [Message("")], id="empty-text"),
        pytest.param(frame(BINARY), [Message(b"")], id="empty-binary"),
        pytest.param(frame(TEXT, b"x" * 200), [Message("x" * 200)], id="16-bit-length"),
        pytest.param(frame(PING, b"now"), [Ping(b"now")], id="ping"),
        pytest.param(frame(PONG), [Pong(b"")], id="pong"),
        pytest.param(frame(PING, b"x" * 125), [Ping(b"x" * 125)], id="longest-control-frame"),
        pytest.param(frame(CLOSE), [Close(1005, "")], id="close-without-status"),
        pytest.param(frame(CLOSE, b"\x03\xe8"), [Close(1000, "")], id="close-without-reason"),
        pytest.param(
            frame(CLOSE, b"\x0f\xa9" + "再见".encode()),
            [Close(4009, "再见")],
            id="close-with-reason",
        ),
        pytest.param(
            frame(TEXT, b"one") + frame(TEXT, b"two"),
            [Message("one"), Message("two")],
            id="two-messages",
        ),
        pytest.param(
            frame(TEXT, b"a", fin=False) + frame(CONTINUATION, b"b", fin=False) + frame(0, b"c"),
            [Message("abc")],
            id="three-fragments",
        ),
        pytest.param(
            frame(TEXT, fin=False) + frame(CONTINUATION), [Message("")], id="empty-fragments"
        ),
        pytest.param(
            frame(TEXT, b"a", fin=False) + frame(PING, b"p") + frame(CONTINUATION, b"b"),
            [Ping(b"p"), Message("ab")],
            id="control-between-fragments",
        ),
        pytest.param(
            frame(TEXT, "服".encode()[:1], fin=False) + frame(CONTINUATION, "服".encode()[1:]),
            [Message("服")],
            id="character-across-fragments",
        ),
    ],
)
def test_what_is_right_is_read(data, events):
    assert read(data) == events


@pytest.mark.parametrize(
    ("data", "code"),
    [
        *(pytest.param(frame(TEXT, rsv=bit), 1002, id=f"5.2-rsv-{bit}") for bit in (1, 2, 4)),
        *(
            pytest.param(frame(opcode), 1002, id=f"5.2-opcode-{opcode}")
            for opcode in (*range(3, 8), *range(11, 16))
        ),
        pytest.param(b"\x81\x02hi", 1002, id="5.1-unmasked"),
        pytest.param(frame(PING, fin=False), 1002, id="5.5-control-frame-fragmented"),
        pytest.param(header(PING, 126), 1002, id="5.5-control-frame-over-125"),
        pytest.param(frame(CONTINUATION, b"x"), 1002, id="5.4-continuation-of-nothing"),
        pytest.param(frame(TEXT, fin=False) + frame(TEXT), 1002, id="5.4-message-inside-a-message"),
        pytest.param(header(TEXT, 125, width=2), 1002, id="5.2-16-bit-length-for-less"),
        pytest.param(header(TEXT, 65535, width=8), 1002, id="5.2-64-bit-length-for-less"),
        pytest.param(header(TEXT, 1 << 63, width=8), 1002, id="5.2-top-bit-of-the-length"),
        pytest.param(frame(CLOSE, b"\x03"), 1002, id="5.5.1-half-a-close-code"),
        *(
            pytest.param(frame(CLOSE, code.to_bytes(2, "big")), 1002, id=f"7.4-close-{code}")
            for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535)
        ),
        pytest.param(frame(CLOSE, b"\x03\xe8\xff"), 1007, id="5.5.1-reason-not-utf-8"),
        pytest.param(frame(TEXT, b"\xff"), 1007, id="8.1-not-utf-8"),
        pytest.param(frame(TEXT, b"\xed\xa0\x80"), 1007, id="8.1-surrogate"),
        pytest.param(frame(TEXT, b"\xc0\xaf"), 1007, id="8.1-overlong"),
        pytest.param(frame(TEXT, b"\xf4\x90\x80\x80"), 1007, id="8.1-above-the-last-character"),
        pytest.param(frame(TEXT, "服".encode()[:2]), 1007, id="8.1-ends-inside-a-character"),
        pytest.param(frame(TEXT, b"x" * (LIMIT + 1)), 1009, id="10.4-over-the-limit"),
        pytest.param(header(TEXT, 100_000_000), 1009, id="10.4-header-announces-100-MB"),
        pytest.param(
            frame(TEXT, b"x" * LIMIT, fin=False) + header(CONTINUATION, 1),
            1009,
            id="10.4-fragments-over-the-limit",
        ),
    ],
)
def test_what_is_wrong_fails_the_connection_with_its_code(data, code):
    assert read(data) == [code]


def test_a_message_of_exactly_the_limit_is_read():
    assert read(frame(BINARY, b"x" * LIMIT)) == [Message(b"x" * LIMIT)]


def test_what_came_before_a_fault_is_given_out():
    assert read(frame(TEXT, b"good") + frame(TEXT, rsv=4)) == [Message("good"), 1002]


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(b"\x83\x80", id="opcode"),
        pytest.param(b"\x89\xfe", id="control-length"),
        pytest.param(b"\x81\x05", id="mask-bit"),
    ],
)
def test_a_wrong_header_fails_at_its_second_byte(start):
    assert read(start) == [1002]


def test_bad_utf_8_fails_at_the_wrong_byte():
    start = frame(TEXT, "服".encode() + b"\xf4\x90", fin=False)
    assert read(start[:-1]) == []
    assert read(start) == [1007]


def test_a_close_code_at_the_edges_of_the_free_range_is_read():
    for code in (1014, 3000, 4999):
        assert read(frame(CLOSE, code.to_bytes(2, "big"))) == [Close(code, "")]


def test_a_decoder_is_at_rest_between_messages_only():
    decoder = Decoder(LIMIT)
    whole = frame(TEXT, b"ab", fin=False) + frame(PING, b"p") + frame(CONTINUATION, b"c")
    for at in range(len(whole)):
        assert decoder.at_rest is (at == 0)
        list(decoder.feed(whole[at : at + 1]))
    assert decoder.at_rest


payloads = st.one_of(st.binary(max_size=300), st.text(max_size=100).map(str.encode))
frames = st.builds(
    frame,
    st.sampled_from((CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG, 0x3)),
    payloads,
    fin=st.booleans(),
    rsv=st.sampled_from((0, 0, 0, 0, 4)),
)


@given(st.lists(frames, max_size=6).map(b"".join), st.lists(st.floats(0, 1), max_size=8))
def test_any_split_of_the_bytes_gives_the_same_events(data, cuts):
    assert read(*portions(data, cuts)) == read(data)


@given(st.binary(max_size=40), st.integers(0, 40))
def test_any_bytes_end_in_events_or_a_fault(data, cut):
    assert read(data[:cut], data[cut:]) == read(data)


@given(st.text(max_size=200), st.integers(1, 20))
def test_text_in_fragments_of_any_size_is_joined(text, size):
    payload = text.encode()
    parts = [payload[at : at + size] for at in range(0, len(payload), size)] or [b""]
    wire = b"".join(
        frame(TEXT if not i else CONTINUATION, part, fin=i == len(parts) - 1)
        for i, part in enumerate(parts)
    )
    assert read(wire) == [Message(text)]


def test_the_example_of_the_document_is_read():
    # Section 5.7: a single-frame masked text message, "Hello".
    assert read(b"\x81\x85" + KEY + b"\x7f\x9f\x4d\x51\x58") == [Message("Hello")]
