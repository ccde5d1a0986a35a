"""What a web page may know of the inbox that it belongs to.

Rules: anybody who has the widget key, which stands in the page, may know this: nothing of it is
the team's own business. An inbox that is not active is as one that is not there.
Not here: which pages may use the widget (``Settings.origins``; the gateways check it).
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from kefu.actions.commands import Command
from kefu.actions.context import Call
from kefu.actions.forms import Form
from kefu.core import content
from kefu.core.desk import Time, Value, at
from kefu.core.errors import NotFound
from kefu.core.hours import holiday_name, is_open, next_close_ms, next_open_ms
from kefu.core.inbox import Inbox, Offline
from kefu.storage import inboxes

WidgetKey = Annotated[str, Meta(min_length=1, max_length=100, description="Of the inbox: public.")]


class GetPublicInbox(Form, frozen=True):
    """What a page may know of the inbox of its widget."""

    widget_key: WidgetKey


class PublicInbox(Value, frozen=True):
    """An inbox as its web page sees it.

    ``opens_at``: when it opens next; left out, it is open, or not within a year. ``holiday``: the
    name of the one that it is today. ``prechat``: what is asked before the first message now.
    ``preview``: agents see what a visitor types before it is sent, which the visitor is told.
    """

    name: str
    locale: str
    open: bool
    offline: Offline
    greeting: str = ""
    opens_at: Time | None = None
    closes_at: Time | None = None
    holiday: str | None = None
    prechat: content.Form | None = None
    preview: bool = False
    rating: bool = False
    identity_required: bool = False


async def get_public_inbox(call: Call, do: GetPublicInbox) -> PublicInbox:
    """What a web page may know of the inbox that its widget key names."""
    found = await call.read(lambda conn: inboxes.find_by_widget_key(conn, do.widget_key))
    if found is None:
        raise NotFound
    return _public(found, call.ctx.now_ms())


def _public(found: Inbox, now_ms: int) -> PublicInbox:
    settings = found.settings
    opened = is_open(settings.hours, now_ms)
    opens_ms = None if opened else next_open_ms(settings.hours, now_ms)
    closes_ms = next_close_ms(settings.hours, now_ms) if opened else None
    return PublicInbox(
        name=found.name,
        locale=settings.locale,
        greeting=settings.greeting,
        open=opened,
        opens_at=None if opens_ms is None else at(opens_ms),
        closes_at=None if closes_ms is None else at(closes_ms),
        holiday=holiday_name(settings.hours, now_ms),
        offline=settings.offline,
        prechat=settings.form(open=opened),
        preview=settings.preview,
        rating=settings.rating,
        identity_required=settings.identity_required,
    )


COMMANDS = (
    Command(
        "inbox.public",
        get_public_inbox,
        "GET",
        "/widgets/{widget_key}",
        {"widget_key": "wk_3f9Xq2"},
        who="anyone",
        errors=(NotFound,),
        compressed=True,
    ),
)
