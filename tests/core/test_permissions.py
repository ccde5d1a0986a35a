"""Who may do what, against the text of the protocol pages."""

from itertools import product

import pytest

from kefu.core.conversation import Conversation, Kind, Member, Role
from kefu.core.permissions import Action, Policy, Standing, may

OPEN, CLOSED = Policy(open_rooms=True), Policy()
ANN = Member(Role.AGENT, "Ann")
BOB = Member(Role.VISITOR, "Bob")
TALK = Conversation("rooms:1", Kind.ROOMS, (ANN, BOB))

ALLOWED = {
    (Standing.ANYONE, Action.SERVE_ROOM, OPEN),
    (Standing.LOCAL, Action.SERVE_ROOM, OPEN),
    (Standing.AGENT, Action.SERVE_ROOM, OPEN),
    (Standing.AGENT, Action.SERVE_ROOM, CLOSED),
    (Standing.LOCAL, Action.READ_HISTORY, None),
    (Standing.AGENT, Action.READ_HISTORY, None),
}


@pytest.mark.parametrize(
    ("actor", "action", "subject"),
    [
        *product(Standing, [Action.SERVE_ROOM], [OPEN, CLOSED]),
        *product(Standing, [Action.READ_HISTORY], [None]),
        *product(Standing, [Action.SEND], [TALK]),
    ],
)
def test_only_what_is_listed_is_allowed(actor, action, subject):
    assert may(actor, action, subject) == ((actor, action, subject) in ALLOWED)


def test_only_members_speak_in_a_conversation():
    assert may(ANN, Action.SEND, TALK)
    assert may(BOB, Action.SEND, TALK)
    assert not may(Member(Role.VISITOR, "Eve"), Action.SEND, TALK)
    assert not may(Member(Role.VISITOR, "Ann"), Action.SEND, TALK)
