"""How long an offer stands, and who is there."""

from __future__ import annotations

import pytest

from kefu.core.offers import (
    GRACE_MS,
    HOLD_MS,
    LONGEST_MS,
    OFFER_MS,
    Whereabouts,
    held_until,
    whereabouts,
)

BEGUN_MS = 1_700_000_000_000


def test_an_offer_that_is_held_all_the_time_ends_after_ninety_seconds():
    until_ms = BEGUN_MS + OFFER_MS
    for now_ms in range(BEGUN_MS, BEGUN_MS + 2 * LONGEST_MS, 3_000):
        if now_ms > until_ms:
            break
        until_ms = held_until(BEGUN_MS, until_ms, now_ms)
    assert until_ms == BEGUN_MS + LONGEST_MS == BEGUN_MS + 90_000


def test_a_hold_early_on_changes_nothing_and_a_late_one_lasts_ten_seconds():
    until_ms = BEGUN_MS + OFFER_MS
    assert held_until(BEGUN_MS, until_ms, BEGUN_MS + 20_000) == until_ms
    assert held_until(BEGUN_MS, until_ms, BEGUN_MS + 40_000) == BEGUN_MS + 40_000 + HOLD_MS


def test_a_clock_that_was_set_back_lets_nobody_hold_for_longer():
    until_ms = BEGUN_MS + OFFER_MS
    assert held_until(BEGUN_MS, until_ms, BEGUN_MS - 3_600_000) == until_ms


@pytest.mark.parametrize(
    ("availability", "gone_for_ms", "expected"),
    [
        ("online", None, Whereabouts.THERE),
        ("busy", None, Whereabouts.THERE),
        ("away", None, Whereabouts.ABSENT),
        ("offline", None, Whereabouts.ABSENT),
        ("online", GRACE_MS - 1, Whereabouts.PERHAPS),
        ("online", GRACE_MS, Whereabouts.ABSENT),
        ("away", 0, Whereabouts.ABSENT),
        ("online", -3_600_000, Whereabouts.ABSENT),  # another clock said so
    ],
)
def test_there_is_who_takes_chats_and_was_connected_just_now(availability, gone_for_ms, expected):
    gone_ms = None if gone_for_ms is None else BEGUN_MS - gone_for_ms
    assert whereabouts(availability, gone_ms, BEGUN_MS) is expected
