"""How the console behaves for one of the team: one document of known keys.

Rules: everything has a default, and all of it is always told. A change replaces the keys that it
names, each as a whole; null resets one. Nothing here is a secret, and nobody but its agent asks.
Not here: keeping it (``rows``), what each does (the console).
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from kefu.core.errors import BadInput
from kefu.core.hours import find_zone

MOST_KEYS = 100
MOST_BYTES = 16_384  # of the JSON

Percent = Annotated[int, Meta(ge=0, le=100)]
Weekday = Annotated[int, Meta(ge=1, le=7, description="1 is Monday.")]
# `$` alone would let a line break pass.
Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)")]
Act = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$(?!\n)")]
Chord = Annotated[
    str,
    Meta(
        pattern=r"^(|\?|(Mod\+)?(Alt\+)?(Shift\+)?[A-Z][A-Za-z0-9]{0,19})$(?!\n)",
        description="A `KeyboardEvent.code` after its modifiers, as `Mod+Shift+KeyK` (`Mod`: ⌘ on "
        "a Mac, Ctrl elsewhere), or `?` wherever that stands; empty: none.",
    ),
]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the document and its parts: all that it has is told."""


class Sounds(_Part, frozen=True):
    """What makes a sound, and how loud."""

    offer: bool = True
    message: bool = True
    mention: bool = True
    repeat: bool = True  # that of an offer, until it is answered
    volume: Percent = 80


class Notifications(_Part, frozen=True):
    """What is shown by the system while the console is out of sight."""

    offer: bool = True
    message: bool = True
    mention: bool = True


class Mail(_Part, frozen=True):
    """What is told by letter while one is not there.

    ``waiting``: a chat waits where one works, and nobody takes it. ``answers``: the contact of a
    chat of one's own has written.
    """

    waiting: bool = False
    answers: bool = False


class QuietHours(_Part, frozen=True):
    """When nothing makes a sound or is shown; over midnight if ``end`` is before ``begin``."""

    begin: Clock
    end: Clock
    time_zone: Annotated[str, Meta(min_length=1, max_length=64)]
    days: Annotated[tuple[Weekday, ...], Meta(max_length=7, description="When it begins.")]


class ActKeys(_Part, frozen=True):
    """The keys of an act: one where nothing is typed, one everywhere. null: the usual one."""

    outside: Chord | None = None
    anywhere: Chord | None = None


Language = Literal["en", "zh-CN"]
Theme = Literal["system", "light", "dark"]
Density = Literal["comfortable", "compact"]
SendWith = Literal["enter", "ctrl_enter"]
Keys = Annotated[
    dict[Act, ActKeys], Meta(max_length=MOST_KEYS, description="Other keys than the usual ones.")
]


class Preferences(_Part, frozen=True):
    """How the console behaves. ``language``: null is that of the browser."""

    language: Language | None = None
    theme: Theme = "system"
    density: Density = "comfortable"
    send_with: SendWith = "enter"
    sounds: Sounds = Sounds()
    notifications: Notifications = Notifications()
    mail: Mail = Mail()
    keys_on: bool = True  # those where nothing is typed do something
    keys: Keys = {}
    quiet_hours: QuietHours | None = None


class PreferencesChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is left out stays as it is; null resets to the default."""

    language: Language | UnsetType | None = UNSET
    theme: Theme | UnsetType | None = UNSET
    density: Density | UnsetType | None = UNSET
    send_with: SendWith | UnsetType | None = UNSET
    sounds: Sounds | UnsetType | None = UNSET
    notifications: Notifications | UnsetType | None = UNSET
    mail: Mail | UnsetType | None = UNSET
    keys_on: bool | UnsetType | None = UNSET
    keys: Keys | UnsetType | None = UNSET
    quiet_hours: QuietHours | UnsetType | None = UNSET

    def of(self, before: Preferences) -> Preferences:
        """``before`` as it is after the change. Raises BadInput."""
        told = msgspec.structs.asdict(self)
        given = {name: one for name, one in told.items() if one is not UNSET}
        reset = {name: getattr(DEFAULTS, name) for name, one in given.items() if one is None}
        after = msgspec.structs.replace(before, **(given | reset))
        quiet = after.quiet_hours
        if quiet is not None and find_zone(quiet.time_zone) is None:
            raise BadInput("quiet_hours.time_zone: not a name of the IANA time zone database")
        return after


DEFAULTS = Preferences()
