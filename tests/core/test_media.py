"""A type is what the content says; what a browser could run is never shown in place."""

import io
import zipfile

import pytest

from kefu.core.media import (
    ACTIVE,
    HEAD_BYTES,
    INLINE,
    UNKNOWN,
    byte_range,
    file_headers,
    may_show,
    media_type,
)

OFFICE = "application/vnd.openxmlformats-officedocument."


def zipped(*names: str, first: bytes | None = None) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        if first is not None:
            archive.writestr("mimetype", first)
        for name in names:
            archive.writestr(name, "x" * 100)
    return held.getvalue()


def ftyp(major: bytes, *compatible: bytes, then: bytes = b"") -> bytes:
    body = b"ftyp" + major + bytes(4) + b"".join(compatible)
    return (len(body) + 4).to_bytes(4, "big") + body + then


def handler(kind: bytes) -> bytes:
    return b"\0\0\0\x21hdlr" + bytes(8) + kind + bytes(13)


EBML = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"

KNOWN = {
    "png": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
    "jpeg": (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image/jpeg"),
    "gif": (b"GIF89a\1\0\1\0", "image/gif"),
    "webp": (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
    "heic": (ftyp(b"heic", b"mif1"), "image/heic"),
    "avif": (ftyp(b"avif", b"mif1"), "image/avif"),
    "avif under a general brand": (ftyp(b"mif1", b"avif"), "image/avif"),
    "bmp": (b"BM" + bytes(8) + b"\x36\0\0\0\x28\0\0\0" + bytes(36), "image/bmp"),
    "tiff": (b"II*\0\x08\0\0\0", "image/tiff"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
    "pdf after a byte order mark": (b"\xef\xbb\xbf%PDF-1.7", "application/pdf"),
    "pdf after junk": (b"\0\1junk\n%PDF-1.4", "application/pdf"),
    "zip": (zipped("a.txt"), "application/zip"),
    "empty zip": (zipped(), "application/zip"),
    "docx": (
        zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml"),
        f"{OFFICE}wordprocessingml.document",
    ),
    "xlsx": (zipped("[Content_Types].xml", "xl/workbook.xml"), f"{OFFICE}spreadsheetml.sheet"),
    "pptx": (
        zipped("[Content_Types].xml", "ppt/presentation.xml"),
        f"{OFFICE}presentationml.presentation",
    ),
    "zip with a folder called word": (zipped("word/a.txt"), "application/zip"),
    "odt": (
        zipped("content.xml", first=b"application/vnd.oasis.opendocument.text"),
        "application/vnd.oasis.opendocument.text",
    ),
    "mp3 with tags": (b"ID3\4\0\0", "audio/mpeg"),
    "bare mp3": (b"\xff\xfb\x90\x64" + bytes(20), "audio/mpeg"),
    "aac": (b"\xff\xf1\x50\x80" + bytes(20), "audio/aac"),
    "opus": (b"OggS" + bytes(24) + b"OpusHead\1", "audio/ogg"),
    "vorbis": (b"OggS" + bytes(24) + b"\x01vorbis", "audio/ogg"),
    "theora": (b"OggS" + bytes(24) + b"\x80theora", "video/ogg"),
    "ogg of another codec": (b"OggS" + bytes(40), "application/ogg"),
    "wav": (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
    "flac": (b"fLaC\0", "audio/flac"),
    "amr": (b"#!AMR\n", "audio/amr"),
    "m4a": (ftyp(b"M4A ", b"isom"), "audio/mp4"),
    "recorded sound in mp4": (ftyp(b"iso5", then=handler(b"soun")), "audio/mp4"),
    "mp4": (ftyp(b"isom", then=handler(b"vide") + handler(b"soun")), "video/mp4"),
    "mp4 that tells nothing yet": (ftyp(b"isom", then=b"mdat"), "video/mp4"),
    "mov": (ftyp(b"qt  "), "video/quicktime"),
    "webm sound": (EBML + b"\x86\x86A_OPUS", "audio/webm"),
    "webm": (EBML + b"\x86\x85V_VP8\x86\x86A_OPUS", "video/webm"),
    "mkv": (EBML.replace(b"webm", b"matr"), "video/x-matroska"),
    "gzip": (b"\x1f\x8b\x08\0", "application/gzip"),
    "rar": (b"Rar!\x1a\x07\x01\0", "application/vnd.rar"),
    "text": ("第一行\nsecond\ttab\r\n".encode(), "text/plain"),
    "javascript": (b"alert(document.domain)", "text/plain"),
    "text about pdf": (b"see %PDF- in the manual", "text/plain"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml"),
    "svg after a prolog": (
        b"\xef\xbb\xbf\n<?xml version='1.0'?><!-- a --><!DOCTYPE svg><SVG/>",
        "image/svg+xml",
    ),
    "html": (b"  <!DOCTYPE html><title>a</title>", "text/html"),
    "html with svg": (b"<html><svg></svg></html>", "text/html"),
    "half html": (b"<IMG src=x onerror=alert(1)>", "text/html"),
    "xhtml": (b"<?xml version='1.0'?><html xmlns='x'/>", "text/html"),
    "xml": (b"<?xml version='1.0'?><a/>", "application/xml"),
    "nothing": (b"", UNKNOWN),
    "html in UTF-16": ("<script>".encode("utf-16"), UNKNOWN),
    "text in another encoding": ("你好".encode("gbk"), UNKNOWN),
    "program": (b"MZ\x90\0\3", UNKNOWN),
    "text with a control": (b"abc\0def", UNKNOWN),
    "one byte of mp3": (b"\xff", UNKNOWN),
    "riff of another kind": (b"RIFF\x24\0\0\0AVI LIST", UNKNOWN),
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_type_is_what_the_content_says(name):
    content, expected = KNOWN[name]
    assert media_type(content) == expected


def test_text_may_be_cut_inside_a_character():
    assert media_type(("a" + "好" * HEAD_BYTES).encode()[:HEAD_BYTES]) == "text/plain"


@pytest.mark.parametrize(
    "name",
    ["svg", "half html", "xml", "javascript", "pdf", "heic", "bmp", "docx", "mp4", "nothing"],
)
def test_what_is_no_raster_image_or_sound_is_for_saving_only(name):
    kind = KNOWN[name][1]
    headers = file_headers(kind, "name", fresh_s=300)
    assert not may_show(kind)
    assert headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize("kind", sorted(INLINE))
def test_raster_images_and_sound_are_shown_in_place(kind):
    headers = file_headers(kind, "name", fresh_s=300)
    assert headers["Content-Disposition"].startswith("inline;")
    assert headers["Content-Type"] == kind


@pytest.mark.parametrize("kind", sorted(ACTIVE))
def test_what_could_run_is_not_called_by_its_name(kind):
    assert not may_show(kind)
    assert file_headers(kind, "x.svg", fresh_s=300)["Content-Type"] == UNKNOWN


@pytest.mark.parametrize("kind", [*sorted(INLINE), *sorted(ACTIVE), "text/plain", UNKNOWN])
def test_every_file_is_sandboxed_and_never_guessed(kind):
    headers = file_headers(kind, "名.bin", fresh_s=300)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Cache-Control"] == "private, max-age=300, immutable"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert all(value.isascii() and value.isprintable() for value in headers.values())


def test_text_says_its_encoding():
    headers = file_headers("text/plain", "a.txt", fresh_s=0)
    assert headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("", None),
        ("bytes=0-", range(10)),
        ("bytes=0-3", range(4)),
        ("Bytes=4-4", range(4, 5)),
        ("bytes=4-99", range(4, 10)),
        ("bytes=-3", range(7, 10)),
        ("bytes=-99", range(10)),
        ("bytes=5-4", None),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("bytes=+1-2", None),
        ("bytes=١-٢", None),
        ("lines=0-1", None),
        ("bytes=" + "9" * 400 + "-", None),
    ],
)
def test_a_range_is_served_only_as_asked(header, expected):
    assert byte_range(header, 10) == expected


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_range_outside_the_file_is_empty(header):
    asked = byte_range(header, 10)
    assert asked is not None
    assert len(asked) == 0
