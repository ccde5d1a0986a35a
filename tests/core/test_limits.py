"""Rates are counted by a clock that is given, and cost a bounded amount of memory."""

import pytest

from kefu.core.limits import AddressBuckets, Bucket


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
