"""Other people's pages with the widget on them, served from another site than Kefu's.

Rules: Kefu is at ``127.0.0.1``, the pages are at ``localhost``: another site to browsers. A page is
a file of this folder in which ``{snippet}``, ``{kefu}``, ``{widget}`` and ``{loader}`` are filled
in; the headers that make it what it is stand in HEADERS.
Not here: Kefu itself, the browser.
"""

from __future__ import annotations

import mimetypes
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.browser.loopback import Loopback

PAGES = Path(__file__).parent
NONCE = "cmFuZG9t"
TRUSTED = "require-trusted-types-for 'script'"
HEADERS = {
    "strict": {
        "content-security-policy": f"default-src 'none'; script-src 'nonce-{NONCE}'; "
        "style-src 'none'; connect-src {kefu}; frame-src {kefu}; base-uri 'none'",
    },
    "isolated": {
        "cross-origin-embedder-policy": "require-corp",
        "cross-origin-opener-policy": "same-origin",
    },
    "isolated-otherwise": {
        "cross-origin-embedder-policy": "credentialless",
        "cross-origin-opener-policy": "same-origin",
    },
    "trusted": {"content-security-policy": TRUSTED},
    "named": {"content-security-policy": f"{TRUSTED}; trusted-types kefu"},
    "default": {"content-security-policy": f"{TRUSTED}; trusted-types default"},
    "silent": {"referrer-policy": "no-referrer"},
    "barred": {"content-security-policy": "frame-src 'none'"},
}


class HostPages(Loopback):
    """A server of them. ``values``: what is filled into each page."""

    def __init__(self, files: Path | None = None, **values: str) -> None:
        self._values, self._files = values, files
        pages = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = pages.answer(self.path)
                status, headers, body = found or (404, {"content-type": "text/plain"}, b"")
                self.send_response(status)
                for name, value in {**headers, "content-length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing is written: a test says itself what it misses."""

        super().__init__(Handler)

    def answer(self, address: str) -> tuple[int, dict[str, str], bytes] | None:
        """What is at a path: a page by its name, or a file of ``files``."""
        parts = urlsplit(address)
        name = parts.path.strip("/") or "plain"
        if self._files and (file := self._files / name).is_file():
            kind = mimetypes.guess_type(name)[0] or "text/plain"
            return 200, {"content-type": kind}, file.read_bytes()
        page = PAGES / f"{name}.html"
        if name in HEADERS and not page.is_file():
            page = PAGES / "plain.html"
        if not page.is_file():
            return None
        asked = {key: values[-1] for key, values in parse_qs(parts.query, True).items()}
        headers = {key: self._filled(value, asked) for key, value in HEADERS.get(name, {}).items()}
        body = self._filled(page.read_text("utf-8"), asked).encode()
        return 200, {"content-type": "text/html; charset=utf-8", **headers}, body

    def _filled(self, text: str, asked: dict[str, str]) -> str:
        values = {
            "nonce": NONCE,
            "attributes": "",
            "at": "one",
            "words": "",
            **self._values,
            **asked,
        }
        values["loader"] = f"{values['kefu']}/{values.get('script', 'kefu.js')}"
        script = '<script src="{loader}" data-widget="{widget}" {attributes} async></script>'
        for name, value in {"snippet": script, **values}.items():
            text = text.replace(f"{{{name}}}", value)
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", value)
        return text
