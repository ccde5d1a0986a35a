"""Engine.IO protocol 4, "Packet encoding"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.transport.engineio.outbox import Outbox
from kefu.transport.engineio.packet import (
    NOOP,
    PING,
    BadPayload,
    EncodedPacket,
    decode_payload,
    encode_message,
    encode_payload,
)
from tests.transport.engineio.world import unframe


def test_a_payload_is_packets_with_record_separators_between():
    packets = [encode_message("hello"), PING, encode_message("world")]
    assert encode_payload(packets) == b"4hello\x1e2\x1e4world"


def test_binary_goes_as_base64_in_a_payload():
    packets = [encode_message("hello"), encode_message(b"\x01\x02\x03\x04")]
    assert encode_payload(packets) == b"4hello\x1ebAQIDBA=="


def test_a_payload_is_read_packet_by_packet():
    body = "4你好\x1ebAQIDBA==\x1e3\x1e4".encode()
    assert decode_payload(body, 10) == ["4你好", b"\x01\x02\x03\x04", "3", "4"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"4a\x1e", id="empty packet at the end"),
        pytest.param(b"\x1e4a", id="empty packet at the start"),
        pytest.param(b"4\xff", id="not UTF-8"),
        pytest.param(b"bAQID*A==", id="not base64"),
        pytest.param(b"bAQIDBA", id="base64 without its padding"),
        pytest.param(b"b\xe4\xbd\xa0", id="base64 not ASCII"),
        pytest.param(b"3\x1e3\x1e3\x1e3", id="more packets than allowed"),
    ],
)
def test_a_bad_payload_is_refused(body):
    with pytest.raises(BadPayload):
        decode_payload(body, 3)


def test_a_packet_over_its_own_limit_is_refused():
    assert decode_payload(b"4abc\x1e4", 3, max_packet_bytes=4) == ["4abc", "4"]
    with pytest.raises(BadPayload):
        decode_payload(b"4\x1e4abcd", 3, max_packet_bytes=4)


def test_a_payload_may_have_as_many_packets_as_allowed():
    assert decode_payload(b"3\x1e3\x1e3", 3) == ["3", "3", "3"]


def test_over_websocket_each_packet_has_its_frame_and_binary_goes_as_it_is():
    packet = EncodedPacket(b"451-[0]", (b"\x00\xff", b""))
    assert unframe(packet.frames) == ["451-[0]", b"\x00\xff", b""]
    assert unframe(encode_message(b"ab").frames) == [b"ab"]
    assert unframe(NOOP.frames) == ["6"]


def test_frames_are_made_once_for_all_recipients():
    packet = encode_message("to everybody")
    assert packet.frames is packet.frames


text = st.text(st.characters(exclude_characters="\x1e", exclude_categories=["Cs"]))


@given(st.lists(text | st.binary(), min_size=1))
def test_what_is_encoded_is_decoded_to_the_same(messages):
    payload = encode_payload([encode_message(message) for message in messages])
    expected = ["4" + m if isinstance(m, str) else m for m in messages]
    assert decode_payload(payload, len(messages)) == expected


@given(st.binary())
def test_any_body_is_read_or_refused(body):
    try:
        packets = decode_payload(body, 5)
    except BadPayload:
        return
    assert 1 <= len(packets) <= 5


def test_an_outbox_gives_out_what_it_took_in_order():
    outbox = Outbox(3, 100)
    assert all(outbox.add(packet) for packet in (PING, NOOP, PING))
    assert outbox.drain() == [PING, NOOP, PING]
    assert outbox.drain() == []


@pytest.mark.parametrize(
    ("packets", "size_bytes"), [pytest.param(2, 99, id="packets"), pytest.param(99, 2, id="bytes")]
)
def test_an_outbox_says_once_that_it_ran_over_and_keeps_nothing(packets, size_bytes):
    outbox = Outbox(packets, size_bytes)
    assert [outbox.add(PING) for _ in range(5)] == [True, True, False, True, True]
    assert outbox.packets == []
