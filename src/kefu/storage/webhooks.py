"""Webhooks: kept, found, forgotten.

Not here: what they are sent (``outbox``), who may set them (``actions.webhooks``).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, delete, func, select, update

from kefu.core.actors import AgentRole
from kefu.core.desk import EventName
from kefu.core.errors import NotFound
from kefu.core.webhooks import Breaker
from kefu.storage.numbering import add_row
from kefu.storage.schema import agent, delivery, message, webhook


class Hook(NamedTuple):
    """A webhook as it is kept."""

    id: int
    url: str
    secrets: tuple[str, ...]  # newest first
    events: tuple[EventName, ...]  # empty: all
    inbox_id: int | None  # None: of every inbox
    bot_id: int | None
    active: bool
    last_id: int  # the newest entry that deliveries were made of
    breaker: Breaker
    created_ms: int


def list_hooks(conn: Connection, *, active: bool = False) -> list[Hook]:
    """All webhooks, or those that are active, in the order of their making."""
    chosen = select(webhook).order_by(webhook.c.id)
    if active:
        chosen = chosen.where(webhook.c.active == 1)
    return [_hook(row) for row in conn.execute(chosen)]


def find_hook(conn: Connection, webhook_id: int) -> Hook | None:
    """One webhook."""
    row = conn.execute(select(webhook).where(webhook.c.id == webhook_id)).one_or_none()
    return None if row is None else _hook(row)


def get_hook(conn: Connection, webhook_id: int) -> Hook:
    """One webhook. Raises NotFound."""
    hook = find_hook(conn, webhook_id)
    if hook is None:
        raise NotFound
    return hook


def is_bot(conn: Connection, agent_id: int) -> bool:
    """Whether there is a bot with this id."""
    return conn.scalar(select(agent.c.role).where(agent.c.id == agent_id)) == AgentRole.BOT


def add_hook(conn: Connection, **values: Any) -> int:
    """Make a webhook that hears of what happens from now on; ``values`` as for ``set_hook``."""
    row = _row({"last_id": newest_id(conn), **values})
    return add_row(conn, webhook, row)


def set_hook(conn: Connection, webhook_id: int, **values: Any) -> None:
    """Change columns of a webhook; ``secrets``, ``events`` and ``breaker`` are values, not JSON."""
    if values:
        here = webhook.c.id == webhook_id
        conn.execute(update(webhook).where(here).values(_row(values)))


def remove_hook(conn: Connection, webhook_id: int) -> None:
    """Forget a webhook and its log."""
    conn.execute(delete(delivery).where(delivery.c.webhook_id == webhook_id))
    conn.execute(delete(webhook).where(webhook.c.id == webhook_id))


def newest_id(conn: Connection) -> int:
    """The id of the newest entry of the store; 0: there is none."""
    return conn.scalar(select(func.max(message.c.id))) or 0


_JSON = {"secrets", "events", "breaker"}
_texts = msgspec.json.Decoder(tuple[str, ...]).decode
_events = msgspec.json.Decoder(tuple[EventName, ...]).decode
_breaker = msgspec.json.Decoder(Breaker).decode


def _row(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: msgspec.json.encode(value).decode() if name in _JSON else value
        for name, value in values.items()
    }


def _hook(row: Row[Any]) -> Hook:
    return Hook(
        row.id,
        row.url,
        _texts(row.secrets),
        _events(row.events),
        row.inbox_id,
        row.bot_id,
        bool(row.active),
        row.last_id,
        _breaker(row.breaker),
        row.created_ms,
    )
