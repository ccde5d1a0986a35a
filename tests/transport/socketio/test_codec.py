"""Socket.IO protocol 5, "Packet encoding"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.transport.socketio.decoder import MAX_DEPTH, attach, decode
from kefu.transport.socketio.encoder import (
    encode_ack,
    encode_connect,
    encode_connect_error,
    encode_disconnect,
    encode_event,
)
from kefu.transport.socketio.packet import (
    ACK,
    BINARY_ACK,
    BINARY_EVENT,
    CONNECT,
    DISCONNECT,
    EVENT,
    RESERVED_EVENTS,
    BadPacket,
    Packet,
)


@pytest.mark.parametrize(
    ("text", "packet"),
    [
        pytest.param("0", Packet(CONNECT, "/", None, None), id="connect"),
        pytest.param('0{"a":1}', Packet(CONNECT, "/", None, {"a": 1}), id="connect, payload"),
        pytest.param("0/admin,", Packet(CONNECT, "/admin", None, None), id="connect, namespace"),
        pytest.param("0/admin", Packet(CONNECT, "/admin", None, None), id="no comma at the end"),
        pytest.param('0/a,{"b":1}', Packet(CONNECT, "/a", None, {"b": 1}), id="connect, both"),
        pytest.param("1", Packet(DISCONNECT, "/", None, None), id="disconnect"),
        pytest.param("1/admin,", Packet(DISCONNECT, "/admin", None, None), id="disconnect, nsp"),
        pytest.param('2["foo"]', Packet(EVENT, "/", None, ["foo"]), id="event"),
        pytest.param('2/admin,["bar"]', Packet(EVENT, "/admin", None, ["bar"]), id="event, nsp"),
        pytest.param('212["foo"]', Packet(EVENT, "/", 12, ["foo"]), id="event, ack id"),
        pytest.param('2/admin,13["foo"]', Packet(EVENT, "/admin", 13, ["foo"]), id="event, both"),
        pytest.param('20["foo"]', Packet(EVENT, "/", 0, ["foo"]), id="ack id 0"),
        pytest.param('2 ["foo"]', Packet(EVENT, "/", None, ["foo"]), id="space before JSON"),
        pytest.param('3/admin,13["bar"]', Packet(ACK, "/admin", 13, ["bar"]), id="ack"),
        pytest.param("313[]", Packet(ACK, "/", 13, []), id="ack of nothing"),
        pytest.param(
            '51-["baz",{"_placeholder":true,"num":0}]',
            Packet(BINARY_EVENT, "/", None, ["baz", {"_placeholder": True, "num": 0}], 1),
            id="binary event",
        ),
        pytest.param(
            '52-/admin,7["baz",1]',
            Packet(BINARY_EVENT, "/admin", 7, ["baz", 1], 2),
            id="binary event, all fields",
        ),
        pytest.param("610-15[1]", Packet(BINARY_ACK, "/", 15, [1], 10), id="binary ack"),
        pytest.param('50-["a"]', Packet(BINARY_EVENT, "/", None, ["a"], 0), id="no attachments"),
    ],
)
def test_a_packet_is_read(text, packet):
    assert decode(text, 10) == packet


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("abc", id="unknown type"),
        pytest.param("7", id="type 7"),
        pytest.param("9", id="type 9"),
        pytest.param('٢["foo"]', id="a digit that is not ASCII"),
        pytest.param("0abc", id="connect with garbage"),
        pytest.param("0[]", id="connect with an array"),
        pytest.param('0"token"', id="connect with a string"),
        pytest.param("0null", id="connect with null"),
        pytest.param("01{}", id="connect with an ack id"),
        pytest.param("1{}", id="disconnect with a payload"),
        pytest.param("15", id="disconnect with an ack id"),
        pytest.param("2", id="event without payload"),
        pytest.param("2{}", id="event with an object"),
        pytest.param("2[]", id="empty event"),
        pytest.param("2[1]", id="event named by a number"),
        pytest.param("2[[]]", id="event named by an array"),
        pytest.param('2abc["foo"]', id="ack id not a number"),
        pytest.param('2-1["foo"]', id="negative ack id"),
        pytest.param("2" + "1" * 16 + '["foo"]', id="ack id too long"),
        pytest.param('2["foo"', id="JSON cut off"),
        pytest.param('2["foo"]]', id="JSON and more"),
        pytest.param('2["foo",NaN]', id="NaN"),
        pytest.param('2["foo",Infinity]', id="Infinity"),
        pytest.param('2["foo",1e999]', id="number out of range"),
        pytest.param('2["foo",' + "9" * 5000 + "]", id="5000 digits"),
        pytest.param('2["foo","\\ud800"]', id="half a surrogate pair"),
        pytest.param('2["foo",\ud800]', id="half a surrogate pair, raw"),
        pytest.param("2" + "[" * 100_000, id="100,000 deep"),
        pytest.param('2["foo",' + '{"a":' * 50_000 + "1" + "}" * 50_000 + "]", id="deep objects"),
        pytest.param('2["foo",' + "[" * 200 + "]" * 200 + "]", id="deeper than allowed"),
        pytest.param("3[]", id="ack without id"),
        pytest.param("31{}", id="ack with an object"),
        pytest.param("31", id="ack without payload"),
        pytest.param('4{"message":"a"}', id="connect error from a client"),
        pytest.param('5["foo"]', id="binary event without a count"),
        pytest.param('5-["foo"]', id="binary event with an empty count"),
        pytest.param('51["foo"]', id="binary event without the dash"),
        pytest.param('511-["foo"]', id="more attachments than allowed"),
        pytest.param('5999999999-["foo"]', id="a great many attachments"),
        pytest.param("51-[]", id="binary event without name"),
        pytest.param("61-[]", id="binary ack without id"),
        pytest.param("2/" + "a" * 300 + ',["foo"]', id="long namespace"),
        *(pytest.param(f'2["{name}"]', id=f"reserved {name}") for name in RESERVED_EVENTS),
        *(pytest.param(f'50-["{name}"]', id=f"binary {name}") for name in RESERVED_EVENTS),
    ],
)
def test_a_bad_packet_is_refused(text):
    with pytest.raises(BadPacket):
        decode(text, 10)


def test_json_is_taken_up_to_the_depth_allowed():
    deep = "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)
    wide = ",".join(["[]"] * 1000)
    assert decode(f'2["foo",{deep}]', 10).data[0] == "foo"
    assert len(decode(f'2["foo",{wide}]', 10).data) == 1001
    with pytest.raises(BadPacket):
        decode(f'2["foo",[{deep}]]', 10)


@pytest.mark.parametrize("text", ["你好", "\x00", "😀", '"\\', "\u202e", "1.0", "\x1e"])
def test_text_arrives_as_it_was(text):
    packet = encode_event("message", text)
    assert decode(packet.text[1:].decode(), 10).data == ["message", text]


@given(st.text(alphabet='0123456789/,-[]{}":abn_ \\'))
def test_any_text_is_read_or_refused(text):
    try:
        packet = decode(text, 10)
    except BadPacket:
        return
    assert packet.type in range(7)


def placeholder(number: object) -> dict[str, object]:
    return {"_placeholder": True, "num": number}


def test_attachments_take_their_places():
    data = ["a", placeholder(1), {"b": [placeholder(0), 1]}]
    assert attach(data, [b"zero", b"one"]) == ["a", b"one", {"b": [b"zero", 1]}]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param([placeholder(0)], id="one not used"),
        pytest.param([placeholder(0), placeholder(0)], id="one used twice"),
        pytest.param([placeholder(0), placeholder(2)], id="out of range"),
        pytest.param([placeholder(0), placeholder(-1)], id="negative"),
        pytest.param([placeholder(0), placeholder("1")], id="not a number"),
        pytest.param([placeholder(0), placeholder(True)], id="true is no number"),
        pytest.param([placeholder(0), placeholder(1.0)], id="not a whole number"),
        pytest.param([placeholder(0), {"_placeholder": True}], id="no number"),
    ],
)
def test_placeholders_name_each_attachment_once(data):
    with pytest.raises(BadPacket):
        attach(data, [b"zero", b"one"])


def test_what_only_looks_like_a_placeholder_is_data():
    data = [{"_placeholder": False, "num": 0}, {"num": 0}, {"_placeholder": 1, "num": 0}]
    assert attach(data, []) == data


@pytest.mark.parametrize(
    ("packet", "text", "binary"),
    [
        pytest.param(encode_connect("s", "/"), b'40{"sid":"s"}', (), id="connect"),
        pytest.param(encode_connect("s", "/a"), b'40/a,{"sid":"s"}', (), id="connect, namespace"),
        pytest.param(
            encode_connect_error("Not authorized", "/"),
            b'44{"message":"Not authorized"}',
            (),
            id="connect error",
        ),
        pytest.param(encode_disconnect("/"), b"41", (), id="disconnect"),
        pytest.param(encode_disconnect("/admin"), b"41/admin,", (), id="disconnect, namespace"),
        pytest.param(encode_event("foo"), b'42["foo"]', (), id="event"),
        pytest.param(
            encode_event("bar", None, 1.5, namespace="/admin"),
            b'42/admin,["bar",null,1.5]',
            (),
            id="event, namespace",
        ),
        pytest.param(
            encode_event("baz", b"\x01", {"a": [bytearray(b"\x02")]}, (memoryview(b"\x03"),)),
            b'453-["baz",{"_placeholder":true,"num":0},{"a":[{"_placeholder":true,"num":1}]},'
            b'[{"_placeholder":true,"num":2}]]',
            (b"\x01", b"\x02", b"\x03"),
            id="binary event",
        ),
        pytest.param(encode_ack(13, ("bar",), "/admin"), b'43/admin,13["bar"]', (), id="ack"),
        pytest.param(encode_ack(12, ()), b"4312[]", (), id="ack of nothing"),
        pytest.param(
            encode_ack(15, ("bar", b"\x01")),
            b'461-15["bar",{"_placeholder":true,"num":0}]',
            (b"\x01",),
            id="binary ack",
        ),
    ],
)
def test_a_packet_is_written(packet, text, binary):
    assert packet.text == text
    assert packet.binary == binary


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "你", "num"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.lists(json_values, max_size=4))
def test_what_is_written_is_read_to_the_same(args):
    packet = encode_event("event", *args)
    read = decode(packet.text[1:].decode(), 100)
    assert attach(read.data, list(packet.binary)) == ["event", *args]
