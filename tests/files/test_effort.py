"""What a file may cost is bounded by its size, whatever numbers are in it."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kefu.core.media import media_type
from kefu.files.effort import Effort, TooMuch
from kefu.files.stripping import STRIPPERS
from tests.files.test_images import cleaned
from tests.files.test_iso_media import box, directory, numbers

MOST_BYTES = 200_000
FTYP = b"\0\0\0\x10ftyp"
HEADS = {
    "png": b"\x89PNG\r\n\x1a\n",
    "jpeg": b"\xff\xd8\xff\xe0\0\2",
    "gif": b"GIF89a" + bytes(7),
    "webp": b"RIFF\xff\xff\xff\x7fWEBP",
    "bmp": b"BM" + bytes(12) + b"\x28\0\0\0",
    "heic": FTYP + b"heic\0\0\0\0",
    "avif": FTYP + b"avif\0\0\0\0",
    "m4a": FTYP + b"M4A \0\0\0\0",
    "mp4": FTYP + b"isom\0\0\0\0",
    "mov": FTYP + b"qt  \0\0\0\0",
}
EXIF = b"Exif\0\0II*\0\x08\0\0\0\xff\xff\xff\xff"
UNITS = [
    *(b"\0\0\0\0IDAT\0\0\0\0", b"\0\0\0\0acTL\0\0\0\0", b"\0\0\0\x0ceXIf" + EXIF[6:] + b"\0\0"),
    *(b"\xff\xe1\0\x14" + EXIF, b"\xff\xda\0\2\0", b"\xff\x01", b"\xff\xc4\0\2", b"\xff"),
    *(b"\x21\xfe\1a\0", b"\x2c" + bytes(10), b"\1a", b"\x21\xf9\0"),
    *(b"EXIF\0\0\0\0", b"VP8X\0\0\0\0", b"ANMF\1\0\0\0\0\0"),
    *(box(b"uuid"), box(b"meta"), box(b"moov"), box(b"trak", box(b"udta")), b"\0\0\0\0moov"),
    *(b"", b"\0", b"\0\0\0\1mdat" + b"\xff" * 8),
]
ANY_16 = st.sampled_from([0, 1, 2, 200, 65_535])


@st.composite
def directories(draw: st.DrawFn) -> bytes:
    """A HEIC picture whose numbers say anything of how many items and extents there are."""
    version = draw(st.sampled_from([0, 1, 2]))
    sizes = draw(st.sampled_from([0, 0x4400, 0x1100, 0x0040, 0xFFFF, 0x0001]))
    head = bytes((version, 0, 0, 0)) + numbers(sizes, *draw(st.lists(ANY_16, max_size=2)))
    items = numbers(*draw(st.lists(ANY_16, max_size=8))) * draw(st.integers(0, 3_000))
    entry = box(b"infe", b"\2\0\0\0", numbers(1, 0), b"Exif")
    return directory(head + items, entry) * draw(st.integers(1, 3))


@st.composite
def repeats(draw: st.DrawFn) -> bytes:
    """The beginning of some format, and pieces of any, each many times."""
    parts = draw(st.lists(st.tuples(st.sampled_from(UNITS), st.integers(1, 30_000)), max_size=4))
    said = draw(st.sampled_from(list(HEADS.values()))) + b"".join(one * n for one, n in parts)
    return said[:MOST_BYTES]


@given(repeats() | directories())
@example(directory(b"\1\0\0\0" + numbers(0, 80) + numbers(1, 0, 0, 65_535) * 80))
def test_a_file_costs_what_its_size_does_whatever_it_says(data):
    began = time.thread_time()
    cleaned(data)
    assert time.thread_time() - began < 0.3 + len(data) * 5e-6  # s; a byte: 5 µs


def test_every_format_that_is_read_is_tried():
    read = {*STRIPPERS, "image/bmp", "image/heic", "image/avif"}
    read |= {"audio/mp4", "video/mp4", "video/quicktime"}
    assert {media_type(head) for head in HEADS.values()} == read


def test_work_that_is_stopped_or_late_ends_at_the_next_step():
    effort = Effort()
    effort.check()
    effort.stop()
    with pytest.raises(TooMuch):
        effort.check()
    late = Effort(most_s=-1)
    with pytest.raises(TooMuch):
        late.check()
