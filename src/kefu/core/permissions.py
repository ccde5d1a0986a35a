"""Who may do what: the one place that decides.

Rules: every action asks ``may`` before it does anything; a gateway says who the actor is and never
decides itself. What is not listed is forbidden. Whoever may not even know of a thing is told that
there is none (``check`` raises NotFound, not NotAllowed).
Not here: how an actor proves who they are (``actions.sessions``), limits (``core.limits``).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from kefu.core.actors import RANK, Actor, Agent, AgentRole, Scope, Standing, Visitor
from kefu.core.conversation import Conversation, Kind, Member
from kefu.core.errors import NotAllowed, NotFound, Unauthenticated
from kefu.core.urls import NOTHING, Allowed
from kefu.net.origins import OWN_ALONE, Pages

__all__ = ["Action", "Place", "Policy", "Standing", "check", "may"]


class Policy(msgspec.Struct, frozen=True):
    """What the operator opened. A demo is open; production is closed unless configured."""

    open_rooms: bool = False  # an agent of the rooms protocol needs no token
    reach: Allowed = NOTHING  # inner addresses that webhooks may go to
    mail: bool = False  # letters can be sent
    links: bool = False  # and have links back: it is known how browsers reach the server
    pages: Pages = OWN_ALONE  # those that are our own


class Place(msgspec.Struct, frozen=True, gc=False):
    """What ``may`` needs to know of a stored conversation."""

    id: int
    key: str
    kind: Kind
    inbox_id: int | None
    contact_id: int | None
    assignee_id: int | None = None


class Action(StrEnum):
    """What can be asked of ``may``."""

    SERVE_ROOM = "serve_room"  # join the rooms protocol as an agent
    SEND = "send"  # say something in a conversation of the tutorials' protocols

    # The subject is a Place.
    READ = "read"  # its messages and its state
    READ_INTERNAL = "read_internal"  # its notes and what else only the team sees
    WRITE = "write"  # send, edit and delete own messages, react, type, mark as read
    NOTE = "note"  # write what only the team sees
    HANDLE = "handle"  # assign, transfer, change the state, tag
    END = "end"  # end it as its contact
    RATE = "rate"
    TAKE_OVER = "take_over"  # from whoever has it
    MODERATE = "moderate"  # delete what others wrote

    # The subject is an inbox's id, or None for "in any".
    START = "start"  # begin a conversation there as its visitor
    BEGIN = "begin"  # begin a conversation there as one of the team
    USE_DESK = "use_desk"  # see the team's inboxes, agents, teams, canned responses; search
    EDIT_CONTACTS = "edit_contacts"
    MERGE_CONTACTS = "merge_contacts"  # also block
    TAG = "tag"  # make a tag
    EDIT_TAGS = "edit_tags"  # change a tag everywhere
    EDIT_CANNED = "edit_canned"
    SET_AVAILABILITY = "set_availability"  # one's own
    KEEP_OWN = "keep_own"  # what is one's own at the desk: mentions that were read, views …
    SUPERVISE = "supervise"  # others' availability, observing, whispering
    MANAGE = "manage"  # inboxes, agents, teams, tokens, webhooks, the audit trail
    MANAGE_SELF = "manage_self"  # own password, own sessions and tokens


# Of the team: the least role, and the scope that an API token needs.
_TEAM: dict[Action, tuple[AgentRole, Scope]] = {
    Action.READ: (AgentRole.BOT, Scope.READ),
    Action.READ_INTERNAL: (AgentRole.BOT, Scope.READ),
    Action.WRITE: (AgentRole.BOT, Scope.WRITE),
    Action.NOTE: (AgentRole.BOT, Scope.WRITE),
    Action.HANDLE: (AgentRole.BOT, Scope.WRITE),
    Action.TAKE_OVER: (AgentRole.SUPERVISOR, Scope.WRITE),
    Action.MODERATE: (AgentRole.SUPERVISOR, Scope.WRITE),
    Action.BEGIN: (AgentRole.AGENT, Scope.WRITE),
    Action.USE_DESK: (AgentRole.BOT, Scope.READ),
    Action.EDIT_CONTACTS: (AgentRole.BOT, Scope.WRITE),
    Action.MERGE_CONTACTS: (AgentRole.SUPERVISOR, Scope.WRITE),
    Action.TAG: (AgentRole.BOT, Scope.WRITE),
    Action.EDIT_TAGS: (AgentRole.SUPERVISOR, Scope.WRITE),
    Action.EDIT_CANNED: (AgentRole.AGENT, Scope.WRITE),
    Action.SET_AVAILABILITY: (AgentRole.AGENT, Scope.WRITE),
    Action.KEEP_OWN: (AgentRole.BOT, Scope.WRITE),
    Action.SUPERVISE: (AgentRole.SUPERVISOR, Scope.WRITE),
    Action.MANAGE: (AgentRole.ADMIN, Scope.ADMIN),
    Action.MANAGE_SELF: (AgentRole.AGENT, Scope.ADMIN),
}
_OF_VISITOR = frozenset({Action.READ, Action.WRITE, Action.END, Action.RATE})
_READING = frozenset({Action.READ, Action.READ_INTERNAL})


def may(
    actor: Actor | Member,
    action: Action,
    subject: Policy | Conversation | Place | int | None = None,
) -> bool:
    """Whether ``actor`` may do ``action`` to ``subject``. What is not listed is forbidden."""
    if action is Action.SEND:
        return isinstance(subject, Conversation) and actor in subject.members
    match actor:
        case Agent():
            return _may_agent(actor, action, subject)
        case Visitor():
            if isinstance(subject, Place):
                return action in _OF_VISITOR and _is_own(actor, subject)
            return action is Action.START and subject == actor.inbox_id
        case Standing.SERVER:
            return isinstance(subject, Place)
        case Standing.OPERATOR:
            return action is Action.MANAGE
        case Standing.LOCAL if action in _READING | {Action.USE_DESK}:
            return True
        case Standing.AGENT if action in _READING:  # the tutorials' conversations
            return subject is None or (isinstance(subject, Place) and subject.kind is not Kind.DESK)
        case Standing():
            opened = isinstance(subject, Policy) and subject.open_rooms
            return action is Action.SERVE_ROOM and (opened or actor is Standing.AGENT)
    return False


def check(
    actor: Actor, action: Action, subject: Policy | Conversation | Place | int | None = None
) -> None:
    """Raise unless ``may``.

    Unauthenticated: nobody is known to ask; NotFound: the actor may not know of ``subject``;
    NotAllowed: may know, but not do.
    """
    if may(actor, action, subject):
        return
    is_hidden = isinstance(subject, Place) and not may(actor, Action.READ, subject)
    if isinstance(actor, Standing) and not (is_hidden and may(actor, Action.READ)):
        raise Unauthenticated("Sign in, or send a token.")
    if is_hidden:
        raise NotFound
    raise NotAllowed


def seen_inboxes(actor: Actor, wanted: int | None = None) -> frozenset[int] | None:
    """The ids of the inboxes whose conversations ``actor`` may see as one of the team; None: all.

    For lists, searches and counters, which are made of many conversations at once. ``wanted``: just
    this one. Raises NotFound: the actor may not see it.
    """
    match actor:
        case Agent(role=AgentRole.ADMIN) | Standing.LOCAL | Standing.SERVER:
            seen = None
        case Agent():
            seen = actor.inboxes
        case _:
            seen = frozenset()
    if wanted is None:
        return seen
    if seen is not None and wanted not in seen:
        raise NotFound
    return frozenset({wanted})


def _may_agent(agent: Agent, action: Action, subject: object) -> bool:
    if action not in _TEAM:
        return False
    role, scope = _TEAM[action]
    if RANK[agent.role] < RANK[role] or (agent.scopes is not None and scope not in agent.scopes):
        return False
    if agent.role is AgentRole.ADMIN:
        return (
            not isinstance(subject, Place)
            or subject.kind is not Kind.DIRECT
            or (action in _READING)
        )
    inbox_id = subject.inbox_id if isinstance(subject, Place) else subject
    if isinstance(subject, Place):
        return inbox_id in agent.inboxes
    return inbox_id is None or inbox_id in agent.inboxes


def _is_own(visitor: Visitor, place: Place) -> bool:
    return place.contact_id == visitor.contact_id and place.kind is Kind.DESK
