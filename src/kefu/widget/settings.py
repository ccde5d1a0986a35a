"""What an admin sets for an inbox's widget, in the form in which it is stored and sent.

Rules: all of it is bounded. What a schema cannot say is looked at by ``check_*``, when it is set:
what was stored once can always be read.
Not here: the inbox's other settings (``core.inbox``), what a page is told (``widget.config``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct

from kefu.core.content import Name, Url
from kefu.core.errors import BadInput
from kefu.core.links import PAGES, PICTURES, URL_CHARS, is_safe_url
from kefu.widget.locales import LOCALES
from kefu.widget.patterns import is_pattern

MOST_LOCALES = 50
LOGO_FORM = re.compile(r"/logo/([1-9][0-9]{0,14})-[0-9a-f]{32}\.webp")  # of ``logo_path``

Locale = Annotated[str, Meta(max_length=35, description="A language that the widget speaks.")]
_COLOR = re.compile("#[0-9A-Fa-f]{6}")
Color = Annotated[
    str,
    Meta(
        max_length=20,
        description="sRGB, such as `#2f6b5b`.",
        extra_json_schema={"pattern": f"^{_COLOR.pattern}$"},
    ),
]
_Logo = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=URL_CHARS,
        description="https, or the path of one that was uploaded, as it was told.",
        extra_json_schema={"format": "uri-reference"},
    ),
]
_Label = Annotated[str, Meta(max_length=100)]
_Text = Annotated[str, Meta(max_length=1_000, description="Markdown.")]
_Invite = Annotated[str, Meta(min_length=1, max_length=300)]
_Offset = Annotated[int, Meta(ge=0, le=400, description="From the edge, in pixels.")]
_Seconds = Annotated[int, Meta(ge=1, le=3_600, description="On the page, before it is shown.")]
_Pattern = Annotated[str, Meta(min_length=1, max_length=300)]
_EACH = Meta(max_length=MOST_LOCALES)


class Look(Struct, frozen=True, forbid_unknown_fields=True):
    """How the widget looks and where it stands. ``theme``: ``host`` follows the page.

    ``launcher``: without one, the site's own button opens the widget.
    """

    accent: Color = "#2f6b5b"
    logo: _Logo | None = None
    position: Literal["right", "left"] = "right"
    offset_x: _Offset = 20
    offset_y: _Offset = 20
    launcher: bool = True
    theme: Literal["host", "light", "dark"] = "host"


class Texts(Struct, frozen=True, forbid_unknown_fields=True):
    """An inbox's own words in one language; what is empty is as without them."""

    name: _Label = ""
    greeting: _Text = ""
    away: _Text = ""  # in the greeting's place while it is not open


class Invitation(Struct, frozen=True, forbid_unknown_fields=True):
    """What a visitor is asked, unbidden. ``text``: by language."""

    name: Name
    text: Annotated[dict[Locale, _Invite], Meta(min_length=1, max_length=MOST_LOCALES)]
    after_s: _Seconds = 30
    pages: Annotated[tuple[_Pattern, ...], Meta(min_length=1, max_length=20)] = ("*",)


class Consent(Struct, frozen=True, forbid_unknown_fields=True):
    """What a visitor agrees to before the first message. ``privacy_page``: of the site.

    ``text``: by language; without one the widget has its own.
    """

    privacy_page: Url | None = None
    text: Annotated[dict[Locale, _Text], _EACH] = {}


TextsByLocale = Annotated[dict[Locale, Texts], _EACH]
Invitations = Annotated[tuple[Invitation, ...], Meta(max_length=10)]


def check_locale(where: str, locale: str) -> None:
    """Raise BadInput if the widget does not speak it."""
    if locale not in LOCALES:
        raise BadInput(f"{where}: must be one of {', '.join(LOCALES)}")


def check_locales(where: str, locales: Iterable[str]) -> None:
    """As ``check_locale``, of the keys of an object."""
    for locale in locales:
        check_locale(f"{where}.{locale}", locale)


def check_color(where: str, color: str) -> None:
    """Raise BadInput if it is none."""
    if not _COLOR.fullmatch(color):
        raise BadInput(f"{where}: must be a colour, such as #2f6b5b")


def check_look(look: Look) -> None:
    """Raise BadInput, which says where the fault is."""
    check_color("look.accent", look.accent)
    logo = look.logo
    if logo is not None and not (LOGO_FORM.fullmatch(logo) or is_safe_url(logo, PICTURES)):
        raise BadInput("look.logo: must be an absolute https link")


def logo_path(file_id: int, sha256: str) -> str:
    """Where a logo that was uploaded is served."""
    return f"/logo/{file_id}-{sha256[:32]}.webp"


def logo_file(look: Look) -> int | None:
    """The id of the file that the logo is; None: there is none here."""
    found = LOGO_FORM.fullmatch(look.logo or "")
    return int(found[1]) if found else None


def check_consent(consent: Consent) -> None:
    """Raise BadInput, which says where the fault is."""
    check_locales("consent.text", consent.text)
    if consent.privacy_page is not None and not is_safe_url(consent.privacy_page, PAGES):
        raise BadInput("consent.privacy_page: must be an absolute http or https link")


def check_invitations(invitations: Sequence[Invitation]) -> None:
    """Raise BadInput, which says where the fault is."""
    names = [one.name for one in invitations]
    for place, one in enumerate(invitations):
        where = f"invitations[{place}]"
        if one.name in names[:place]:
            raise BadInput(f"{where}.name: another invitation has it")
        check_locales(f"{where}.text", one.text)
        for number, pattern in enumerate(one.pages):
            if not is_pattern(pattern):
                raise BadInput(f"{where}.pages[{number}]: must begin with /, * or https://")
