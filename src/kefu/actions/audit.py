"""The audit trail: who did what to the desk's settings, people and rules.

Rules: every administrative and supervisory act leaves a row, with its actor and address and with
what changed, never with a secret (``Tx.audit``). Nothing changes or removes one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, cast

import msgspec
from msgspec import Meta, field
from sqlalchemy import ColumnElement, Connection, Row, or_, select

from kefu.actions.commands import Command
from kefu.actions.context import Call
from kefu.actions.forms import Form, Id, Limit, Page
from kefu.core.audit import Act, ActorRole, Noun, actor_of, parts
from kefu.core.desk import Time, Value, at
from kefu.core.permissions import Action, check
from kefu.storage.schema import audit


class ListAudit(Form, frozen=True):
    """A part of the audit trail, the newest first."""

    before: Annotated[Id | None, Meta(description="Only what is older than this one.")] = None
    actor_role: Annotated[ActorRole | None, Meta(description="What who did it was.")] = None
    actor_id: Annotated[Id | None, Meta(description="Of who did it.")] = None
    act: Annotated[Act | None, Meta(description="What was done.")] = None
    subject_noun: Annotated[Noun | None, Meta(description="What it was done to.")] = None
    subject_id: Annotated[Id | None, Meta(description="Of what it was done to.")] = None
    limit: Limit = 100


class AuditActor(Value, frozen=True):
    """Who did something. ``id``: of the agent, 0: whoever it was has none."""

    role: ActorRole
    id: int = 0


class AuditSubject(Value, frozen=True):
    """What something was done to."""

    noun: Noun
    id: int


class AuditEntry(Value, frozen=True):
    """Something that was done."""

    id: int
    at: Time
    actor: AuditActor
    act: Act
    subject: AuditSubject
    details: dict[str, Any] = field(default_factory=dict)
    address: str = ""


async def list_audit(call: Call, do: ListAudit) -> Page[AuditEntry]:
    """The audit trail, the newest first; ``next`` is the ``before`` of the next page."""
    check(call.actor, Action.MANAGE)
    chosen = select(audit).order_by(audit.c.id.desc()).limit(do.limit)
    if do.before is not None:
        chosen = chosen.where(audit.c.id < do.before)
    if do.act is not None:
        chosen = chosen.where(audit.c.act == do.act)
    chosen = chosen.where(
        *_made_of(audit.c.actor, do.actor_role, do.actor_id),
        *_made_of(audit.c.subject, do.subject_noun, do.subject_id),
    )

    def read(conn: Connection) -> tuple[AuditEntry, ...]:
        return tuple(map(_entry, conn.execute(chosen)))

    items = await call.read(read)
    return Page(items=items, next=str(items[-1].id) if len(items) == do.limit else None)


def _made_of(
    column: ColumnElement[str], word: str | None, id: int | None
) -> Iterator[ColumnElement[bool]]:
    """That a mark has this word and this id, as far as they are sought."""
    if word is not None:
        yield or_(column == word, column.startswith(f"{word}#"))
    if id is not None:
        yield column.endswith(f"#{id}")


def _entry(row: Row[Any]) -> AuditEntry:
    (role, actor_id), (noun, subject_id) = actor_of(row.actor), parts(row.subject)
    return AuditEntry(
        id=row.id,
        at=at(row.at_ms),
        actor=AuditActor(role=role, id=actor_id),
        act=row.act,
        subject=AuditSubject(noun=cast(Noun, noun), id=subject_id),
        details=msgspec.json.decode(row.details),
        address=row.address,
    )


COMMANDS = (
    Command(
        "audit.list",
        list_audit,
        "GET",
        "/audit",
        {"actor_role": "agent", "actor_id": 1, "subject_noun": "inbox"},
    ),
)
