"""Names are shown within bounds, and none is drawn as an agent's."""

import pytest

from kefu.core.characters import MARKS
from kefu.core.display import clean_display_name, imitates, is_blank


@pytest.mark.parametrize(
    "name",
    [
        *("张伟", "Ann O'Brien", "José", "Nguyễn Văn A"),
        *("علی", "می\u200cخواهم", "क्\u200dष", "שָׁלוֹם", "👩\u200d💻", "❤\ufe0f Ann", "<b>x</b>"),
    ],
)
def test_an_ordinary_name_is_shown_as_it_is(name):
    assert clean_display_name(name, 64) == name


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        pytest.param("  Ann \t Lee\r\n", "Ann Lee", id="space"),
        pytest.param("Ann\u3000\u2028Lee", "Ann Lee", id="space of other kinds"),
        pytest.param("\u202eeeL nnA\u202c", "eeL nnA", id="turned around"),
        pytest.param("\u2066Ann\u2069\u200f", "Ann", id="isolates and marks of direction"),
        pytest.param("A\u200bn\u00adn\ufeff", "Ann", id="zero width"),
        pytest.param("系\u200d统\ufe0f", "系统", id="joiners where nothing joins"),
        pytest.param("Ann\u3164\u2800\U000e0041", "Ann", id="blanks"),
        pytest.param("A\0n\x1b[31mn", "An[31mn", id="controls"),
        pytest.param("Ann\ud800\ue000", "Ann", id="half a pair, private use"),
        pytest.param("\u0301\u0301", "", id="marks on nothing"),
        pytest.param("\u200b \u200d", "", id="nothing to see"),
        pytest.param("Jose\u0301", "José", id="composed"),
    ],
)
def test_what_cannot_be_seen_or_turns_the_text_is_dropped(raw, shown):
    assert clean_display_name(raw, 64) == shown


def test_marks_do_not_pile_up():
    assert clean_display_name("Z" + "\u0335" * 100 + "algo", 64) == "Z" + "\u0335" * MARKS + "algo"
    assert clean_display_name("Z" + "\u0335" * 1_000, 64) == "Z" + "\u0335" * MARKS


@pytest.mark.parametrize("raw", ["名" * 65, "名" * 100_000, "e\u0301" * 100, "Ann " * 30])
def test_a_long_name_is_cut(raw):
    shown = clean_display_name(raw, 64)
    assert 60 < len(shown) <= 64
    assert shown == clean_display_name(shown, 64)


@pytest.mark.parametrize(
    ("name", "agent"),
    [
        pytest.param("Ann Lee", "Ann Lee", id="the same"),
        pytest.param("ANN  lee.", "Ann Lee", id="case, space and points"),
        pytest.param("Аnn Lее", "Ann Lee", id="Cyrillic"),
        pytest.param("Αnn Lee", "Ann Lee", id="Greek"),
        pytest.param("Ａｎｎ Ｌｅｅ", "Ann Lee", id="full width"),
        pytest.param("𝐀𝓷𝔫 𝙻𝚎𝚎", "Ann Lee", id="mathematical"),
        pytest.param("Ánn Lèe", "Ann Lee", id="accents"),
        pytest.param("A\u0338n\u0338n Lee", "Ann Lee", id="struck through"),
        pytest.param("An\u200bn\u202e Lee\u3164", "Ann Lee", id="invisible characters"),
        pytest.param("A1ice", "Alice", id="one for l"),
        pytest.param("AIice", "Alice", id="capital i for l"),
        pytest.param("A|ıсe", "Alice", id="bar, dotless i, Cyrillic"),
        pytest.param("B0b", "Bob", id="nought for o"),
        pytest.param("ВОВ", "BOB", id="Cyrillic capitals"),
        pytest.param("Ernrna", "Emma", id="rn for m"),
        pytest.param("Аnnа", "Anna", id="two scripts in one word"),
        pytest.param("系·统", "系统", id="a point between"),
        pytest.param("エ号客服", "工号客服", id="katakana for a Chinese character"),
        pytest.param("⼯号客服", "工号客服", id="a radical"),
        pytest.param("Ann—Lee", "Ann-Lee", id="another dash"),
        pytest.param("小⻰", "小龙", id="a radical of the supplement"),
        pytest.param("ꓟe1.", "Mei", id="Lisu, a digit and a full stop"),
        pytest.param("土兵", "士兵", id="a stroke's length"),
        pytest.param("👍", "👍\ufe0f", id="an emoji in another style"),
    ],
)
def test_what_is_drawn_like_an_agents_name_imitates_it(name, agent):
    assert imitates(name, ["somebody else", agent])
    assert imitates(agent, [name])


@pytest.mark.parametrize("name", ["Anna Lee", "Bob", "张伟", "", " ", "👍", "\u200b"])
def test_another_name_does_not(name):
    assert not imitates(name, ["Ann Lee", "张三", "", "👎"])


@pytest.mark.parametrize(
    "text", ["", " \n\t", "\u200b", "\u2060 \u00ad", "\u2800", "\u3164", "\ufe0f"]
)
def test_a_text_of_which_nothing_can_be_seen_is_blank(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", [".", "好", "\u200bx", "👨\u200d👩", "\U0001fae8", "\uf8ff"])
def test_one_sign_that_can_be_seen_or_is_newer_than_our_tables_is_text(text):
    assert not is_blank(text)
