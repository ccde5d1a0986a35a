"""Links that work once: to set Kefu up, to join, to set a new password.

Rules: a link stands for its agent until it is used, another one is made, or its time is over. Its
token is in the part of the address that browsers keep to themselves.
Not here: using one (``actions.joining``), sending one (whoever asked for it does).
"""

from __future__ import annotations

from enum import StrEnum

from kefu.actions.context import Tx
from kefu.actions.credentials import draw_token
from kefu.core.desk import Time, Value, at
from kefu.core.tokens import Kind, hash_token
from kefu.storage import access

HOUR_MS = 3_600_000


class Purpose(StrEnum):
    """What a link is for, and the page that it leads to."""

    SETUP = "setup"
    JOIN = "join"
    RESET = "reset"


class OneTimeLink(Value, frozen=True):
    """A way in for whoever has it, told this once. ``url``: of a page of this server."""

    url: str
    expires_at: Time


def make_link(tx: Tx, purpose: Purpose, agent_id: int | None) -> OneTimeLink:
    """A link for an agent, None: for the set-up, instead of the one that they had."""
    token = draw_token(Kind.LINK)
    expires_ms = tx.now_ms + round(tx.call.ctx.limits.link_hours * HOUR_MS)
    access.set_link(
        tx.conn,
        agent_id,
        purpose=purpose,
        token_hash=hash_token(token),
        expires_ms=expires_ms,
    )
    home = tx.call.ctx.home
    return OneTimeLink(url=f"{home}/{purpose}#{token}", expires_at=at(expires_ms))
