"""Whom a waiting conversation goes to."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kefu.core.routing import Candidate, choose_agent, has_room

ANN = Candidate(1, open_chats=1, chat_limit=4, assigned_ms=1_000)
BO = Candidate(2, open_chats=1, chat_limit=4, assigned_ms=2_000)
CAI = Candidate(3, open_chats=1, chat_limit=4, assigned_ms=3_000)


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        pytest.param([], None, id="nobody works here"),
        pytest.param([BO], 2, id="the only one"),
        pytest.param([BO, replace(ANN, open_chats=0)], 1, id="the least busy"),
        pytest.param([ANN, replace(BO, chat_limit=5)], 2, id="busy is a share of the limit"),
        pytest.param([CAI, BO, ANN], 1, id="as busy: whoever was given one longest ago"),
        pytest.param([ANN, replace(BO, assigned_ms=None)], 2, id="never is longest ago"),
        pytest.param([ANN, replace(BO, assigned_ms=0)], 2, id="long ago is before lately"),
        pytest.param([replace(BO, assigned_ms=1_000), ANN], 1, id="all the same: the lowest id"),
        pytest.param([replace(ANN, open_chats=4), BO], 2, id="not one who is full"),
        pytest.param([replace(ANN, open_chats=9)], None, id="not one who is more than full"),
        pytest.param([replace(ANN, open_chats=0, chat_limit=0)], None, id="not one without places"),
        pytest.param([replace(ANN, available=False), BO], 2, id="not one who is away"),
        pytest.param([replace(ANN, connected=False), BO], 2, id="not one who is not there"),
    ],
)
def test_the_choice(candidates, expected):
    assert choose_agent(candidates) == expected


def test_whoever_declined_is_not_asked_again():
    assert choose_agent([ANN, BO, CAI], declined_by={1}) == 2
    assert choose_agent([ANN, BO, CAI], declined_by={1, 2, 3}) is None


def test_whoever_let_it_pass_gets_it_only_if_nobody_else_can_take_it():
    assert choose_agent([ANN, BO, CAI], missed_by={1}) == 2
    assert choose_agent([ANN, BO, CAI], missed_by={1, 2, 3}) == 1
    assert choose_agent([ANN, BO, CAI], declined_by={2, 3}, missed_by={1}) == 1


people = st.builds(
    Candidate,
    st.integers(1, 10**9),
    open_chats=st.integers(0, 8),
    chat_limit=st.integers(0, 8),
    assigned_ms=st.none() | st.integers(0, 10**13),
    available=st.booleans(),
    connected=st.booleans(),
)
teams = st.lists(people, max_size=12, unique_by=lambda one: one.id)


@given(teams, st.data())
def test_the_order_in_which_they_come_does_not_matter(team, data):
    assert choose_agent(data.draw(st.permutations(team))) == choose_agent(team)


@given(teams, st.sets(st.integers(1, 20)))
def test_nobody_is_left_waiting_while_somebody_has_room(team, declined_by):
    free = {one.id for one in team if has_room(one)} - declined_by
    chosen = choose_agent(team, declined_by=declined_by)
    assert chosen in free if free else chosen is None


@given(teams)
def test_nobody_who_has_room_is_less_busy_than_the_chosen(team):
    by_id = {one.id: one for one in team}
    chosen = by_id.get(choose_agent(team) or 0)
    if chosen:
        share = Fraction(chosen.open_chats, chosen.chat_limit)
        rest = [one for one in team if has_room(one)]
        assert all(Fraction(one.open_chats, one.chat_limit) >= share for one in rest)


@given(teams)
def test_given_one_by_one_nobody_gets_more_than_their_limit(team):
    by_id = {one.id: one for one in team}
    given_out = 0
    while (id := choose_agent(by_id.values())) is not None:
        by_id[id] = replace(by_id[id], open_chats=by_id[id].open_chats + 1)
        given_out += 1
    places = (max(0, one.chat_limit - one.open_chats) for one in team if has_room(one))
    assert given_out == sum(places)
    assert not any(has_room(one) for one in by_id.values())
