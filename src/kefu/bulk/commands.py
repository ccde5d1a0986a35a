"""Assign, tag, resolve, snooze, read … many conversations at once.

Rules: each conversation is done or refused by itself, as the command of its own would; all are one
transaction, so that a repeat under the same key is done once.
Not here: what each act is (``actions.handling``, ``actions.status``, ``actions.visitor``,
``notifications.commands``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.forms import Form, Id
from kefu.actions.handling import AssignConversation, give
from kefu.actions.status import SetPriority, SetStatus, change_priority, change_status, change_tags
from kefu.actions.visitor import mark
from kefu.core.desk import Value
from kefu.core.errors import ChatError
from kefu.core.permissions import Action, check
from kefu.core.states import Status
from kefu.notifications.commands import set_back
from kefu.storage import desk, writing

MOST = 100

TagNames = Annotated[tuple[Annotated[str, Meta(max_length=200)], ...], Meta(max_length=50)]


class _Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="do"):
    """Base of what can be done."""


class Assign(_Act, frozen=True, tag="assign"):
    """To an agent, to a team's queue, or with both to an agent of this team."""

    agent: Id | None = None
    team: Id | None = None


class Retag(_Act, frozen=True, tag="tag"):
    """Give tags, and take some away."""

    add: TagNames = ()
    remove: TagNames = ()


class Resolve(_Act, frozen=True, tag="resolve"):
    """It is done."""


class Reopen(_Act, frozen=True, tag="reopen"):
    """Back to the agent who has it."""


class Snooze(_Act, frozen=True, tag="snooze"):
    """Let it rest until a time; without one, until the contact's next message."""

    until: Annotated[datetime, Meta(tz=True)] | None = None


class Prioritise(_Act, frozen=True, tag="priority"):
    """Say how urgent it is."""

    priority: Literal[0, 1, 2, 3, 4]


class Read(_Act, frozen=True, tag="read"):
    """All of it was read."""


class NotRead(_Act, frozen=True, tag="unread"):
    """You have not read the contact's last message."""


BulkAct = Assign | Retag | Resolve | Reopen | Snooze | Prioritise | Read | NotRead


class BulkConversations(Form, frozen=True):
    """One act for many conversations."""

    conversations: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=MOST)]
    act: BulkAct


class BulkRefusal(Value, frozen=True):
    """Why one was not done."""

    code: str
    message: str


class BulkResult(Value, frozen=True):
    """What came of one; without ``error`` it is done."""

    conversation: int
    error: BulkRefusal | None = None


class BulkResults(Value, frozen=True):
    """What came of each, in the order in which they were named."""

    results: tuple[BulkResult, ...]


async def bulk(call: Call, do: BulkConversations) -> BulkResults:
    """Do one thing to many conversations; each is done or refused by itself."""

    def work(tx: Tx) -> BulkResults:
        check(tx.call.actor, Action.HANDLE)
        return BulkResults(results=tuple(_result(tx, id, do.act) for id in do.conversations))

    return await commit(call, work)


def _result(tx: Tx, id: int, act: BulkAct) -> BulkResult:
    told = len(tx.entries), len(tx.after)
    try:
        with tx.conn.begin_nested():
            _carry_out(tx, id, act)
    except ChatError as error:  # what it had done so far is undone, and not told
        del tx.entries[told[0] :], tx.after[told[1] :]
        return BulkResult(conversation=id, error=BulkRefusal(code=error.code, message=str(error)))
    return BulkResult(conversation=id)


def _carry_out(tx: Tx, id: int, act: BulkAct) -> None:
    match act:
        case Assign(agent=agent, team=team):
            give(tx, AssignConversation(conversation=id, agent=agent, team=team), "assigned")
        case Retag(add=add, remove=remove):
            place = tx.place(id, Action.HANDLE)
            tags = desk.get_conversation(tx.conn, place.id).tags
            change_tags(tx, id, [*tags, *add], but=remove)
        case Resolve():
            change_status(tx, SetStatus(conversation=id, status=Status.RESOLVED))
        case Reopen():
            change_status(tx, SetStatus(conversation=id, status=Status.OPEN))
        case Snooze(until=until):
            change_status(tx, SetStatus(conversation=id, status=Status.SNOOZED, until=until))
        case Prioritise(priority=priority):
            change_priority(tx, SetPriority(conversation=id, priority=priority))
        case Read():
            place = tx.place(id, Action.WRITE)
            mark(tx, place, writing.get_marks(tx.conn, place.id).last_seq, read=True)
        case NotRead():
            set_back(tx, id)


COMMANDS = (
    Command(
        "conversation.bulk",
        bulk,
        "POST",
        "/conversations/bulk",
        {"conversations": [16, 17], "act": {"do": "tag", "add": ["invoice"]}},
    ),
)
