"""Text is kept verbatim or refused, and cannot steer a terminal."""

import pytest

from kefu.core.errors import BadInput
from kefu.core.text import check_text, iso_time, visible


@pytest.mark.parametrize(
    "text", ["你好", " \n", "<script>", "\u202e", "\x1b[31m", "👩‍💻", "\u0001"]
)
def test_what_every_store_can_keep_is_kept_verbatim(text):
    assert check_text(text) == text


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "x\udfff"], ids=["NUL", "high", "low"])
def test_what_some_store_cannot_keep_is_refused_on_all(text):
    with pytest.raises(BadInput):
        check_text(text)


def test_a_terminal_is_not_steered():
    assert visible("a\x1b[2Jb\r\u202ec\n\td 👩‍💻") == "a\ufffd[2Jb\ufffd\ufffdc\n\td 👩‍💻"


def test_times_are_written_in_utc_to_the_millisecond():
    assert iso_time(1_769_860_800_007) == "2026-01-31T12:00:00.007Z"
    assert iso_time(1_769_860_800_000) == "2026-01-31T12:00:00.000Z"
