"""Reactions to a message."""

from __future__ import annotations

import pytest

from kefu.core.conversation import Role
from kefu.core.desk import PersonId, Reaction
from kefu.core.errors import BadInput, TooMany
from kefu.core.reactions import is_emoji, set_reaction, shown_reactions

EMOJI = [
    "👍",
    "❤️",
    "👍🏽",
    "👩‍👩‍👧‍👦",
    "🇨🇳",
    "1️⃣",
    "#⃣",
    "🏴\U000e0067\U000e0062\U000e007f",
    "‼️",
    "㊗️",
    "🪿",
]


@pytest.mark.parametrize("text", EMOJI)
def test_what_keyboards_offer_is_an_emoji(text: str):
    assert is_emoji(text)


@pytest.mark.parametrize(
    "text", ["", "a", "1", "12", "👍a", " 👍", "\u200d", "👍" * 17, "<", "\0", "好"]
)
def test_other_text_is_not(text: str):
    assert not is_emoji(text)


def test_to_set_what_is_set_and_to_take_back_what_is_not_there_changes_nothing():
    once = set_reaction({}, "👍", "a", on=True, kinds=2)
    assert once == {"👍": ["a"]}
    assert set_reaction(once, "👍", "a", on=True, kinds=2) == once
    assert set_reaction(once, "👍", "b", on=False, kinds=2) == once
    assert set_reaction(once, "🎉", "a", on=False, kinds=2) == once
    assert set_reaction(once, "👍", "a", on=False, kinds=2) == {}


def test_kinds_are_bounded_and_people_are_not():
    two = {"👍": ["a"], "🎉": ["a"]}
    with pytest.raises(TooMany):
        set_reaction(two, "❤️", "b", on=True, kinds=2)
    assert set_reaction(two, "🎉", "b", on=True, kinds=2) == {"👍": ["a"], "🎉": ["a", "b"]}
    assert two == {"👍": ["a"], "🎉": ["a"]}


def test_what_is_no_emoji_is_refused():
    with pytest.raises(BadInput):
        set_reaction({}, "ok", "a", on=True, kinds=2)


def test_who_reacted_is_told_by_role_and_id():
    stored = {"👍": ["visitor#7", "agent#3"], "🎉": ["agent:A#1: b", "bot#12"]}
    assert shown_reactions(stored) == (
        Reaction(
            emoji="👍",
            people=(PersonId(role=Role.VISITOR, id=7), PersonId(role=Role.AGENT, id=3)),
        ),
        Reaction(
            emoji="🎉",
            people=(PersonId(role=Role.AGENT, id=0), PersonId(role=Role.BOT, id=12)),
        ),
    )
