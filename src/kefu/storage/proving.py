"""Whom a claim stands for, now.

Rules: whatever is wrong with one, the answer is the same, but that a device which nobody knows is
told to name its inbox. All that lets somebody in is looked at here, the page that asks included, so
that whoever looks again sees whatever has ended meanwhile.
Not here: the rows (``access``), when it is looked again (``actions.context``).
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

from kefu.core.actors import Agent, Claim, Visitor
from kefu.core.errors import ForeignPage, NotAllowed, Unauthenticated
from kefu.core.tokens import Kind
from kefu.net.origins import OWN_ALONE
from kefu.storage import access, inboxes

_REFUSED = "The token does not hold (any more)."
_NO_INBOX = "This device has not written yet; name the inbox: X-Kefu-Widget (hello: `widget`)."


class Found(NamedTuple):
    """Whom a claim stands for; when it was last used and when it ends (Unix ms), None: never."""

    actor: Agent | Visitor
    used_ms: int | None
    until_ms: int | None


def find_actor(conn: Connection, claim: Claim, *, now_ms: int, used_after_ms: int) -> Found:
    """Whom ``claim`` stands for. ``used_after_ms``: a session unused since has ended.

    Raises Unauthenticated; NotAllowed: a contact who was blocked; ForeignPage.
    """
    match claim.kind:
        case Kind.SESSION:
            found = access.find_session(
                conn, claim.token_hash, now_ms=now_ms, used_after_ms=used_after_ms
            )
        case Kind.API:
            found = access.find_token(conn, claim.token_hash, now_ms=now_ms)
        case Kind.DEVICE:
            return _find_visitor(conn, claim, now_ms)
        case _:
            found = None
    if found is None:
        raise Unauthenticated(_REFUSED)
    return Found(*found)


def _find_visitor(conn: Connection, claim: Claim, now_ms: int) -> Found:
    found, key = access.find_device(conn, claim.token_hash), claim.widget_key
    if found is None:
        inbox = inboxes.find_by_widget_key(conn, key) if key else None
        if inbox is None:
            raise Unauthenticated(_NO_INBOX if key is None else _REFUSED)
        _check_page(claim, inbox.settings.origins)
        return Found(Visitor(0, inbox.id, "", token_hash=claim.token_hash), now_ms, None)
    if not found.holds or key not in (None, found.widget_key):
        raise Unauthenticated(_REFUSED)
    if found.blocked:
        raise NotAllowed
    if claim.page is not None:
        inbox = inboxes.get_inbox(conn, found.visitor.inbox_id)
        _check_page(claim, inbox.settings.origins)
    return Found(found.visitor, found.seen_ms, None)


def _check_page(claim: Claim, origins: tuple[str, ...]) -> None:
    if claim.page is not None and not OWN_ALONE.beside(origins).may({"origin": claim.page}):
        raise ForeignPage
