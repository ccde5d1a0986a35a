"""A password is long, not the first that is tried, and of little use to a thief of the store."""

import statistics
import time

import pytest

from kefu.core.errors import BadInput
from kefu.core.passwords import (
    DUMMY_HASH,
    LEAST_CHARS,
    MOST_CHARS,
    check_password,
    hash_password,
    needs_rehash,
    verify_password,
)

SALT = bytes(range(16))
STORED = hash_password("a mild winter", salt=SALT)


@pytest.mark.parametrize(
    "password",
    [
        "a mild winter",
        "correct horse",
        "我的密码是一只胖胖的蓝猫",
        "x7#Qp!m2Zr$w",
        "👍🐢🍵🌧🎹🚲👍🐢🍵🌧🎹🚲",
    ],
)
def test_a_long_password_may_be_of_anything(password):
    assert check_password(password, email="ann@example.com") == password
    assert check_password("abcdef" * 33, email="ann@example.com")


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        *[("", "12 to"), ("short", "12 to"), ("elevenchars", "12 to")],
        *[("aé" * 101, "12 to"), ("x" * 100_000, "12 to"), ("ﷺ" * 50, "12 to")],
        *[
            ("a mild\0winter", "typed"),
            ("a mild\nwinter", "typed"),
            ("a mild \ud800 winter", "typed"),
        ],
        *[("Ann.Lee@Example.com", "e-mail"), ("ann.lee@example.com", "e-mail")],
        *[("aaaaaaaaaaaa", "first"), ("ababababababab", "first"), (" " * 12, "first")],
        *[("password1234", "first"), ("Password-1234", "first"), ("PASSWORD 12345", "first")],
        *[
            ("１２３４５６７８９０１２", "first"),
            ("1qaz2wsx3edc", "first"),
            ("administrator", "first"),
        ],
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_a_password_that_is_easily_found_is_refused(password, fault):
    with pytest.raises(BadInput, match=f"^password: .*{fault}"):
        check_password(password, email="ann.lee@example.com")


def test_the_name_in_the_address_is_no_password():
    with pytest.raises(BadInput):
        check_password("annabel.larkin", email="Annabel.Larkin@example.com")


def test_only_the_password_itself_is_recognised():
    assert verify_password("a mild winter", STORED)
    for other in (
        "",
        "A mild winter",
        "a mild winter ",
        "a mild winte",
        "a mild winter\0",
        "\ud800",
    ):
        assert not verify_password(other, STORED)


def test_the_same_password_from_another_keyboard_is_the_same():
    stored = hash_password("Ünïque 1234 pass", salt=SALT)
    assert verify_password("U\u0308ni\u0308que\u3000１２３４\u00a0pass", stored)


def test_what_is_stored_names_its_parameters_and_hides_the_password():
    assert STORED.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert "winter" not in STORED
    assert hash_password("a mild winter", salt=SALT[::-1]) != STORED


def test_an_older_hash_is_renewed():
    assert not needs_rehash(STORED)
    assert not needs_rehash(DUMMY_HASH)
    assert needs_rehash(STORED.replace("t=3", "t=2"))
    assert needs_rehash(STORED.replace("m=65536", "m=19456"))


@pytest.mark.parametrize("stored", [None, "", DUMMY_HASH, "plain", "$argon2id$v=19$m=8$x$y"])
def test_without_a_hash_nothing_is_recognised(stored):
    assert not verify_password("a mild winter", stored)


def test_an_unknown_account_costs_the_same_time():
    known, unknown, too_long = [], [], []
    for _ in range(3):
        known.append(seconds("wrong password", STORED))
        unknown.append(seconds("wrong password", None))
        too_long.append(seconds("x" * (MOST_CHARS + 1), STORED))
    for others in (unknown, too_long):
        assert 0.5 < statistics.median(others) / statistics.median(known) < 2
    assert LEAST_CHARS < MOST_CHARS


def seconds(password, stored):
    began = time.process_time()  # of all threads, and of no other process
    assert not verify_password(password, stored)
    return time.process_time() - began
