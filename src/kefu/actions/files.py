"""Files that people send: taken in, told of by links, handed out, swept.

Rules: who uploads must be allowed to write where the file is to go; who fetches shows a link, which
only those are given who may see the message. A link shows no login but whom it was given to, who is
looked at again: it ends as soon as they may not see the message any more. A file that is not sent
within ``UNSENT_S`` is removed. What is said of a file comes from its content, but for the length
and waveform of a recording: its recorder's word, which decides nothing.
Not here: the bytes (``files``), sending a message with files (``actions.messages``).
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from functools import partial
from typing import Annotated, NamedTuple, TypeVar

import msgspec
from msgspec import Meta
from sqlalchemy import Connection

from kefu.actions.context import (
    Call,
    Context,
    Files,
    Tx,
    as_now,
    commit,
    find_actor,
    place_for,
)
from kefu.actions.forms import Form, Id
from kefu.core.actors import Actor, Agent, Claim, Standing, Visitor
from kefu.core.desk import FileInfo
from kefu.core.errors import BadInput, ChatError, NotAllowed, NotFound, Unauthenticated, Unavailable
from kefu.core.file_links import PREVIEW, links
from kefu.core.file_names import clean_file_name
from kefu.core.media import AUDIO
from kefu.core.permissions import Action, check
from kefu.core.signed_links import verify
from kefu.core.tokens import Kind
from kefu.files.images import PREVIEW_TYPE
from kefu.files.intake import Accepted
from kefu.files.store import FileStore, read_range
from kefu.net.clients import network_of
from kefu.storage import desk
from kefu.storage import files as rows
from kefu.storage.webhooks import get_hook

T = TypeVar("T")

UNSENT_S = 24 * 3600
MOST_NAME_CHARS = 150
MOST_MS = 86_400_000  # of a recording: a day
_SWEPT_AT_ONCE = 500
_LOOK_S = 1.0  # between looks at who downloads
# Holders of links who show no token.
_LOCAL = "local"
_WEBHOOK = "webhook_"


class UploadFile(Form, frozen=True):
    """What is said of a file beside its content."""

    name: Annotated[
        str, Meta(min_length=1, max_length=1_000, description="What people call the file.")
    ]
    conversation: Annotated[
        Id | None,
        Meta(description="Where it is to be sent; a visitor's first message has none yet."),
    ] = None
    duration_ms: Annotated[int, Meta(ge=0, le=MOST_MS)] | None = None
    peaks: Annotated[tuple[Annotated[int, Meta(ge=0, le=100)], ...], Meta(max_length=64)] = ()


class Handed(NamedTuple):
    """A file, or its preview, that a link allows to read."""

    name: str
    type: str
    size: int  # bytes
    key: str
    file_id: int
    holder: str  # of the link


def with_links(call: Call, value: T) -> T:
    """Return ``value`` with links for the caller to its files: right before it is sent."""
    claim = call.proof.claim if call.proof else None
    return _linked(call.ctx, value, f"{claim.kind}{claim.token_hash}" if claim else _LOCAL)


def with_links_for_webhook(ctx: Context, value: T, webhook_id: int) -> T:
    """As ``with_links``; they hold as long as there is the webhook."""
    return _linked(ctx, value, f"{_WEBHOOK}{webhook_id}")


def _linked(ctx: Context, value: T, holder: str) -> T:
    if ctx.files is None:
        return value
    return links(ctx.files.secret, ctx.now_ms(), ctx.limits.file_link_s, holder).add(value)


def owners_of(actor: Actor) -> tuple[str, ...]:
    """Whose files ``actor`` may send: a visitor's from before the first message are their own."""
    if isinstance(actor, Visitor):
        return (actor.key, f"device#{actor.token_hash}")
    return (actor.key,) if isinstance(actor, Agent) else ()


async def upload_file(call: Call, do: UploadFile, content: AsyncIterable[bytes]) -> FileInfo:
    """Take a file in; it can then be sent by its id.

    Raises TooLarge, TooMany, Unavailable; Unauthenticated, NotFound, NotAllowed.
    """
    files = files_of(call.ctx)
    if call.ctx.rates:
        call.ctx.rates.take_upload(call.key, call.address, call.ctx.monotonic_s())
    await as_now(call, lambda now: now.read(lambda conn: _inbox_for(conn, now, do)))
    accepted = await files.intake.take(content, in_turn(call))
    name = clean_file_name(do.name, accepted.media_type, MOST_NAME_CHARS)

    def work(tx: Tx) -> FileInfo:
        inbox_id = _inbox_for(tx.conn, tx.call, do)  # the content may have taken its time
        values = _row(accepted, do) | {"name": name, "owner": tx.call.key, "inbox_id": inbox_id}
        id = rows.add_file(tx.conn, created_ms=tx.now_ms, **values)
        return desk.load_files(tx.conn, [id])[id]

    try:
        return await as_now(call, lambda now: commit(now, work))
    except ChatError:
        await discard(files.store, accepted)  # whoever is cancelled leaves it to the sweep
        raise


def in_turn(call: Call) -> str:
    """Who takes turns with others: an agent, or all visitors of a network: tokens cost nothing."""
    return call.key if isinstance(call.actor, Agent) else network_of(call.address)


def _inbox_for(conn: Connection, call: Call, do: UploadFile) -> int:
    """The inbox that the file belongs to, if the actor may send something there."""
    if do.conversation is not None:
        place = place_for(conn, call.actor, do.conversation, Action.WRITE)
        if place.inbox_id is None:
            raise NotAllowed("A direct pair sends no files.")
        return place.inbox_id
    if isinstance(call.actor, Visitor):
        check(call.actor, Action.START, call.actor.inbox_id)
        return call.actor.inbox_id
    if isinstance(call.actor, Agent):
        raise BadInput("conversation: say where the file is to be sent.")
    raise Unauthenticated("Sign in, or send a token.")


def _row(accepted: Accepted, do: UploadFile) -> dict[str, object]:
    sounds = accepted.media_type in AUDIO
    return row_of(accepted) | {
        "duration_ms": do.duration_ms if sounds else None,
        "peaks": msgspec.json.encode(do.peaks).decode() if sounds and do.peaks else None,
    }


def row_of(accepted: Accepted) -> dict[str, object]:
    """The columns that say what was kept."""
    return {
        "type": accepted.media_type,
        "size": accepted.original.size,
        "storage_key": accepted.original.key,
        "preview_key": accepted.preview.key if accepted.preview else None,
        "preview_size": accepted.preview.size if accepted.preview else None,
        "width": accepted.width or None,
        "height": accepted.height or None,
    }


async def discard(store: FileStore, accepted: Accepted) -> None:
    for stored in (accepted.original, accepted.preview):
        if stored:
            await store.delete(stored.key)


async def find_file(ctx: Context, file_id: int, token: str) -> Handed:
    """What ``token`` allows to read. Raises NotFound: nothing, whatever the reason."""
    link = verify([files_of(ctx).secret], token, ctx.now_ms())
    if link.file_id != file_id:
        raise NotFound
    found = await _held_file(ctx, file_id, link.holder)
    if link.variant != PREVIEW:
        return Handed(found.name, found.type, found.size, found.storage_key, file_id, link.holder)
    if found.preview_key is None or found.preview_size is None:
        raise NotFound
    size, key = found.preview_size, found.preview_key
    return Handed("preview.webp", PREVIEW_TYPE, size, key, file_id, link.holder)


async def _held_file(ctx: Context, file_id: int, holder: str) -> rows.StoredFile:
    """The file, if whoever was given the link may see it now. Raises NotFound."""

    def read(conn: Connection) -> rows.StoredFile:
        found = rows.get_file(conn, file_id)
        try:
            _check_holder(ctx, conn, holder, found)
        except (Unauthenticated, NotAllowed):
            raise NotFound from None
        return found

    return await ctx.database.read(read)


def _check_holder(ctx: Context, conn: Connection, holder: str, found: rows.StoredFile) -> None:
    """Raise ChatError unless whoever was given the link may see the file now."""
    if holder.startswith(_WEBHOOK):
        get_hook(conn, int(holder.removeprefix(_WEBHOOK)))
        return
    if holder == _LOCAL:
        actor: Actor = Standing.LOCAL
    else:
        claim = Claim(Kind(holder[:3]), holder[3:])
        if found.owner == f"device#{claim.token_hash}" and found.conversation_id is None:
            return  # what a browser is about to send with its first message
        actor = find_actor(ctx, conn, claim, ctx.now_ms()).actor
    if found.conversation_id is not None:
        place_for(conn, actor, found.conversation_id, Action.READ)
    elif found.owner not in owners_of(actor):
        raise NotFound


async def read_file(ctx: Context, handed: Handed, wanted: range) -> AsyncIterator[bytes]:
    """The bytes at ``wanted``. Raises NotFound, Unavailable: before the first.

    They end with NotFound as soon as whoever was given the link may not see the file any more.
    """
    parts = await read_range(files_of(ctx).store, handed.key, wanted)
    return _while_held(ctx, handed, parts)


async def _while_held(
    ctx: Context, handed: Handed, parts: AsyncIterator[bytes]
) -> AsyncIterator[bytes]:
    looked_s = ctx.monotonic_s()
    async for part in parts:
        if ctx.monotonic_s() - looked_s >= _LOOK_S:  # a reader may be as slow as they like
            looked_s = ctx.monotonic_s()
            # The link itself was good when this began, and a long download outlives its time.
            await _held_file(ctx, handed.file_id, handed.holder)
        yield part


async def sweep_files(ctx: Context) -> int:
    """Remove files that were never sent and what broken uploads left; returns how many."""
    files, before_ms = files_of(ctx), ctx.now_ms() - UNSENT_S * 1000
    swept = await files.store.sweep(before_ms)
    listed = partial(rows.list_orphans, before_ms=before_ms, limit=_SWEPT_AT_ONCE)
    while orphans := await ctx.database.read(listed):
        ids = [id for id, _ in orphans]
        gone = await ctx.database.write(partial(rows.delete_orphans, ids=ids))
        for id, keys in orphans:
            for key in keys if id in gone else ():
                await files.store.delete(key)
                swept += 1
    async for keys in files.store.list_keys(before_ms):
        known = await ctx.database.read(partial(rows.known_keys, keys=keys))
        for key in set(keys) - known:
            await files.store.delete(key)
            swept += 1
    return swept


def files_of(ctx: Context) -> Files:
    if ctx.files is None:
        raise Unavailable("This server keeps no files.")
    return ctx.files
