"""Where a visitor is on the site, and what the page says of them: nobody vouched for any of it.

Rules: a page is told while a conversation is live, and again only if something of it is another;
each time is an entry that the team alone sees, so that nobody's view of it is stale. An address
that could not stand behind a link is none. Without a conversation nothing is kept.
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
from kefu.core.links import is_safe_url
from kefu.core.permissions import Action
from kefu.core.states import Status
from kefu.storage import states
from kefu.widget.rows import get_about

TITLE_CHARS = 200
_PAGES = frozenset({"http", "https"})

PageUrl = Annotated[str, Meta(max_length=4_000)]
PageTitle = Annotated[str, Meta(max_length=1_000)]


class ShowPage(Form, frozen=True):
    """The page that the visitor looks at now."""

    conversation: Id
    page: PageUrl
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
        if after == before or status == Status.RESOLVED:
            return Done()
        states.change(tx.conn, place.id, about=msgspec.json.encode(after).decode())
        seen, by = Activity(what="page"), call.member
        tx.entries.append(states.record(tx.conn, place.id, seen, by=by, now_ms=tx.now_ms))
        return Done()

    return await commit(call, work)


def moved(before: Mapping[str, Any], *, page: str, title: str, referrer: str) -> dict[str, Any]:
    """What is known of a visitor after they came to ``page``."""
    urls = {"page": page, "referrer": referrer}
    here = {name: url for name, url in urls.items() if url and is_safe_url(url, _PAGES)}
    if shown := clean_display_name(title, TITLE_CHARS):
        here["title"] = shown
    kept = {name: one for name, one in before.items() if name not in ("page", "title", "referrer")}
    return {**here, **kept}


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
