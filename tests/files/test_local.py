"""A key stands for a whole file that is on the disk to stay; everything else leaves no trace."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kefu.core.errors import NotFound, TooLarge, Unavailable
from kefu.files.local import LocalFiles
from kefu.files.store import PART_BYTES, read_range
from tests.files.streams import Held, cancel_everywhere, kept, sent
from tests.promise.test_store_trouble import may_mount

DATA = os.urandom(2 * PART_BYTES + 17)
FOREVER_MS = 10**15


@pytest.fixture
def files(tmp_path) -> LocalFiles:
    return LocalFiles(tmp_path / "files")


async def read_all(files: LocalFiles, key: str, wanted: range) -> bytes:
    return b"".join([part async for part in await read_range(files, key, wanted)])


async def test_what_was_put_is_read_as_it_was(files):
    stored = await files.put(sent(DATA), len(DATA))
    assert stored.size == len(DATA)
    assert stored.sha256 == hashlib.sha256(DATA).hexdigest()
    assert re.fullmatch("[0-9a-f]{32}", stored.key)
    assert await read_all(files, stored.key, range(len(DATA))) == DATA


@pytest.mark.parametrize(
    "wanted",
    [range(1), range(5, 5), range(PART_BYTES - 1, PART_BYTES + 1), range(9, len(DATA))],
    ids=str,
)
async def test_any_part_can_be_read(files, wanted):
    stored = await files.put(sent(DATA), len(DATA))
    expected = DATA[wanted.start : wanted.stop]
    assert await read_all(files, stored.key, wanted) == expected


async def test_an_empty_file_is_a_file(files):
    stored = await files.put(sent(b""), 0)
    assert stored.size == 0
    assert await read_all(files, stored.key, range(0)) == b""


@pytest.mark.parametrize("chunk_bytes", [1_000, 65_536, 10**7])
async def test_one_byte_too_many_is_refused_and_nothing_is_left(files, tmp_path, chunk_bytes):
    with pytest.raises(TooLarge):
        await files.put(sent(DATA, chunk_bytes), len(DATA) - 1)
    assert kept(tmp_path) == []


async def test_an_endless_upload_writes_no_more_than_the_limit(files):
    largest = 0

    async def endless():
        nonlocal largest
        while True:
            yield bytes(50_000)
            largest = max([largest, *(path.stat().st_size for path in kept(files.scratch))])

    with pytest.raises(TooLarge):
        await files.put(endless(), 1_000_000)
    assert 0 < largest <= 1_000_000
    assert kept(files.scratch) == []


async def test_an_upload_that_breaks_off_leaves_nothing(files, tmp_path):
    async def broken():
        yield DATA
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await files.put(broken(), len(DATA))
    assert kept(tmp_path) == []


async def test_a_cancelled_upload_leaves_nothing(files, tmp_path):
    upload = Held(DATA)
    putting = asyncio.create_task(files.put(upload, len(DATA)))
    await upload.reached.wait()
    putting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await putting
    assert kept(tmp_path) == []


async def test_an_upload_cancelled_at_any_moment_leaves_nothing(files, tmp_path):
    times = 0
    async for stored in cancel_everywhere(lambda: files.put(sent(DATA), len(DATA))):
        times += 1
        assert len(kept(tmp_path)) == (stored is not None)
    assert times > 4


async def test_a_deleted_file_is_not_found(files, tmp_path):
    stored = await files.put(sent(DATA), len(DATA))
    await files.delete(stored.key)
    await files.delete(stored.key)
    assert kept(tmp_path) == []
    with pytest.raises(NotFound):
        await read_range(files, stored.key, range(5))


@pytest.mark.parametrize(
    "key", ["", "../../etc/passwd", "/etc/passwd", "A" * 32, "a" * 31, "a" * 32 + "\n", "a\0b"]
)
async def test_what_is_no_key_finds_nothing(files, key):
    with pytest.raises(NotFound):
        await files.read(key, 0, 10)
    await files.delete(key)


async def test_a_file_that_lost_its_end_is_not_served_as_whole(files, tmp_path):
    stored = await files.put(sent(DATA), len(DATA))
    os.truncate(kept(tmp_path)[0], PART_BYTES + 1)
    with pytest.raises(Unavailable):
        await read_all(files, stored.key, range(len(DATA)))


async def test_keys_are_listed_by_age(files):
    stored = {(await files.put(sent(b"x"), 1)).key for _ in range(20)}
    listed = [key async for keys in files.list_keys(FOREVER_MS) for key in keys]
    assert sorted(listed) == sorted(stored)
    assert [key async for keys in files.list_keys(0) for key in keys] == []


async def test_a_sweep_removes_old_leftovers_and_no_upload_under_way(files):
    stored = await files.put(sent(DATA), len(DATA))
    old = files.scratch / "old"
    old.write_bytes(b"x")
    os.utime(old, (0, 0))
    upload = Held(DATA)
    putting = asyncio.create_task(files.put(upload, len(DATA)))
    await upload.reached.wait()
    hour_ago_ms = time.time_ns() // 1_000_000 - 3_600_000
    assert await files.sweep(hour_ago_ms) == 1
    assert not old.exists()
    assert len(kept(files.scratch)) == 1
    putting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await putting
    assert await read_all(files, stored.key, range(len(DATA))) == DATA


async def test_nobody_else_on_the_machine_may_read_files(files, tmp_path):
    await files.put(sent(DATA), len(DATA))
    (file,) = kept(tmp_path)
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


async def test_free_room_is_told(files):
    assert await files.free_bytes() > 0


KILLED = """
import asyncio, sys
from pathlib import Path
from kefu.files.local import LocalFiles

async def upload():
    for _ in range(5):
        yield bytes(262_144)
    print("half", flush=True)
    await asyncio.Event().wait()

asyncio.run(LocalFiles(Path(sys.argv[1])).put(upload(), 10_000_000))
"""


async def test_a_killed_process_leaves_only_what_a_sweep_removes(tmp_path):
    root = tmp_path / "files"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, str(root), stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"half\n"
    process.kill()
    await process.wait()
    files = LocalFiles(root)
    (left,) = kept(root)
    assert left.parent == files.scratch
    assert left.stat().st_size > 0
    assert [key async for keys in files.list_keys(FOREVER_MS) for key in keys] == []
    assert await files.sweep(FOREVER_MS) == 1
    assert kept(root) == []


FULL = """
import asyncio, resource, sys
from pathlib import Path
from kefu.core.errors import Unavailable
from kefu.files.local import LocalFiles

async def upload():
    for _ in range(100):
        yield bytes(100_000)

async def main():
    files = LocalFiles(Path(sys.argv[1]))
    if sys.argv[2] == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
    for _ in range(2):
        try:
            await files.put(upload(), 10_000_000)
        except Unavailable as error:
            print(error.code, len([p for p in files.scratch.rglob("*")]))

asyncio.run(main())
"""


def run_full(root: Path, how: str, *before: str) -> list[str]:
    command = [*before, sys.executable, "-c", FULL, str(root), how]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert str(root) not in done.stdout + done.stderr
    return [line for line in done.stdout.splitlines() if line.startswith("unavailable ")]


def test_files_that_may_not_grow_are_a_refusal_and_leave_nothing(tmp_path):
    assert run_full(tmp_path / "files", "limit") == ["unavailable 0"] * 2
    assert kept(tmp_path) == []


if may_mount():  # elsewhere the limit above stands for it

    def test_a_full_disk_is_a_refusal_and_leaves_nothing(tmp_path):
        mounted = 'mount -t tmpfs -o size=2m tmpfs "$0" && exec "$@"'
        before = ["unshare", "--mount", "sh", "-c", mounted, str(tmp_path)]
        assert run_full(tmp_path / "files", "disk", *before) == ["unavailable 0"] * 2
