"""Seats: one visitor an agent, in order, and no ghosts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.core.errors import NameTaken
from kefu.core.lobby import Lobby, Pair

HOLD_S = 15.0


@pytest.fixture
def lobby():
    return Lobby(HOLD_S)


def test_a_visitor_gets_the_seat_that_was_reserved(lobby):
    lobby.join_agent("甲")
    assert lobby.reserve("小明", 0.0) == "甲"
    assert lobby.join_visitor("小明") == Pair("甲", "小明")


def test_one_request_reserves_one_room_never_two(lobby):
    lobby.join_agent("甲")
    lobby.join_agent("乙")
    assert lobby.reserve("小明", 0.0) == "甲"
    assert lobby.reserve("小红", 0.0) == "乙"
    assert lobby.reserve("小刚", 0.0) is None


def test_asking_again_gives_the_same_seat_and_no_more_time(lobby):
    lobby.join_agent("甲")
    lobby.join_agent("乙")
    assert lobby.reserve("小明", 0.0) == "甲"
    assert lobby.reserve("小明", 10.0) == "甲"
    assert lobby.next_expiry_s() == HOLD_S


def test_a_reserved_seat_is_free_again_when_nobody_comes(lobby):
    lobby.join_agent("甲")
    lobby.reserve("小明", 0.0)
    assert lobby.next_expiry_s() == HOLD_S
    assert lobby.expire(HOLD_S - 0.1) == []
    assert lobby.reserve("小红", HOLD_S - 0.1) is None
    assert lobby.expire(HOLD_S) == []
    assert lobby.next_expiry_s() is None
    assert lobby.reserve("小红", HOLD_S) == "甲"


def test_a_seat_whose_hold_ended_goes_to_who_waits(lobby):
    lobby.join_agent("甲")
    lobby.reserve("小明", 0.0)
    assert lobby.join_visitor("小红") is None
    assert lobby.expire(HOLD_S) == [Pair("甲", "小红")]


def test_the_agent_who_was_free_longest_is_first(lobby):
    for agent in ("甲", "乙"):
        lobby.join_agent(agent)
    lobby.join_visitor("小明")
    lobby.leave_visitor("小明")
    assert lobby.reserve("小红", 0.0) == "乙"


def test_a_visitor_without_a_reservation_gets_a_free_seat(lobby):
    lobby.join_agent("甲")
    assert lobby.join_visitor("小明") == Pair("甲", "小明")


def test_waiting_visitors_are_seated_in_order(lobby):
    assert lobby.join_visitor("小明") is None
    assert lobby.join_visitor("小红") is None
    assert lobby.join_agent("甲") == Pair("甲", "小明")
    assert lobby.leave_visitor("小明") == ("甲", Pair("甲", "小红"))


def test_a_visitor_who_gives_up_waiting_is_forgotten(lobby):
    lobby.join_visitor("小明")
    assert lobby.leave_visitor("小明") == (None, None)
    assert lobby.join_agent("甲") is None


def test_the_room_of_an_agent_who_left_is_gone_at_once(lobby):
    lobby.join_agent("甲")
    lobby.join_visitor("小明")
    assert lobby.leave_agent("甲") == "小明"
    assert lobby.reserve("小红", 0.0) is None
    assert lobby.join_agent("甲") is None  # and the visitor who was told to go is not seated again
    assert lobby.reserve("小红", 0.0) == "甲"
    assert lobby.leave_visitor("小明") == (None, None)


def test_a_reservation_ends_with_its_agent(lobby):
    lobby.join_agent("甲")
    lobby.reserve("小明", 0.0)
    assert lobby.leave_agent("甲") is None
    assert lobby.next_expiry_s() is None
    lobby.join_agent("乙")
    assert lobby.join_visitor("小明") == Pair("乙", "小明")


def test_a_name_that_is_online_cannot_be_taken_again(lobby):
    lobby.join_agent("甲")
    lobby.join_visitor("甲")  # the other kind may have the same name
    with pytest.raises(NameTaken):
        lobby.join_agent("甲")
    with pytest.raises(NameTaken):
        lobby.join_visitor("甲")
    lobby.join_agent("乙")
    with pytest.raises(NameTaken):  # nor is a seat held for it
        lobby.reserve("甲", 0.0)


class Day:
    """The plainest model of a lobby: who is there, and with whom."""

    def __init__(self):
        self.lobby = Lobby(HOLD_S)
        self.agents: set[str] = set()
        self.visitors: dict[str, str | None] = {}  # None: waits; GONE: was told to go

    def seat(self, pair: Pair | None) -> None:
        if pair:
            assert pair.agent in self.agents
            assert pair.agent not in self.visitors.values()
            assert self.visitors[pair.visitor] is None
            self.visitors[pair.visitor] = pair.agent

    def agent_comes_or_goes(self, agent: str) -> None:
        if agent not in self.agents:
            self.agents.add(agent)
            self.seat(self.lobby.join_agent(agent))
            return
        self.agents.remove(agent)
        sat = next((v for v, a in self.visitors.items() if a == agent), None)
        assert self.lobby.leave_agent(agent) == sat
        if sat:
            self.visitors[sat] = GONE

    def visitor_comes_or_goes(self, visitor: str) -> None:
        if visitor not in self.visitors:
            self.visitors[visitor] = None
            self.seat(self.lobby.join_visitor(visitor))
            return
        was = self.visitors.pop(visitor)
        sat_with, pair = self.lobby.leave_visitor(visitor)
        assert sat_with == (None if was == GONE else was)
        self.seat(pair)

    def visitor_asks(self, visitor: str, now_s: float) -> None:
        if visitor in self.visitors:
            with pytest.raises(NameTaken):
                self.lobby.reserve(visitor, now_s)
            return
        agent = self.lobby.reserve(visitor, now_s)
        if agent is not None:
            assert agent in self.agents
            assert agent not in self.visitors.values()


GONE = "gone"
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["agent", "visitor", "ask"]),
        st.integers(0, 4),
        st.floats(0.0, HOLD_S),
    ),
    max_size=60,
)


@given(STEPS)
def test_whatever_happens_seats_and_visitors_agree(steps):
    day, now_s = Day(), 0.0
    for step, who, later_s in steps:
        now_s += later_s
        for pair in day.lobby.expire(now_s):
            day.seat(pair)
        match step:
            case "agent":
                day.agent_comes_or_goes(f"a{who}")
            case "visitor":
                day.visitor_comes_or_goes(f"v{who}")
            case "ask":
                day.visitor_asks(f"v{who}", now_s)
