"""What is shown of a text that was found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.core.search import index_words, query, token_spans
from kefu.core.snippets import BEFORE_CHARS, SNIPPET_CHARS, snippet


def shown(text, asked):
    """The snippet as one line, hits in brackets."""
    wanted = query(asked)
    assert wanted
    return "".join(f"[{one.text}]" if one.hit else one.text for one in snippet(text, wanted))


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        pytest.param("我的订单没有到", "订单", "我的[订单]没有到", id="two Chinese characters"),
        pytest.param("我的订单", "单", "我的订[单]", id="one"),
        pytest.param("Where is my Order?", "order", "Where is my [Order]?", id="another case"),
        pytest.param("Where is my order?", "my ord", "Where is [my] [order]?", id="a beginning"),
        pytest.param("CAFÉ, Cafe\u0301.", "café", "[CAFÉ], [Cafe\u0301].", id="accents"),
        pytest.param("😀😀 hello 😀", "hello", "😀😀 [hello] 😀", id="beyond the basic plane"),
        pytest.param("<b>hello</b>", "hello", "<b>[hello]</b>", id="nothing is marked up"),
        pytest.param("ＡＢＣ１２３", "abc123", "[ＡＢＣ１２３]", id="wide letters"),
        pytest.param("a-b a b", "a-b", "[a-b] [a b]", id="a phrase"),
        pytest.param("订订订", "订订", "[订订订]", id="hits that overlap are one"),
        pytest.param("nothing of it", "else", "nothing of it", id="none is found again"),
    ],
)
def test_hits_are_parts_of_their_own(text, asked, expected):
    assert shown(text, asked) == expected


def test_a_long_text_is_cut_around_the_first_hit():
    text = "一" * 1_000 + "订单" + "二" * 1_000
    expected = "…" + "一" * BEFORE_CHARS + "[订单]"
    expected += "二" * (SNIPPET_CHARS - BEFORE_CHARS - 2) + "…"
    assert shown(text, "订单") == expected


def test_the_end_of_a_long_text_is_shown_whole():
    assert shown("a " * 1_000 + "b", "b").startswith("…")
    assert shown("a " * 1_000 + "b", "b").endswith("[b]")


CHARS = st.characters(exclude_categories=["Cs"])


@given(st.text(CHARS))
def test_pieces_make_up_a_short_text(text):
    wanted = query("a 一")
    assert wanted
    assert (
        "".join(one.text for one in snippet(text[:SNIPPET_CHARS], wanted)) == text[:SNIPPET_CHARS]
    )


@given(st.text(CHARS | st.sampled_from("éＡﾊﾟ가각\u1100\u1161\u11a8ß订\u0301\u200d")))
def test_the_tokens_that_are_shown_are_those_of_the_index(text):
    spans = token_spans(text)
    assert not spans or " ".join(token for token, _, _ in spans) == index_words(text)
    assert all(0 <= first < last <= len(text) for _, first, last in spans)
