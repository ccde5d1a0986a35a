"""What lasts is told at once, once a minute with its count, and when it is over."""

from __future__ import annotations

from structlog.testing import capture_logs

from kefu.storage.trouble import Trouble


def test_a_failure_that_lasts_is_a_counted_line_a_minute():
    clock = [1000.0]
    trouble = Trouble("cannot", "can", lambda: clock[0])
    with capture_logs() as lines:
        trouble.worked()
        for _ in range(125):
            trouble.failed("disk")
            clock[0] += 1
        trouble.worked()
        trouble.worked()
    assert [(line["event"], line["times"]) for line in lines] == [
        ("cannot", 1),
        ("cannot", 60),
        ("cannot", 60),
        ("can", 125),
    ]
    assert lines[-1]["lasted_s"] == 125.0


def test_a_failure_after_a_success_is_told_at_once():
    trouble = Trouble("cannot", "can")
    with capture_logs() as lines:
        for _ in range(2):
            trouble.failed("disk")
            assert trouble.lasts
            trouble.worked()
            assert not trouble.lasts
    assert [line["event"] for line in lines] == ["cannot", "can"] * 2
