"""Engine.IO protocol 4, "Heartbeat"; signs of life, and the end over WebSocket."""

import gc
import weakref

import pytest

from kefu.transport.engineio import EngineSettings
from kefu.transport.engineio.settings import BAD_REQUEST
from tests.transport.engineio.world import Link, Notes, World


def test_a_ping_comes_each_interval_after_the_last_pong():
    link = Link()
    world = World(link)
    world.clock.advance(299)
    assert link.sent == []
    for _ in range(3):
        world.clock.advance(1)
        assert link.sent.pop() == "2"
        world.clock.advance(199)
        world.session.receive("3")
        world.clock.advance(299)
        assert link.sent == []


def test_on_polling_the_ping_ends_the_waiting_poll():
    world = World()
    world.poll()
    world.clock.advance(300)
    assert world.answers == [b"2"]
    assert world.post(b"3")
    world.clock.advance(299)
    assert world.notes.reasons == []


def test_without_a_pong_in_time_the_websocket_is_closed():
    link = Link()
    world = World(link)
    world.clock.advance(499)
    assert world.notes.reasons == []
    world.clock.advance(1)
    assert world.notes.reasons == ["ping timeout"]
    assert link.code == 1000
    assert world.known == set()
    assert world.clock.waiting == 0


def test_without_a_pong_in_time_a_waiting_poll_is_closed():
    world = World()
    world.poll()
    world.clock.advance(300)
    world.poll()
    world.clock.advance(200)
    assert world.answers == [b"2", b"1"]
    assert world.notes.reasons == ["ping timeout"]


def test_late_timers_do_not_lengthen_the_time_for_a_pong():
    world = World(late_s=0.05)
    world.clock.advance(499)
    world.poll()
    assert world.answers == [b"2"]
    world.clock.advance(1)
    world.poll()
    assert world.answers == [b"2", BAD_REQUEST]
    assert world.notes.reasons == ["ping timeout"]


def test_a_pong_that_is_posted_too_late_is_refused_though_the_timer_is_late():
    world = World(late_s=0.05)
    world.clock.advance(500)
    assert not world.post(b"3")
    assert world.notes.reasons == ["ping timeout"]


def test_a_very_late_ping_leaves_the_client_half_of_its_time():
    world = World(late_s=10.0)
    world.clock.advance(10_399)
    assert world.post(b"3")
    assert world.notes.reasons == []


def test_pongs_that_nobody_asked_for_change_nothing():
    link = Link()
    world = World(link)
    timers = world.clock.waiting
    world.clock.advance(200)
    for _ in range(1000):
        world.session.receive("3")
    assert world.clock.waiting == timers
    world.clock.advance(100)
    assert link.sent == ["2"]


def test_messages_do_not_replace_the_pong():
    world = World(Link())
    world.clock.advance(300)
    world.session.receive("4hello")
    world.clock.advance(200)
    assert world.notes.reasons == ["ping timeout"]


@pytest.mark.parametrize("packet", ["4hello", b"\x01", "3", "6"])
def test_any_packet_is_a_sign_of_life(packet):
    link = Link()
    world = World(link)
    answers: list[bool] = []
    world.session.check_alive(2.0, answers.append)
    assert link.sent == ["2"]
    assert answers == []
    world.session.receive(packet)
    assert answers == [True]
    world.session.receive(packet)
    assert answers == [True]


def test_a_poll_is_a_sign_of_life():
    world = World()
    answers: list[bool] = []
    world.session.check_alive(0.1, answers.append)
    world.poll()
    assert answers == [True]
    assert world.answers == [b"2"]


def test_who_asks_often_does_not_fill_a_clients_outbox():
    world = World(settings=EngineSettings(outbox_packets=10))
    answers: list[bool] = []
    for _ in range(1000):
        world.session.check_alive(0.1, answers.append)
    assert answers == []
    world.poll()
    assert world.answers == [b"2"]
    assert answers == [True] * 1000
    assert world.notes.reasons == []


def test_each_who_asks_is_given_the_whole_time():
    world = World(Link())
    answers: list[str] = []
    world.session.check_alive(0.1, lambda alive: answers.append(f"first {alive}"))
    world.clock.advance(99)
    world.session.check_alive(0.1, lambda alive: answers.append(f"second {alive}"))
    world.clock.advance(99)
    assert answers == ["first False"]
    world.session.receive("3")
    assert answers == ["first False", "second True"]


def test_no_sign_of_life_in_time_is_told_and_leaves_the_session_open():
    world = World(Link())
    answers: list[bool] = []
    world.session.check_alive(0.1, answers.append)
    world.session.check_alive(0.2, answers.append)
    world.clock.advance(100)
    assert answers == [False]
    world.session.receive("3")
    assert answers == [False, True]
    assert world.notes.reasons == []


def test_a_session_that_ends_gives_no_sign_of_life_any_more():
    world = World(Link())
    answers: list[bool] = []
    world.session.check_alive(2.0, answers.append)
    world.session.fail()
    world.session.check_alive(2.0, answers.append)
    assert answers == []
    world.clock.advance()
    assert answers == [False, False]


@pytest.mark.parametrize("packet", ["", "abc", "0", "2", "2probe", "5", "7", "你"])
def test_a_packet_that_a_client_may_not_send_closes_the_websocket(packet):
    link = Link()
    world = World(link)
    world.session.receive(packet)
    assert world.notes.reasons == ["parse error"]
    assert link.code == 1000


def test_a_close_packet_closes_the_websocket():
    link = Link()
    world = World(link)
    world.session.receive("1")
    assert world.notes.reasons == ["transport close"]
    assert link.code == 1000


def test_nothing_is_heard_after_the_end():
    link = Link()
    world = World(link)
    world.session.close(code=1001)
    world.session.receive("4late")
    world.session.link_lost(link)
    world.session.close()
    world.clock.advance(1000)
    assert link.code == 1001
    assert world.notes.messages == []
    assert world.notes.reasons == ["forced server close"]


def test_an_ended_session_and_its_listener_let_go_of_each_other():
    class Listener(Notes):
        def __init__(self, world: World) -> None:
            super().__init__()
            self.session = world.session

    world = World(Link(), accept=Listener)
    listener = weakref.ref(world.session.handler)
    gc.disable()
    try:
        world.session.close()
        assert listener() is None
    finally:
        gc.enable()


def test_who_was_waited_for_may_be_sent_away_for_it():
    world = World(Link())
    world.session.check_alive(2.0, lambda alive: world.session.close())
    world.session.receive("4late")
    assert world.notes.messages == []
    assert world.notes.reasons == ["forced server close"]
