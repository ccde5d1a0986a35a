"""A site's pages say who is on them, and the team sees it, where the inbox says so.

Rules: off unless an admin turned it on (``Settings.watch_visitors``), and over as soon as it is
turned off. Anybody who has the widget key may report: it is a page's word, shown as such. The team
is told at most once in ``EVERY_S`` that something changed, and asks for what they look at.
Not here: what is kept of a visit, and how long (``widget.visits``); the page of somebody who has
written (``widget.pages``).
"""

from __future__ import annotations

import asyncio
import re
from typing import Annotated

from msgspec import Meta
from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import Call, Context
from kefu.actions.forms import Cursor, Done, Form, Id, Limit, Page
from kefu.actions.starting import Language
from kefu.core.desk import at
from kefu.core.errors import BadInput, IllegalState, NotFound, TooMany
from kefu.core.permissions import Action, check, seen_inboxes
from kefu.core.signals import VisitorsChanged
from kefu.hub import DESK_CHANNEL, inbox_channel
from kefu.net.clients import network_of
from kefu.storage import inboxes
from kefu.widget.config import WidgetKey
from kefu.widget.pages import PageTitle, PageUrl, moved
from kefu.widget.visits import GONE_S, Visit, place_of

EVERY_S = 2.0  # from one word to the team to the next

VisitId = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_-]{16,64}$(?!\n)",
        description="Drawn by the page, which keeps it in memory alone.",
    ),
]
Seconds = Annotated[int, Meta(ge=0, le=604_800, description="That the visitor is on the site.")]


class ReportVisit(Form, frozen=True):
    """Somebody is on a page of the site. To be said again within a minute."""

    widget_key: WidgetKey
    visit: VisitId
    page: PageUrl
    title: PageTitle = ""
    referrer: Annotated[PageUrl, Meta(description="Where the visitor came from.")] = ""
    language: Annotated[Language | None, Meta(description="BCP 47, such as `zh-CN`.")] = None
    seconds: Seconds = 0
    left: Annotated[bool, Meta(description="The page is left: the visit is over.")] = False


class ListVisitors(Form, frozen=True):
    """Who is on the sites of the caller's inboxes now, or of one of them."""

    inbox: Id | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


async def report_visit(call: Call, do: ReportVisit) -> Done:
    """Say that somebody is on a page of the site; nothing of it is stored."""
    ctx = call.ctx

    def read(conn: Connection) -> int:
        found = inboxes.find_by_widget_key(conn, do.widget_key)
        if found is None:
            raise NotFound
        if not found.settings.watch_visitors:
            raise IllegalState("This inbox does not watch who is on its site.")
        return found.id

    inbox_id = await call.read(read)
    if do.left:
        ctx.visits.leave(inbox_id, do.visit)
        return Done()
    where = moved({}, page=do.page, title=do.title, referrer=do.referrer)
    if "page" not in where:
        raise BadInput("page: must be an absolute http or https link")
    since = at(ctx.now_ms() - do.seconds * 1000)
    visit = Visit(visit=do.visit, inbox=inbox_id, since=since, language=do.language or "", **where)
    if not ctx.visits.report(visit, network_of(call.address), ctx.monotonic_s()):
        raise TooMany("Too many are on this site.", GONE_S)
    _look_after(ctx)
    return Done()


async def list_visitors(call: Call, do: ListVisitors) -> Page[Visit]:
    """Who is on the site now, by what its pages say, the last to come first."""
    check(call.actor, Action.USE_DESK)
    seen = seen_inboxes(call.actor, do.inbox)
    before = _read_cursor(do.cursor)

    def read(conn: Connection) -> list[int]:
        found = inboxes.list_inboxes(conn, seen, members=False)
        return [one.id for one in found if one.active and one.settings.watch_visitors]

    there = call.ctx.visits.list(await call.read(read), call.ctx.monotonic_s())
    found = [one for one in there if before is None or place_of(one) < before]
    items = tuple(found[: do.limit])
    more = len(found) > len(items)
    return Page(items=items, next="{}.{}".format(*place_of(items[-1])) if more else None)


def _read_cursor(cursor: str | None) -> tuple[int, str] | None:
    """The place of the last visit that was shown. Raises BadInput."""
    if cursor is None:
        return None
    found = re.fullmatch(r"([0-9]{1,15})\.([A-Za-z0-9_-]{16,64})", cursor)
    if found is None:
        raise BadInput("cursor: not one that this list gave.")
    return int(found[1]), found[2]


def tell_visits(ctx: Context) -> None:
    """Tell the team of each inbox in which somebody came, moved or left since the last time."""
    for inbox_id, count in ctx.visits.look(ctx.monotonic_s()).items():
        signal = VisitorsChanged(inbox=inbox_id, count=count)
        ctx.hub.signal((inbox_channel(inbox_id), DESK_CHANNEL), signal)


def _look_after(ctx: Context) -> None:
    """Tell the team soon, and again and again as long as anybody is there."""
    if not ctx.visits.looked_after:
        ctx.visits.looked_after = True
        asyncio.get_running_loop().call_later(EVERY_S, _tell, ctx)


def _tell(ctx: Context) -> None:
    tell_visits(ctx)
    ctx.visits.looked_after = False
    if not ctx.visits.is_empty:
        _look_after(ctx)


COMMANDS = (
    Command(
        "visitor.report",
        report_visit,
        "POST",
        "/widgets/{widget_key}/visit",
        {
            "widget_key": "wk_3f9Xq2",
            "visit": "x3Jd8sQ0pLw2VbTn",
            "page": "https://www.example.com/prices",
            "title": "Prices",
            "language": "en",
            "seconds": 40,
        },
        who="anyone",
        errors=(NotFound, IllegalState, TooMany),
    ),
    Command(
        "visitor.list",
        list_visitors,
        "GET",
        "/visitors",
        {"inbox": 2},
        errors=(NotFound,),
    ),
)
