"""Names are clean, comparable and cannot pass for another."""

import unicodedata

import pytest

from kefu.core.errors import BadName
from kefu.core.names import MAX_NAME_CHARS, RESERVED, clean_name


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("", id="empty"),
        pytest.param(" \t\u3000", id="blank"),
        pytest.param("系统", id="the system's own"),
        pytest.param(" code ", id="reserved after trimming"),
        pytest.param("all", id="everybody"),
        pytest.param("名" * 65, id="too long"),
        pytest.param("e\u0301" * 10_000, id="far too long"),
        pytest.param("小\n李", id="line break"),
        pytest.param("小\0李", id="NUL"),
        pytest.param("小\x7f", id="delete"),
        pytest.param("小\ud800", id="lone surrogate"),
        pytest.param("小李\u200b", id="zero width"),
        pytest.param("\u202e李小", id="bidi override"),
        pytest.param(None, id="nothing"),
        pytest.param(7, id="number"),
        pytest.param(["小李"], id="list"),
    ],
)
def test_a_bad_name_is_refused_with_a_reason(raw):
    with pytest.raises(BadName, match=r"名字"):
        clean_name(raw)


@pytest.mark.parametrize(
    "raw", ["小李", "O'Brien <b>", "👩‍💻", "名" * MAX_NAME_CHARS, "Code", "a b"]
)
def test_a_good_name_is_kept_as_it_is(raw):
    assert clean_name(raw) == raw


def test_names_that_look_the_same_are_the_same():
    decomposed = unicodedata.normalize("NFD", "José")
    assert decomposed != "José"
    assert clean_name(f"  {decomposed}\u3000") == "José"


def test_the_reserved_words_are_those_of_the_protocol():
    assert {"系统", "code", "all"} == RESERVED
