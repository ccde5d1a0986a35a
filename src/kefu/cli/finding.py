"""Whom and what a command means by a word: an agent, an inbox.

Rules: what is written as it is comes first (a name, an e-mail address, a widget key), then the
number that ``list`` prints, then a name that looks the same: 1 looks like l. Of several that look
so, which a store has whose names an older version told apart, none is taken.
Not here: what is done with them (``cli.staff``, ``cli.entrances``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import Connection

from kefu.cli.options import texts
from kefu.cli.running import Unusable
from kefu.core.actors import AgentRole
from kefu.core.addresses import clean_email
from kefu.core.characters import fold
from kefu.core.desk import AgentInfo
from kefu.core.errors import BadInput
from kefu.core.inbox import Inbox
from kefu.core.text import visible
from kefu.storage import agents, inboxes

Named = TypeVar("Named", AgentInfo, Inbox)


def find_inbox(conn: Connection, called: str) -> Inbox:
    """The inbox with this name, widget key or number, or that looks so. Raises Unusable."""
    there = inboxes.list_inboxes(conn)
    exact = [one for one in there if called in (one.name, one.widget_key)]
    if found := _one(called, exact or _by_number(called, there) or _by_look(called, there)):
        return found
    raise Unusable(texts("no_inbox_called", called=visible(called)))


def find_agent(conn: Connection, called: str) -> AgentInfo:
    """The agent with this e-mail address, name or number, or that looks so. Raises Unusable.

    Who has no account, known from the rooms protocol by a name, is found by that name alone.
    """
    everybody = agents.list_agents(conn)
    team = list(filter(has_account, everybody))
    email = _email(called)
    exact = [one for one in team if email == one.email] if email else []
    exact = exact or [one for one in team if called == one.name]
    exact = exact or [one for one in everybody if called == one.name]
    if found := _one(called, exact or _by_number(called, team) or _by_look(called, team)):
        return found
    raise Unusable(texts("no_such_agent", who=visible(called)))


def has_account(info: AgentInfo) -> bool:
    """Whether somebody is of the team, and not of the rooms protocol, known by a name alone."""
    return info.email is not None or info.role is AgentRole.BOT


def _by_number(called: str, there: Sequence[Named]) -> list[Named]:
    return [one for one in there if called == str(one.id)]


def _by_look(called: str, there: Sequence[Named]) -> list[Named]:
    look = fold(called)
    return [one for one in there if fold(one.name) == look]


def _one(called: str, found: Sequence[Named]) -> Named | None:
    if len(found) > 1:
        names = ", ".join(f"{visible(one.name)} ({one.id})" for one in found)
        raise Unusable(texts("several_look_so", called=visible(called), names=names))
    return found[0] if found else None


def _email(called: str) -> str | None:
    try:
        return clean_email(called)
    except BadInput:
        return None
