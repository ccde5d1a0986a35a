"""Images made fit to be shown: without notes and position, turned upright, with a small preview.

Rules: an image is believed only if it can be decoded within ``most_pixels``; one that cannot is
kept as bytes of unknown type, never an error. A picture loses quality only if it has to be turned.
All of this takes time and memory (up to 17 bytes a pixel): one image at a time, in a thread.
Not here: how metadata is found (``stripping``, ``iso_media``), where files are kept (``store``).
"""

from __future__ import annotations

import shutil
import struct
import warnings
import zlib
from io import BytesIO
from typing import Any, BinaryIO, NamedTuple, cast

from PIL import Image, features
from PIL.Image import Resampling, Transpose

from kefu.core.media import UNKNOWN
from kefu.files.effort import Effort, Watched
from kefu.files.iso_media import Scrubber
from kefu.files.stripping import STRIPPERS, Found, Malformed, Source

PREVIEW_TYPE = "image/webp"

_ICC_BYTES = 65_536  # of a colour profile that a preview may carry
_BITMAP = "image/bmp"
_PICTURES = frozenset({"image/heic", "image/avif"})
_RECORDINGS = frozenset({"audio/mp4", "video/mp4", "video/quicktime"})
_DECODERS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    _BITMAP: "BMP",
    **({"image/avif": "AVIF"} if features.check("avif") else {}),  # some builds lack it
}
_SAVING: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 90},
    "PNG": {"compress_level": 4},
    "WEBP": {"quality": 90},  # faster methods fail on the largest pictures
}
_TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
# What decoders raise at damaged images; an OSError with a number is the disk's.
_DAMAGE = (
    *(OSError, SyntaxError, ValueError, ArithmeticError, LookupError, EOFError),
    *(RuntimeError, MemoryError, struct.error, zlib.error),
    *(Image.DecompressionBombError, Image.DecompressionBombWarning),
)

# ``most_pixels`` is the limit here, and it is checked before anything is decoded.
warnings.simplefilter("ignore", Image.DecompressionBombWarning)


class Cleaned(NamedTuple):
    """What became of a file. ``width`` and ``height`` as people see it; 0 if it is no image."""

    media_type: str
    width: int = 0
    height: int = 0
    has_preview: bool = False


def needs_cleaning(kind: str) -> bool:
    """Whether a file of this type may say more than it shows."""
    return kind in STRIPPERS or kind in _PICTURES | _RECORDINGS or kind == _BITMAP


def clean(
    source: BinaryIO,
    kind: str,
    target: BinaryIO,
    preview: BinaryIO,
    *,
    most_pixels: int,
    preview_px: int,
    effort: Effort,
) -> Cleaned:
    """Write to ``target`` what is to be kept of ``source``, and a small copy to ``preview``.

    ``kind``: by the content, and one that ``needs_cleaning``. ``preview_px``: of the longer side.
    ``target`` and ``preview`` are empty and open for reading and writing.
    Raises OSError: the disk's. Raises TooMuch.
    """
    found = _strip(source, kind, target, effort)
    format_ = _DECODERS.get(kind)
    if found.whole and format_ is None:
        return Cleaned(kind)
    if found.whole and format_:
        try:
            picture = _Picture(target, format_, found, effort)
            return picture.finish(preview, most_pixels, preview_px)
        except _DAMAGE as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
    _keep_as_it_is(source, target, found)
    return Cleaned(UNKNOWN)


def _strip(source: BinaryIO, kind: str, target: BinaryIO, effort: Effort) -> Found:
    found = Found()
    try:
        if kind in STRIPPERS:
            STRIPPERS[kind](Source(source, effort), target, found)
            found.whole = True
            return found
        source.seek(0)
        shutil.copyfileobj(source, target)
        if kind in _PICTURES:
            Scrubber(target, found, effort).scrub_picture()
        elif kind in _RECORDINGS:
            Scrubber(target, found, effort).scrub_recording()
        found.whole = True
    except Malformed:
        pass
    return found


def _keep_as_it_is(source: BinaryIO, target: BinaryIO, found: Found) -> None:
    """A file that cannot be shown stays what it was, but for notes that were found in it."""
    if not found.metadata:
        source.seek(0)
        target.seek(0)
        target.truncate()
        shutil.copyfileobj(source, target)


class _Picture:
    """A stripped image in ``target``, decoded at most once."""

    def __init__(self, target: BinaryIO, format_: str, found: Found, effort: Effort) -> None:
        target.seek(0)
        self._target, self._format, self._effort = target, format_, effort
        read = cast(BinaryIO, Watched(target, effort))
        self._image: Image.Image = Image.open(read, formats=[format_])
        self._lossless = found.lossless
        self._profile: bytes | None = self._image.info.get("icc_profile")
        self._turn = None if found.animated else _TURNS.get(found.orientation)
        if format_ == "AVIF":  # turned by its container, which stays
            self._turn = _TURNS.get(self._image.getexif().get(0x0112, 1))

    def finish(self, preview: BinaryIO, most_pixels: int, preview_px: int) -> Cleaned:
        if self._image.width * self._image.height > most_pixels:
            raise ValueError("too many pixels")
        if self._format == "BMP":
            self._format = "PNG"  # smaller, and shown everywhere
            self._save_again()
        elif self._turn and self._format != "AVIF":
            self._image.load()
            self._image = self._image.transpose(self._turn)
            self._turn = None
            self._save_again()
        width, height = self._image.size
        if self._turn in _SIDEWAYS:
            width, height = height, width
        self._save_preview(preview, preview_px)
        kind = next(kind for kind, name in _DECODERS.items() if name == self._format)
        return Cleaned(kind, width, height, has_preview=True)

    def _save_again(self) -> None:
        self._image.load()
        self._effort.check()
        how = dict(_SAVING[self._format])
        if self._format == "WEBP" and self._lossless:
            how = {"lossless": True, "method": 1}
        # Not straight into the file: past its buffer, an encoder would not notice a full disk.
        encoded = BytesIO()
        self._image.save(encoded, self._format, icc_profile=self._profile, **how)
        self._target.seek(0)
        self._target.truncate()
        self._target.write(encoded.getbuffer())

    def _save_preview(self, preview: BinaryIO, preview_px: int) -> None:
        self._effort.check()
        image = _shrink(self._image, preview_px)
        self._effort.check()
        if self._turn:
            image = image.transpose(self._turn)
        profile = self._profile if self._image.mode in ("RGB", "RGBA") else None
        if profile and len(profile) > _ICC_BYTES:
            profile = None
        image.save(preview, "WEBP", quality=80, icc_profile=profile)


_SIDEWAYS = frozenset({turn for orientation, turn in _TURNS.items() if orientation >= 5})


def _shrink(image: Image.Image, most_px: int) -> Image.Image:
    """Return a copy in RGB or RGBA whose longer side has at most ``most_px``."""
    scale = min(1.0, most_px / max(image.size))
    width, height = (max(1, round(side * scale)) for side in image.size)
    # A JPEG is decoded small; of others most pixels are dropped first, since colours and
    # transparency are computed on copies of the whole.
    image.draft(None, (2 * width, 2 * height))
    image.load()
    if max(image.size) > 4 * most_px:
        image = image.resize((4 * width, 4 * height), Resampling.NEAREST)
    return _in_colour(image).resize((width, height), Resampling.LANCZOS)


def _in_colour(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")
