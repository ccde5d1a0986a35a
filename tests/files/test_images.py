"""Images leave without their notes, upright, with a preview; what is no image stays a file."""

from __future__ import annotations

import io
from collections.abc import Callable
from zlib import crc32

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from kefu.core.media import UNKNOWN, media_type
from kefu.files.effort import Effort
from kefu.files.images import Cleaned, clean, needs_cleaning
from tests.files import pictures
from tests.files.pictures import BLUE, RED, SECRET, encoded, two_halves

MOST_PIXELS = 1_000_000


def cleaned(data: bytes, preview_px: int = 640) -> tuple[Cleaned, bytes, bytes]:
    """Clean ``data``; the outcome, the file, and the preview."""
    target, preview = io.BytesIO(), io.BytesIO()
    kind = media_type(data)
    assert needs_cleaning(kind)
    outcome = clean(
        io.BytesIO(data),
        kind,
        target,
        preview,
        most_pixels=MOST_PIXELS,
        preview_px=preview_px,
        effort=Effort(),
    )
    return outcome, target.getvalue(), preview.getvalue()


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def assert_red_above_blue(picture: Image.Image) -> None:
    width, height = picture.size
    shown = picture.convert("RGB")
    for y, wanted in ((height // 4, RED), (height * 3 // 4, BLUE)):
        found = shown.getpixel((width // 2, y))
        assert isinstance(found, tuple)
        assert all(abs(one - other) < 40 for one, other in zip(found, wanted, strict=True))


def same(one: bytes, other: bytes) -> bool:
    pair = [opened(data).convert("RGBA") for data in (one, other)]
    return not ImageChops.difference(*pair).getbbox(alpha_only=False)


STILL: dict[str, Callable[[], bytes]] = {
    "image/jpeg": pictures.jpeg,
    "image/png": pictures.png,
    "image/webp": pictures.webp,
    "image/avif": pictures.avif,
}
MOVING: dict[str, Callable[[], bytes]] = {
    "image/gif": pictures.gif,
    "image/webp": pictures.animated_webp,
    "image/png": pictures.animated_png,
}


@pytest.mark.parametrize("kind", STILL)
def test_notes_and_position_are_gone_and_not_a_pixel_is_changed(kind):
    before = STILL[kind]()
    outcome, after, preview = cleaned(before)
    assert outcome == Cleaned(kind, 60, 40, has_preview=True)
    picture = opened(after)
    assert SECRET in before
    for left in (after, preview):
        assert SECRET not in left
        assert b"xmpmeta" not in left
        assert not opened(left).getexif()
        assert not opened(left).getexif().get_ifd(0x8825)
        notes = [opened(left).info.get(name, b"") for name in ("comment", "xmp", "Comment")]
        assert not any(note.strip(b"\0") for note in notes)
    assert same(before, after)
    assert picture.info["icc_profile"] == pictures.PROFILE
    assert_red_above_blue(opened(preview))
    assert media_type(preview) == "image/webp"


@pytest.mark.parametrize("kind", MOVING)
def test_what_moves_goes_on_moving_without_its_notes(kind):
    before = MOVING[kind]()
    outcome, after, preview = cleaned(before)
    assert outcome == Cleaned(kind, 50, 30, has_preview=True)
    assert SECRET in before
    assert SECRET not in after
    assert b"xmpmeta" not in after
    moving = Image.open(io.BytesIO(after))
    assert getattr(moving, "n_frames", 1) == 3
    assert moving.info["loop"] == 3
    assert not getattr(opened(preview), "is_animated", False)


HELD = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("make", [pictures.jpeg, pictures.png, pictures.webp])
def test_a_picture_is_turned_upright_by_what_its_notes_said(make, orientation):
    # What a camera held that way would have recorded of the two halves.
    undo = HELD.get(orientation)
    taken = two_halves() if undo is None else two_halves().transpose(undo)
    outcome, after, preview = cleaned(make(orientation, picture=taken))
    assert (outcome.width, outcome.height) == opened(after).size == opened(preview).size == (60, 40)
    assert_red_above_blue(opened(after))
    assert_red_above_blue(opened(preview))
    assert not opened(after).getexif()
    assert SECRET not in after


def test_an_upright_progressive_jpeg_keeps_its_compressed_data():
    noise = Image.effect_noise((300, 200), 80).convert("RGB")
    before = encoded(noise, "JPEG", progressive=True, quality=95, restart_marker_rows=1)
    _, after, _ = cleaned(before)
    scan = before.index(b"\xff\xda")
    assert after.endswith(before[scan:])


@pytest.mark.parametrize(
    ("mode", "format_"),
    [
        *(
            ("1", "PNG"),
            ("L", "PNG"),
            ("LA", "PNG"),
            ("P", "PNG"),
            ("RGBA", "PNG"),
            ("I;16", "PNG"),
        ),
        *(("L", "JPEG"), ("CMYK", "JPEG"), ("RGBA", "WEBP"), ("P", "GIF"), ("L", "GIF")),
        *(("1", "BMP"), ("L", "BMP"), ("P", "BMP"), ("RGB", "BMP"), ("RGBA", "AVIF")),
    ],
)
def test_every_kind_of_colour_has_a_preview(mode, format_):
    grey = Image.new("L", (3_000, 30), 128)
    picture = grey.convert("I").point(lambda v: v * 256) if mode == "I;16" else grey.convert(mode)
    if mode == "I;16":
        picture = picture.convert("I;16")
    outcome, after, preview = cleaned(encoded(picture, format_))
    assert (outcome.width, outcome.height) == (3_000, 30)
    assert opened(after).size == (3_000, 30)
    shown = opened(preview)
    assert shown.size == (640, 6)
    middle = shown.convert("L").getpixel((320, 3))
    assert isinstance(middle, int)
    assert abs(middle - 128) < 12 or mode == "1"


def test_a_bitmap_becomes_a_png_of_the_same_pixels():
    before = encoded(two_halves(), "BMP")
    outcome, after, _ = cleaned(before)
    assert outcome.media_type == media_type(after) == "image/png"
    assert same(before, after)


def test_what_is_transparent_stays_so_in_the_preview():
    shape = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    shape.paste((200, 0, 0, 255), (0, 0, 100, 50))
    _, _, preview = cleaned(encoded(shape, "PNG"), preview_px=50)
    shown = opened(preview)
    assert shown.mode == "RGBA"
    assert shown.getpixel((25, 40))[3] == 0  # type: ignore[index]
    assert shown.getpixel((25, 10))[3] == 255  # type: ignore[index]


def test_a_picture_of_one_pixel_is_a_picture():
    outcome, _, preview = cleaned(encoded(Image.new("RGB", (1, 1)), "PNG"))
    assert outcome == Cleaned("image/png", 1, 1, has_preview=True)
    assert opened(preview).size == (1, 1)


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_too_many_pixels_are_never_decoded_and_notes_are_gone_all_the_same(format_):
    bomb = Image.new("1", (1_001, 1_000)).convert("L")
    notes = {"exif": pictures.exif()} if format_ in ("PNG", "JPEG", "WEBP") else {}
    outcome, after, preview = cleaned(encoded(bomb, format_, **notes))
    assert outcome == Cleaned(UNKNOWN)
    assert SECRET not in after
    assert preview == b""


def test_a_small_file_cannot_claim_a_huge_picture():
    whole = encoded(Image.new("1", (8, 8)), "PNG")
    for side in (2**20, 2**31 - 1):
        header = b"IHDR" + side.to_bytes(4, "big") * 2 + b"\x01\0\0\0\0"
        bomb = whole[:12] + header + zlib_crc(header) + whole[33:]
        assert cleaned(bomb)[0] == Cleaned(UNKNOWN)
    gif = bytearray(pictures.gif())
    gif[6:10] = b"\xff\xff\xff\xff"
    assert cleaned(bytes(gif))[0] == Cleaned(UNKNOWN)


def zlib_crc(data: bytes) -> bytes:
    return crc32(data).to_bytes(4, "big")


def test_a_jpeg_of_endless_scans_is_not_decoded():
    whole = encoded(two_halves(), "JPEG", progressive=True)
    start, end = whole.rindex(b"\xff\xda"), whole.rindex(b"\xff\xd9")
    endless = whole[:start] + whole[start:end] * 200 + whole[end:]
    assert cleaned(endless)[0] == Cleaned(UNKNOWN)


ALL = {**STILL, "image/gif": pictures.gif, "image/bmp": lambda: encoded(two_halves(), "BMP")}


@pytest.mark.parametrize("kind", ALL)
def test_a_truncated_image_is_kept_as_bytes_without_notes(kind):
    whole = ALL[kind]()
    end = len(encoded(two_halves(), "JPEG")) if kind == "image/jpeg" else len(whole)
    for size in (30, len(whole) // 3, end * 2 // 3):
        outcome, after, preview = cleaned(whole[:size].ljust(30, b"\0"))
        assert outcome == Cleaned(UNKNOWN)
        assert preview == b""
        assert len(after) > 0


def test_a_broken_image_without_notes_is_kept_as_it_came():
    for broken in (b"\x89PNG\r\n\x1a\nnot a picture at all", b"GIF89a/*<svg onload=alert(1)>*/"):
        assert cleaned(broken) == (Cleaned(UNKNOWN), broken, b"")


def test_a_page_in_a_picture_s_notes_or_behind_it_is_gone():
    page = b"<script>alert(1)</script>"
    picture = encoded(two_halves(), "GIF", comment=page) + page
    _, after, _ = cleaned(picture)
    assert page not in after
    _, after, _ = cleaned(encoded(two_halves(), "JPEG", comment=page) + b"PK\x03\x04" + page)
    assert page not in after
    assert after.endswith(b"\xff\xd9")


@pytest.mark.parametrize("kind", [*ALL, "moving"])
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_damage_is_an_error(kind, data):
    whole = bytearray(_MADE.setdefault(kind, (ALL.get(kind) or pictures.animated_webp)()))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at] = data.draw(st.integers(0, 255))
    damaged = bytes(whole[: data.draw(st.integers(20, len(whole)))])
    if needs_cleaning(media_type(damaged)):
        outcome, after, preview = cleaned(damaged)
        assert len(after) > 0
        assert bool(preview) == outcome.has_preview or outcome.media_type == UNKNOWN


_MADE: dict[str, bytes] = {}
