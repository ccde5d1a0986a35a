"""What a user types is found, in Chinese too, and is never taken for an operator."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.core.search import (
    QUERY_CHARS,
    QUERY_TOKENS,
    TEXT_TOKENS,
    WORD_CHARS,
    Query,
    fts5,
    index_words,
    query,
    tsquery,
    tsvector,
)
from tests.databases import postgresql


class Sqlite:
    """An FTS5 table of one text."""

    def __init__(self, conn):
        self.conn = conn
        conn.execute("CREATE VIRTUAL TABLE found USING fts5(words, tokenize = 'ascii')")

    def finds(self, text, wanted):
        self.conn.execute("DELETE FROM found")
        self.conn.execute("INSERT INTO found VALUES (?)", [index_words(text)])
        rows = self.conn.execute("SELECT rowid FROM found WHERE found MATCH ?", [fts5(wanted)])
        return len(rows.fetchall()) == 1


class Postgresql:
    """A text and a query, without a table."""

    def __init__(self, conn):
        self.conn = conn

    def finds(self, text, wanted):
        statement = "SELECT %s::tsvector @@ %s::tsquery"
        return self.conn.execute(statement, [tsvector(text), tsquery(wanted)]).fetchone()[0]


@pytest.fixture(scope="module")
def sqlite():
    with closing(sqlite3.connect(":memory:")) as conn:
        yield Sqlite(conn)


@pytest.fixture(scope="module")
def pg():
    with postgresql() as conn:
        yield Postgresql(conn)


@pytest.fixture(params=["sqlite", pytest.param("pg", marks=pytest.mark.postgres)])
def engine(request):
    return request.getfixturevalue(request.param)


FAMILY = "👨\u200d👩\u200d👧"
EMOJI = (
    f"party 🎉, 好👍🏽的 {FAMILY} 👩🏽\u200d🚀x 按1\ufe0f\u20e3 ❤\ufe0f 🇨🇳"
    " younger than this Unicode \U0001fae8\U0001faff"
)
ORDER = "您好，我的订单ABC123还没到货！请问什么时候发货？"


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        *[(ORDER, typed) for typed in ("订", "订单", "我的订单", "到货", "货", "！请问")],
        *[(ORDER, typed) for typed in ("abc123", "ABC", "订单ABC123", "单abc1", "订单 发货")],
        *[(ORDER, typed) for typed in ("发货 订单 ab", "ＡＢＣ１２３", "您好")],
        *[
            ("Where is my order?", typed)
            for typed in ("order", "WHERE", "my ord", "order my", "is-my")
        ],
        *[
            ("Café Zürich, STRASSE", typed)
            for typed in ("cafe", "café", "zurich", "straße", "züri")
        ],
        *[("Mail ann.lee@example.com now", typed) for typed in ("ann.lee@example.com", "ann lee")],
        *[("東京スカイツリー", typed) for typed in ("東京", "スカイ", "ｽｶｲ", "ー", "ツリー")],
        *[("안녕하세요 여러분", typed) for typed in ("안녕", "하세요", "여러")],
        *[("ราคาเท่าไหร่", typed) for typed in ("ราคา", "เท่า", "ไหร่")],
        *[("क्या हाल है", typed) for typed in ("क्या", "हाल")],
        *[("Привет, Алёна", typed) for typed in ("привет", "алена", "АЛЁ")],
        *[("thanks👍太好了😀ok", typed) for typed in ("太好了", "thanks", "👍太", "ok")],
        *[(EMOJI, typed) for typed in ("🎉", "👍", "👍🏽", "👩", "🎉,", "🚀", "❤", "🇨🇳")],
        *[(EMOJI, typed) for typed in (FAMILY, "👩🏽\u200d🚀", "1\ufe0f\u20e3", "1\u20e3")],
        *[(EMOJI, typed) for typed in ("❤\ufe0f", "\U0001fae8", "\U0001faff")],
        *[("co\u00adoperate 👩\u200d💻 x\u200by", typed) for typed in ("cooperate", "xy")],
        *[
            ("100% of foo_bar, C:\\path and 50%", typed)
            for typed in ("100%", "foo_bar", "C:\\path")
        ],
        *[("a AND b OR NOT near NEAR", typed) for typed in ("AND", "or not", "NOT", "NEAR")],
        *[("12e4x 1.5 0x1f -7 a/b", typed) for typed in ("12e4x", "1.5", "0x1f", "-7", "a/b")],
        *[("𠀀𪚥 ㍿ ①", typed) for typed in ("𠀀", "𪚥", "株式会社", "1")],
        ("x" * 5_000, "x" * 5_000),
        ("的" * 1_000, "的的的"),
    ],
)
def test_what_was_written_is_found(engine, text, typed):
    wanted = query(typed)
    assert wanted is not None
    assert engine.finds(text, wanted)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        *[
            (ORDER, typed)
            for typed in ("单订", "订货", "退款", "bc123", "订单退", "abc12x", "订 退")
        ],
        *[("Where is my order?", typed) for typed in ("rder", "order-my", "my-where", "ord my")],
        *[("a AND b", typed) for typed in ("a OR x", "a NOT c", "NEAR(a b)", "x*", "a*x")],
        *[("好👍🏽 1", typed) for typed in ("🎉", "👍🏿", "👎", "1\u20e3")],
        *[("alpha", typed) for typed in ("a", "alp OR", "^lpha", "alphas")],
    ],
)
def test_what_was_not_written_is_not_found(engine, text, typed):
    wanted = query(typed)
    assert wanted is not None
    assert not engine.finds(text, wanted)


@pytest.mark.parametrize(
    "typed", ["", " ", '"', "'", '"*:^()-+%_\\', "│▒", "，。！", "\u200b", "\ufe0f", "\u0301"]
)
def test_a_query_of_nothing_is_none(typed):
    assert query(typed) is None


def test_a_query_is_phrases_and_a_last_word_by_its_beginning():
    assert query("订单ABC 退款 hel") == Query((("订", "单", "abc"), ("退", "款"), ("hel",)), True)
    assert query("hel 退款") == Query((("hel",), ("退", "款")), False)
    assert query("a") == Query((("a",),), False)


def test_a_query_is_written_for_each_database():
    wanted = query("订单 hel")
    assert wanted is not None
    assert fts5(wanted) == '"订 单" AND "hel" *'
    assert tsquery(wanted) == "('订' <-> '单') & ('hel':*)"
    assert index_words("订单ABC, 单!") == "订 单 abc 单"
    assert tsvector("订单ABC, 单!") == "'订':1 '单':2,4 'abc':3"


def test_texts_and_queries_are_bounded(engine):
    long = query("字" * 10_000)
    assert long is not None
    assert len(long.phrases[0]) == QUERY_TOKENS
    many = query("ab " * 10_000)
    assert many is not None
    assert len(many.phrases) == QUERY_TOKENS < QUERY_CHARS
    assert engine.finds("字" * 20_000, long)
    assert index_words("字" * 20_000).count("字") == TEXT_TOKENS
    assert index_words("x" * 100) == "x" * WORD_CHARS


SIGNS = st.text(alphabet="订单退abAB12 éßがー😀\u0301\u200d\"'*:^()-+%_\\&|!<>,.\0", max_size=20)
TYPED = SIGNS | st.builds("{} {}".format, SIGNS, st.sampled_from(["AND", "OR", "NOT", "NEAR(a"]))


@pytest.mark.postgres
@given(SIGNS, TYPED)
def test_both_databases_find_the_same_and_what_the_tokens_say(sqlite, pg, text, typed):
    wanted = query(typed)
    if wanted is not None:
        found = finds(index_words(text).split(), wanted)
        assert sqlite.finds(text, wanted) is pg.finds(text, wanted) is found


@given(st.text(alphabet="订单退货款", max_size=12), st.text("订单退货款", min_size=1, max_size=3))
def test_for_chinese_a_search_is_a_search_for_a_substring(sqlite, text, typed):
    wanted = query(typed)
    assert wanted is not None
    assert sqlite.finds(text, wanted) is (typed in text)


@given(st.text(max_size=50))
def test_any_text_finds_itself(sqlite, text):
    wanted = query(text)
    if wanted is not None:
        assert sqlite.finds(text, wanted)
    assert index_words(index_words(text)) == index_words(text)


@pytest.mark.postgres
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=50))
def test_any_text_is_taken_by_postgresql(pg, text):
    wanted = query(text)
    if wanted is not None:
        assert pg.finds(text, wanted)


def finds(tokens, wanted):
    """As the databases should, in plain words."""
    last = len(wanted.phrases) - 1
    return all(
        any(
            fits(tokens[at : at + len(phrase)], phrase, wanted.prefix and number == last)
            for at in range(len(tokens))
        )
        for number, phrase in enumerate(wanted.phrases)
    )


def fits(tokens, phrase, prefix):
    if not prefix:
        return tuple(tokens) == phrase
    return tuple(tokens[:-1]) == phrase[:-1] and bool(tokens) and tokens[-1].startswith(phrase[-1])
