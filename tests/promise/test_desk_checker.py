"""The desk's checker accepts what keeps the promise and names the rule that is broken."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.promise.desk_checker import Notes, Rule, Send, Stored, Told, check

STORED = [
    Stored(1, 1, "visitor1", "v-1", "hello"),
    Stored(1, 2, "system2", None, ""),  # an activity
    Stored(1, 3, "agent3", "a-1", "welcome"),
    Stored(1, 4, "visitor1", "v-2", "thanks"),
]
SENDS = {"v-1": Send(1, "v-1", "hello", 1), "v-2": Send(1, "v-2", "thanks", 4)}
SHOWN = ["hello", "welcome", "thanks"]
VISITOR = Notes(SENDS, {1: SHOWN}, [[Told(1, 2, 1), Told(1, 3, 2)], [Told(1, 4, 3)]])
AGENT = Notes({"a-1": Send(1, "a-1", "welcome", 3)}, {1: SHOWN}, [])


def broken(visitor: Notes = VISITOR, stored: list[Stored] = STORED) -> set[Rule]:
    return {violation.rule for violation in check({"visitor": visitor, "agent": AGENT}, stored)}


def test_a_kept_promise_has_no_violation():
    assert broken() == set()


def test_a_send_without_an_answer_may_be_stored_or_not():
    unanswered = SENDS | {"v-2": SENDS["v-2"]._replace(seq=None), "v-3": Send(1, "v-3", "lost")}
    assert broken(replace(VISITOR, sends=unanswered)) == set()


@pytest.mark.parametrize(
    ("stored", "rule"),
    [
        pytest.param([STORED[0], *STORED[2:]], Rule.NUMBERED, id="a hole"),
        pytest.param(STORED[:3], Rule.ACKNOWLEDGED, id="an acknowledged one is lost"),
        pytest.param(
            [*STORED[:3], STORED[3]._replace(text="other")], Rule.ACKNOWLEDGED, id="another text"
        ),
        pytest.param([*STORED, STORED[3]._replace(seq=5)], Rule.ONCE, id="stored twice"),
        pytest.param(
            [*STORED, STORED[3]._replace(seq=5, client_id="v-9")], Rule.ONCE, id="under a new id"
        ),
        pytest.param(
            [*STORED, Stored(1, 5, "agent3", "x", "never said")], Rule.NOT_INVENTED, id="invented"
        ),
        pytest.param(
            [STORED[3]._replace(seq=1), *STORED[1:3], STORED[0]._replace(seq=4)],
            Rule.SENDERS_ORDER,
            id="order turned round",
        ),
    ],
)
def test_a_wrong_store_breaks(stored, rule):
    assert rule in broken(stored=stored)


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(["hello", "thanks"], id="one is missing"),
        pytest.param([*SHOWN, "thanks"], id="one is there twice"),
        pytest.param(["welcome", "hello", "thanks"], id="another order"),
        pytest.param([*SHOWN, "ghost"], id="one that is not stored"),
    ],
)
def test_a_wrong_screen_breaks(shown):
    assert broken(replace(VISITOR, shown={1: shown})) == {Rule.SHOWN}


@pytest.mark.parametrize(
    "session",
    [
        pytest.param([Told(1, 2, 1), Told(1, 4, 3)], id="a gap"),
        pytest.param([Told(1, 2, 1), Told(1, 2, 1)], id="twice"),
        pytest.param([Told(1, 3, 2), Told(1, 2, 1)], id="late"),
    ],
)
def test_being_told_wrongly_breaks(session):
    assert broken(replace(VISITOR, sessions=[session])) == {Rule.TOLD}
