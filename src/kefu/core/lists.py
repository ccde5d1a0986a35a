"""Which conversations a list shows and in which order, as clients say it, and views that keep it.

Not here: reading a list (``storage.listing``), who sees what (``actions.conversations``).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from kefu.core.desk import Value
from kefu.core.states import Status

Id = Annotated[int, Meta(ge=1, lt=2**53, description="An id.")]
Assignee = Id | Literal["me", "none"]


class Sort(StrEnum):
    """What a list begins with."""

    NEWEST = "newest"  # written to last
    WAITING = "waiting"  # whose contact waits longest for an answer; those who do not are last
    PRIORITY = "priority"  # most urgent, and of these whose contact waits longest


class ConversationFilter(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Which conversations are wanted: all of this must hold."""

    status: Annotated[
        tuple[Status, ...], Meta(max_length=5, description="In one of these states.")
    ] = ()
    inbox: Id | None = None
    assignee: Annotated[
        Assignee | None, Meta(description="An agent, oneself (`me`), or nobody (`none`).")
    ] = None
    team: Id | None = None
    tag: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    priority: Annotated[
        Literal[1, 2, 3, 4] | None, Meta(description="At least: 1 low … 4 urgent.")
    ] = None
    waiting: Annotated[bool, Meta(description="Its contact waits for an answer.")] = False
    unread: Annotated[
        Literal["me", "team"] | None, Meta(description="Not read by oneself, or by nobody.")
    ] = None
    mentioned: Annotated[bool, Meta(description="A note names the caller.")] = False


class View(Value, frozen=True):
    """A list under a name. ``owner``: the agent who made it; ``shared``: the team sees it."""

    id: int
    name: str
    filter: ConversationFilter
    sort: Sort
    owner: int
    shared: bool = False
