"""What ``kefu widget`` prints: the line that puts an inbox's widget into a site's pages.

Rules: nothing is changed. What goes into the line is a URL in its normal form, a widget key and a
hash, and is escaped all the same.
Not here: the loader that the line loads (``web/loader``, ``widget.loaders``).
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import NamedTuple

import msgspec

from kefu.cli.acting import check_texts, home
from kefu.cli.finding import find_inbox
from kefu.cli.options import texts
from kefu.cli.running import Unusable
from kefu.config import Settings
from kefu.core.inbox import Inbox
from kefu.core.text import visible
from kefu.net.origins import is_loopback, policy_sources
from kefu.storage.engine import open_for_reading
from kefu.widget.loaders import Loader, released


class Snippet(NamedTuple):
    """The line's parts. ``pinned``: the loader that it names by its hash."""

    home: str
    inbox: Inbox
    widget_key: str
    pinned: Loader | None = None

    @property
    def src(self) -> str:
        """The loader's address."""
        return f"{self.home}/{self.pinned.name if self.pinned else 'kefu.js'}"

    def html(self) -> str:
        """The line."""
        said = {"src": self.src, "data-widget": self.widget_key}
        if self.pinned:
            said |= {"integrity": self.pinned.integrity, "crossorigin": "anonymous"}
        attributes = " ".join(f'{name}="{escape(value)}"' for name, value in said.items())
        return f"<script {attributes} async></script>"

    def json(self) -> str:
        """The line and its parts, for programs."""
        said = {"widget_key": self.widget_key, "src": self.src}
        if self.pinned:
            said |= {"integrity": self.pinned.integrity}
        more = {"html": self.html(), "origins": self.inbox.settings.origins}
        return msgspec.json.encode(said | more).decode()


def snippet_of(settings: Settings, called: str, *, pinned: bool) -> Snippet:
    """The line for the inbox that is ``called`` so. Raises Unusable, StoreUnusable."""
    check_texts(called)
    with open_for_reading(settings.database_url) as conn:
        inbox = find_inbox(conn, called)
    if inbox.widget_key is None:
        raise Unusable(texts("widget_has_none", name=visible(inbox.name)))
    loaders = released() if pinned else []
    if pinned and not loaders:
        raise Unusable(texts("widget_no_loader"))
    return Snippet(home(settings), inbox, inbox.widget_key, loaders[-1] if pinned else None)


def hints(made: Snippet) -> Iterator[str]:
    """What keeps the widget from being seen, and what to do."""
    inbox = made.inbox
    about = {"name": visible(inbox.name), "widget_key": visible(made.widget_key)}
    if not inbox.active:
        yield texts("widget_inactive", **about)
    origins = inbox.settings.origins
    if not origins:
        yield texts("widget_no_site", **about)
    for origin in origins:
        if not policy_sources((origin,)):
            yield texts("widget_no_frame", origin=visible(origin))
    far = [one for one in origins if not is_loopback(_host(one))]
    if far and is_loopback(_host(made.home)):
        yield texts("widget_local", home=made.home)


def _host(origin: str) -> str:
    return origin.partition("://")[2]
