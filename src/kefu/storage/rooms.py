"""The rooms protocol's conversations as the desk sees them: begun, taken by an agent, over.

Not here: their messages (``appending``), how they are opened (``conversations``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, select, text

from kefu.core.conversation import SYSTEM, Conversation, Message, NewMessage, Role
from kefu.core.desk import Activity, Details, Person, Reason
from kefu.core.states import Status
from kefu.storage.conversations import open_conversations
from kefu.storage.moving import Step, take_steps
from kefu.storage.schema import agent, conversation
from kefu.storage.states import resolved

_LIVE = text("status <> 'resolved'")  # as the index has it, word by word


class What(StrEnum):
    """What can happen to a conversation of the rooms protocol."""

    BEGAN = "began"
    ASSIGNED = "assigned"
    RESOLVED = "resolved"


class Happening(NamedTuple):
    """Something that happened to a conversation, whose members are those of that moment."""

    what: What
    conversation: Conversation
    reason: Reason | None = None

    @property
    def agent(self) -> str:
        """The name of the agent who sat there; "": nobody."""
        names = [one.name for one in self.conversation.members if one.role is Role.AGENT]
        return names[-1] if names else ""


def record_happenings(
    conn: Connection, happenings: Sequence[Happening], now_ms: int
) -> list[Message]:
    """Store what happened, in its order; return the entries. Unknown conversations are left out."""
    taken = [one.conversation for one in happenings if one.what is What.ASSIGNED]
    if taken:
        open_conversations(conn, [NewMessage(one, SYSTEM, None, "", now_ms) for one in taken])
    ids = _ids(conn, {one.conversation.key for one in happenings})
    people = _people(conn, {one.agent for one in happenings if one.agent})
    steps = [
        _step(one, ids[one.conversation.key], people)
        for one in happenings
        if one.conversation.key in ids
    ]
    return take_steps(conn, steps, now_ms) if steps else []


def resolve_open(conn: Connection, now_ms: int, most: int) -> list[Message]:
    """Resolve conversations that nobody is in any more; return the entries, at most ``most``."""
    chosen = select(conversation.c.id).where(_LIVE, conversation.c.kind == "rooms").limit(most)
    steps = [_resolved(id, "restart") for id in conn.scalars(chosen).all()]
    return take_steps(conn, steps, now_ms) if steps else []


def _step(one: Happening, id: int, people: dict[str, Person]) -> Step:
    who = people.get(one.agent)
    match one.what:
        case What.BEGAN:
            status = Status.OPEN if who else Status.QUEUED
            return Step(id, Activity(what="began", agent=who, status=status), {})
        case What.ASSIGNED:
            return Step(id, Activity(what="assigned", agent=who, status=Status.OPEN), {})
        case What.RESOLVED:
            return _resolved(id, one.reason)


def _resolved(id: int, reason: Reason | None) -> Step:
    activity = Activity(what="resolved", status=Status.RESOLVED, values=Details(reason=reason))
    return Step(id, activity, resolved(None))


def _ids(conn: Connection, keys: Collection[str]) -> dict[str, int]:
    chosen = select(conversation.c.key, conversation.c.id).where(conversation.c.key.in_(keys))
    return dict(conn.execute(chosen).all())


def _people(conn: Connection, names: Collection[str]) -> dict[str, Person]:
    """Agents of the protocol by name; one who shares it with somebody of the desk has no id."""
    chosen = select(agent.c.classic_name, agent.c.id).where(agent.c.classic_name.in_(names))
    known = dict(conn.execute(chosen).all())
    return {name: Person(role=Role.AGENT, name=name, id=known.get(name, 0)) for name in names}
