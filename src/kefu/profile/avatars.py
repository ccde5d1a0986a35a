"""An agent's picture: made small, kept with the other files, served to everybody.

Rules: only a picture that was decoded becomes one, and what is kept is a small copy that was drawn
anew, never what was uploaded. Its address has a hash of the content and never means another
picture; one that is replaced is gone.
Not here: its route (``site``), taking it away (``commands``).
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterable

from kefu.actions.agents import tell_profile
from kefu.actions.context import Call, Context, Tx, as_now, commit
from kefu.actions.files import discard, files_of, in_turn
from kefu.actions.me import with_connected
from kefu.actions.sessions import signed_in
from kefu.core.desk import AgentInfo
from kefu.core.errors import BadInput, ChatError, NotFound
from kefu.files.store import Stored
from kefu.profile import rows
from kefu.profile.rows import Picture
from kefu.storage import agents
from kefu.storage.agents import avatar_path

AVATAR_PX = 128  # of the longer side
_FORM = re.compile(r"/avatar/([1-9][0-9]{0,14})-[0-9a-f]{32}\.webp")  # of ``avatar_path``


async def set_avatar(call: Call, content: AsyncIterable[bytes]) -> AgentInfo:
    """Make the picture that ``content`` is the caller's; returns who they are then.

    Raises BadInput: it is no picture that can be shown; and what uploads raise.
    """
    files = files_of(call.ctx)
    signed_in(call)
    if call.ctx.rates:
        call.ctx.rates.take_upload(call.key, call.address, call.ctx.monotonic_s())
    accepted = await files.intake.take(content, in_turn(call), preview_px=AVATAR_PX)
    await files.store.delete(accepted.original.key)
    small = accepted.preview
    if small is None:
        raise BadInput("It has to be a picture: PNG, JPEG, WebP, GIF or BMP.")
    try:
        return await as_now(call, lambda now: commit(now, lambda tx: _change(tx, small)))
    except ChatError:
        await discard(files.store, accepted)
        raise


def _change(tx: Tx, small: Stored) -> AgentInfo:
    me = signed_in(tx.call)
    old = rows.find_picture(tx.conn, me.id)
    rows.set_picture(tx.conn, Picture(me.id, small.key, small.size, small.sha256))
    if old is not None:
        discard_key(tx, old.storage_key)
    now = agents.get_agent(tx.conn, me.id)
    tell_profile(tx, now)
    return with_connected(tx.call.ctx, now)


def discard_key(tx: Tx, key: str) -> None:
    """Delete what is kept under ``key``, once this is committed; what fails is swept some day."""
    ctx = tx.call.ctx
    tx.after.append(lambda: ctx.background(files_of(ctx).store.delete(key)))


async def read_avatar(ctx: Context, path: str) -> bytes:
    """The picture that is served under ``path``. Raises NotFound, Unavailable."""
    asked = _FORM.fullmatch(path)
    if asked is None:
        raise NotFound
    found = await ctx.database.read(lambda conn: rows.find_picture(conn, int(asked[1])))
    if found is None or avatar_path(found.agent_id, found.sha256) != path:
        raise NotFound
    return await files_of(ctx).store.read(found.storage_key, 0, found.size)
