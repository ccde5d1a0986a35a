import pytest

from kefu.transport.websocket import binary_frame, text_frame
from kefu.transport.websocket.frames import close_frame, is_close_code, ping_frame, pong_frame


@pytest.mark.parametrize(
    ("length", "head"),
    [
        pytest.param(0, b"\x81\x00", id="empty"),
        pytest.param(125, b"\x81\x7d", id="longest-short-form"),
        pytest.param(126, b"\x81\x7e\x00\x7e", id="shortest-16-bit-form"),
        pytest.param(65535, b"\x81\x7e\xff\xff", id="longest-16-bit-form"),
        pytest.param(65536, b"\x81\x7f" + (65536).to_bytes(8, "big"), id="64-bit-form"),
    ],
)
def test_a_text_frame_has_the_shortest_length_field_and_no_mask(length, head):
    assert text_frame(b"x" * length) == head + b"x" * length


def test_text_is_encoded_as_utf_8():
    assert text_frame("客服") == b"\x81\x06" + "客服".encode()


def test_binary_ping_and_pong_frames_have_their_opcodes():
    assert binary_frame(b"\x00\xff") == b"\x82\x02\x00\xff"
    assert ping_frame() == b"\x89\x00"
    assert pong_frame(b"hi") == b"\x8a\x02hi"


def test_a_close_frame_has_the_code_and_the_reason():
    assert close_frame(4009, "taken") == b"\x88\x07\x0f\xa9taken"


def test_a_close_without_status_is_empty():
    assert close_frame(1005) == b"\x88\x00"


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        pytest.param("x" * 200, "x" * 123, id="ascii"),
        pytest.param("服" * 60, "服" * 41, id="three-bytes-each"),
        pytest.param("x" * 122 + "服", "x" * 122, id="character-across-the-cut"),
    ],
)
def test_a_long_reason_is_cut_between_characters(reason, kept):
    assert close_frame(1000, reason)[4:].decode() == kept


@pytest.mark.parametrize("code", [0, 999, 1004, 1006, 1015, 1016, 2999, 5000, 65535])
def test_a_code_that_may_not_be_on_the_wire_is_refused(code):
    assert not is_close_code(code)
    with pytest.raises(ValueError, match="may not be sent"):
        close_frame(code)
