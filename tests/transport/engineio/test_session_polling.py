"""Engine.IO protocol 4, "HTTP long-polling" and "Handshake", without HTTP."""

import msgspec
import pytest

from kefu.transport.engineio import EngineSettings, encode_message
from kefu.transport.engineio.settings import BAD_REQUEST
from tests.transport.engineio.world import Link, World


@pytest.mark.parametrize(
    ("link", "upgrades"),
    [pytest.param(None, ["websocket"], id="polling"), pytest.param(Link(), [], id="websocket")],
)
def test_the_handshake_has_five_keys(link, upgrades):
    packet = World(link).handshake
    assert packet[0] == "0"
    assert msgspec.json.decode(packet[1:]) == {
        "sid": "s1",
        "upgrades": upgrades,
        "pingInterval": 300,
        "pingTimeout": 200,
        "maxPayload": 1_000_000,
    }


def test_a_poll_waits_until_there_is_something():
    world = World()
    world.poll()
    assert world.answers == []
    world.session.send(encode_message("hello"))
    assert world.answers == [b"4hello"]


def test_what_was_sent_between_two_polls_comes_with_the_next_in_order():
    world = World()
    for message in ("a", b"\x01", "b"):
        world.session.send(encode_message(message))
    world.poll()
    assert world.answers == [b"4a\x1ebAQ==\x1e4b"]


def test_messages_of_a_post_are_handled_in_order():
    world = World()
    assert world.post("4a\x1ebAQ==\x1e4你\x1e4".encode())
    assert world.notes.messages == ["a", b"\x01", "你", ""]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"abc", id="unknown type"),
        pytest.param(b"0{}", id="open is the server's"),
        pytest.param(b"2", id="ping is the server's"),
        pytest.param(b"5", id="upgrade comes over WebSocket"),
        pytest.param(b"7", id="no such type"),
        pytest.param(b"", id="empty"),
        pytest.param(b"b!", id="bad base64"),
        pytest.param(b"3\x1e" * 2000 + b"3", id="too many packets"),
    ],
)
def test_a_bad_payload_is_refused_and_ends_the_session(body):
    world = World()
    assert not world.post(body)
    assert world.notes.reasons == ["parse error"]
    assert world.known == set()
    assert not world.post(b"4late")
    assert world.notes.messages == []


def test_messages_before_the_bad_one_were_heard_those_after_it_not():
    world = World()
    assert not world.post(b"4a\x1e7\x1e4b")
    assert world.notes.messages == ["a"]


def test_a_noop_of_the_client_means_nothing():
    world = World()
    assert world.post(b"6\x1e4a")
    assert world.notes.messages == ["a"]


def test_a_second_poll_closes_the_first_and_the_session():
    world = World()
    world.poll()
    world.poll()
    assert world.answers == [b"1", BAD_REQUEST]
    assert world.notes.reasons == ["transport error"]
    assert world.known == set()


def test_a_second_post_at_a_time_closes_the_session_and_the_first_is_not_heard():
    world = World()
    assert world.begin_post()
    assert not world.begin_post()
    assert world.notes.reasons == ["transport error"]
    assert world.stopped_posts == ["transport error"]
    assert not world.session.post(b"4hello")
    assert world.notes.messages == []


def test_posts_one_after_the_other_are_fine():
    world = World()
    assert world.post(b"4a")
    assert world.post(b"4b")
    assert world.notes.messages == ["a", "b"]
    world.session.close()
    assert world.stopped_posts == []


def test_a_client_that_goes_away_from_its_poll_has_gone():
    world = World()
    world.poll()
    world.session.poll_abandoned()
    assert world.notes.reasons == ["transport close"]
    assert world.known == set()


def test_a_post_that_fails_on_its_way_ends_the_session():
    world = World()
    world.begin_post()
    world.session.post_failed()
    assert world.notes.reasons == ["transport error"]


def test_a_client_that_closes_gets_a_noop_for_its_waiting_poll():
    world = World()
    world.poll()
    assert world.post(b"1\x1e4late")
    assert world.answers == [b"6"]
    assert world.notes.reasons == ["transport close"]
    assert world.notes.messages == []


def test_a_waiting_poll_is_told_when_the_server_closes():
    world = World()
    world.poll()
    world.session.close()
    assert world.answers == [b"1"]
    assert world.notes.reasons == ["forced server close"]
    assert world.known == set()


def test_a_client_between_two_polls_gets_what_was_sent_and_then_the_close():
    world = World()
    world.session.send(encode_message("goodbye"))
    world.session.close()
    assert world.notes.reasons == ["forced server close"]
    assert world.known == {"s1"}
    assert not world.post(b"4late")
    world.poll()
    assert world.answers == [b"4goodbye\x1e1"]
    assert world.known == set()
    assert world.clock.waiting == 0


def test_a_client_that_never_polls_again_is_forgotten():
    world = World()
    world.session.close()
    world.clock.advance(200)
    assert world.known == set()


def test_the_last_words_are_not_kept_for_one_who_reads_too_slowly():
    world = World(settings=EngineSettings(outbox_packets=1))
    world.session.send(encode_message("a"))
    world.session.close()
    assert world.known == set()


def test_what_is_sent_to_a_session_that_has_ended_is_dropped():
    world = World()
    world.session.fail()
    world.session.send(encode_message("hello"))
    world.poll()
    assert world.answers == [BAD_REQUEST]


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param(EngineSettings(outbox_packets=5), id="packets"),
        pytest.param(EngineSettings(outbox_bytes=200), id="bytes"),
    ],
)
def test_a_client_that_polls_too_slowly_is_closed_but_not_under_the_senders_feet(settings):
    world = World(settings=settings)
    for _ in range(10_000):
        world.session.send(encode_message("0123456789"))
    assert world.notes.reasons == []
    world.clock.advance()
    assert world.notes.reasons == ["slow reader"]
    assert world.known == set()
    assert world.clock.waiting == 0
