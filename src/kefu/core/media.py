"""What a file is, by its content, and how it may be handed out.

Rules: the type that a client claims is never asked; a type is what the first bytes say, and what
they do not say is ``UNKNOWN``. Raster images and audio may be shown in place; everything else is
for saving only, and what a browser would run is not even called by its name on the way.
Not here: the file's name (``core.file_names``), links (``core.signed_links``), whether an image can
be decoded (``files.images``).
Sources: https://mimesniff.spec.whatwg.org (magic numbers, HTML, binary bytes), RFC 9110 section 14.
"""

from __future__ import annotations

import codecs
import re

from kefu.core.file_names import OFFICE, OPEN_DOCUMENT, content_disposition

HEAD_BYTES = 65_536  # of a file are enough for ``media_type``
UNKNOWN = "application/octet-stream"

IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})
AUDIO = frozenset(
    {
        *("audio/mpeg", "audio/aac", "audio/ogg", "audio/wav", "audio/flac", "audio/mp4"),
        *("audio/webm", "audio/amr"),
    }
)
INLINE = IMAGES | AUDIO  # what a browser shows and cannot run
ACTIVE = frozenset({"text/html", "image/svg+xml", "application/xml"})  # may carry scripts

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"fLaC", "audio/flac"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_MARKUP = re.compile(r"<[a-z!?]", re.IGNORECASE)


def media_type(head: bytes) -> str:
    """Return the media type, without parameters, of the file that begins with ``head``.

    ``head``: the first ``HEAD_BYTES``, or the whole file if it is shorter.
    """
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    return _container(head) or _frames(head) or _text(head) or UNKNOWN


def may_show(kind: str) -> bool:
    """Whether a browser may show a file of this type in place, rather than offer to save it."""
    return kind in INLINE


def file_headers(kind: str, name: str, *, fresh_s: int) -> dict[str, str]:
    """Return the response headers of a stored file, all but its length.

    ``name``: clean already. ``fresh_s``: how long a browser may use its own copy.
    """
    inline = may_show(kind)
    served = UNKNOWN if kind in ACTIVE else kind
    return {
        "Content-Type": "text/plain; charset=utf-8" if served == "text/plain" else served,
        "Content-Disposition": content_disposition(name, inline=inline),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": f"private, max-age={fresh_s}, immutable",
        # The console and the widget's frame are of this origin; nobody else is to embed files.
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",  # the address is a key
        "Accept-Ranges": "bytes",
    }


def byte_range(header: str | None, size: int) -> range | None:
    """Return the positions that a ``Range`` header asks for, of a file of ``size`` bytes.

    None: serve the whole file (200), since nothing was asked that is served in parts: no header,
    other units, several ranges. An empty range: there is no such part (416). Else 206.
    """
    asked = re.fullmatch(r"bytes=([0-9]{0,18})-([0-9]{0,18})", header or "", re.IGNORECASE)
    if asked is None or asked[0].endswith("=-"):
        return None
    first, last = asked.groups()
    if not first:
        return range(max(0, size - int(last)), size)
    if last and int(last) < int(first):
        return None  # not a range at all: to be ignored
    return range(int(first), min(size, int(last) + 1) if last else size)


def _container(head: bytes) -> str | None:
    """Formats that only say which family they are of before they say what they hold."""
    if head.startswith(b"RIFF"):
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    if head.startswith(b"OggS"):
        return _ogg(head)
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return _matroska(head)
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return _zip(head)
    return None


def _iso_media(head: bytes) -> str:
    """HEIF pictures, and MPEG-4 with pictures that move or without (ISO/IEC 14496-12)."""
    length = min(int.from_bytes(head[:4], "big"), 256)
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, length, 4))}
    if brands & {b"avif", b"avis"}:
        return "image/avif"
    if head[8:12] in _HEIC_BRANDS:
        return "image/heic"
    if head[8:12] == b"qt  ":
        return "video/quicktime"
    tracks = set(re.findall(rb"hdlr.{8}(soun|vide)", head, re.DOTALL))
    only_sound = head[8:11] == b"M4A" or tracks == {b"soun"}
    return "audio/mp4" if only_sound else "video/mp4"


def _ogg(head: bytes) -> str:
    if b"\x80theora" in head:
        return "video/ogg"
    packet = head[28:36]  # the first page's header has 28 bytes
    known = packet.startswith((b"OpusHead", b"\x01vorbis", b"\x7fFLAC", b"Speex   "))
    return "audio/ogg" if known else "application/ogg"


def _matroska(head: bytes) -> str:
    """WebM, which browsers record: the tracks' codecs stand near the beginning."""
    if b"webm" not in head[:64]:
        return "video/x-matroska"
    codecs_named = set(re.findall(rb"\x86[\x80-\xff]([AV])_", head))  # element CodecID
    return "audio/webm" if codecs_named == {b"A"} else "video/webm"


def _zip(head: bytes) -> str:
    """Office documents are zip files; the names of their entries tell which."""
    said = re.match(rb".{30}mimetype(%s(text|spreadsheet|presentation))" % _ODF, head, re.DOTALL)
    if said:
        return said[1].decode()
    names = set(
        re.findall(rb"PK\x03\x04.{26}(\[Content_Types\]\.xml|word/|xl/|ppt/)", head, re.DOTALL)
    )
    if b"[Content_Types].xml" in names:
        for folder, document in _OFFICE_FOLDERS:
            if folder in names:
                return OFFICE + document
    return "application/zip"


_ODF = re.escape(OPEN_DOCUMENT.encode())
_OFFICE_FOLDERS = (
    (b"word/", "wordprocessingml.document"),
    (b"xl/", "spreadsheetml.sheet"),
    (b"ppt/", "presentationml.presentation"),
)


def _frames(head: bytes) -> str | None:
    """Formats whose first bytes are numbers that have to make sense."""
    if len(head) < 4:
        return None
    if head[:2] == b"BM" and head[6:10] == bytes(4) and head[14:18] in _BITMAP_HEADERS:
        return "image/bmp"
    if head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "audio/aac"  # ADTS
    # MPEG audio: sync, a version that exists, layer III, a bit rate and a sample rate that exist.
    layer_3 = head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[1] & 0x18 != 0x08
    if layer_3 and 0x10 <= head[2] < 0xF0 and head[2] & 0x0C != 0x0C:
        return "audio/mpeg"
    return None


_BITMAP_HEADERS = frozenset(n.to_bytes(4, "little") for n in (12, 40, 52, 56, 64, 108, 124))


def _text(head: bytes) -> str | None:
    """UTF-8 text; what a browser might take for a page is told apart from plain text."""
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"%PDF-"):
        return "application/pdf"
    if not head or _BINARY.search(head):
        return "application/pdf" if b"%PDF-" in head[:1024] else None
    try:
        # ``head`` may end inside a character.
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return None
    text = text.lstrip()
    if not _MARKUP.match(text):
        return "text/plain"
    if re.search(r"<svg\b", text, re.IGNORECASE) and not _is_page(text):
        return "image/svg+xml"
    if text.startswith("<?xml") and not _is_page(text):
        return "application/xml"
    return "text/html"


def _is_page(text: str) -> bool:
    return re.search(r"<(!doctype )?html\b", text, re.IGNORECASE) is not None
