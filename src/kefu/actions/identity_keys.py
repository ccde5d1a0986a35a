"""The keys that a site signs its visitors' identities with.

Rules: an inbox has at most two that count, so that one can be replaced without a break. A secret is
told once, when it is made. Whom a key proved before it was retired stays proved.
Not here: proofs (``actions.visitors``).
"""

from __future__ import annotations

import secrets
from typing import Annotated

from msgspec import Meta

from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.forms import Done, Form, Id, Page
from kefu.core.desk import Time, Value, at
from kefu.core.errors import Conflict, IllegalState, NotFound
from kefu.core.identity import LIVE_KEYS, SECRET_CHARS, Key
from kefu.core.permissions import Action, check
from kefu.core.tokens import TOKEN_BYTES
from kefu.storage import identity
from kefu.storage.inboxes import get_inbox

Kid = Annotated[
    str,
    Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$(?!\n)", description="The key's name: `kid` of a token."),
]
Secret = Annotated[
    str,
    Meta(min_length=SECRET_CHARS, max_length=200, description="Your own; one is drawn if left out"),
]


class ListIdentityKeys(Form, frozen=True):
    """The keys of an inbox."""

    inbox: Id


class AddIdentityKey(Form, frozen=True):
    """A key for an inbox."""

    inbox: Id
    kid: Kid | None = None
    secret: Secret | None = None


class RetireIdentityKey(Form, frozen=True):
    """A key counts no more."""

    inbox: Id
    kid: Kid


class IdentityKey(Value, frozen=True):
    """A key, but for its secret."""

    kid: str
    created_at: Time


class NewIdentityKey(IdentityKey, frozen=True, kw_only=True):
    """A new key. ``secret`` is told this once; keep it on your server."""

    secret: str


async def list_keys(call: Call, do: ListIdentityKeys) -> Page[IdentityKey]:
    """An inbox's identity keys, the oldest first, without their secrets."""
    check(call.actor, Action.MANAGE)
    found = await call.read(lambda conn: identity.list_keys(conn, do.inbox))
    return Page(items=tuple(IdentityKey(kid=key.id, created_at=at(ms)) for key, ms in found))


async def add_key(call: Call, do: AddIdentityKey) -> NewIdentityKey:
    """Make an identity key; its secret is in this answer and nowhere else."""
    check(call.actor, Action.MANAGE)
    drawn = secrets.token_urlsafe(TOKEN_BYTES)
    key = Key(do.kid or secrets.token_hex(4), do.secret or drawn)

    def work(tx: Tx) -> NewIdentityKey:
        get_inbox(tx.conn, do.inbox)
        live = [known.id for known, _ in identity.list_keys(tx.conn, do.inbox)]
        if key.id in live:
            raise Conflict("kid: the inbox has a key of this name")
        if len(live) >= LIVE_KEYS:
            raise IllegalState(f"An inbox has at most {LIVE_KEYS} keys; retire one first.")
        identity.add_key(tx.conn, do.inbox, key, tx.now_ms)
        tx.audit("inbox.add_identity_key", "inbox", do.inbox, kid=key.id)
        return NewIdentityKey(kid=key.id, created_at=at(tx.now_ms), secret=key.secret)

    return await commit(call, work)


async def retire_key(call: Call, do: RetireIdentityKey) -> Done:
    """Retire an identity key: what is signed with it proves nothing any more."""
    check(call.actor, Action.MANAGE)

    def work(tx: Tx) -> Done:
        if not identity.drop_key(tx.conn, do.inbox, do.kid):
            raise NotFound
        tx.audit("inbox.retire_identity_key", "inbox", do.inbox, kid=do.kid)
        return Done()

    return await commit(call, work)


_PATH = "/inboxes/{inbox}/identity-keys"

COMMANDS = (
    Command("inbox.list_identity_keys", list_keys, "GET", _PATH, {"inbox": 2}),
    Command(
        "inbox.add_identity_key",
        add_key,
        "POST",
        _PATH,
        {"inbox": 2, "kid": "2026-01"},
        errors=(Conflict, IllegalState),
        status=201,
        secret=True,
    ),
    Command(
        "inbox.retire_identity_key",
        retire_key,
        "DELETE",
        _PATH + "/{kid}",
        {"inbox": 2, "kid": "2025-07"},
    ),
)
