"""Waits beside a clock that people set."""

from __future__ import annotations

import pytest

from kefu.core.times import SLACK_MS, clamped, passed

HOUR_MS = 3_600_000
NOW_MS = 1_700_000_000_000


@pytest.mark.parametrize(
    ("due_ms", "expected_ms"),
    [
        (NOW_MS - HOUR_MS, NOW_MS - HOUR_MS),
        (NOW_MS + 5_000, NOW_MS + 5_000),
        (NOW_MS + 5_000 + SLACK_MS, NOW_MS + 5_000 + SLACK_MS),
        (NOW_MS + HOUR_MS, NOW_MS + 5_000),
    ],
)
def test_no_wait_is_longer_than_it_can_be(due_ms: int, expected_ms: int):
    assert clamped(due_ms, NOW_MS, 5_000) == expected_ms


@pytest.mark.parametrize(
    ("since_ms", "over"),
    [
        (NOW_MS, False),
        (NOW_MS - 59_999, False),
        (NOW_MS - 60_000, True),
        (NOW_MS + 1_000, False),
        (NOW_MS + HOUR_MS, True),
    ],
)
def test_a_wait_counted_from_another_clock_is_over(since_ms: int, over: bool):
    assert passed(since_ms, NOW_MS, 60_000) is over
