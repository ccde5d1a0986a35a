"""A link holds for one file, one variant and a while; nothing of it can be changed."""

import string

import pytest

from kefu.core.errors import NotFound
from kefu.core.signed_links import Link, sign, verify

NEW, OLD = b"n" * 32, b"o" * 32
LINK = Link(42, "preview", "ks_ab12")
TOKEN = sign(NEW, LINK, 1_000)


def test_a_token_says_what_it_allows():
    assert verify([NEW], TOKEN, 999) == LINK


def test_a_token_ends():
    for now_ms in (1_000, 1_001, 10**15):
        with pytest.raises(NotFound):
            verify([NEW], TOKEN, now_ms)


def test_a_token_needs_no_escaping_in_a_url():
    assert set(TOKEN) <= set(string.ascii_letters + string.digits + "-_.")


def test_the_former_secret_holds_while_it_is_replaced():
    former = sign(OLD, LINK, 1_000)
    assert verify([NEW, OLD], former, 0) == verify([OLD], former, 0) == LINK
    with pytest.raises(NotFound):
        verify([NEW], former, 0)
    with pytest.raises(NotFound):
        verify([], former, 0)


def test_no_character_can_be_changed_left_out_or_added():
    alphabet = string.ascii_letters + string.digits + "-_."
    for at in range(len(TOKEN)):
        others = [TOKEN[:at] + char + TOKEN[at + 1 :] for char in alphabet if char != TOKEN[at]]
        for forged in [*others, TOKEN[:at] + TOKEN[at + 1 :], TOKEN[:at] + "0" + TOKEN[at:]]:
            with pytest.raises(NotFound):
                verify([NEW], forged, 0)


@pytest.mark.parametrize(
    "token",
    [
        *("", ".", "...", "42.preview.1000", "42.preview.1000.", TOKEN + "=", TOKEN + "\n"),
        *(" " + TOKEN, TOKEN.replace("42", "٤٢"), TOKEN.replace("42", "+42"), "é" * 100),
        *(TOKEN.replace("42", "042"), "9" * 5_000 + TOKEN, "\0", "\ud800"),
    ],
    ids=repr,
)
def test_what_is_no_token_is_refused_like_a_forged_one(token):
    with pytest.raises(NotFound):
        verify([NEW], token, 0)


def test_a_file_cannot_run_into_its_variant():
    with pytest.raises(ValueError, match="not a file id"):
        sign(NEW, LINK._replace(variant="2.preview"), 1_000)
    with pytest.raises(ValueError, match="not a file id"):
        sign(NEW, LINK._replace(file_id=-4), 1_000)
    with pytest.raises(ValueError, match="not a file id"):
        sign(NEW, LINK._replace(holder="ks_ab12.x"), 1_000)


def test_a_short_secret_is_not_used():
    with pytest.raises(ValueError, match="32 bytes"):
        sign(b"short", LINK, 1_000)
