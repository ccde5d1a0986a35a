"""Files: whose they are, where they may be sent, and what becomes of those that nobody sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from kefu.actions.context import Call, Files, Proof
from kefu.actions.files import (
    UNSENT_S,
    UploadFile,
    find_file,
    owners_of,
    sweep_files,
    upload_file,
    with_links,
)
from kefu.core.actors import Actor, Claim, Standing, Visitor
from kefu.core.desk import FileInfo
from kefu.core.errors import NotAllowed, NotFound, TooLarge, Unauthenticated, Unavailable
from kefu.core.tokens import Kind
from kefu.files.intake import Intake
from kefu.files.local import LocalFiles
from kefu.storage.files import claim_files, release_files
from tests.actions.desk import Desk

LARGEST = 1_000


@pytest.fixture
def keeping(desk: Desk, tmp_path: Path) -> Desk:
    """A desk that keeps files."""
    store = LocalFiles(tmp_path / "files")
    intake = Intake(store, store.scratch, most_bytes=LARGEST, most_pixels=10_000)
    desk.ctx = replace(desk.ctx, files=Files(store, intake, b"s" * 32))
    return desk


async def parts(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def upload(desk: Desk, actor: Actor, content: bytes = b"x", **fields) -> FileInfo:
    call = Call(desk.ctx, actor, "192.0.2.7")
    return await upload_file(call, UploadFile(name="a.txt", **fields), parts(content))


def kept(desk: Desk) -> int:
    assert desk.ctx.files is not None
    return sum(path.is_file() for path in desk.ctx.files.store._root.rglob("*"))  # type: ignore[attr-defined]


async def claim(desk: Desk, actor: Actor, ids: list[int], conversation_id: int) -> None:
    await desk.ctx.database.write(
        lambda conn: claim_files(
            conn, ids, owners=owners_of(actor), conversation_id=conversation_id
        )
    )


def token_of(desk: Desk, info: FileInfo, holder: Visitor) -> str:
    proof = Proof(Claim(Kind.DEVICE, holder.token_hash), None, 0)
    return with_links(replace(desk.call(holder), proof=proof), info).url.partition("?token=")[2]


async def test_a_file_is_sent_by_who_uploaded_it_and_once(keeping: Desk):
    inbox_id = await keeping.inbox()
    ann, bob = await keeping.visitor(inbox_id), await keeping.visitor(inbox_id)
    here, there = await keeping.conversation(ann), await keeping.conversation(ann)
    info = await upload(keeping, ann)
    for actor, ids in ((bob, [info.id]), (ann, [info.id, 999])):
        with pytest.raises(NotFound):
            await claim(keeping, actor, ids, here)
    await claim(keeping, ann, [info.id], here)
    await claim(keeping, ann, [info.id], here)  # the same send again
    with pytest.raises(NotFound):
        await claim(keeping, ann, [info.id], there)


async def test_what_was_uploaded_before_the_first_message_stays_the_visitors(keeping: Desk):
    inbox_id = await keeping.inbox()
    stranger = keeping.stranger(inbox_id)
    info = await upload(keeping, stranger)
    known = await keeping.visitor(inbox_id)
    same = Visitor(known.contact_id, inbox_id, "Li", token_hash=stranger.token_hash)
    await claim(keeping, same, [info.id], await keeping.conversation(known))


async def test_a_file_that_was_let_go_of_cannot_be_fetched_and_is_swept(keeping: Desk):
    ann = await keeping.visitor(await keeping.inbox())
    info = await upload(keeping, ann)
    await claim(keeping, ann, [info.id], await keeping.conversation(ann))
    token = token_of(keeping, info, ann)
    assert (await find_file(keeping.ctx, info.id, token)).size == 1
    await keeping.ctx.database.write(lambda conn: release_files(conn, [info.id]))
    with pytest.raises(NotFound):
        await find_file(keeping.ctx, info.id, token)
    assert await sweep_files(keeping.ctx) == 1
    assert kept(keeping) == 0


async def test_only_what_was_not_sent_in_time_is_swept(keeping: Desk):
    ann = await keeping.visitor(await keeping.inbox())
    sent, _ = await upload(keeping, ann), await upload(keeping, ann)
    await claim(keeping, ann, [sent.id], await keeping.conversation(ann))
    assert await sweep_files(keeping.ctx) == 0
    keeping.clock.advance(UNSENT_S + 1)
    assert await sweep_files(keeping.ctx) == 1
    assert kept(keeping) == 1
    assert await find_file(keeping.ctx, sent.id, token_of(keeping, sent, ann))


async def test_who_may_not_write_there_uploads_nothing(keeping: Desk):
    inbox_id = await keeping.inbox()
    ann, bob = await keeping.visitor(inbox_id), await keeping.visitor(inbox_id)
    conversation = await keeping.conversation(ann)
    outsider = await keeping.agent()
    for actor in (bob, outsider):
        with pytest.raises(NotFound):
            await upload(keeping, actor, conversation=conversation)
    for standing in (Standing.ANYONE, Standing.LOCAL):
        with pytest.raises((Unauthenticated, NotAllowed)):
            await upload(keeping, standing)
    with pytest.raises(TooLarge):
        await upload(keeping, ann, bytes(LARGEST + 1))
    assert kept(keeping) == 0


async def test_a_file_whose_row_cannot_be_stored_is_not_kept(keeping: Desk):
    ann = await keeping.visitor(await keeping.inbox())

    async def slowly() -> AsyncIterator[bytes]:
        yield b"x"
        await keeping.ctx.database.close()

    with pytest.raises(Unavailable):
        await upload_file(keeping.call(ann), UploadFile(name="a"), slowly())
    assert kept(keeping) == 0


async def test_without_a_place_for_files_there_are_none(desk: Desk):
    ann = await desk.visitor(await desk.inbox())
    with pytest.raises(Unavailable):
        await upload(desk, ann)
    info = FileInfo(id=1, name="a", type="x", size=1)
    assert with_links(desk.call(ann), info) is info
