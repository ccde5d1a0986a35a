"""The generator's end of the wire reads what servers send, however it is cut."""

import struct

import pytest
from websockets.speedups import apply_mask

from bench.wire import PING, PONG, Client, WireFault, masked_frame

HANDSHAKE = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"


class Wire:
    """Stands in for the socket; keeps what was written."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.write = self.written.append


def client() -> tuple[Client, list[bytes], Wire]:
    texts: list[bytes] = []
    wire, made = Wire(), Client("/?name=a", texts.append)
    made.connection_made(wire)  # type: ignore[arg-type]
    return made, texts, wire


def frame(payload: bytes, first: int = 0x81) -> bytes:
    size = len(payload)
    if size < 126:
        return struct.pack("!BB", first, size) + payload
    if size < 65536:
        return struct.pack("!BBH", first, 126, size) + payload
    return struct.pack("!BBQ", first, 127, size) + payload


def unmask(masked: bytes) -> tuple[int, bytes]:
    """First byte and payload of a client's frame of less than 126 bytes."""
    assert masked[1] & 0x80
    assert masked[1] & 0x7F == len(masked) - 6
    return masked[0], apply_mask(masked[6:], masked[2:6])


def test_a_frame_to_send_is_masked_and_whole() -> None:
    assert unmask(masked_frame("您好")) == (0x81, "您好".encode())


@pytest.mark.parametrize("size", [126, 65535, 65536], ids=["16 bit", "last 16 bit", "64 bit"])
def test_a_long_frame_states_its_length(size: int) -> None:
    masked = masked_frame(b"x" * size)
    head = 4 if size < 65536 else 10
    assert int.from_bytes(masked[2:head]) == size
    assert len(masked) == head + 4 + size


@pytest.mark.parametrize(
    "step", [1, 2, 7, 1000, 1_000_000], ids=lambda step: f"{step} bytes a read"
)
async def test_frames_are_found_however_the_stream_is_cut(step: int) -> None:
    payloads = [b"", b"a", b"b" * 125, b"c" * 126, b"d" * 65535, b"e" * 65536]
    sent = b"".join(map(frame, payloads))
    made, texts, _ = client()
    stream = HANDSHAKE + sent
    for start in range(0, len(stream), step):
        made.data_received(stream[start : start + step])
    await made.opened
    assert texts == payloads
    assert made.frames == len(payloads)
    assert made.received == len(sent)
    assert made.lost is None


async def test_a_ping_is_answered_and_not_handed_on() -> None:
    made, texts, wire = client()
    made.data_received(HANDSHAKE + frame(b"abc", 0x80 | PING))
    assert unmask(wire.written[-1]) == (0x80 | PONG, b"abc")
    assert not texts


async def test_a_refused_handshake_is_a_fault() -> None:
    made, _, _ = client()
    made.data_received(b"HTTP/1.1 403 Forbidden\r\n\r\n")
    with pytest.raises(WireFault, match="403 Forbidden"):
        await made.opened


@pytest.mark.parametrize(
    "first", [0x88, 0x82, 0x01], ids=["close frame", "binary frame", "fragment"]
)
async def test_what_no_server_should_send_is_a_fault(first: int) -> None:
    made, _, _ = client()
    made.data_received(HANDSHAKE + frame(b"", first))
    assert isinstance(made.lost, WireFault)
