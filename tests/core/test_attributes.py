"""Attributes and tags come back as they were, from every store, or are refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.core.attributes import (
    ATTRIBUTES,
    KEY_CHARS,
    SAFE_INTEGER,
    TAG_CHARS,
    VALUE_CHARS,
    Scalar,
    check_attributes,
    clean_tag,
    merge_attributes,
)
from kefu.core.errors import BadInput


def test_flat_values_are_kept_as_they_are():
    attributes = {
        "plan": "pro",
        "seats": 5,
        "ratio": 0.5,
        "trial": False,
        "等级": "金",
        "a.b-c_d": "",
        "most": SAFE_INTEGER,
        "least": -SAFE_INTEGER,
        "k" * KEY_CHARS: "x" * VALUE_CHARS,
    }
    assert check_attributes(attributes) == attributes


@pytest.mark.parametrize(
    "value",
    [
        *(None, [], {}, [1], {"a": 1}, b"x", float("nan"), float("inf"), 2**53, -(2**53)),
        *(10**400, "a\0b", "\ud800", "x" * (VALUE_CHARS + 1)),
    ],
    ids=lambda value: repr(value)[:12],
)
def test_a_value_that_cannot_be_kept_is_refused_by_name(value):
    with pytest.raises(BadInput, match=r"^attributes\.plan: "):
        check_attributes({"plan": value})


@pytest.mark.parametrize(
    "key",
    [
        *("", " ", "a b", "a|b", "a}}", "a\n", ".a", "-a", "a\0", "\ud800", "a\u200b"),
        *("__proto__", "constructor", "prototype", "k" * (KEY_CHARS + 1)),
    ],
    ids=ascii,
)
def test_a_key_that_could_mean_something_else_is_refused(key):
    with pytest.raises(BadInput, match=r"^attributes: "):
        check_attributes({key: 1})


def test_there_is_a_limit_to_their_number():
    full = {f"k{n}": n for n in range(ATTRIBUTES)}
    assert check_attributes(full) == full
    with pytest.raises(BadInput):
        check_attributes({**full, "one": "more"})


def test_a_change_sets_and_null_removes():
    known: dict[str, Scalar] = {"plan": "pro", "seats": 5}
    assert merge_attributes(known, {"seats": None, "trial": True, "none": None}) == {
        "plan": "pro",
        "trial": True,
    }
    full: dict[str, Scalar] = {f"k{n}": n for n in range(ATTRIBUTES)}
    assert len(merge_attributes(full, {"k0": None, "one": "more"})) == ATTRIBUTES
    with pytest.raises(BadInput):
        merge_attributes(full, {"one": "more"})


SCALARS = st.text() | st.booleans() | st.integers() | st.floats() | st.none()


@given(st.dictionaries(st.text(), SCALARS))
def test_what_is_accepted_survives_json(raw):
    try:
        kept = check_attributes(raw)
    except BadInput:
        return
    assert json.loads(json.dumps(kept, allow_nan=False)) == raw


@pytest.mark.parametrize(
    ("raw", "tag"),
    [
        ("VIP", "vip"),
        (" late  payer ", "late payer"),
        ("退款", "退款"),
        ("Ｖｉｐ", "vip"),
        ("👩\u200d💻 \U0001fae8", "👩\u200d💻 \U0001fae8"),
    ],
)
def test_a_tag_has_one_form(raw, tag):
    assert clean_tag(raw) == tag
    assert clean_tag(tag) == tag


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "  ",
        "a,b",
        "a，b",
        "a\u200bb",
        "a\0b",
        "\u202ea",
        "\ud800",
        "\u2800",
        "x" * (TAG_CHARS + 1),
    ],
    ids=ascii,
)
def test_a_tag_that_cannot_be_shown_or_filtered_is_refused(raw):
    with pytest.raises(BadInput, match=r"^tag: "):
        clean_tag(raw)
