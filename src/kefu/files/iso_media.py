"""HEIF and AVIF pictures, MPEG-4 and QuickTime recordings: what they say beside picture and sound
is blanked where it stands, so that nothing else moves.

Rules: boxes are believed only within the box around them; a file that lies about its lengths is
malformed. Whatever numbers a file names, all together take ``MOST_STEPS`` at most, and no more is
written than the file has bytes. What is blanked: Exif and XMP items of a picture; user data, meta
data and private boxes of a recording, where phones write its position.
Not here: the formats that are copied part by part (``stripping``), decoding (``images``).
Sources: ISO/IEC 14496-12 (boxes, ``iloc``, ``iinf``), ISO/IEC 23008-12 annex A (Exif items).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from kefu.files.effort import Effort
from kefu.files.stripping import Found, Malformed

MOST_STEPS = 20_000  # boxes, items and their extents that are looked at, in one file
MOST_ITEM_BYTES = 4_194_304  # of a picture's directory

# The position of a TIFF header, and one with an empty directory: decoders refuse Exif of zeros.
_NO_EXIF = b"\0\0\0\0II*\0\x08\0\0\0\0\0"
_NESTED = frozenset({b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf"})
_PRIVATE = frozenset({b"udta", b"meta", b"uuid"})


class Box(NamedTuple):
    """Where a box stands: its kind at ``start + 4``, its content from ``body`` to ``end``."""

    kind: bytes
    start: int
    body: int
    end: int


class Scrubber:
    """Blanks one file, which must be open for reading and writing."""

    def __init__(self, file: BinaryIO, found: Found, effort: Effort) -> None:
        self._file, self._found, self._effort = file, found, effort
        self._size = file.seek(0, 2)
        self._steps = 0
        self._to_write = self._size  # extents may overlap; all that is written may not be more

    def scrub_picture(self) -> None:
        """Blank a HEIF or AVIF file's Exif and XMP items. Raises Malformed."""
        for box in self._inside(0, self._size):
            if box.kind == b"uuid":
                self._blank(box)
            elif box.kind == b"meta":
                self._scrub_items(
                    {inner.kind: inner for inner in self._inside(box.body + 4, box.end)}
                )
        self._found.whole = True

    def scrub_recording(self) -> None:
        """Blank an MPEG-4 or QuickTime file's notes. Raises Malformed."""
        self._scrub_boxes(0, self._size, depth=0)
        self._found.whole = True

    def _scrub_boxes(self, start: int, end: int, depth: int) -> None:
        for box in self._inside(start, end):
            if box.kind in _PRIVATE:
                self._blank(box)
            elif box.kind in _NESTED and depth < 8:
                self._scrub_boxes(box.body, box.end, depth + 1)

    def _scrub_items(self, boxes: dict[bytes, Box]) -> None:
        directory, places = boxes.get(b"iinf"), boxes.get(b"iloc")
        if directory is None or places is None:
            raise Malformed
        private = self._private_items(directory)
        inside = boxes.get(b"idat")
        for item, in_idat, start, length in _places(self._read(places), self._step):
            if item not in private:
                continue
            within = inside if in_idat else Box(b"", 0, 0, self._size)
            if within is None or within.body + start + length > within.end:
                raise Malformed
            self._found.metadata = True
            keeps_shape = private[item] == b"Exif" and length >= len(_NO_EXIF)
            self._overwrite(within.body + start, length, _NO_EXIF if keeps_shape else b"")

    def _private_items(self, directory: Box) -> dict[int, bytes]:
        """The items that are not pictures: ``{id: type}``."""
        (version,) = self._read(directory, 1)
        items = {}
        for entry in self._inside(directory.body + (6 if version == 0 else 8), directory.end):
            body = self._read(entry, 16)
            wide = 4 if body[:1] == b"\3" else 2
            kind = body[6 + wide : 10 + wide]
            if kind in (b"Exif", b"mime", b"uri "):
                items[int.from_bytes(body[4 : 4 + wide], "big")] = kind
        return items

    def _inside(self, start: int, end: int) -> Iterator[Box]:
        while end - start >= 8:
            self._step()
            self._file.seek(start)
            head = self._file.read(16)
            length, body = int.from_bytes(head[:4], "big"), start + 8
            if length == 0:  # up to the end
                length = end - start
            elif length == 1:
                length, body = int.from_bytes(head[8:16], "big"), start + 16
            if start + length > end or start + length < body:
                raise Malformed
            yield Box(head[4:8], start, body, start + length)
            start += length

    def _step(self) -> None:
        self._effort.check()
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise Malformed

    def _read(self, box: Box, most_bytes: int = MOST_ITEM_BYTES) -> bytes:
        self._file.seek(box.body)
        data = self._file.read(min(box.end - box.body, most_bytes))
        if not data:
            raise Malformed
        return data

    def _blank(self, box: Box) -> None:
        self._found.metadata = True
        self._overwrite(box.start + 4, 4, b"free")
        self._overwrite(box.body, box.end - box.body, b"")

    def _overwrite(self, start: int, length: int, data: bytes) -> None:
        self._to_write -= length
        if self._to_write < 0:
            raise Malformed
        self._file.seek(start)
        self._file.write(data)
        length -= len(data)
        while length > 0:
            length -= self._file.write(bytes(min(length, 65_536)))


def _places(data: bytes, step: Callable[[], None]) -> Iterator[tuple[int, bool, int, int]]:
    """Read an ``iloc`` box: item, whether its data is in ``idat``, and each extent's place.

    ``step`` is called for each item and each extent: they may be said to be many in no bytes.
    """
    version = data[0]
    numbers = _Numbers(data, 4)
    sizes = numbers.next(2)
    offset_size, length_size = sizes >> 12, sizes >> 8 & 15
    base_size, index_size = sizes >> 4 & 15, sizes & 15 if version else 0
    wide = 4 if version == 2 else 2
    for _ in range(numbers.next(wide)):
        step()
        item = numbers.next(wide)
        method = numbers.next(2) & 15 if version else 0
        numbers.next(2)  # which file: always this one
        base = numbers.next(base_size)
        for _ in range(numbers.next(2)):
            step()
            numbers.next(index_size)
            start = base + numbers.next(offset_size)
            yield item, method == 1, start, numbers.next(length_size)


class _Numbers:
    """Big-endian numbers, one after the other. Raises Malformed at the end of the data."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, at

    def next(self, size: int) -> int:
        part = self._data[self._at : self._at + size]
        if len(part) < size:
            raise Malformed
        self._at += size
        return int.from_bytes(part, "big")
