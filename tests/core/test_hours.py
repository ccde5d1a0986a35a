"""Business hours are what the clock on the wall shows, on every day of the year."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.core.errors import BadInput
from kefu.core.hours import (
    Holiday,
    Hours,
    check_hours,
    holiday_name,
    is_open,
    next_close_ms,
    next_open_ms,
    spans_of_week,
)

OFFICE = (("09:00", "12:00"), ("13:00", "18:00"))
ALL_DAY = (("00:00", "24:00"),)
WORKDAYS = (*(OFFICE,) * 5, (), ())
ALWAYS, NEVER = (ALL_DAY,) * 7, ((),) * 7
SHANGHAI = Hours("Asia/Shanghai", WORKDAYS)


def ms(text, zone="Asia/Shanghai", fold=0):
    return int(
        datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp() * 1000
    )


@pytest.mark.parametrize(
    ("now", "is_it", "opens", "closes"),
    [
        pytest.param("2026-01-05 08:59", False, "2026-01-05 09:00", None, id="before work"),
        pytest.param("2026-01-05 09:00", True, None, "2026-01-05 12:00", id="as it opens"),
        pytest.param("2026-01-05 12:00", False, "2026-01-05 13:00", None, id="as it closes"),
        pytest.param("2026-01-09 17:59", True, None, "2026-01-09 18:00", id="Friday's end"),
        pytest.param("2026-01-09 18:00", False, "2026-01-12 09:00", None, id="weekend"),
    ],
)
def test_a_week_in_shanghai(now, is_it, opens, closes):
    now_ms = ms(now)
    assert is_open(SHANGHAI, now_ms) is is_it
    assert next_open_ms(SHANGHAI, now_ms) == (ms(opens) if opens else now_ms)
    assert next_close_ms(SHANGHAI, now_ms) == (ms(closes) if closes else now_ms)


def test_the_zone_decides_which_day_it_is():
    assert is_open(SHANGHAI, ms("2026-01-05 01:00", "UTC"))
    assert not is_open(SHANGHAI, ms("2026-01-05 10:00", "UTC"))


def test_without_hours_it_is_always_open():
    assert is_open(None, 0)
    assert next_open_ms(None, 7) == 7
    assert next_close_ms(None, 7) is None
    assert holiday_name(None, 7) is None


def test_a_week_that_is_all_open_never_closes_and_an_empty_one_never_opens():
    now_ms = ms("2026-03-01 00:00")
    for zone in ("Asia/Shanghai", "America/New_York", "Africa/Cairo"):
        assert is_open(Hours(zone, ALWAYS), now_ms)
        assert next_close_ms(Hours(zone, ALWAYS), now_ms) is None
        assert not is_open(Hours(zone, NEVER), now_ms)
        assert next_open_ms(Hours(zone, NEVER), now_ms) is None
        assert next_close_ms(Hours(zone, NEVER), now_ms) == now_ms


def test_a_span_over_midnight_is_one():
    night = Hours("Asia/Shanghai", ((("00:00", "02:00"), ("20:00", "24:00")),) * 7)
    assert next_close_ms(night, ms("2026-01-05 23:00")) == ms("2026-01-06 02:00")
    assert is_open(night, ms("2026-01-06 00:00"))
    assert next_open_ms(night, ms("2026-01-06 02:00")) == ms("2026-01-06 20:00")


def test_a_week_is_told_with_holidays_and_as_the_clock_is_changed_and_is_the_same_all_day():
    # Clocks go forward in the night to the 29th.
    hours = Hours("Europe/Berlin", WORKDAYS, (Holiday(date(2026, 3, 27), "x"),))
    told = spans_of_week(hours, ms("2026-03-26 00:00", "Europe/Berlin"))
    assert told == spans_of_week(hours, ms("2026-03-26 23:59", "Europe/Berlin"))
    assert told == tuple(
        (ms(f"{day} {opens}", "Europe/Berlin"), ms(f"{day} {closes}", "Europe/Berlin"))
        for day in ("2026-03-24", "2026-03-25", "2026-03-26", "2026-03-30", "2026-03-31",
                    "2026-04-01", "2026-04-02", "2026-04-03")
        for opens, closes in OFFICE
    )  # fmt: skip
    assert told[-1][0] - told[-3][0] == 86_400_000
    assert spans_of_week(None, 0) == ()


@given(st.data())
def test_a_week_from_today_is_told_in_every_zone(data):
    reader, hours = ZoneInfo(data.draw(READERS)), Hours(data.draw(READERS), ALWAYS)
    now_ms = data.draw(INSTANTS)
    today = datetime.fromtimestamp(now_ms / 1000, reader).replace(hour=0, minute=0, second=0)
    ((opens_ms, closes_ms),) = spans_of_week(hours, now_ms)
    assert opens_ms <= today.timestamp() * 1000
    assert closes_ms >= (today + timedelta(days=7)).timestamp() * 1000


def test_a_holiday_replaces_its_day():
    hours = Hours(
        "Asia/Shanghai",
        WORKDAYS,
        (
            Holiday(date(2026, 2, 16), "除夕", (("09:00", "11:00"),)),
            *(Holiday(date(2026, 2, day), "春节") for day in range(17, 24)),
            Holiday(date(2026, 2, 28), "补班", OFFICE),  # a Saturday of work
        ),
    )
    assert check_hours(hours) == hours
    assert next_close_ms(hours, ms("2026-02-16 10:00")) == ms("2026-02-16 11:00")
    assert next_open_ms(hours, ms("2026-02-16 11:00")) == ms("2026-02-24 09:00")
    assert is_open(hours, ms("2026-02-28 09:00"))
    assert holiday_name(hours, ms("2026-02-18 00:00")) == "春节"
    assert holiday_name(hours, ms("2026-02-24 00:00")) is None


NIGHT = Hours("Europe/Berlin", ((("01:00", "04:00"),),) * 7)


def test_an_open_hour_is_lost_when_clocks_go_forward():
    opens = ms("2026-03-29 01:00", "Europe/Berlin")
    assert next_close_ms(NIGHT, opens) == opens + 2 * 3_600_000


def test_an_open_hour_comes_twice_when_clocks_go_back():
    opens = ms("2026-10-25 01:00", "Europe/Berlin")
    assert next_close_ms(NIGHT, opens) == opens + 4 * 3_600_000


@pytest.mark.parametrize(
    ("span", "opens", "closes"),
    [
        pytest.param(("02:15", "02:45"), "01:15", "01:45", id="all within the hour left out"),
        pytest.param(("01:00", "02:30"), "00:00", "01:30", id="ends within it"),
        pytest.param(("02:30", "05:00"), "01:30", "03:00", id="begins within it"),
    ],
)
def test_an_hour_that_is_left_out_counts_from_midnight(span, opens, closes):
    hours = Hours("Europe/Berlin", ((span,),) * 7)
    opens_ms = next_open_ms(hours, ms("2026-03-28 23:00", "UTC"))
    assert opens_ms is not None
    assert opens_ms == ms(f"2026-03-29 {opens}", "UTC")
    assert next_close_ms(hours, opens_ms) == ms(f"2026-03-29 {closes}", "UTC")


def test_a_time_that_comes_twice_means_the_first():
    hours = Hours("Europe/Berlin", ((("02:15", "02:45"),),) * 7)
    first_ms = ms("2026-10-25 00:15", "UTC")
    assert next_open_ms(hours, ms("2026-10-24 23:00", "UTC")) == first_ms
    assert not is_open(hours, first_ms + 3_600_000)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        *[({"time_zone": zone}, "time_zone: ") for zone in ("Mars/Base", "Asia", "../UTC", ".")],
        *[({"time_zone": zone}, "time_zone: ") for zone in ("localtime", "right/UTC", "a\0b")],
        ({"week": [[["09:00", "09:00"]], *[[]] * 6]}, "week[0][0]: "),
        ({"week": [[["18:00", "09:00"]], *[[]] * 6]}, "week[0][0]: "),
        ({"week": [*[[]] * 6, [["24:00", "24:00"]]]}, "week[6][0]: "),
        ({"week": [*[[]] * 6, [["09:00", "12:00"], ["11:00", "13:00"]]]}, "week[6][1]: "),
        ({"week": [[["13:00", "14:00"], ["09:00", "10:00"]], *[[]] * 6]}, "week[0][1]: "),
        (
            {"holidays": [{"date": "2026-01-01", "name": "", "spans": [["2", "1"]]}]},
            "$.holidays[0].spans[0][0]",
        ),
        (
            {"holidays": [{"date": "2026-01-01", "name": "", "spans": [["02:00", "01:00"]]}]},
            "holidays[0].spans[0]: ",
        ),
        ({"holidays": [{"date": "2026-01-01", "name": "a\0"}]}, "holidays[0].name: "),
        ({"holidays": [{"date": "2026-01-01", "name": "a"}] * 2}, "holidays: "),
        ({"holidays": [{"date": "2026-02-30", "name": "a"}]}, "$.holidays[0].date"),
        ({"week": [[]] * 6}, "$.week"),
        ({"week": [[]] * 8}, "$.week"),
        *[
            ({"week": [[[clock, "24:00"]], *[[]] * 6]}, "$.week[0][0][0]")
            for clock in ("9:00", "25:00", "24:01", "09:60", "09:00\n", " 09:00", "0900", "", 9)
        ],
        ({"open": True}, "unknown field"),
    ],
    ids=ascii,
)
def test_hours_that_make_no_sense_are_refused_with_their_place(changes, fault):
    raw = {"time_zone": "UTC", "week": [[]] * 7, **changes}
    with pytest.raises((BadInput, msgspec.ValidationError)) as refused:
        check_hours(msgspec.json.decode(json.dumps(raw), type=Hours))
    assert fault in str(refused.value)


READERS = st.sampled_from(["Etc/GMT+12", "UTC", "Asia/Shanghai", "Pacific/Kiritimati"])
MINUTES = st.integers(0, 24 * 60)
DAYS = st.lists(MINUTES, max_size=6, unique=True).map(
    lambda times: tuple(
        (clock(opens), clock(closes))
        for opens, closes in zip(sorted(times)[::2], sorted(times)[1::2], strict=False)
    )
)
ZONES = st.sampled_from(
    [
        *("Asia/Shanghai", "UTC", "Europe/Berlin", "America/New_York", "Africa/Cairo"),
        *("Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham", "America/Santiago"),
    ]
)
HOURS = st.builds(
    Hours,
    ZONES,
    st.tuples(*[DAYS] * 7),
    st.lists(
        st.builds(Holiday, st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.just("x"), DAYS),
        max_size=5,
        unique_by=lambda holiday: holiday.date,
    ).map(tuple),
)
INSTANTS = st.integers(ms("2026-01-01", "UTC"), ms("2027-01-01", "UTC"))


def clock(minutes):
    return f"{minutes // 60:02}:{minutes % 60:02}"


@given(HOURS, INSTANTS)
def test_it_opens_and_closes_at_the_very_instant_that_was_foretold(hours, now_ms):
    check_hours(hours)
    opens_ms, closes_ms = next_open_ms(hours, now_ms), next_close_ms(hours, now_ms)
    assert (opens_ms == now_ms) is is_open(hours, now_ms) is (closes_ms != now_ms)
    if opens_ms is not None and opens_ms > now_ms:
        assert is_open(hours, opens_ms)
        assert not is_open(hours, opens_ms - 1)
    if closes_ms is not None and closes_ms > now_ms:
        assert not is_open(hours, closes_ms)
        assert is_open(hours, closes_ms - 1)


@given(HOURS, INSTANTS)
def test_away_from_a_change_of_clocks_the_wall_decides(hours, now_ms):
    wall = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(ZoneInfo(hours.time_zone))
    if (wall - timedelta(days=1)).utcoffset() != (wall + timedelta(days=1)).utcoffset():
        return
    special = {holiday.date: holiday.spans for holiday in hours.holidays}
    spans = special.get(wall.date(), hours.week[wall.weekday()])
    shown = wall.strftime("%H:%M")
    assert is_open(hours, now_ms) is any(opens <= shown < closes for opens, closes in spans)
