"""Engine.IO protocol 4, "Upgrade", and one WebSocket a session."""

import pytest

from kefu.transport.engineio import encode_message
from kefu.transport.engineio.settings import BAD_REQUEST
from tests.transport.engineio.world import Link, World


def probed() -> tuple[World, Link]:
    """A session whose client has probed a WebSocket and not yet chosen it."""
    world, link = World(), Link()
    assert world.session.begin_upgrade(link)
    world.session.receive_upgrade(link, "2probe")
    return world, link


def test_the_probe_is_answered_and_the_waiting_poll_ended():
    world, link = World(), Link()
    world.poll()
    world.session.begin_upgrade(link)
    assert world.answers == []
    world.session.receive_upgrade(link, "2probe")
    assert link.sent == ["3probe"]
    assert world.answers == [b"6"]


def test_a_poll_after_the_probe_is_answered_at_once():
    world, _ = probed()
    world.poll()
    assert world.answers == [b"6"]


def test_until_the_upgrade_packet_messages_still_go_by_polling():
    world, link = probed()
    world.session.send(encode_message("hello"))
    world.poll()
    assert world.answers == [b"4hello"]
    assert link.sent == ["3probe"]


def test_what_waited_for_a_poll_goes_over_the_websocket_after_the_upgrade():
    world, link = probed()
    for message in ("a", b"\x01", "b"):
        world.session.send(encode_message(message))
    world.session.receive_upgrade(link, "5")
    world.session.send(encode_message("c"))
    assert link.sent == ["3probe", "4a", b"\x01", "4b", "4c"]


def test_after_the_upgrade_messages_are_heard_from_the_websocket():
    world = World()
    world.upgrade()
    world.session.receive("4hello")
    world.session.receive(b"\x01")
    assert world.notes.messages == ["hello", b"\x01"]


def test_after_the_upgrade_polling_is_refused_and_the_session_unhurt():
    world = World()
    world.upgrade()
    world.poll()
    assert world.answers == [BAD_REQUEST]
    assert not world.begin_post()
    assert world.notes.reasons == []


def test_a_post_that_was_under_way_at_the_upgrade_is_refused():
    world, link = probed()
    world.begin_post()
    world.session.receive_upgrade(link, "5")
    assert not world.session.post(b"4late")
    assert world.notes.messages == []
    assert world.notes.reasons == []


@pytest.mark.parametrize("packets", [["4hello"], ["5"], ["2probe", "4hello"], ["2"], ["3"], [b""]])
def test_a_websocket_that_does_not_keep_to_the_procedure_is_closed_and_the_session_unhurt(packets):
    world, link = World(), Link()
    world.session.begin_upgrade(link)
    for packet in packets:
        world.session.receive_upgrade(link, packet)
    assert link.code == 1000
    assert world.notes.messages == []
    world.poll()
    world.session.send(encode_message("still here"))
    assert world.answers == [b"4still here"]


def test_a_websocket_that_was_given_up_is_not_heard_any_more():
    world, link = World(), Link()
    world.session.begin_upgrade(link)
    world.session.receive_upgrade(link, "bad")
    world.session.receive_upgrade(link, "2probe")
    world.session.receive_upgrade(link, "5")
    assert world.session.link is None


def test_a_second_websocket_during_the_upgrade_is_refused():
    world, link = probed()
    assert not world.session.begin_upgrade(Link())
    world.session.receive_upgrade(link, "5")
    assert world.session.link is link


def test_a_second_websocket_after_the_upgrade_is_refused():
    world = World()
    link = world.upgrade()
    assert not world.session.begin_upgrade(Link())
    world.session.send(encode_message("unhurt"))
    assert link.sent == ["4unhurt"]


def test_a_session_that_began_on_websocket_is_not_upgraded():
    assert not World(Link()).session.begin_upgrade(Link())


def test_a_session_that_has_ended_is_not_upgraded():
    world = World()
    world.session.fail()
    assert not world.session.begin_upgrade(Link())


def test_a_websocket_lost_before_the_upgrade_leaves_the_session_on_polling():
    world, link = probed()
    world.session.link_lost(link)
    world.poll()
    assert world.answers == []
    world.session.send(encode_message("hello"))
    assert world.answers == [b"4hello"]
    assert world.session.begin_upgrade(Link())


def test_an_upgrade_that_is_not_finished_in_time_is_given_up():
    world, link = probed()
    for _ in range(100):
        world.clock.advance(100)
        world.session.receive("3")
    assert link.code == 1000
    assert world.session.link is None
    assert world.notes.reasons == []


def test_a_finished_upgrade_has_no_time_limit():
    world = World()
    link = world.upgrade()
    for _ in range(100):
        world.clock.advance(200)
        world.session.receive("3")
    assert link.code is None


def test_the_candidate_is_closed_with_its_session():
    world, link = probed()
    world.session.close()
    assert link.code == 1000


def test_losing_the_websocket_ends_the_session():
    world = World()
    world.session.link_lost(world.upgrade())
    assert world.notes.reasons == ["transport close"]
    assert world.known == set()
