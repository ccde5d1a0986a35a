"""Socket.IO protocol 5, "Exchange protocol", without a network."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from kefu.transport.engineio import EngineSettings
from kefu.transport.socketio import Socket, SocketIOSettings, encode_event
from kefu.transport.socketio.client import Client
from tests.transport.engineio.world import Link, World

# No heartbeat within these tests.
ENGINE = EngineSettings(ping_interval_ms=10_000_000)
SETTINGS = SocketIOSettings(
    engine=ENGINE, connect_timeout_ms=1000, max_connect_bytes=100, max_event_bytes=100
)


class Listener:
    """Notes what one socket hears."""

    def __init__(self, socket: Socket) -> None:
        self.socket = socket
        self.events: list[tuple[str, list[Any]]] = []
        self.acks: list[Callable[..., None] | None] = []
        self.reasons: list[str] = []

    def event(self, name: str, args: list[Any], ack: Callable[..., None] | None) -> None:
        self.events.append((name, args))
        self.acks.append(ack)

    def disconnected(self, reason: str) -> None:
        self.reasons.append(reason)


class Talk:
    """A client over WebSocket; ``listeners`` in the order in which namespaces were joined."""

    def __init__(self, listen: Callable[[Socket], Listener] = Listener) -> None:
        self.listeners: list[Listener] = []

        def join(socket: Socket) -> Listener:
            self.listeners.append(listen(socket))
            return self.listeners[-1]

        def accept(world: World) -> Client:
            return Client(world.session, {"/": join, "/admin": join}, SETTINGS, world.clock)

        self.link = Link()
        self.world = World(self.link, settings=ENGINE, accept=accept)

    def say(self, *messages: str | bytes) -> list[str | bytes]:
        """Let the client send Socket.IO messages; what it got, without Engine.IO's digit."""
        for message in messages:
            self.world.session.receive("4" + message if isinstance(message, str) else message)
        got, self.link.sent = self.link.sent, []
        return [message[1:] if isinstance(message, str) else message for message in got]

    @property
    def open(self) -> bool:
        return self.world.session.reason is None


def joined(namespace: str = "/") -> tuple[Talk, Listener]:
    """A client in one namespace."""
    talk = Talk()
    talk.say("0" if namespace == "/" else f"0{namespace},")
    return talk, talk.listeners[0]


# Connection to a namespace


@pytest.mark.parametrize(
    ("packet", "prefix", "namespace", "auth"),
    [
        pytest.param("0", "0", "/", {}, id="main"),
        pytest.param('0{"token":"123"}', "0", "/", {"token": "123"}, id="main, payload"),
        pytest.param("0/admin,", "0/admin,", "/admin", {}, id="custom"),
        pytest.param('0/admin,{"a":1}', "0/admin,", "/admin", {"a": 1}, id="custom, payload"),
    ],
)
def test_a_client_joins_a_namespace(packet, prefix, namespace, auth):
    talk = Talk()
    (answer,) = talk.say(packet)
    (listener,) = talk.listeners
    assert isinstance(answer, str)
    assert answer.startswith(prefix + "{")
    assert json.loads(answer[len(prefix) :]) == {"sid": listener.socket.id}
    assert listener.socket.namespace == namespace
    assert listener.socket.auth == auth
    assert listener.socket.request.client == "10.0.0.1"


def test_a_sockets_id_is_not_the_secret_of_its_session():
    talk, listener = joined()
    assert len(listener.socket.id) >= 20
    assert listener.socket.id != talk.world.session.id


def test_an_unknown_namespace_is_refused_and_the_client_stays():
    talk = Talk()
    assert talk.say("0/random") == ['4/random,{"message":"Invalid namespace"}']
    assert talk.open
    assert len(talk.say("0")) == 1


@pytest.mark.parametrize("again", [("0", "1"), ("0/random",)])
def test_a_client_that_connects_again_and_again_is_closed(again):
    talk = Talk()
    for _ in range(SETTINGS.max_connects):
        talk.say(*again)
    assert talk.open
    talk.say(*again)
    assert not talk.open
    assert all(listener.reasons for listener in talk.listeners)


def test_headers_are_there_when_the_first_namespace_is_joined_and_dropped_then():
    seen = []

    def look(socket: Socket) -> Listener:
        seen.append(dict(socket.request.headers))
        return Listener(socket)

    talk = Talk(look)
    talk.say("0/random", "0", "0/admin,")
    assert seen == [{"host": "example.com"}, {}]
    request = talk.listeners[0].socket.request
    assert (request.path, request.query, request.client) == (
        "/socket.io/",
        {"EIO": "4"},
        "10.0.0.1",
    )


def test_what_is_emitted_on_joining_comes_after_the_connect():
    def greet(socket: Socket) -> Listener:
        socket.emit("auth", socket.auth)
        return Listener(socket)

    assert Talk(greet).say('0{"a":1}')[1] == '2["auth",{"a":1}]'


def test_a_listener_may_send_a_client_away_at_once():
    def refuse(socket: Socket) -> Listener:
        socket.disconnect()
        return Listener(socket)

    talk = Talk(refuse)
    assert talk.say("0")[1] == "1"
    assert talk.listeners[0].reasons == ["server namespace disconnect"]
    talk.say('2["late"]')
    assert not talk.open


@pytest.mark.parametrize(
    "packet", ['2["foo"]', "1", "31[]", '51-["foo"]', b"\x01", "abc", "", "0abc", "4{}", "9"]
)
def test_anything_but_connect_at_first_closes_the_client(packet):
    talk = Talk()
    assert talk.say(packet) == []
    assert not talk.open
    assert talk.listeners == []


def test_attachments_are_not_gathered_before_the_connect():
    talk, _ = joined()
    talk.say('51-/admin,["foo",{"_placeholder":true,"num":0}]')
    assert not talk.open


def test_little_is_read_before_the_connect_and_more_after_it():
    large = json.dumps({"token": "a" * 100})
    talk = Talk()
    talk.say("0" + large)
    assert not talk.open
    talk, _ = joined()
    talk.say("0/admin," + large)
    assert talk.open


def test_a_namespace_is_joined_only_once():
    talk, listener = joined()
    talk.say("0")
    assert not talk.open
    assert listener.reasons == ["parse error"]


def test_who_joins_nothing_in_time_is_closed():
    talk = Talk()
    talk.say("0/random")
    talk.world.clock.advance(999)
    assert talk.open
    talk.world.clock.advance(1)
    assert not talk.open
    assert talk.link.code == 1000


def test_who_has_joined_may_stay():
    talk, _ = joined()
    talk.world.clock.advance(100_000)
    assert talk.open


# Sending and receiving data


@pytest.mark.parametrize(("namespace", "prefix"), [("/", "2"), ("/admin", "2/admin,")])
def test_an_event_is_heard_and_one_is_emitted(namespace, prefix):
    talk, listener = joined(namespace)
    talk.say(prefix + '["message",1,"2",{"3":[true]}]')
    assert listener.events == [("message", [1, "2", {"3": [True]}])]
    assert listener.acks == [None]
    listener.socket.emit("message-back", 1, "2", {"3": [True]})
    assert talk.say() == [prefix + '["message-back",1,"2",{"3":[true]}]']


def test_events_are_heard_in_the_order_they_were_sent():
    talk, listener = joined()
    talk.say(*(f'2["n",{number}]' for number in range(100)))
    assert [args for _, args in listener.events] == [[number] for number in range(100)]


def test_one_encoded_packet_serves_many():
    packet = encode_event("news", "to all")
    talks = [joined() for _ in range(3)]
    for _, listener in talks:
        listener.socket.send(packet)
    assert [talk.say() for talk, _ in talks] == [['2["news","to all"]']] * 3


def test_binary_arguments_arrive_and_leave():
    talk, listener = joined()
    two = '[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]'
    assert talk.say('52-["message",' + two[1:], b"\x01", b"\x02") == []
    assert listener.events == [("message", [b"\x01", b"\x02"])]
    listener.socket.emit("message-back", b"\x01", b"\x02")
    assert talk.say() == ['52-["message-back",' + two[1:], b"\x01", b"\x02"]


@pytest.mark.parametrize(
    "messages",
    [
        pytest.param(["2{}"], id="object"),
        pytest.param(["2[]"], id="empty"),
        pytest.param(['2abc["message"]'], id="bad ack id"),
        pytest.param(["abc"], id="unknown type"),
        pytest.param([b"\x01"], id="attachment of nothing"),
        pytest.param(['51-["a",{"_placeholder":true,"num":0}]', '2["b"]'], id="text between"),
        pytest.param(['51-["a",{"_placeholder":true,"num":1}]', b"\x01"], id="bad placeholder"),
        pytest.param(['51-["a"]', b"\x01"], id="attachment not used"),
        pytest.param(['511-["a"]'], id="too many attachments"),
        pytest.param(['51-["a",{"_placeholder":true,"num":0}]', b"1" * 101], id="too large"),
        pytest.param(['2["disconnect"]'], id="reserved name"),
        pytest.param(['2/admin,["a"]'], id="namespace not joined"),
    ],
)
def test_a_bad_packet_closes_the_client(messages):
    talk, listener = joined()
    talk.say(*messages)
    assert not talk.open
    assert listener.events == []
    assert listener.reasons == ["parse error"]


# Acknowledgement


@pytest.mark.parametrize(("namespace", "prefix"), [("/", ""), ("/admin", "/admin,")])
def test_an_event_is_acknowledged_with_its_id_once(namespace, prefix):
    talk, listener = joined(namespace)
    talk.say(f'2{prefix}456["message-with-ack",1]')
    (ack,) = listener.acks
    assert ack is not None
    ack(1, "2", {"3": [False]})
    ack("again")
    assert talk.say() == [f'3{prefix}456[1,"2",{{"3":[false]}}]']


def test_an_acknowledgement_may_be_binary():
    talk, listener = joined()
    talk.say('51-789["message-with-ack",{"_placeholder":true,"num":0}]', b"\x01")
    (ack,) = listener.acks
    assert ack is not None
    ack(*listener.events[0][1])
    assert talk.say() == ['61-789[{"_placeholder":true,"num":0}]', b"\x01"]


def test_an_acknowledgement_after_the_end_goes_nowhere():
    talk, listener = joined()
    talk.say('21["a"]', "1")
    (ack,) = listener.acks
    assert ack is not None
    ack()
    assert talk.say() == []


@pytest.mark.parametrize(
    "messages", [["31[]"], ['312["late"]'], ['61-1[{"_placeholder":true,"num":0}]', b"\x01"]]
)
def test_an_acknowledgement_nobody_asked_for_does_no_harm(messages):
    talk, listener = joined()
    talk.say(*messages, '2["still here"]')
    assert listener.events == [("still here", [])]


# Disconnection from a namespace


def test_a_client_leaves_one_namespace_and_stays_in_the_other():
    talk, main = joined()
    talk.say("0/admin,")
    assert talk.say("1/admin,") == []
    assert talk.listeners[1].reasons == ["client namespace disconnect"]
    assert talk.listeners[1].socket.reason == "client namespace disconnect"
    talk.say('2["message"]')
    assert main.events == [("message", [])]
    talk.listeners[1].socket.emit("nobody there")
    assert talk.say() == []


def test_a_client_that_left_its_last_namespace_has_to_join_again_in_time():
    talk, listener = joined()
    talk.say("1")
    assert listener.reasons == ["client namespace disconnect"]
    talk.world.clock.advance(999)
    talk.say("0")
    talk.world.clock.advance(999)
    assert talk.open
    talk.say("1")
    talk.world.clock.advance(1000)
    assert not talk.open


def test_the_server_ends_a_socket():
    talk, listener = joined("/admin")
    listener.socket.disconnect()
    listener.socket.disconnect()
    assert talk.say() == ["1/admin,"]
    assert listener.reasons == ["server namespace disconnect"]
    assert talk.open


def test_the_server_ends_the_connection():
    talk, listener = joined()
    listener.socket.disconnect(close_engine=True)
    assert talk.say() == ["1"]
    assert listener.reasons == ["server namespace disconnect"]
    assert talk.link.code == 1000


def test_every_socket_hears_of_the_end_of_the_connection_once():
    talk, main = joined()
    talk.say("0/admin,")
    talk.world.session.link_lost(talk.link)
    assert [listener.reasons for listener in talk.listeners] == [["transport close"]] * 2
    main.socket.emit("nobody there")
    main.socket.disconnect(close_engine=True)
    assert main.reasons == ["transport close"]
    assert talk.world.clock.waiting == 0


def test_whether_a_client_is_alive_can_be_asked():
    talk, listener = joined()
    answers: list[bool] = []
    listener.socket.check_alive(2.0, answers.append)
    assert talk.link.sent == ["2"]
    talk.world.session.receive("3")
    assert answers == [True]
    listener.socket.check_alive(2.0, answers.append)
    talk.world.clock.advance(2000)
    assert answers == [True, False]
