"""Notes in HEIF, AVIF and MPEG-4 files are blanked where they stand; nothing else is touched."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.core.media import UNKNOWN
from kefu.files.effort import Effort
from kefu.files.images import Cleaned
from kefu.files.iso_media import Scrubber
from kefu.files.stripping import Found, Malformed
from tests.files import pictures
from tests.files.pictures import SECRET, encoded, two_halves
from tests.files.test_images import assert_red_above_blue, cleaned, opened

POSITION = b"+31.2000+121.6000/"


def box(kind: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def recording(brand: bytes) -> bytes:
    """A recording as phones write it, with its position in four places."""
    place = box(b"\xa9xyz", POSITION)
    meta = box(b"meta", bytes(4), POSITION)
    track = box(b"trak", box(b"tkhd", bytes(80)), box(b"udta", place), box(b"mdia", meta))
    sound = b"sound" * 100
    large = b"\0\0\0\1mdat" + (len(sound) + 16).to_bytes(8, "big") + sound
    return b"".join(
        [
            box(b"ftyp", brand, bytes(4)),
            box(b"moov", box(b"mvhd", bytes(96)), track, box(b"udta", place)),
            large,
            box(b"uuid", bytes(16), POSITION),
        ]
    )


@pytest.mark.parametrize(
    ("brand", "kind"),
    [(b"M4A ", "audio/mp4"), (b"isom", "video/mp4"), (b"qt  ", "video/quicktime")],
)
def test_a_recording_does_not_say_where_it_was_made(brand, kind):
    before = recording(brand)
    outcome, after, preview = cleaned(before)
    assert outcome == Cleaned(kind)
    assert preview == b""
    assert before.count(POSITION) == 4
    assert POSITION not in after
    assert len(after) == len(before)
    assert after.index(b"sound" * 100) == before.index(b"sound" * 100)
    assert after.count(b"free") == 4


def as_heic(avif: bytes) -> bytes:
    """The same boxes under the name of the other codec, for which there is no decoder here."""
    length = int.from_bytes(avif[:4], "big")
    return avif[:length].replace(b"avif", b"heic").replace(b"mif1", b"heic") + avif[length:]


def test_a_heic_picture_does_not_say_where_it_was_made():
    before = as_heic(pictures.avif())
    outcome, after, preview = cleaned(before)
    assert outcome == Cleaned("image/heic")
    assert preview == b""
    assert SECRET in before
    assert SECRET not in after
    assert b"xmpmeta" not in after
    assert len(after) == len(before)


def test_a_turned_avif_stays_and_its_preview_is_upright():
    from PIL import Image

    sideways = two_halves().transpose(Image.Transpose.ROTATE_90)
    outcome, after, preview = cleaned(encoded(sideways, "AVIF", exif=pictures.exif(6)))
    assert outcome == Cleaned("image/avif", 60, 40, has_preview=True)
    assert SECRET not in after
    assert opened(preview).size == (60, 40)
    assert_red_above_blue(opened(preview))


@pytest.mark.parametrize(
    "broken",
    [
        b"\0\0\0\x10ftypM4A \0\0\0\0\xff\xff\xff\xffmoov",
        b"\0\0\0\x10ftypM4A \0\0\0\0\0\0\0\x04moov",
        b"\0\0\0\x10ftypM4A \0\0\0\0\0\0\0\x01moov" + b"\xff" * 8,
        b"\0\0\0\x10ftypM4A \0\0\0\0" + box(b"free") * 30_000,
        b"\0\0\0\x10ftypheic\0\0\0\0" + box(b"meta", bytes(4), box(b"iinf"), box(b"iloc")),
        b"\0\0\0\x10ftypheic\0\0\0\0" + box(b"meta", bytes(4)),
    ],
    ids=["too long", "too short", "far too long", "many boxes", "empty items", "no items"],
)
def test_boxes_that_lie_make_bytes_of_unknown_type(broken):
    assert cleaned(broken) == (Cleaned(UNKNOWN), broken, b"")


def directory(places: bytes, *items: bytes) -> bytes:
    """A HEIC picture of a directory alone: ``places`` is the body of its ``iloc``."""
    entries = box(b"iinf", bytes(4), len(items).to_bytes(2, "big"), *items)
    return box(b"ftyp", b"heic", bytes(4)) + box(b"meta", bytes(4), entries, box(b"iloc", places))


def numbers(*values: int) -> bytes:
    return b"".join(value.to_bytes(2, "big") for value in values)


def test_extents_of_no_bytes_take_no_time_however_many_are_said_to_be():
    # Each of 80 items has 65,535 extents, whose numbers have no bytes: 706 bytes in all.
    tiny = directory(b"\1\0\0\0" + numbers(0, 80) + numbers(1, 0, 0, 65_535) * 80)
    began = time.thread_time()
    assert cleaned(tiny) == (Cleaned(UNKNOWN), tiny, b"")
    assert time.thread_time() - began < 0.5


class Counted(io.BytesIO):
    """A file that knows how much was written to it."""

    written = 0

    def write(self, data: Any) -> int:
        self.written += len(data)
        return super().write(data)


def test_no_more_is_blanked_than_the_file_has_however_its_notes_overlap():
    notes = bytes(200_000)
    extent = (0).to_bytes(4, "big") + len(notes).to_bytes(4, "big")
    entry = box(b"infe", b"\2\0\0\0", numbers(1, 0), b"Exif")
    places = b"\0\0\0\0\x44\0" + numbers(1, 1, 0, 200) + extent * 200
    before = directory(places, entry) + box(b"mdat", notes)
    file = Counted(before)
    with pytest.raises(Malformed):
        Scrubber(file, Found(), Effort()).scrub_picture()
    assert file.written <= len(before)
    assert len(file.getvalue()) == len(before)


@given(st.data())
def test_no_damage_of_boxes_is_an_error_or_makes_a_file_grow(data):
    made = bytearray(data.draw(st.sampled_from(MADE)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(12, min(len(made) - 1, 600)))
        made[at] = data.draw(st.integers(0, 255))
    _, after, _ = cleaned(bytes(made))
    assert len(after) == len(made)


MADE = [as_heic(pictures.avif()), recording(b"M4A ")]


def test_deeply_nested_boxes_are_not_followed_for_ever():
    nested = POSITION
    for _ in range(2_000):
        nested = box(b"moov", nested)
    outcome, _, _ = cleaned(box(b"ftyp", b"M4A ", bytes(4)) + nested)
    assert outcome == Cleaned("audio/mp4")


def test_streams_are_read_from_their_beginning():
    held = io.BytesIO(recording(b"M4A "))
    held.seek(0, 2)
    assert cleaned(held.getvalue())[0].media_type == "audio/mp4"
