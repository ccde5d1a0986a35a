"""S14 to S16: files that want to run, names that want to lead somewhere, and more than fits."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.clients.raw import raw_connection
from tests.security.asking import Rest
from tests.security.office import PLENTY, Office
from tests.security.witness import undisturbed

FILE_BYTES = int(PLENTY["file_bytes"])
FLOOD_BYTES = 20_000_000
AT_ONCE = 8

HTML = b"<!doctype html><script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


def picture(kind: str = "PNG") -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (20, 20), "teal").save(held, kind)
    return held.getvalue()


# Each by what it is called, what it is claimed to be, and the types that may be told of it.
RUNNING = {
    "a page": (HTML, "a.html", "text/html"),
    "a page that is claimed to be a picture": (HTML, "a.png", "image/png"),
    "a page in capitals": (HTML.upper(), "a.HTM", "text/html"),
    "a page after blanks": (b"\n \t" * 400 + HTML, "a.txt", "text/plain"),
    "a page in UTF-16": (HTML.decode().encode("utf-16"), "a.txt", "text/plain"),
    "XHTML": (b'<html xmlns="http://www.w3.org/1999/xhtml">' + HTML, "a.xhtml", "image/jpeg"),
    "SVG": (SVG, "a.svg", "image/svg+xml"),
    "SVG that is claimed to be a picture": (SVG, "a.jpg", "image/jpeg"),
    "SVG after a declaration": (b'<?xml version="1.0"?>\n' + SVG, "a.svg", "image/svg+xml"),
    "XML with a style": (
        b'<?xml version="1.0"?><?xml-stylesheet href="//evil.example"?><a/>',
        "a.xml",
        "text/xml",
    ),
    "JavaScript": (b"alert(document.domain)", "a.js", "text/javascript"),
    "a module": (b"export default 1", "a.mjs", "application/javascript"),
    "PDF": (b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>", "a.pdf", "x/y"),
    "a picture with a page behind it": (picture("GIF") + HTML, "a.gif", "text/html"),
    "a page that begins like a picture": (b"GIF89a=1;" + HTML, "a.gif", "image/gif"),
    "a program": (b"MZ\x90\x00" + bytes(64), "a.exe", "image/png"),
    "a shortcut": (b"[InternetShortcut]\nURL=file:///etc/passwd", "a.url", "text/plain"),
    "nothing": (b"", "a.html", "text/html"),
}
SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp")

NAMES = {
    "a way up": "../../../../etc/cron.d/x",
    "a way up, escaped": "..%2f..%2fetc%2fpasswd",
    "a way up on Windows": "..\\..\\windows\\win.ini",
    "absolute": "/etc/passwd",
    "absolute on Windows": "C:\\x.txt",
    "a share": "\\\\evil.example\\x",
    "U+0000": "a.txt\x00.png",
    "a header": "a\r\nSet-Cookie: x=1\r\n\r\n<script>alert(1)</script>",
    "a quote": 'a"; filename="b.html',
    "5 kB": "x" * 5_000 + ".png",
    "5 kB of Chinese": "长" * 1_700,
    "turned around": "gpj.\u202egpj.exe",
    "zero width": "a\u200b.txt",
    "a device": "CON",
    "a device with an extension": "nul.txt",
    "dots": "..",
    "a hidden file": ".htaccess",
    "markup": "<img src=x onerror=alert(1)>.png",
    "an encoded word": "=?utf-8?q?a?=",
    "a stream": "a.txt::$DATA",
    "blank": "   ",
}
UNSEEN = re.compile(r'[/\\\x00-\x1f\x7f"\u200b\u202a-\u202e\u2066-\u2069]')


def kept(office: Office) -> dict[Path, int]:
    """Every file of the store and how large it is; not the database and the log."""
    sizes = {}
    for path in (office.data_dir / "files").rglob("*"):
        with suppress(FileNotFoundError):  # it was moved meanwhile
            if path.is_file():
                sizes[path] = path.stat().st_size
    return sizes


async def test_s14_what_could_run_is_for_saving_only_whatever_it_is_called(office, rest: Rest):
    visitor = office.visitor()
    async with undisturbed(office):
        for name, (content, called, claimed) in RUNNING.items():
            said = await rest.send(
                visitor,
                "POST",
                "/files",
                params={"name": called},
                content=content,
                headers={"Content-Type": claimed},
            )
            assert said.status_code == 201, name
            answer = await rest.http.get(said.json()["url"])
            kind = answer.headers["content-type"].partition(";")[0]
            assert answer.headers["content-security-policy"].startswith("sandbox;"), name
            assert answer.headers["x-content-type-options"] == "nosniff", name
            assert kind in ("application/octet-stream", "text/plain", "application/pdf", *SHOWN)
            if kind in SHOWN:
                assert Image.open(io.BytesIO(answer.content)).format == kind[6:].upper(), name
                assert b"<script" not in answer.content, name
            else:
                assert answer.headers["content-disposition"].startswith("attachment"), name
                assert "preview" not in said.json(), name


async def test_s15_a_name_leads_nowhere_and_adds_nothing(office, rest: Rest):
    visitor = office.visitor()
    async with undisturbed(office):
        for name, called in NAMES.items():
            said = await rest.send(visitor, "POST", "/files", params={"name": called}, content=b"x")
            assert said.status_code in (201, 414, 422), name
            if said.status_code != 201:
                continue
            told = said.json()
            assert not UNSEEN.search(told["name"]), name
            assert len(told["name"]) <= 150, name
            assert not re.fullmatch(r"\.*", told["name"]), name
            answer = await rest.http.get(told["url"])
            assert (answer.status_code, answer.content) == (200, b"x"), name
            header = answer.headers["content-disposition"]
            assert header.isascii(), name
            assert header.startswith("attachment"), name
            assert not UNSEEN.search(header.replace('"', "")), name
            assert "set-cookie" not in answer.headers, name
    # What it is kept as was drawn: nothing of the name is in it.
    assert all(re.fullmatch(r"[0-9a-z]+", path.name) for path in kept(office))


async def pieces(most: int) -> AsyncIterator[bytes]:
    for start in range(0, most, 7_777):
        yield bytes(min(7_777, most - start))


async def test_s16_one_byte_over_the_limit_is_refused_and_leaves_nothing(office):
    async with undisturbed(office), Rest.open(office) as rest:
        visitor, before = office.visitor(), kept(office)
        for content in (bytes(FILE_BYTES + 1), pieces(FILE_BYTES + 1)):
            said = await rest.send(visitor, "POST", "/files?name=a", content=content)
            assert (said.status_code, said.json()["error"]["code"]) == (413, "too_large")
            assert kept(office) == before
        said = await rest.send(visitor, "POST", "/files?name=a", content=pieces(FILE_BYTES))
        assert (said.status_code, said.json()["size"]) == (201, FILE_BYTES)


async def test_s16_parts_of_a_form_are_no_file_however_many(office):
    async with undisturbed(office), Rest.open(office) as rest:
        visitor, before = office.visitor(), kept(office)
        parts = [("file", (f"{number}.txt", bytes(FILE_BYTES // 50))) for number in range(100)]
        with suppress(httpx.WriteError):  # it is answered before it is read
            said = await rest.send(visitor, "POST", "/files?name=a", files=parts)
            assert said.status_code in (413, 415)
        assert kept(office) == before


@pytest.mark.parametrize("said_bytes", ["announced", "in pieces", "less than it is"])
async def test_s16_whatever_is_sent_no_more_than_the_limit_is_written(office, said_bytes):
    """Eight at once, each far more than the limit, while what is written is looked at."""
    framing = {
        "announced": f"Content-Length: {FLOOD_BYTES}",
        "in pieces": "Transfer-Encoding: chunked",
        "less than it is": "Content-Length: 10",
    }[said_bytes]
    visitor, before = office.visitor(), sum(kept(office).values())
    headers = "\r\n".join(f"{name}: {value}" for name, value in visitor.headers.items())
    request = f"POST /api/v1/files?name=a HTTP/1.1\r\nHost: x\r\n{headers}\r\n{framing}\r\n\r\n"
    chunk = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    written = [0]

    async def flood() -> None:
        async with raw_connection(office.base_url) as raw:
            await raw.send(request.encode())
            sending = asyncio.create_task(raw.flood(chunk, FLOOD_BYTES // len(chunk)))
            with suppress(ConnectionError, IndexError):  # reset: it sends on when it is answered
                assert await raw.status() in (201, 400, 413)
            while not sending.done():
                written.append(sum(kept(office).values()) - before)
                await asyncio.wait([sending], timeout=0.02)

    async with undisturbed(office):
        await asyncio.gather(*(flood() for _ in range(AT_ONCE)))
        assert max(written) <= AT_ONCE * FILE_BYTES


async def test_s16_a_file_of_the_json_limit_is_no_command(office, rest: Rest):
    """A file's bytes in place of a command's JSON, as large as a file may be."""
    visitor = office.visitor()
    said = await rest.send(
        visitor,
        "POST",
        "/conversations",
        content=bytes(1_000_000),
        headers={"Content-Type": "application/json"},
    )
    assert said.status_code == 413
