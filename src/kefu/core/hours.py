"""When an inbox is open: business hours and holidays in its time zone.

Rules: hours are what the clock on the wall shows. A day's spans are sorted and apart, a span ends
after it began, and one over midnight is written as two (until 24:00, from 00:00; they count as
one). A holiday replaces the day it falls on, by its own spans or by none. Where the clock is
changed, a time that comes twice means the first, and a time that is left out means as long after
midnight as if it were not (RFC 5545, section 3.3.5). No hours at all (None): always open.
An instant is Unix ms; a span holds its beginning and not its end.
Not here: what happens to a visitor outside the hours (``actions``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

from kefu.core.errors import BadInput
from kefu.core.text import is_storable

HORIZON_DAYS = 400  # how far ahead is looked: a year and a month
# Where today is two days ago or tomorrow, a week from today is among these days of the inbox's.
_WEEK = range(-2, 9)

# "24:00" is the end of a day. `$` alone would let a line break pass.
Clock = Annotated[str, Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$(?!\n)")]
Span = tuple[Clock, Clock]  # opens, closes
Day = Annotated[tuple[Span, ...], Meta(max_length=10, description="Sorted and apart.")]
Week = tuple[Day, Day, Day, Day, Day, Day, Day]

_Instants = tuple[int, int]  # opens, closes; Unix ms


class Holiday(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A day with hours of its own. No spans: closed."""

    date: date
    name: Annotated[str, Meta(max_length=100)]
    spans: Day = ()


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``time_zone``: a name of the IANA database. ``week``: from Monday to Sunday."""

    time_zone: Annotated[str, Meta(min_length=1, max_length=64)]
    week: Week
    holidays: Annotated[tuple[Holiday, ...], Meta(max_length=200)] = ()


def check_hours(hours: Hours) -> Hours:
    """Return ``hours``. Raises BadInput, which says where the fault is."""
    if find_zone(hours.time_zone) is None:
        raise BadInput("time_zone: not a name of the IANA time zone database")
    for number, spans in enumerate(hours.week):
        _check_day(f"week[{number}]", spans)
    for number, holiday in enumerate(hours.holidays):
        _check_day(f"holidays[{number}].spans", holiday.spans)
        if not is_storable(holiday.name):
            raise BadInput(f"holidays[{number}].name: has characters that cannot be kept")
    if len({holiday.date for holiday in hours.holidays}) != len(hours.holidays):
        raise BadInput("holidays: a date comes twice")
    return hours


def is_open(hours: Hours | None, now_ms: int) -> bool:
    """Whether it is open at this instant."""
    if hours is None:
        return True
    coming = next(_spans(hours, now_ms, days=2), None)
    return coming is not None and coming[0] <= now_ms


def next_open_ms(hours: Hours | None, now_ms: int) -> int | None:
    """The first instant from now on that is open: now, if it is. None: none within a year."""
    if hours is None:
        return now_ms
    coming = next(_spans(hours, now_ms, days=HORIZON_DAYS), None)
    return None if coming is None else max(now_ms, coming[0])


def next_close_ms(hours: Hours | None, now_ms: int) -> int | None:
    """The first instant from now on that is closed: now, if it is. None: none within a year."""
    if hours is None:
        return None
    coming = next(_spans(hours, now_ms, days=HORIZON_DAYS), None)
    if coming is None or coming[0] > now_ms:
        return now_ms
    far_ms = now_ms + (HORIZON_DAYS - 2) * 86_400_000
    return coming[1] if coming[1] < far_ms else None


def spans_of_week(hours: Hours | None, now_ms: int) -> tuple[_Instants, ...]:
    """What is open in a week from today, whichever day that is where the reader is; in order.

    Some days more are among them. They are the same all day long.
    """
    return () if hours is None else tuple(_merged(_days_spans(hours, now_ms, _WEEK)))


def holiday_name(hours: Hours | None, now_ms: int) -> str | None:
    """The name of the holiday that it is now, if it is one."""
    if hours is None:
        return None
    today = datetime.fromtimestamp(now_ms / 1000, ZoneInfo(hours.time_zone)).date()
    return next((holiday.name for holiday in hours.holidays if holiday.date == today), None)


def _spans(hours: Hours, now_ms: int, *, days: int) -> Iterator[_Instants]:
    """What is open now or later, in order. Some ``days`` ahead are seen."""
    # From yesterday on: the clock may have been set back over midnight.
    found = _days_spans(hours, now_ms, range(-1, days))
    return _merged(one for one in found if one[1] > now_ms)


def _merged(spans: Iterable[_Instants]) -> Iterator[_Instants]:
    """Those that touch are one."""
    merged: _Instants | None = None
    for opens_ms, closes_ms in spans:
        if merged is None:
            merged = opens_ms, closes_ms
        elif opens_ms <= merged[1]:
            merged = merged[0], max(merged[1], closes_ms)
        else:
            yield merged
            merged = opens_ms, closes_ms
    if merged is not None:
        yield merged


def _days_spans(hours: Hours, now_ms: int, days: Iterable[int]) -> Iterator[_Instants]:
    """What is open on these days, counted from today."""
    zone = ZoneInfo(hours.time_zone)
    holidays = {holiday.date: holiday.spans for holiday in hours.holidays}
    today = datetime.fromtimestamp(now_ms / 1000, zone).date()
    for ahead in days:
        day = today + timedelta(days=ahead)
        for opens, closes in holidays.get(day, hours.week[day.weekday()]):
            opens_ms, closes_ms = _instant_ms(day, opens, zone), _instant_ms(day, closes, zone)
            if opens_ms < closes_ms:  # not if it began within an hour that is left out
                yield opens_ms, closes_ms


def _instant_ms(day: date, clock: str, zone: ZoneInfo) -> int:
    if clock == "24:00":
        day, clock = day + timedelta(days=1), "00:00"
    wall = datetime.combine(day, time.fromisoformat(clock), zone)
    return int(wall.astimezone(UTC).timestamp()) * 1000


def find_zone(name: str) -> ZoneInfo | None:
    """The zone of the IANA database that is called ``name``."""
    # Those of one machine only, and those that count leap seconds.
    if name in ("localtime", "posixrules", "Factory") or name.startswith(("posix/", "right/")):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the last: a folder of zones
        return None


def _check_day(where: str, spans: Day) -> None:
    before = "00:00"
    for number, (opens, closes) in enumerate(spans):
        if not opens < closes:  # of one form, so they compare as text
            raise BadInput(f"{where}[{number}]: must close after it opens; split it at midnight")
        if opens < before:
            raise BadInput(f"{where}[{number}]: the spans of a day are sorted and apart")
        before = closes
