"""What a line of the history says: as everywhere, the team's Markdown without its marks."""

from __future__ import annotations

import pytest

from kefu.cli.history import _line
from kefu.core.conversation import Kind, Member, Message, Role

TEXT = "**Hello** 2*3*4, see [us](https://shop.example/_x_/)"


@pytest.mark.parametrize(
    ("kind", "role", "shown"),
    [
        (Kind.DESK, Role.AGENT, "Hello 2*3*4, see us (https://shop.example/_x_/)"),
        (Kind.DESK, Role.BOT, "Hello 2*3*4, see us (https://shop.example/_x_/)"),
        (Kind.DESK, Role.VISITOR, TEXT),
        (Kind.ROOMS, Role.AGENT, TEXT),
        (Kind.DIRECT, Role.PEER, TEXT),
    ],
)
def test_the_history_shows_words_as_they_are_read_elsewhere(kind: Kind, role: Role, shown: str):
    message = Message(7, "k", 1, Member(role, "Ann"), None, TEXT, 0)
    assert _line(kind, message).endswith(f"  Ann: {shown}")
