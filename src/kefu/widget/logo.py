"""An inbox's logo from a file: made small, kept with the other files, served to everybody.

Rules: only a picture that was decoded becomes one, and what is kept is a small copy that was drawn
anew, never what was uploaded (so no SVG, which may carry scripts). Its address has a hash of the
content and never means another picture. One that an inbox has no more is served for a day, since
pages may have its address still, and is swept then.
Not here: a logo from elsewhere (``Look.logo``), its route (``site``).
"""

from __future__ import annotations

from collections.abc import AsyncIterable
from typing import NamedTuple

from msgspec.structs import replace

from kefu.actions.context import Call, Context, Files, Tx, as_now, commit
from kefu.actions.files import files_of, in_turn
from kefu.actions.forms import Form, Id
from kefu.actions.inboxes import UpdateInbox, updated
from kefu.core.errors import BadInput, ChatError, NotFound
from kefu.core.inbox import Inbox, SettingsChange
from kefu.core.permissions import Action, check
from kefu.files.images import PREVIEW_TYPE
from kefu.files.store import Stored
from kefu.storage import files as rows
from kefu.storage.inboxes import get_inbox
from kefu.widget.settings import LOGO_FORM, logo_path

LOGO_PX = 256  # of the longer side


class SetLogo(Form, frozen=True):
    """Whose logo the picture is to be."""

    inbox: Id


class Logo(NamedTuple):
    """A picture as it is served."""

    type: str
    content: bytes


async def set_logo(call: Call, do: SetLogo, content: AsyncIterable[bytes]) -> Inbox:
    """Make the picture that ``content`` is an inbox's logo; returns the inbox as it is then.

    Raises BadInput: it is no picture that can be shown; and what uploads raise.
    """
    files = files_of(call.ctx)
    check(call.actor, Action.MANAGE)
    if call.ctx.rates:
        call.ctx.rates.take_upload(call.key, call.address, call.ctx.monotonic_s())
    await as_now(call, lambda now: now.read(lambda conn: get_inbox(conn, do.inbox)))
    small = await keep_small(files, content, in_turn(call))

    async def change(now: Call) -> Inbox:
        check(now.actor, Action.MANAGE)
        return await commit(now, lambda tx: with_logo(tx, do.inbox, small))

    try:
        return await as_now(call, change)
    except ChatError:
        await files.store.delete(small.key)
        raise


async def keep_small(files: Files, content: AsyncIterable[bytes], owner: str = "") -> Stored:
    """Keep a small copy of the picture; ``owner``: whose turn it is. Raises as ``set_logo``."""
    accepted = await files.intake.take(content, owner, preview_px=LOGO_PX)
    await files.store.delete(accepted.original.key)
    if accepted.preview is None:
        raise BadInput("The logo has to be a picture: PNG, JPEG, WebP, GIF or BMP.")
    return accepted.preview


def with_logo(tx: Tx, inbox_id: int, small: Stored) -> Inbox:
    """The inbox with a logo of its own, which ``keep_small`` has kept."""
    before = get_inbox(tx.conn, inbox_id)
    id = rows.add_file(
        tx.conn,
        inbox_id=inbox_id,
        owner=rows.LOGO,
        name=small.sha256,
        type=PREVIEW_TYPE,
        size=small.size,
        storage_key=small.key,
        created_ms=tx.now_ms,
    )
    look = before.settings.look
    change = SettingsChange(look=replace(look, logo=logo_path(id, small.sha256)))
    return updated(tx, UpdateInbox(inbox=inbox_id, settings=change))


async def read_logo(ctx: Context, path: str) -> Logo:
    """The logo that is served under ``path``. Raises NotFound, Unavailable."""
    asked = LOGO_FORM.fullmatch(path)
    if asked is None:
        raise NotFound
    found = await ctx.database.read(lambda conn: rows.find_logo(conn, int(asked[1])))
    if found is None or logo_path(int(asked[1]), found.name) != path:
        raise NotFound
    content = await files_of(ctx).store.read(found.storage_key, 0, found.size)
    return Logo(found.type, content)
