"""What a web page may know of the inbox that its widget belongs to.

Rules: anybody who has the widget key, which stands in the page, may know this: nothing of it is
the team's own business, and nobody is named but who is there, where the inbox says so, by their
names alone. It is the same for whoever asks in the same language,
so browsers may keep it for a while. An inbox that is not active is as one that is not there.
Not here: which pages may use the widget (``Settings.origins``; the gateways check it), what an
admin sets (``widget.settings``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import Meta
from sqlalchemy import Connection

from kefu.actions.commands import Command
from kefu.actions.context import DAY_MS, Call
from kefu.actions.forms import Form
from kefu.core import content
from kefu.core.desk import Time, Value, at
from kefu.core.errors import NotFound
from kefu.core.hours import (
    holiday_name,
    is_open,
    next_close_ms,
    next_open_ms,
    spans_of_week,
)
from kefu.core.inbox import Inbox, Offline
from kefu.storage import inboxes
from kefu.widget import replies
from kefu.widget.locales import LANGUAGES, LOCALES, LoaderWords, choose, said_in
from kefu.widget.look import Palette, palette
from kefu.widget.rows import list_there, list_waits
from kefu.widget.settings import Color, Look, Texts, check_color

MOST_PEOPLE = 3  # who are shown
FRESH_S = 60  # how old a browser's copy may be: "open" and "staffed" are not worth less

MOST_KEY_CHARS = 100
WidgetKey = Annotated[
    str, Meta(min_length=1, max_length=MOST_KEY_CHARS, description="Of the inbox: public.")
]
Asked = Annotated[str, Meta(max_length=100, description="BCP 47: the nearest is answered.")]


class GetPublicInbox(Form, frozen=True):
    """What a page may know of the inbox of its widget. ``color``: for the inbox's accent."""

    widget_key: WidgetKey
    locale: Asked | None = None
    color: Color | None = None


class PublicLook(Value, frozen=True):
    """How the widget looks and where it stands. ``colors``: made of the inbox's accent."""

    colors: Palette
    position: Literal["right", "left"]
    offset_x: int
    offset_y: int
    theme: Literal["host", "light", "dark"]
    launcher: bool = False
    logo: str | None = None


class PublicInvitation(Value, frozen=True):
    """What a visitor may be asked after ``after_s`` seconds on one of ``pages`` (patterns)."""

    name: str
    text: str
    after_s: int
    pages: tuple[str, ...]


class PublicConsent(Value, frozen=True):
    """What a visitor agrees to before the first message. ``text``: "" for the widget's own."""

    text: str = ""
    privacy_page: str | None = None


class PublicPerson(Value, frozen=True):
    """One of the team who takes conversations now."""

    id: int
    name: str


class OpenSpan(Value, frozen=True):
    """From when to when an inbox is open."""

    opens_at: Time
    closes_at: Time


class PublicInbox(Value, frozen=True):
    """An inbox as its web page sees it, in one language.

    ``hours``: when it is open in a week from today, wherever the reader is, and on some days
    more; empty: always, or never. ``opens_at``: when it opens next; left out, it is open, or
    not within a year. ``holiday``: the name of the one that it is today, in ``time_zone``, the
    inbox's. ``staffed``: somebody of the team takes conversations now; ``people``: some of
    them, unless the inbox shows nobody. ``reply_s``: how long a first answer took lately; left
    out, too little is known. ``mail``: the server sends letters. ``prechat``: what is asked
    before the first message now. ``preview``: agents see what a visitor types before it is
    sent, which the visitor is told. ``locales``: the languages that there are; ``dir``: which
    way ``locale`` is written; ``words``: what stands on the page before anything else is
    loaded.
    """

    name: str
    locale: str
    dir: Literal["ltr", "rtl"]
    locales: tuple[str, ...]
    words: LoaderWords
    look: PublicLook
    open: bool
    offline: Offline
    greeting: str = ""
    away: str = ""
    hours: tuple[OpenSpan, ...] = ()
    opens_at: Time | None = None
    closes_at: Time | None = None
    time_zone: str | None = None
    holiday: str | None = None
    staffed: bool = False
    people: tuple[PublicPerson, ...] = ()
    reply_s: int | None = None
    mail: bool = False
    prechat: content.Form | None = None
    consent: PublicConsent | None = None
    invitations: tuple[PublicInvitation, ...] = ()
    watch_visitors: bool = False
    preview: bool = False
    rating: bool = False
    identity_required: bool = False


async def get_public_inbox(call: Call, do: GetPublicInbox) -> PublicInbox:
    """What a web page may know of the inbox that its widget key names."""
    if do.color is not None:
        check_color("color", do.color)
    ctx = call.ctx
    connected = frozenset(ctx.hub.connected_agents)
    now_ms = ctx.now_ms()

    def read(conn: Connection) -> PublicInbox:
        found = inboxes.find_by_widget_key(conn, do.widget_key)
        if found is None:
            raise NotFound
        there = list_there(conn, found.id, connected, limit=MOST_PEOPLE)
        reply_s = ctx.replies.find(
            found.id, ctx.monotonic_s(), lambda: _reply_s(conn, found, now_ms)
        )
        mail = ctx.policy.mail
        return _public(found, do, now_ms, there=there, reply_s=reply_s, mail=mail)

    return await call.read(read)


def _reply_s(conn: Connection, found: Inbox, now_ms: int) -> int | None:
    waits = list_waits(conn, found.id, now_ms - replies.DAYS * DAY_MS, limit=replies.MOST)
    return replies.typical_s(waits, found.settings.hours, now_ms)


def _public(
    found: Inbox,
    do: GetPublicInbox,
    now_ms: int,
    *,
    there: Sequence[tuple[int, str]],
    reply_s: int | None,
    mail: bool,
) -> PublicInbox:
    settings, asked = found.settings, do.locale
    locale = choose(asked, settings.locale)
    own = said_in(settings.texts, asked, locale) or Texts()
    hours = settings.hours
    opened = is_open(hours, now_ms)
    opens_ms = None if opened else next_open_ms(hours, now_ms)
    closes_ms = next_close_ms(hours, now_ms) if opened else None
    return PublicInbox(
        name=own.name or found.name,
        locale=locale,
        dir=LANGUAGES[locale].dir,
        locales=LOCALES,
        words=LANGUAGES[locale].loader,
        look=_look(settings.look, do.color),
        greeting=own.greeting or settings.greeting,
        away=own.away,
        open=opened,
        hours=tuple(OpenSpan(*map(at, span)) for span in spans_of_week(hours, now_ms)),
        opens_at=None if opens_ms is None else at(opens_ms),
        closes_at=None if closes_ms is None else at(closes_ms),
        time_zone=hours.time_zone if hours else None,
        holiday=holiday_name(hours, now_ms),
        staffed=bool(there),
        people=tuple(PublicPerson(id_, name) for id_, name in there if settings.show_people),
        reply_s=reply_s,
        mail=mail,
        offline=settings.offline,
        prechat=settings.form(open=opened),
        consent=_consent(found, asked, locale),
        invitations=_invitations(found, asked, locale),
        watch_visitors=settings.watch_visitors,
        preview=settings.preview,
        rating=settings.rating,
        identity_required=settings.identity_required,
    )


def _look(look: Look, color: str | None) -> PublicLook:
    return PublicLook(
        colors=palette(color or look.accent),
        logo=look.logo,
        position=look.position,
        offset_x=look.offset_x,
        offset_y=look.offset_y,
        theme=look.theme,
        launcher=look.launcher,
    )


def _consent(found: Inbox, asked: str | None, locale: str) -> PublicConsent | None:
    consent = found.settings.consent
    if consent is None:
        return None
    text = said_in(consent.text, asked, locale) or ""
    return PublicConsent(text=text, privacy_page=consent.privacy_page)


def _invitations(found: Inbox, asked: str | None, locale: str) -> tuple[PublicInvitation, ...]:
    """Those that can be said in a language that the visitor reads."""
    return tuple(
        PublicInvitation(name=one.name, text=text, after_s=one.after_s, pages=one.pages)
        for one in found.settings.invitations
        if (text := said_in(one.text, asked, locale))
    )


COMMANDS = (
    Command(
        "inbox.public",
        get_public_inbox,
        "GET",
        "/widgets/{widget_key}",
        {"widget_key": "wk_3f9Xq2", "locale": "en"},
        who="anyone",
        errors=(NotFound,),
        compressed=True,
        fresh_s=FRESH_S,
    ),
)
