"""Text is kept verbatim or refused, and cannot steer a terminal."""

import pytest

from kefu.core.errors import BadInput
from kefu.core.text import check_text, visible


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
