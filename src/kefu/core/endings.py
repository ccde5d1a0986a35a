"""Why somebody's access ended while they were connected.

Rules: a connection ends within two seconds of any of these, whichever transport it came by.
Not here: who is told and how it is noticed on every server (``actions.revocations``), close codes
(``gateways.realtime``).
"""

from __future__ import annotations

from enum import StrEnum


class Ending(StrEnum):
    """What happened to the proof that a connection was let in by."""

    LOGGED_OUT = "logged_out"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - no password
    DEACTIVATED = "deactivated"
    TOKEN_REVOKED = "token_revoked"  # noqa: S105
    EXPIRED = "expired"
    BLOCKED = "blocked"
    ACCESS_CHANGED = "access_changed"  # an agent's name, role or inboxes; whom an inbox lets in
    IDENTITY_CHANGED = "identity_changed"  # a visitor is somebody else now

    @property
    def may_return(self) -> bool:
        """Whether the same proof lets in again, as whoever one is now."""
        return self in (Ending.ACCESS_CHANGED, Ending.IDENTITY_CHANGED)
