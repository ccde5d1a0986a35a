"""Who may do what: the one place that decides.

Rules: every action asks ``may`` before it does anything; a gateway says who the actor is and never
decides itself.
Not here: how an actor proves who they are (``gateways``), limits (``core.limits``).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from kefu.core.conversation import Conversation, Member


class Standing(StrEnum):
    """What is known of whoever asks."""

    ANYONE = "anyone"  # no proof of anything
    LOCAL = "local"  # sits at the machine of a demo: a loopback address, and nothing forwarded
    AGENT = "agent"  # showed an agent's token


class Policy(msgspec.Struct, frozen=True):
    """What the operator opened. A demo is open; production is closed unless configured."""

    open_rooms: bool = False  # an agent of the rooms protocol needs no token


class Action(StrEnum):
    """What can be asked of ``may``."""

    SERVE_ROOM = "serve_room"  # join the rooms protocol as an agent
    READ_HISTORY = "read_history"  # read any stored conversation
    SEND = "send"  # say something in a conversation


def may(
    actor: Standing | Member, action: Action, subject: Policy | Conversation | None = None
) -> bool:
    """Whether ``actor`` may do ``action`` to ``subject``. What is not listed is forbidden."""
    if action is Action.SEND:
        return isinstance(subject, Conversation) and actor in subject.members
    match actor, action, subject:
        case Standing.AGENT, Action.SERVE_ROOM | Action.READ_HISTORY, _:
            return True
        case Standing.LOCAL, Action.READ_HISTORY, _:
            return True
        case Standing(), Action.SERVE_ROOM, Policy(open_rooms=True):
            return True
    return False
