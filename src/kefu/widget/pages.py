"""Where a visitor is on the site, and what the page says of them: nobody vouched for any of it.

Rules: a page is told while a conversation is live. Another address, or another attribute, is an
entry that the team alone sees; a title alone is none, and there is one entry in ``NEWS_EVERY_MS``,
since whoever writes a page's scripts decides how often it is told. What comes sooner is what the
conversation shows all the same, and an entry once it is told again. An address that could not stand
behind a link changes nothing. Without a conversation nothing is kept.
Not here: what a first message brings along (``actions.starting``), a proof (``actions.visitors``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from kefu.actions.commands import Command
from kefu.actions.context import Call, Tx, commit
from kefu.actions.forms import Done, Form, Id
from kefu.core.actors import Visitor
from kefu.core.attributes import merge_attributes
from kefu.core.desk import Activity
from kefu.core.display import clean_display_name
from kefu.core.errors import NotAllowed
from kefu.core.links import PAGES, is_safe_url
from kefu.core.permissions import Action
from kefu.core.states import Status
from kefu.storage import states
from kefu.widget.rows import get_about

TITLE_CHARS = 200
NEWS_EVERY_MS = 5_000  # from one entry of a conversation to the next
_NEWS = ("page", "unverified")

PageUrl = Annotated[str, Meta(max_length=4_000)]
PageTitle = Annotated[str, Meta(max_length=1_000)]


class ShowPage(Form, frozen=True):
    """The page that the visitor looks at now, what it says of them, or both."""

    conversation: Id
    page: Annotated[PageUrl, Meta(description="Left out: as it was.")] = ""
    title: PageTitle = ""
    referrer: PageUrl = ""
    attributes: Annotated[
        dict[str, Any] | None,
        Meta(description="What the page says of the visitor, unverified; null takes one away."),
    ] = None


async def show_page(call: Call, do: ShowPage) -> Done:
    """Say on which page the visitor is now, and what it says of them; for the team."""
    if not isinstance(call.actor, Visitor):
        raise NotAllowed

    def work(tx: Tx) -> Done:
        place = tx.place(do.conversation, Action.WRITE)
        status, before = get_about(tx.conn, place.id)
        after = moved(before, page=do.page, title=do.title, referrer=do.referrer)
        if do.attributes is not None:
            after["unverified"] = merge_attributes(before.get("unverified", {}), do.attributes)
        told = _note_news(before, after, tx.now_ms)
        if after == before or status == Status.RESOLVED:
            return Done()
        states.change(tx.conn, place.id, about=msgspec.json.encode(after).decode())
        if told:
            seen, by = Activity(what="page"), call.member
            tx.entries.append(states.record(tx.conn, place.id, seen, by=by, now_ms=tx.now_ms))
        return Done()

    return await commit(call, work)


def moved(before: Mapping[str, Any], *, page: str, title: str, referrer: str) -> dict[str, Any]:
    """What is known of a visitor after they came to ``page``.

    The referrer is where they came from, to any of the pages: it stays until another is said.
    """
    after = dict(before)
    if _is_page(referrer):
        after["referrer"] = referrer
    if _is_page(page):
        after |= {"page": page, "title": clean_display_name(title, TITLE_CHARS)}
    return {name: one for name, one in after.items() if one != ""}


def _is_page(url: str) -> bool:
    return bool(url) and is_safe_url(url, PAGES)


def _note_news(before: Mapping[str, Any], after: dict[str, Any], now_ms: int) -> bool:
    """Whether the team is to be told now; ``after`` holds when it was, and what is untold."""
    news = any((before.get(name) or None) != (after.get(name) or None) for name in _NEWS)
    if not (news or "untold" in before):
        return False
    soon = 0 <= now_ms - before.get("told_ms", now_ms - NEWS_EVERY_MS) < NEWS_EVERY_MS
    if soon:  # and not while the clock stands before it, having been set
        after["untold"] = True
    else:
        after.pop("untold", None)
        after["told_ms"] = now_ms
    return not soon


COMMANDS = (
    Command(
        "conversation.page",
        show_page,
        "PUT",
        "/conversations/{conversation}/page",
        {"conversation": 17, "page": "https://www.example.com/prices", "title": "Prices"},
        who="visitor",
    ),
)
