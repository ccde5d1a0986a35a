"""How an inbox behaves: what an admin sets, in the form in which it is stored and sent.

Rules: a struct that exists has bounded fields; ``check_settings`` says what a schema cannot.
Not here: who may set it (``actions.inboxes``), the hours' meaning (``core.hours``), what is the
widget's own (``widget.settings``).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from kefu.core.content import Form
from kefu.core.errors import BadInput
from kefu.core.hours import Hours, check_hours
from kefu.core.text import is_storable
from kefu.net.origins import BadOrigin, normal_origin
from kefu.widget.settings import (
    Consent,
    Invitations,
    Locale,
    Look,
    TextsByLocale,
    check_consent,
    check_invitations,
    check_locale,
    check_locales,
    check_look,
)

ORIGIN_FORM = "write https://HOST or https://HOST:PORT"


class Offline(StrEnum):
    """What a visitor meets outside the hours."""

    QUEUE = "queue"  # the chat begins, and waits until somebody is there
    FORM = "form"  # the same, once the visitor has left an e-mail address
    CLOSED = "closed"  # no new chats


Greeting = Annotated[str, Meta(max_length=1_000, description="Markdown.")]
Origins = Annotated[
    tuple[Annotated[str, Meta(max_length=300)], ...],
    Meta(max_length=50, description="Web pages that may use the widget, beside Kefu's own."),
]
ReopenDays = Annotated[
    int, Meta(ge=0, le=3650, description="How long a message opens a resolved chat again.")
]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an admin sets for an inbox; told whole, also what is as it was at first."""

    locale: Locale = "en"  # of visitors who say none
    greeting: Greeting = ""
    origins: Origins = ()
    hours: Hours | None = None  # None: always open
    offline: Offline = Offline.QUEUE
    prechat: Form | None = None  # asked before the first message
    offline_form: Form | None = None  # asked in its place where ``offline`` is ``form``
    preview: bool = False  # agents see what visitors type before they send it
    rating: bool = True  # visitors are asked how it was
    reopen_days: ReopenDays = 7
    identity_required: bool = False  # only visitors whose identity the site signed
    look: Look = Look()
    texts: TextsByLocale = {}
    invitations: Invitations = ()
    watch_visitors: bool = False  # the team sees who is on the site before they write
    show_people: bool = True  # visitors see who of the team is there, by name
    consent: Consent | None = None  # None: it is not asked for

    def form(self, *, open: bool) -> Form | None:
        """What is asked before the first message, now that it is ``open`` or not."""
        away = self.offline_form if self.offline is Offline.FORM and not open else None
        return away or self.prechat


class SettingsChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings that change; what is left out stays as it is, null resets to the default."""

    locale: Locale | UnsetType | None = UNSET
    greeting: Greeting | UnsetType | None = UNSET
    origins: Origins | UnsetType | None = UNSET
    hours: Hours | UnsetType | None = UNSET
    offline: Offline | UnsetType | None = UNSET
    prechat: Form | UnsetType | None = UNSET
    offline_form: Form | UnsetType | None = UNSET
    preview: bool | UnsetType | None = UNSET
    rating: bool | UnsetType | None = UNSET
    reopen_days: ReopenDays | UnsetType | None = UNSET
    identity_required: bool | UnsetType | None = UNSET
    look: Look | UnsetType | None = UNSET
    texts: TextsByLocale | UnsetType | None = UNSET
    invitations: Invitations | UnsetType | None = UNSET
    watch_visitors: bool | UnsetType | None = UNSET
    show_people: bool | UnsetType | None = UNSET
    consent: Consent | UnsetType | None = UNSET

    def of(self, settings: Settings) -> Settings:
        """``settings`` as they are after the change."""
        told = msgspec.structs.asdict(self)
        given = {name: one for name, one in told.items() if one is not UNSET}
        reset = {name: getattr(_DEFAULTS, name) for name, one in given.items() if one is None}
        return msgspec.structs.replace(settings, **(given | reset))


_DEFAULTS = Settings()


def check_settings(settings: Settings) -> Settings:
    """``settings`` as they are kept. Raises BadInput, which says where the fault is."""
    if not is_storable(settings.greeting):
        raise BadInput("greeting: has characters that cannot be kept")
    check_locale("locale", settings.locale)
    check_locales("texts", settings.texts)
    check_look(settings.look)
    check_invitations(settings.invitations)
    if settings.consent is not None:
        check_consent(settings.consent)
    origins = tuple(dict.fromkeys(_origin(*one) for one in enumerate(settings.origins)))
    if settings.hours is not None:
        try:
            check_hours(settings.hours)
        except BadInput as error:
            raise BadInput(f"hours.{error.detail}") from None
    return msgspec.structs.replace(settings, origins=origins)


def _origin(place: int, said: str) -> str:
    try:
        return normal_origin(said)
    except BadOrigin as error:
        raise BadInput(f"origins[{place}]: {error}; {ORIGIN_FORM}") from None


# Of a web page's widget, or of the rooms protocol.
InboxKind = Literal["widget", "classic"]


class Inbox(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Where conversations come in. ``widget_key`` is public: it names the inbox to a web page."""

    id: int
    kind: InboxKind
    name: str
    settings: Settings
    active: bool
    widget_key: str | None = None
    team: int | None = None
    bot: int | None = None
    agents: tuple[int, ...] = ()
