"""Names are clean, comparable and cannot pass for another."""

import unicodedata

import pytest

from kefu.core.errors import BadName
from kefu.core.names import MAX_NAME_CHARS, RESERVED, clean_name


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        pytest.param("", BadName.Fault.BLANK, id="empty"),
        pytest.param(" \t\u3000", BadName.Fault.BLANK, id="blank"),
        pytest.param("系统", BadName.Fault.RESERVED, id="the system's own"),
        pytest.param(" code ", BadName.Fault.RESERVED, id="reserved after trimming"),
        pytest.param("Соdе", BadName.Fault.RESERVED, id="reserved in Cyrillic"),
        pytest.param("ＡＬＬ", BadName.Fault.RESERVED, id="reserved in full width"),
        pytest.param("系統", BadName.Fault.RESERVED, id="in traditional characters"),
        pytest.param("糸统", BadName.Fault.RESERVED, id="with a character nearly the same"),
        pytest.param("系统.", BadName.Fault.RESERVED, id="with a full stop"),
        pytest.param("—系统—", BadName.Fault.RESERVED, id="between dashes"),
        pytest.param("【系统】：", BadName.Fault.RESERVED, id="in brackets"),
        pytest.param("code.", BadName.Fault.RESERVED, id="the code's with a full stop"),
        pytest.param("ꓮll", BadName.Fault.RESERVED, id="reserved in Lisu"),
        pytest.param("a١1", BadName.Fault.RESERVED, id="reserved with digits"),
        pytest.param("系统\u2800", BadName.Fault.INVISIBLE, id="the system's with an empty cell"),
        pytest.param("Mei😀\u200d", BadName.Fault.INVISIBLE, id="a joiner at the end"),
        pytest.param("Mei1\ufe0f", BadName.Fault.INVISIBLE, id="a digit as an emoji"),
        pytest.param("Mei\U000e0100", BadName.Fault.INVISIBLE, id="a variant of no ideograph"),
        pytest.param("甲\ue000", BadName.Fault.INVISIBLE, id="private use"),
        pytest.param("甲\uffff", BadName.Fault.INVISIBLE, id="noncharacter"),
        pytest.param("小\u2028李", BadName.Fault.INVISIBLE, id="line separator"),
        pytest.param("all", BadName.Fault.RESERVED, id="everybody"),
        pytest.param("名" * 65, BadName.Fault.TOO_LONG, id="too long"),
        pytest.param("e\u0301" * 10_000, BadName.Fault.TOO_LONG, id="far too long"),
        pytest.param("小\n李", BadName.Fault.INVISIBLE, id="line break"),
        pytest.param("小\0李", BadName.Fault.INVISIBLE, id="NUL"),
        pytest.param("小\x7f", BadName.Fault.INVISIBLE, id="delete"),
        pytest.param("小\ud800", BadName.Fault.INVISIBLE, id="lone surrogate"),
        pytest.param("小李\u200b", BadName.Fault.INVISIBLE, id="zero width"),
        pytest.param("系\u200d统", BadName.Fault.INVISIBLE, id="the system's with a joiner"),
        pytest.param("系\u00ad统", BadName.Fault.INVISIBLE, id="soft hyphen"),
        pytest.param("系统\u034f", BadName.Fault.INVISIBLE, id="grapheme joiner"),
        pytest.param("系统\ufe0f", BadName.Fault.INVISIBLE, id="variation selector"),
        pytest.param("甲\u2063", BadName.Fault.INVISIBLE, id="invisible separator"),
        pytest.param("甲\u3164", BadName.Fault.INVISIBLE, id="hangul filler"),
        pytest.param("甲\U000e0041", BadName.Fault.INVISIBLE, id="tag"),
        pytest.param("\u202e李小", BadName.Fault.INVISIBLE, id="bidi override"),
        pytest.param(None, BadName.Fault.NOT_TEXT, id="nothing"),
        pytest.param(7, BadName.Fault.NOT_TEXT, id="number"),
        pytest.param(["小李"], BadName.Fault.NOT_TEXT, id="list"),
    ],
)
def test_a_bad_name_is_refused_with_a_reason(raw, fault):
    with pytest.raises(BadName) as refused:
        clean_name(raw)
    assert refused.value.fault is fault


@pytest.mark.parametrize(
    "raw",
    [
        *("小李", "O'Brien <b>", "Codes", "a b", "名" * MAX_NAME_CHARS),
        *("👩\u200d💻", "❤\ufe0f", "👩🏽\u200d🚀", "می\u200cخواهم", "क्\u200dष"),
        *(
            "小美1\ufe0f\u20e3",
            "小美🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        ),
        *("Ali", "Alli", "All Lee", "小系统", "١٢٣", "संदीप २", "김철수", "龍", "…"),
        *("葛\U000e0100城", "Mei \U0001fae8 \U0001faff", "👨\u200d👩\u200d👧"),
    ],
)
def test_a_good_name_is_kept_as_it_is(raw):
    assert clean_name(raw) == raw


def test_names_that_look_the_same_are_the_same():
    decomposed = unicodedata.normalize("NFD", "José")
    assert decomposed != "José"
    assert clean_name(f"  {decomposed}\u3000") == "José"


def test_white_space_in_a_name_is_one_plain_blank():
    assert clean_name("Ann\u00a0 \u3000Lee") == "Ann Lee"


def test_the_reserved_words_are_those_of_the_protocol():
    assert {"系统", "code", "all"} == RESERVED
