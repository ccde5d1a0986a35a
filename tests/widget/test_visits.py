"""Who is on a site: bounded, in memory, and gone a while after the last report."""

from __future__ import annotations

from typing import Any

from kefu.core.desk import at
from kefu.widget.visits import GONE_S, MOST, MOST_OF_NETWORK, Visit, Visits


def visit(name: str, inbox: int = 1, *, since_s: int = 0, **more: Any) -> Visit:
    page = more.pop("page", "https://www.example.com/")
    return Visit(visit=name, inbox=inbox, page=page, since=at(since_s * 1000), **more)


def names(visits: Visits, now_s: float, *inboxes: int) -> list[str]:
    return [one.visit for one in visits.list(inboxes or (1,), now_s)]


def test_who_is_not_reported_again_is_gone_after_a_while_and_nobody_else():
    visits = Visits()
    for name in ("a", "b"):
        visits.report(visit(name), "n", 0)
    visits.report(visit("a"), "n", 30)
    assert sorted(names(visits, GONE_S - 1)) == ["a", "b"]
    assert names(visits, GONE_S) == ["a"]
    assert 60 <= GONE_S <= 90
    visits.look(GONE_S)
    assert not visits.is_empty
    visits.look(GONE_S + 30)
    assert visits.is_empty


def test_the_last_to_come_is_first_and_stays_since_then():
    visits = Visits()
    visits.report(visit("a", since_s=10), "n", 0)
    visits.report(visit("b", since_s=20), "n", 0)
    visits.report(visit("a", since_s=500, page="https://www.example.com/b"), "n", 5)
    first, second = visits.list([1], 5)
    assert (first.visit, second.visit) == ("b", "a")
    assert (second.since, second.page) == (at(10_000), "https://www.example.com/b")


def test_only_what_changed_is_news():
    visits = Visits()
    visits.report(visit("a"), "n", 0)
    visits.report(visit("b", 2), "n", 0)
    assert visits.look(0) == {1: 1, 2: 1}
    visits.report(visit("a", since_s=9), "n", 30)
    visits.report(visit("b", 2, title="Prices"), "n", 30)
    assert visits.look(30) == {2: 1}
    visits.leave(2, "b")
    visits.leave(2, "none")
    assert visits.look(31) == {2: 0}
    assert visits.look(30 + GONE_S) == {1: 0}
    assert visits.look(500) == {}


def test_a_site_and_a_network_have_bounded_room_and_nobody_there_has_to_go():
    visits = Visits()
    taken = [visits.report(visit(f"a{n}"), "one", 0) for n in range(MOST_OF_NETWORK + 1)]
    assert taken == [True] * MOST_OF_NETWORK + [False]
    for n in range(MOST - MOST_OF_NETWORK):
        assert visits.report(visit(f"b{n}"), f"n{n}", 0)
    assert not visits.report(visit("c"), "another", 0)
    assert visits.report(visit("a0"), "one", 0)
    assert visits.report(visit("c", 2), "another", 0)
    assert len(visits.list([1], 0)) == MOST
