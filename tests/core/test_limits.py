"""Rates are counted by a clock that is given, and cost a bounded amount of memory."""

import msgspec
import pytest

from kefu.core.errors import TooMany
from kefu.core.limits import AddressBuckets, Bucket, Limits, Rates


def test_a_burst_is_allowed_and_then_the_rate():
    bucket = Bucket(per_s=2.0, burst=3)
    assert [bucket.take(100.0) for _ in range(4)] == [0.0, 0.0, 0.0, pytest.approx(0.5)]
    assert bucket.take(100.4) == pytest.approx(0.1)
    assert bucket.take(100.5) == 0.0
    assert bucket.take(100.5) > 0.0


def test_a_long_pause_earns_no_more_than_the_burst():
    bucket = Bucket(per_s=1.0, burst=2)
    assert [bucket.take(10_000.0) == 0.0 for _ in range(3)] == [True, True, False]


def test_addresses_are_counted_apart():
    buckets = AddressBuckets(per_s=1.0, burst=1)
    assert buckets.take("192.0.2.1", 10.0) == 0.0
    assert buckets.take("192.0.2.1", 10.0) > 0.0
    assert buckets.take("192.0.2.2", 10.0) == 0.0


def test_the_address_unused_longest_is_forgotten_first():
    buckets = AddressBuckets(per_s=0.001, burst=1, most=2)
    for address in ("a", "b", "a", "c"):
        buckets.take(address, 10.0)
    assert buckets.take("a", 10.0) > 0.0
    assert buckets.take("b", 10.0) == 0.0


def rates(**limits: float) -> Rates:
    return Rates(msgspec.structs.replace(Limits(), **limits))


def test_commands_are_counted_by_actor_wherever_they_come_from():
    counted = rates(commands_burst=2)
    for address in ("192.0.2.1", "192.0.2.2"):
        counted.take_command("agent#1", address, 10.0)
    with pytest.raises(TooMany) as refused:
        counted.take_command("agent#1", "192.0.2.3", 10.0)
    assert refused.value.retry_s == pytest.approx(1 / 20)
    counted.take_command("agent#2", "192.0.2.3", 10.0)


def test_commands_are_counted_by_address_whoever_they_come_from():
    counted = rates(commands_per_address_burst=2)
    for actor in ("contact#1", ""):
        counted.take_command(actor, "192.0.2.1", 10.0)
    with pytest.raises(TooMany):
        counted.take_command("contact#3", "192.0.2.1", 10.0)


def test_uploads_are_counted_by_the_hour():
    counted = rates(uploads_per_hour=2)
    for _ in range(2):
        counted.take_upload("contact#1", "192.0.2.1", 10.0)
    with pytest.raises(TooMany) as refused:
        counted.take_upload("contact#1", "192.0.2.1", 10.0)
    assert refused.value.retry_s == pytest.approx(1800)
    counted.take_upload("contact#1", "192.0.2.1", 1811.0)


def test_who_guesses_tokens_locks_out_nobody_whose_token_was_right():
    counted = rates(bad_tokens_burst=1)
    counted.count_token("right", "192.0.2.1", 10.0, good=True)
    counted.count_token("wrong", "192.0.2.1", 10.0, good=False)
    with pytest.raises(TooMany):
        counted.check_token("another", "192.0.2.1", 10.0)
    counted.check_token("right", "192.0.2.1", 10.0)
    counted.check_token("another", "192.0.2.2", 10.0)
    counted.check_token("another", "192.0.2.1", 13.0)
