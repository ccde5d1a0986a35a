"""What the audit trail can tell of: administrative and supervisory acts.

Rules: an act is a noun and a verb in the present, and has the name of the command that does it.
Those that no command does are the server's own. Who did it is a role and an id, what it was done to
a noun and an id; a row keeps either as ``WORD#ID``, or ``WORD`` for those who have no id.
Not here: writing it (``actions.context``), reading it (``actions.audit``).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from kefu.core.actors import Actor, Agent, Standing, Visitor
from kefu.core.conversation import Role

Act = Literal[
    "agent.activate",
    "agent.create",
    "agent.deactivate",
    "agent.reset_link",
    "agent.set_availability",
    "agent.set_name",
    "agent.set_password",
    "agent.update",
    "canned.create",
    "canned.delete",
    "canned.update",
    "contact.block",
    "contact.create",
    "contact.merge",
    "contact.unblock",
    "conversation.observe",
    "conversation.send_transcript",
    "conversation.take_over",
    "conversation.whisper",
    "device.end",
    "inbox.activate",
    "inbox.add_identity_key",
    "inbox.create",
    "inbox.deactivate",
    "inbox.retire_identity_key",
    "inbox.set_agents",
    "inbox.update",
    "message.delete",
    "tag.delete",
    "tag.update",
    "team.create",
    "team.delete",
    "team.set_agents",
    "team.update",
    "token.create",
    "token.revoke",
    "webhook.create",
    "webhook.delete",
    "webhook.disable",  # the server's own: its receiver said 410 Gone
    "webhook.replay",
    "webhook.rotate_secret",
    "webhook.test",
    "webhook.update",
]

Noun = Literal[
    "agent", "canned", "contact", "conversation", "inbox", "tag", "team", "token", "webhook"
]


class ActorRole(StrEnum):
    """What somebody was who did something; an id have those of the team, and visitors."""

    AGENT = Role.AGENT
    BOT = Role.BOT
    VISITOR = Role.VISITOR
    OPERATOR = "operator"  # whoever ran a command at the server's machine
    SYSTEM = Role.SYSTEM  # the server itself
    ANYONE = "anyone"  # by a link that works once


_ROLES = frozenset(ActorRole)
_STANDINGS = {Standing.OPERATOR: ActorRole.OPERATOR, Standing.SERVER: ActorRole.SYSTEM}


def who(actor: Actor) -> tuple[ActorRole, int]:
    """As whom an actor is told of."""
    if isinstance(actor, Agent | Visitor):
        return ActorRole(actor.member.role), actor.member.id
    return _STANDINGS.get(actor, ActorRole.ANYONE), 0


def mark(word: str, id: int) -> str:
    """Who did something, or what it was done to, as a row keeps it."""
    return f"{word}#{id}" if id else word


def parts(mark: str) -> tuple[str, int]:
    """What ``mark`` was made of."""
    word, _, id = mark.partition("#")
    return word, int(id) if id.isdecimal() else 0


def actor_of(mark: str) -> tuple[ActorRole, int]:
    """Who did something; a word that is not known is no reason to show nothing of the trail."""
    word, id = parts(mark)
    return (ActorRole(word), id) if word in _ROLES else (ActorRole.ANYONE, 0)
