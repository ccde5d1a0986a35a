"""From an upload to what is kept: clean, typed by content, and nothing if it cannot be."""

from __future__ import annotations

import asyncio
import io
import zipfile

import pytest
from PIL import Image

from kefu.core.errors import TooLarge, Unavailable
from kefu.core.file_names import clean_file_name
from kefu.core.media import UNKNOWN, file_headers
from kefu.files import effort
from kefu.files.intake import Accepted, Intake
from kefu.files.local import LocalFiles
from kefu.files.store import read_range
from tests.files import pictures
from tests.files.pictures import SECRET, encoded, two_halves
from tests.files.streams import Held, cancel_everywhere, kept, sent

MOST_BYTES, MOST_PIXELS = 1_000_000, 500_000


@pytest.fixture
def files(tmp_path) -> LocalFiles:
    return LocalFiles(tmp_path / "files")


@pytest.fixture
def intake(files) -> Intake:
    return Intake(files, files.scratch, most_bytes=MOST_BYTES, most_pixels=MOST_PIXELS)


async def content(files: LocalFiles, accepted: Accepted, *, preview: bool = False) -> bytes:
    stored = accepted.preview if preview else accepted.original
    assert stored is not None
    return b"".join(
        [part async for part in await read_range(files, stored.key, range(stored.size))]
    )


def zipped(name: str, data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(name, data)
    return held.getvalue()


async def test_a_photo_is_kept_without_its_position_and_with_a_preview(files, intake):
    photo = pictures.jpeg(6, picture=two_halves(1_000, 400))
    accepted = await intake.take(sent(photo))
    assert (accepted.media_type, accepted.width, accepted.height) == ("image/jpeg", 400, 1_000)
    preview = await content(files, accepted, preview=True)
    assert Image.open(io.BytesIO(preview)).size == (256, 640)
    assert SECRET not in preview + await content(files, accepted)
    assert not Image.open(io.BytesIO(await content(files, accepted))).getexif()
    assert len(kept(files.scratch.parent)) == 2
    assert kept(files.scratch) == []


PAGE = b"<script>alert(document.domain)</script>"
ATTACKS = {
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml"),
    "html": (b"<!doctype html>" + PAGE, "text/html"),
    "xml": (b"<?xml version='1.0'?><?xml-stylesheet href='x.xsl'?><a/>", "application/xml"),
    "javascript": (b"alert(document.domain)", "text/plain"),
    "pdf": (
        b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>",
        "application/pdf",
    ),
    "pdf and html": (b"%PDF-1.7\n" + PAGE, "application/pdf"),
    "zip and html": (zipped("a.html", PAGE) + PAGE, "application/zip"),
    "gif and javascript": (b"GIF89a/*" + bytes(5) + b"*/=1;alert(1)", UNKNOWN),
    "png and html": (b"\x89PNG\r\n\x1a\n" + PAGE, UNKNOWN),
    "bmp and javascript": (b"BM=1;\nalert(document.domain)", "text/plain"),
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("claimed", ["photo.png", "voice.mp3"])
async def test_what_could_run_is_kept_as_it_is_and_only_for_saving(files, intake, attack, claimed):
    data, kind = ATTACKS[attack]
    accepted = await intake.take(sent(data))
    assert accepted == Accepted(kind, accepted.original)
    assert await content(files, accepted) == data
    headers = file_headers(kind, clean_file_name(claimed, kind, 200), fresh_s=300)
    assert headers["Content-Disposition"].startswith("attachment;")
    assert headers["Content-Type"] in ("text/plain; charset=utf-8", kind, UNKNOWN)


async def test_a_picture_with_a_page_behind_it_is_a_picture_only(files, intake):
    for format_ in ("PNG", "GIF", "JPEG", "WEBP"):
        data = encoded(two_halves(), format_) + zipped("a.html", PAGE)
        accepted = await intake.take(sent(data))
        assert accepted.preview is not None
        assert PAGE not in await content(files, accepted)


async def test_the_limit_itself_is_accepted(files, intake):
    accepted = await intake.take(sent(bytes(MOST_BYTES)))
    assert accepted == Accepted(UNKNOWN, accepted.original)
    assert accepted.original.size == MOST_BYTES


@pytest.mark.parametrize("start", [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"])
async def test_more_than_the_limit_is_refused_and_leaves_nothing(files, intake, start):
    with pytest.raises(TooLarge):
        await intake.take(sent(start.ljust(MOST_BYTES + 1, b"x")))
    assert kept(files.scratch.parent) == []


async def test_a_picture_of_too_many_pixels_is_a_plain_file(intake):
    bomb = encoded(Image.new("1", (5_000, 5_000)), "PNG")
    accepted = await intake.take(sent(bomb))
    assert accepted == Accepted(UNKNOWN, accepted.original)


async def test_many_photos_at_once_are_all_kept(files, intake):
    photo = pictures.jpeg()
    taken = await asyncio.gather(*(intake.take(sent(photo)) for _ in range(8)))
    assert len({accepted.original.key for accepted in taken}) == 8
    assert len({accepted.original.sha256 for accepted in taken}) == 1
    assert len(kept(files.scratch.parent)) == 16


async def test_an_upload_that_stands_still_has_no_name_and_leaves_nothing(files, intake):
    upload = Held(bytes(500_000))
    taking = asyncio.create_task(intake.take(upload))
    await upload.reached.wait()
    assert kept(files.scratch.parent) == []
    taking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking


async def test_a_photo_cancelled_at_any_moment_leaves_nothing(files, intake):
    photo, times = pictures.jpeg(), 0
    async for accepted in cancel_everywhere(lambda: intake.take(sent(photo))):
        times += 1
        assert len(kept(files.scratch.parent)) == (2 if accepted else 0)
    assert times > 10


async def test_a_picture_that_takes_too_long_is_refused_and_leaves_nothing(
    files, intake, monkeypatch
):
    monkeypatch.setattr(effort.Effort.__init__, "__defaults__", (0.0,))
    for photo in (pictures.jpeg(), pictures.png(), pictures.gif(), pictures.webp()):
        with pytest.raises(TooLarge):
            await intake.take(sent(photo))
    assert kept(files.scratch.parent) == []


async def test_work_on_a_picture_ends_when_nobody_waits_for_it(files, intake, monkeypatch):
    loop, begun, ended = asyncio.get_running_loop(), asyncio.Event(), []

    class Endless(effort.Effort):
        def check(self) -> None:
            loop.call_soon_threadsafe(begun.set)
            try:
                while True:
                    super().check()
            except effort.TooMuch:
                ended.append(True)
                raise

    monkeypatch.setattr("kefu.files.intake.Effort", Endless)
    taking = asyncio.create_task(intake.take(sent(pictures.png())))
    await begun.wait()
    taking.cancel()
    async with asyncio.timeout(60):
        with pytest.raises(asyncio.CancelledError):
            await taking
    assert ended
    assert kept(files.scratch.parent) == []


async def test_if_the_preview_cannot_be_kept_the_photo_is_not(files):
    class FillsUp(LocalFiles):
        puts = 0

        async def put(self, stream, most_bytes):
            self.puts += 1
            if self.puts == 2:
                raise Unavailable
            return await super().put(stream, most_bytes)

    store = FillsUp(files.scratch.parent)
    intake = Intake(store, store.scratch, most_bytes=MOST_BYTES, most_pixels=MOST_PIXELS)
    with pytest.raises(Unavailable):
        await intake.take(sent(pictures.jpeg()))
    assert kept(files.scratch.parent) == []


async def test_a_scratch_folder_that_is_gone_is_a_refusal(files, intake):
    files.scratch.rmdir()
    with pytest.raises(Unavailable):
        await intake.take(sent(b"x"))
    with pytest.raises(Unavailable):
        await files.put(sent(b"x"), 1)
