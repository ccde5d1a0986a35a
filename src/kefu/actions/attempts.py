"""How often somebody may try a password.

Rules: counted in the store, per account and per address, so neither a restart nor another server
begins anew. A try counts from before the password is looked at until it turns out right, so many
at once are no way around. An account is its e-mail address in the one form it has, whether there is
such an account or not; an address is a whole /64 network if it is of IPv6.
Not here: what is tried (``actions.login``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import Connection

from kefu.actions.context import Call
from kefu.core.addresses import clean_email
from kefu.core.errors import BadInput, TooMany
from kefu.net.clients import network_of
from kefu.storage import access
from kefu.storage.schema import login_attempt

_SAID = "Too many wrong passwords; try again later."


def email_or_none(raw: str) -> str | None:
    """The one form of an e-mail address; None: it is none, so nobody has it."""
    try:
        return clean_email(raw)
    except BadInput:
        return None


async def begin_attempt(call: Call, email: str) -> Sequence[int]:
    """Count a try for the account of ``email``; returns what ``forgive`` takes. Raises TooMany."""
    limits, now_ms = call.ctx.limits, call.ctx.now_ms()
    window_ms = round(limits.login_window_s * 1000)
    keys = _keys(call, email)

    def check(conn: Connection) -> None:
        for key in keys:
            tried = access.list_attempts(conn, key, now_ms - window_ms, limits.login_attempts)
            if len(tried) >= limits.login_attempts:
                raise TooMany(_SAID, retry_s=(tried[-1] + window_ms - now_ms) / 1000)

    def count(conn: Connection) -> Sequence[int]:
        check(conn)
        return access.add_attempts(conn, keys, now_ms)

    await call.read(check)  # whoever is refused need not wait for the writer
    return await call.ctx.database.write(count)


def forgive(conn: Connection, attempt: Sequence[int]) -> None:
    """The password was right: this try counts no more. Those before it do."""
    access.drop_attempts(conn, login_attempt.c.id.in_(attempt))


def _keys(call: Call, email: str) -> list[str]:
    account = email_or_none(email) or email.strip().casefold()
    keys = [f"account {account}"]
    if call.address and not call.ctx.rates_off:
        keys.append(f"address {network_of(call.address)}")
    return [hashlib.sha256(key.encode()).hexdigest() for key in keys]
