"""Who asks: what ``core.permissions.may`` is told about whoever sent a request.

Rules: values only. They are made in one place (``storage.proving``) of a claim: a session, an API
token, a visitor's device token. An actor is what a claim stood for at one moment; whoever uses one
later looks at the claim again, in the same transaction (``actions.context.Call``).
Not here: what they may do (``core.permissions``).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from kefu.core.conversation import Member, Role
from kefu.core.tokens import Kind


class Standing(StrEnum):
    """Somebody without an account."""

    ANYONE = "anyone"  # no proof of anything
    LOCAL = "local"  # sits at the machine of a demo: a loopback address, and nothing forwarded
    AGENT = "agent"  # showed an agent's token of the rooms protocol
    OPERATOR = "operator"  # whoever may run commands on the server's machine
    SERVER = "server"  # nobody: a timer or a rule of the server's own


class AgentRole(StrEnum):
    """What an agent is in the team; each may all that those before it may."""

    BOT = "bot"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


RANK = {role: rank for rank, role in enumerate(AgentRole)}


class Scope(StrEnum):
    """What an API token may be used for; a session may all that its agent may."""

    READ = "read"  # look at whatever the agent may see
    WRITE = "write"  # converse, and edit contacts
    ADMIN = "admin"  # whatever else the agent may


class Agent(msgspec.Struct, frozen=True):
    """One of the team, with a session or an API token.

    ``inboxes``: the ids of those that this agent works in; an admin sees all of them.
    ``scopes``: of the token; None: a session.
    """

    id: int
    name: str
    role: AgentRole
    inboxes: frozenset[int] = frozenset()
    scopes: frozenset[Scope] | None = None
    session_id: int | None = None
    token_id: int | None = None

    @property
    def key(self) -> str:
        """Unique among actors."""
        return f"agent#{self.id}"

    @property
    def member(self) -> Member:
        """As who they take part in a conversation."""
        role = Role.BOT if self.role is AgentRole.BOT else Role.AGENT
        return Member(role, self.name, self.id)


class Visitor(msgspec.Struct, frozen=True):
    """A contact at a web page, with a device token.

    The page draws its token itself and sends it with everything, so that its first message can be
    repeated like any other; ``contact_id`` is 0 until that message is stored.
    """

    contact_id: int
    inbox_id: int
    name: str
    verified: bool = False  # the site signed who this is
    token_hash: str = ""  # of the device token

    @property
    def key(self) -> str:
        """Unique among actors."""
        return f"contact#{self.contact_id}" if self.contact_id else f"device#{self.token_hash}"

    @property
    def member(self) -> Member:
        """As who they take part in a conversation."""
        return Member(Role.VISITOR, self.name, self.contact_id)


Actor = Standing | Agent | Visitor


class Claim(msgspec.Struct, frozen=True):
    """What somebody showed, of which an actor can be made at any moment, as long as it holds.

    ``widget_key``: of the inbox that a visitor named. ``page``: the origin of another site's page
    that asks, None: none does; it counts for visitors, whose inbox has to name it.
    """

    kind: Kind
    token_hash: str
    widget_key: str | None = None
    page: str | None = None
