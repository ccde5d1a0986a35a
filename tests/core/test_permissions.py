"""Who may do what, against the text of docs/conversations.md and of the protocol pages."""

from __future__ import annotations

from itertools import product

import pytest

from kefu.core.actors import Agent, AgentRole, Scope, Visitor
from kefu.core.conversation import Conversation, Kind, Member, Role
from kefu.core.errors import NotAllowed, NotFound, Unauthenticated
from kefu.core.permissions import (
    Action,
    Place,
    Policy,
    Standing,
    check,
    may,
    seen_inboxes,
)
from tests.docs.pages import rows

OPEN, CLOSED = Policy(open_rooms=True), Policy()
HERE, ELSEWHERE = 3, 4  # inboxes
LI, OTHER = 9, 10  # contacts

MINE = Place(1, "desk:1", Kind.DESK, HERE, LI)
THEIRS = Place(2, "desk:2", Kind.DESK, HERE, OTHER)
FAR = Place(3, "desk:3", Kind.DESK, ELSEWHERE, LI)
ROOM = Place(4, "rooms:4", Kind.ROOMS, HERE, OTHER)
PAIR = Place(5, "direct:5", Kind.DIRECT, None, None)

VISITOR = Visitor(LI, HERE, "Li")
TEAM = {role: Agent(1, "Ann", role, frozenset({HERE})) for role in AgentRole}

PAGES = {
    "en": (
        "docs/conversations.md",
        "## Who may do what",
        "### In the desk as a whole",
        "### Tokens",
    ),
    "zh-CN": ("docs/conversations.zh-CN.md", "## 谁可以做什么", "### 在整个工作台里", "### 令牌"),
}
OF_PLACES = (
    *(Action.READ, Action.READ_INTERNAL, Action.WRITE, Action.NOTE, Action.HANDLE),
    *(Action.END, Action.RATE, Action.TAKE_OVER, Action.MODERATE),
)
OF_DESK = (
    *(Action.USE_DESK, Action.EDIT_CONTACTS, Action.MERGE_CONTACTS, Action.EDIT_CANNED),
    *(Action.SET_AVAILABILITY, Action.SUPERVISE, Action.MANAGE, Action.MANAGE_SELF),
    *(Action.BEGIN, Action.KEEP_OWN, Action.TAG, Action.EDIT_TAGS),
)


def act(cell: str) -> Action:
    return Action(cell.strip("`"))


def of_places(language: str) -> dict[Action, list[str]]:
    """Act → what the page says of visitor, bot, agent, supervisor, admin."""
    page, heading, *_ = PAGES[language]
    return {act(name): cells for name, *cells in rows(page, heading)}


def of_desk(language: str) -> dict[Action, list[str]]:
    """Act → what the page says of bot, agent, supervisor, admin."""
    page, _, heading, _ = PAGES[language]
    return {act(name): cells[:4] for name, *cells in rows(page, heading)}


languages = pytest.mark.parametrize("language", PAGES)


@languages
def test_in_their_inboxes_people_may_what_the_page_says(language):
    table = of_places(language)
    assert {*table} == {*OF_PLACES}
    for action, (of_visitor, *of_team) in table.items():
        assert may(VISITOR, action, MINE) == (of_visitor == "own"), action
        for role, cell in zip(AgentRole, of_team, strict=True):
            for place in (MINE, THEIRS, ROOM):
                assert may(TEAM[role], action, place) == (cell == "yes"), (role, action)


@languages
def test_in_the_desk_people_may_what_the_page_says(language):
    table = of_desk(language)
    assert {*table} == {*OF_DESK}
    for action, cells in table.items():
        assert not may(VISITOR, action, HERE)
        for role, cell in zip(AgentRole, cells, strict=True):
            for subject in (None, HERE):
                assert may(TEAM[role], action, subject) == (cell == "yes"), (role, action)


@languages
def test_a_token_may_what_its_agent_may_within_its_scopes(language):
    page, *_, heading = PAGES[language]
    scopes = {
        act(name): Scope(scope.strip("`"))
        for scope, acts in rows(page, heading)
        for name in acts.split(", ")
    }
    assert {*scopes} == {*OF_PLACES, *OF_DESK} - {Action.END, Action.RATE}
    for role, action, scope in product(AgentRole, scopes, Scope):
        person = TEAM[role]
        token = Agent(1, "Ann", role, frozenset({HERE}), frozenset({scope}))
        subject = MINE if action in OF_PLACES else HERE
        allowed = may(person, action, subject) and scope is scopes[action]
        assert may(token, action, subject) == allowed, (role, action, scope)


@pytest.mark.parametrize("action", OF_PLACES, ids=str)
def test_elsewhere_only_an_admin_may_anything(action):
    for role in AgentRole:
        expected = role is AgentRole.ADMIN and may(TEAM[role], action, MINE)
        assert may(TEAM[role], action, FAR) == expected


@pytest.mark.parametrize("action", OF_DESK, ids=str)
def test_of_another_inbox_only_an_admin_may_anything(action):
    for role in AgentRole:
        expected = role is AgentRole.ADMIN and may(TEAM[role], action, HERE)
        assert may(TEAM[role], action, ELSEWHERE) == expected


@pytest.mark.parametrize("action", OF_PLACES, ids=str)
def test_pairs_are_nobodys_to_handle_and_an_admins_to_read(action):
    reading = action in (Action.READ, Action.READ_INTERNAL)
    for role in AgentRole:
        assert may(TEAM[role], action, PAIR) == (reading and role is AgentRole.ADMIN)


def test_a_visitor_has_no_way_to_others_nor_to_other_kinds():
    for action, place in product(Action, (THEIRS, ROOM, PAIR)):
        assert not may(VISITOR, action, place)
    assert may(VISITOR, Action.START, HERE)
    assert not may(VISITOR, Action.START, ELSEWHERE)
    assert not any(may(one, Action.START, HERE) for one in TEAM.values())


STANDINGS = {
    *(
        (Standing.LOCAL, action, place)
        for action in (Action.READ, Action.READ_INTERNAL)
        for place in (MINE, ROOM, PAIR)
    ),
    *(
        (Standing.AGENT, action, place)
        for action in (Action.READ, Action.READ_INTERNAL)
        for place in (ROOM, PAIR)
    ),
    *((Standing.SERVER, action, place) for action in OF_PLACES for place in (MINE, ROOM, PAIR)),
    (Standing.LOCAL, Action.USE_DESK, HERE),
    (Standing.LOCAL, Action.USE_DESK, None),
    *((Standing.OPERATOR, Action.MANAGE, subject) for subject in (HERE, None)),
    (Standing.ANYONE, Action.SERVE_ROOM, OPEN),
    (Standing.LOCAL, Action.SERVE_ROOM, OPEN),
    (Standing.AGENT, Action.SERVE_ROOM, OPEN),
    (Standing.AGENT, Action.SERVE_ROOM, CLOSED),
}


@pytest.mark.parametrize("standing", Standing)
def test_without_an_account_only_what_is_listed_is_allowed(standing):
    asked = [
        *product(OF_PLACES, (MINE, ROOM, PAIR)),
        *product((*OF_DESK, Action.START), (HERE, None)),
        *product([Action.SERVE_ROOM], (OPEN, CLOSED)),
    ]
    for action, subject in asked:
        expected = (standing, action, subject) in STANDINGS
        assert may(standing, action, subject) == expected, (action, subject)


ANN = Member(Role.AGENT, "Ann")
BOB = Member(Role.VISITOR, "Bob")
TALK = Conversation("rooms:1", Kind.ROOMS, (ANN, BOB))


def test_only_members_speak_in_a_conversation_of_the_tutorials():
    assert may(ANN, Action.SEND, TALK)
    assert may(BOB, Action.SEND, TALK)
    assert not may(Member(Role.VISITOR, "Eve"), Action.SEND, TALK)
    assert not may(Member(Role.VISITOR, "Ann"), Action.SEND, TALK)


@pytest.mark.parametrize(
    ("actor", "action", "subject", "refusal"),
    [
        pytest.param(Standing.ANYONE, Action.READ, MINE, Unauthenticated, id="nobody"),
        pytest.param(VISITOR, Action.READ, THEIRS, NotFound, id="may not know of it"),
        pytest.param(Standing.AGENT, Action.READ, MINE, NotFound, id="of the rooms protocol"),
        pytest.param(VISITOR, Action.HANDLE, THEIRS, NotFound, id="nor by another act"),
        pytest.param(VISITOR, Action.HANDLE, MINE, NotAllowed, id="knows, but may not"),
        pytest.param(TEAM[AgentRole.SUPERVISOR], Action.READ, FAR, NotFound, id="other inbox"),
        pytest.param(TEAM[AgentRole.AGENT], Action.MANAGE, None, NotAllowed, id="no admin"),
    ],
)
def test_a_refusal_tells_no_more_than_may_be_known(actor, action, subject, refusal):
    with pytest.raises(refusal):
        check(actor, action, subject)


def test_lists_are_of_the_inboxes_that_one_may_see():
    assert seen_inboxes(TEAM[AgentRole.SUPERVISOR]) == frozenset({HERE})
    assert seen_inboxes(TEAM[AgentRole.ADMIN]) is None
    assert seen_inboxes(VISITOR) == frozenset()
    assert seen_inboxes(Standing.ANYONE) == frozenset()
