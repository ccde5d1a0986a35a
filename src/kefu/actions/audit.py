"""The audit trail: who did what to the desk's settings, people and rules.

Rules: every administrative and supervisory act leaves a row, with its actor and address and with
what changed, never with a secret (``Tx.audit``). Nothing changes or removes one.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, field
from sqlalchemy import Connection, Row, select

from kefu.actions.commands import Command
from kefu.actions.context import Call
from kefu.actions.forms import Form, Id, Limit, Page
from kefu.core.audit import Act
from kefu.core.desk import Time, Value, at
from kefu.core.permissions import Action, check
from kefu.storage.schema import audit

_Word = Annotated[str, Meta(max_length=100)]


class ListAudit(Form, frozen=True):
    """A part of the audit trail, the newest first."""

    before: Annotated[Id | None, Meta(description="Only what is older than this one.")] = None
    actor: Annotated[_Word | None, Meta(description='As it is told, e.g. "agent#3".')] = None
    act: Annotated[Act | None, Meta(description="What was done.")] = None
    subject: Annotated[_Word | None, Meta(description='To what, e.g. "agent#5".')] = None
    limit: Limit = 100


class AuditEntry(Value, frozen=True):
    """Something that was done."""

    id: int
    at: Time
    actor: str
    act: Act
    subject: str
    details: dict[str, Any] = field(default_factory=dict)
    address: str = ""


async def list_audit(call: Call, do: ListAudit) -> Page[AuditEntry]:
    """The audit trail, the newest first; ``next`` is the ``before`` of the next page."""
    check(call.actor, Action.MANAGE)
    chosen = select(audit).order_by(audit.c.id.desc()).limit(do.limit)
    if do.before is not None:
        chosen = chosen.where(audit.c.id < do.before)
    for column, wanted in ((audit.c.actor, do.actor), (audit.c.act, do.act)):
        if wanted is not None:
            chosen = chosen.where(column == wanted)
    if do.subject is not None:
        chosen = chosen.where(audit.c.subject == do.subject)

    def read(conn: Connection) -> tuple[AuditEntry, ...]:
        return tuple(map(_entry, conn.execute(chosen)))

    items = await call.read(read)
    return Page(items=items, next=str(items[-1].id) if len(items) == do.limit else None)


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        id=row.id,
        at=at(row.at_ms),
        actor=row.actor,
        act=row.act,
        subject=row.subject,
        details=msgspec.json.decode(row.details),
        address=row.address,
    )


COMMANDS = (Command("audit.list", list_audit, "GET", "/audit", {"before": 4711}),)
