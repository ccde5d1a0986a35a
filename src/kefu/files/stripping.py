"""What an image or a recording says beside its picture and sound, taken out without a loss.

Rules: a file is copied part by part; a part passes only if it is needed to show the picture or the
sound, so whatever is not known (Exif and its position, XMP, comments, small old pictures, bytes
after the end) is left behind. Where a file does not follow its format the copy ends.
Not here: decoding (``images``). Containers of ISO media are scrubbed in place (``iso_media``).
Sources: ITU-T T.81 annex B, PNG 3rd edition, GIF89a, RFC 9649 (WebP), Exif 3.0 section 4.6.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from kefu.files.effort import Effort

MOST_PARTS = 500_000  # of one file: many tiny ones would take a long time
MOST_SCANS = 50  # of a JPEG: each makes a decoder go over the whole picture

_PART_BYTES = 65_536
_EXIF_BYTES = 1_048_576

_JPEG_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"acTL", b"fcTL", b"fdAT"}
    | {b"cHRM", b"cICP", b"gAMA", b"iCCP", b"sRGB", b"sBIT", b"bKGD", b"pHYs"}
)
_PNG_NOTES = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
_WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_NOTES = frozenset({b"EXIF", b"XMP "})
_GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


@dataclass(slots=True)
class Found:
    """What was met on the way."""

    metadata: bool = False  # and left behind
    orientation: int = 1  # as Exif counts: 1 = upright, 6 = to be turned right, …
    animated: bool = False
    lossless: bool = False  # a WebP's picture
    whole: bool = False  # the file follows its format to the end


class Malformed(Exception):
    """The file ends early, or does not follow its format."""


class Source:
    """A file read from its beginning, in a bounded number of parts."""

    def __init__(self, file: BinaryIO, effort: Effort) -> None:
        file.seek(0)
        self.file, self._effort = file, effort
        self._parts = 0

    def take(self, size: int) -> bytes:
        """Return the next ``size`` bytes (few). Raises Malformed: there are fewer; TooMuch."""
        self._parts += 1
        self._effort.check()
        data = self.file.read(size)
        if len(data) < size or self._parts > MOST_PARTS:
            raise Malformed
        return data

    def pass_on(self, size: int, target: BinaryIO | None) -> None:
        """Copy the next ``size`` bytes to ``target``, or skip them."""
        while size:
            part = self.take(min(size, _PART_BYTES))
            if target:
                target.write(part)
            size -= len(part)


def strip_jpeg(source: Source, target: BinaryIO, found: Found) -> None:
    """Leave behind all application segments but JFIF's, Adobe's and a colour profile, comments,
    and what stands after the picture.
    """
    target.write(source.take(2))
    scans = 0
    while (marker := _next_marker(source)) != 0xD9:
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            continue  # without a length, and without a meaning here
        length = int.from_bytes(source.take(2), "big")
        if length < 2:
            raise Malformed
        body = _cleaned_segment(marker, source.take(length - 2), found)
        if body is not None:
            target.write(bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body)
        if marker == 0xDA:
            scans += 1
            if scans > MOST_SCANS:
                raise Malformed
            _pass_scan_on(source, target)
    target.write(b"\xff\xd9")


def strip_png(source: Source, target: BinaryIO, found: Found) -> None:
    """Leave behind all chunks but those of the picture, its colours and its animation."""
    target.write(source.take(8))
    kind = b""
    while kind != b"IEND":
        head = source.take(8)
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if kind in _PNG_KEPT:
            target.write(head)
            source.pass_on(length + 4, target)
            found.animated |= kind == b"acTL"
            continue
        found.metadata |= kind in _PNG_NOTES
        if kind == b"eXIf" and length <= _EXIF_BYTES:
            found.orientation = exif_orientation(source.take(length))
            length = 0
        source.pass_on(length + 4, None)


def strip_gif(source: Source, target: BinaryIO, found: Found) -> None:
    """Leave behind comments, text, and the notes of applications but for the number of loops."""
    head = source.take(13)
    target.write(head)
    _pass_palette_on(head[10], source, target)
    while (kind := source.take(1)) != b"\x3b":
        if kind == b"\x2c":
            frame = source.take(9)
            target.write(kind + frame)
            _pass_palette_on(frame[8], source, target)
            target.write(source.take(1))
            _pass_blocks_on(source, target)
        elif kind == b"\x21":
            _pass_extension_on(source, target, found)
        else:
            raise Malformed
    target.write(kind)


def strip_webp(source: Source, target: BinaryIO, found: Found) -> None:
    """Leave behind all chunks but those of the picture, its colours and its animation."""
    head = source.take(12)
    target.write(head)
    end = int.from_bytes(head[4:8], "little") + 8
    while source.file.tell() < end:
        head = source.take(8)
        kind, length = head[:4], int.from_bytes(head[4:], "little")
        padded = length + length % 2
        if kind == b"VP8X" and length >= 10:
            body = source.take(padded)
            target.write(head + bytes((body[0] & ~0x0C,)) + body[1:])  # says: no Exif, no XMP
        elif kind in _WEBP_KEPT:
            target.write(head)
            source.pass_on(padded, target)
            found.animated |= kind == b"ANIM"
            found.lossless |= kind == b"VP8L"
        else:
            found.metadata |= kind in _WEBP_NOTES
            if kind == b"EXIF" and length <= _EXIF_BYTES:
                found.orientation = exif_orientation(source.take(padded))
                padded = 0
            source.pass_on(padded, None)
    size = target.tell()
    target.seek(4)
    target.write((size - 8).to_bytes(4, "little"))
    target.seek(size)


STRIPPERS: dict[str, Callable[[Source, BinaryIO, Found], None]] = {
    "image/jpeg": strip_jpeg,
    "image/png": strip_png,
    "image/gif": strip_gif,
    "image/webp": strip_webp,
}


def exif_orientation(data: bytes) -> int:
    """Return how the picture is to be turned, 1 to 8, of Exif data with or without its mark."""
    data = data.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4], "")
    try:
        (start,) = struct.unpack_from(f"{order}I", data, 4)
        (entries,) = struct.unpack_from(f"{order}H", data, start)
        for number in range(min(entries, 1000) if order else 0):
            entry = start + 2 + 12 * number
            tag, kind, count, value = struct.unpack_from(f"{order}HHIH", data, entry)
            if (tag, kind, count) == (0x0112, 3, 1):
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass  # of damaged data nothing is believed
    return 1


def _next_marker(source: Source) -> int:
    before = 0
    while (byte := source.take(1)[0]) in (0x00, 0xFF) or before != 0xFF:
        before = byte  # padding, or bytes that decoders skip, too
    return byte


def _cleaned_segment(marker: int, body: bytes, found: Found) -> bytes | None:
    """What is kept of a segment: all, a part, or nothing (None)."""
    if marker < 0xE0:
        return body
    if marker == 0xE0 and body.startswith(b"JFIF\0") and len(body) >= 14:
        return body[:12] + b"\0\0"  # without the small picture that may follow
    if marker == 0xE2 and body.startswith(b"ICC_PROFILE\0"):
        return body
    if marker == 0xEE and body.startswith(b"Adobe"):
        return body[:12]
    if marker == 0xE1 and body.startswith(b"Exif\0\0"):
        found.orientation = exif_orientation(body)
    found.metadata = True
    return None


def _pass_scan_on(source: Source, target: BinaryIO) -> None:
    """Copy compressed data up to the next marker."""
    while True:
        start = source.file.tell()
        part = source.file.read(_PART_BYTES)
        ends = _JPEG_SCAN_END.search(part)
        if ends:
            target.write(part[: ends.start()])
            source.file.seek(start + ends.start())
            return
        if len(part) < 2:
            raise Malformed
        if part.endswith(b"\xff"):  # half of a marker
            part = part[:-1]
            source.file.seek(start + len(part))
        target.write(part)


def _pass_palette_on(flags: int, source: Source, target: BinaryIO) -> None:
    if flags & 0x80:
        source.pass_on(3 * 2 ** ((flags & 7) + 1), target)


def _pass_blocks_on(source: Source, target: BinaryIO | None) -> None:
    while True:
        length = source.take(1)
        if target:
            target.write(length)
        if length == b"\0":
            return
        source.pass_on(length[0], target)


def _pass_extension_on(source: Source, target: BinaryIO, found: Found) -> None:
    label = source.take(1)
    if label == b"\xf9":  # timing and transparency of the next frame
        target.write(b"\x21" + label)
        _pass_blocks_on(source, target)
        return
    length = source.take(1)
    first = source.take(length[0])
    if label == b"\xff" and first in _GIF_LOOPS:
        target.write(b"\x21" + label + length + first)
        _pass_blocks_on(source, target)
        return
    found.metadata = True
    if length != b"\0":
        _pass_blocks_on(source, None)
