"""What is said of how long a first answer takes: measured, or nothing."""

from __future__ import annotations

from kefu.core.hours import Hours
from kefu.widget.replies import FEWEST, Wait, typical_s

MONDAY_MS = 1_772_442_000_000  # 2026-03-02, 09:00 UTC
HOUR_MS = 3_600_000
NOON = Hours(time_zone="UTC", week=((("12:00", "18:00"),), (), (), (), (), (), ()))


def took(*seconds: float, began_ms: int = MONDAY_MS) -> list[Wait]:
    return [Wait(began_ms, began_ms + round(one * 1000)) for one in seconds]


def test_it_is_the_one_in_the_middle_and_no_mean():
    waits = took(*[60] * 6, *[90_000] * 5)
    assert typical_s(waits, None, MONDAY_MS) == 60
    assert typical_s(reversed(waits), None, MONDAY_MS) == 60


def test_too_few_say_nothing():
    assert typical_s(took(*[60] * (FEWEST - 1)), None, MONDAY_MS) is None
    assert typical_s([], None, MONDAY_MS) is None


def test_what_began_while_nobody_was_to_be_there_does_not_count():
    night = took(*[3 * 3600] * 50)
    day = took(*[30] * FEWEST, began_ms=MONDAY_MS + 4 * HOUR_MS)
    assert typical_s(night, NOON, MONDAY_MS) is None
    assert typical_s(night + day, NOON, MONDAY_MS) == 30


def test_who_still_waits_counts_with_the_wait_so_far():
    waits = took(*[10] * 5) + [Wait(MONDAY_MS, None)] * 6
    assert typical_s(waits, None, MONDAY_MS + 300_000) == 300


def test_an_answer_at_once_or_before_a_clock_was_put_back_takes_a_second():
    assert typical_s(took(*[0.2] * FEWEST), None, MONDAY_MS) == 1
    assert typical_s(took(*[-50] * FEWEST), None, MONDAY_MS) == 1
