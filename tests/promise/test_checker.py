"""The checker accepts what keeps the promise and names the rule that anything else breaks."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.promise.checker import Evidence, Rule, Seen, Stored, check

SENT = {"li": ["l1", "l2", "l3"], "wang": ["w1"]}
HISTORY = [
    Stored(1, 1, "li", "l1"),
    Stored(1, 2, "wang", "w1"),
    Stored(1, 3, "li", "l2"),
    Stored(2, 1, "li", "l3"),
]


def seen(*texts: str) -> list[Seen]:
    return [Seen("li" if text.startswith("l") else "wang", text) for text in texts]


def broken(
    history: Sequence[Stored] = HISTORY,
    *sessions: Sequence[Seen],
    reader: str = "li",
    others: Sequence[tuple[int, int]] = (),
) -> set[Rule]:
    evidence = Evidence(SENT, {reader: sessions}, history, others)
    return {violation.rule for violation in check(evidence)}


def test_a_kept_promise_has_no_violation():
    assert broken(HISTORY, seen("l1", "w1", "l2"), seen("l3")) == set()


def test_what_is_no_message_has_numbers_too():
    history = [Stored(1, 1, "li", "l1"), Stored(1, 4, "wang", "w1")]
    assert broken(history, seen("l1", "w1"), others=[(1, 3), (1, 2), (2, 1)]) == set()
    assert broken(history, seen("l1", "w1"), others=[(1, 2)]) == {Rule.NUMBERED, Rule.ONE_ORDER}


def test_a_message_may_be_stored_without_being_seen():
    assert broken(HISTORY) == set()


def test_an_unseen_send_may_be_lost():
    assert broken(HISTORY[:3], seen("l1", "w1", "l2")) == set()


def test_a_reader_may_come_late_and_miss_what_was_said_between_two_connections():
    assert broken(HISTORY, seen("w1"), seen("l3")) == set()


@pytest.mark.parametrize(
    ("history", "rule"),
    [
        pytest.param([HISTORY[0], *HISTORY[2:]], Rule.NUMBERED, id="a hole"),
        pytest.param([*HISTORY[1:]], Rule.NUMBERED, id="no first"),
        pytest.param([*HISTORY, Stored(2, 1, "wang", "w1")], Rule.NUMBERED, id="a number twice"),
        pytest.param([*HISTORY, Stored(2, 2, "li", "l1")], Rule.STORED_ONCE, id="stored twice"),
        pytest.param([*HISTORY, Stored(2, 2, "li", "x")], Rule.NOT_INVENTED, id="nobody said it"),
        pytest.param(
            [*HISTORY[:3], Stored(2, 1, "wang", "l3")], Rule.NOT_INVENTED, id="another said it"
        ),
        pytest.param(
            [Stored(1, 1, "li", "l2"), Stored(1, 2, "li", "l1")],
            Rule.SENDERS_ORDER,
            id="order turned round",
        ),
    ],
)
def test_a_wrong_history_breaks(history, rule):
    assert rule in broken(history)


def test_a_seen_message_that_is_not_stored_breaks():
    assert broken(HISTORY[:3], seen("l3")) == {Rule.SEEN_IS_STORED}


def test_a_message_seen_under_a_wrong_name_breaks():
    assert broken(HISTORY, [Seen("wang", "l1")]) == {Rule.SEEN_IS_STORED}


def test_a_message_shown_twice_breaks_also_over_two_connections():
    assert broken(HISTORY, seen("l1"), seen("l1")) == {Rule.SHOWN_ONCE}


def test_a_gap_while_connected_breaks():
    assert broken(HISTORY, seen("l1", "l2")) == {Rule.ONE_ORDER}


def test_another_order_than_the_stored_one_breaks():
    assert Rule.ONE_ORDER in broken(HISTORY, seen("w1", "l1"))
