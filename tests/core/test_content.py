"""What stands beside a message's text is bounded and harmless, and answers fit their form."""

from typing import Any

import jsonschema_rs
import msgspec
import pytest

from kefu.core.content import (
    BLOCKS,
    Block,
    Blocks,
    Card,
    Field,
    Form,
    LinkButton,
    Option,
    QuickReplies,
    check_answers,
    only_form,
)
from kefu.core.errors import BadInput

CARD: dict[str, Any] = {
    "type": "card",
    "title": "Order 7",
    "text": "On its **way**",
    "image_url": "https://shop.example/7.png",
    "image_alt": "A parcel",
    "buttons": [
        {"type": "link", "label": "Track", "url": "https://shop.example/7"},
        {"type": "reply", "label": "Cancel", "value": "cancel 7"},
    ],
}
QUICK = {"type": "quick_replies", "options": [{"label": "Yes", "value": "yes"}]}
FORM: dict[str, Any] = {
    "type": "form",
    "title": "Before we start",
    "fields": [
        {"name": "name", "label": "Name", "required": True},
        {"name": "mail", "label": "E-mail", "type": "email"},
        {"name": "phone", "label": "Phone", "type": "phone"},
        {"name": "count", "label": "How many?", "type": "number"},
        {
            "name": "topic",
            "label": "Topic",
            "type": "select",
            "required": True,
            "options": [{"label": "Sales", "value": "sales"}, {"label": "Help", "value": "help"}],
        },
        {"name": "terms", "label": "I agree", "type": "checkbox", "required": True},
        {"name": "more", "label": "More", "type": "textarea"},
    ],
}
GOOD = {"name": "Ann", "topic": "help", "terms": True}


def decode(*blocks):
    return msgspec.convert(blocks, Blocks)


def with_(whole, **changes):
    return {**whole, **changes}


def test_blocks_are_stored_as_they_came():
    assert msgspec.json.decode(msgspec.json.encode(decode(CARD, QUICK, FORM))) == [
        CARD,
        QUICK,
        FORM,
    ]


def field(**changes):
    return with_(FORM, fields=[with_({"name": "a", "label": "A"}, **changes)])


def button(url):
    return with_(CARD, buttons=[{"type": "link", "label": "x", "url": url}])


ONE = [{"label": "a", "value": "a"}]


@pytest.mark.parametrize(
    ("block", "path"),
    [
        pytest.param({"type": "html", "html": "<b>"}, "$[0].type", id="unknown block"),
        pytest.param({"title": "x"}, "$[0]", id="block without type"),
        pytest.param(with_(CARD, onclick="x"), "$[0]", id="unknown field"),
        pytest.param(with_(CARD, title=""), "$[0].title", id="empty title"),
        pytest.param(with_(CARD, title="x" * 101), "$[0].title", id="long title"),
        pytest.param(with_(CARD, text="x" * 2_001), "$[0].text", id="long text"),
        pytest.param(with_(CARD, title="a\0"), "$[0]", id="NUL"),
        pytest.param(with_(CARD, text="\ud800"), "$[0]", id="half a pair"),
        pytest.param(with_(CARD, image_url="http://a.example/b"), "$[0]", id="picture by http"),
        pytest.param(with_(CARD, image_url="data:image/png,"), "$[0]", id="picture in the URL"),
        pytest.param(with_(CARD, buttons=CARD["buttons"] * 3), "$[0].buttons", id="many buttons"),
        pytest.param(button("javascript:alert(1)"), "$[0].buttons[0]", id="script"),
        pytest.param(button("JAVA\nscript:alert(1)"), "$[0].buttons[0]", id="script in two lines"),
        pytest.param(button(""), "$[0].buttons[0].url", id="no link"),
        pytest.param(with_(QUICK, options=[]), "$[0].options", id="nothing to pick"),
        pytest.param(with_(QUICK, options=ONE * 2), "$[0]", id="the same twice"),
        pytest.param(with_(QUICK, options=ONE * 31), "$[0].options", id="too much to pick"),
        pytest.param(with_(FORM, fields=[]), "$[0].fields", id="nothing to fill in"),
        pytest.param(with_(FORM, fields=FORM["fields"] * 3), "$[0].fields", id="too much"),
        pytest.param(with_(FORM, fields=FORM["fields"][:1] * 2), "$[0]", id="one name twice"),
        pytest.param(field(name="a b"), "$[0].fields[0].name", id="space in a name"),
        pytest.param(field(name="a\n"), "$[0].fields[0].name", id="line break in a name"),
        pytest.param(field(name="__proto__"), "$[0].fields[0].name", id="name of JavaScript's"),
        pytest.param(field(type="password"), "$[0].fields[0].type", id="asks for a password"),
        pytest.param(field(required="yes"), "$[0].fields[0].required", id="required as text"),
        pytest.param(field(type="select"), "$[0].fields[0]", id="select of nothing"),
        pytest.param(field(options=ONE), "$[0].fields[0]", id="options of a text"),
        pytest.param(field(type="select", options=ONE * 2), "$[0].fields[0]", id="same options"),
    ],
)
def test_a_bad_block_is_refused_with_its_place(block, path):
    with pytest.raises(msgspec.ValidationError) as refused:
        decode(block)
    assert f"`{path}`" in str(refused.value)


def test_a_message_holds_only_so_many_blocks():
    decode(*[CARD] * BLOCKS)
    with pytest.raises(msgspec.ValidationError):
        decode(*[CARD] * (BLOCKS + 1))


def test_a_block_made_in_code_is_checked_too():
    with pytest.raises(ValueError, match="link"):
        Card("Title", buttons=(LinkButton("x", "javascript:alert(1)"),))


@pytest.mark.parametrize("block", [CARD, QUICK, FORM, with_(CARD, more=1), field(name="a b")])
def test_the_schema_says_the_same(block):
    schema = jsonschema_rs.validator_for(msgspec.json.schema(Block))
    try:
        decode(block)
    except msgspec.ValidationError:
        assert not schema.is_valid(block)
    else:
        schema.validate(block)


def test_answers_belong_to_the_one_form_of_a_message():
    blocks = decode(CARD, FORM)
    assert only_form(blocks) == blocks[1]
    assert only_form(blocks[:1]) is None
    with pytest.raises(BadInput):
        only_form(decode(FORM, FORM))


def test_answers_are_stored_in_the_forms_order_and_one_form():
    answers = {
        "more": " a\nb ",
        "terms": True,
        "topic": "help",
        "count": 3,
        "phone": " 110 ",
        "mail": "Ann@Example.com",
        "name": " Ann\u3000Lee ",
    }
    stored = check_answers(decode(FORM)[0], answers)
    assert list(stored.items()) == [
        *[("name", "Ann\u3000Lee"), ("mail", "ann@example.com"), ("phone", "110")],
        *[("count", 3), ("topic", "help"), ("terms", True), ("more", " a\nb ")],
    ]


@pytest.mark.parametrize("nothing", [None, "", " \n"])
@pytest.mark.parametrize("name", ["mail", "phone", "count", "more"])
def test_a_question_may_be_left_open(name, nothing):
    assert check_answers(decode(FORM)[0], {**GOOD, name: nothing}) == GOOD


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        *[("name", None), ("name", ""), ("name", " "), ("name", 7), ("name", ["Ann"])],
        *[("name", "a\nb"), ("name", "a\0"), ("name", "\ud800"), ("name", "x" * 1_001)],
        *[("mail", "nobody"), ("mail", 7), ("mail", "a@b.example\r\nBcc: c@d.example")],
        *[("phone", "call me"), ("phone", 110), ("more", "x" * 10_001), ("more", "a\0")],
        *[("count", "3"), ("count", True), ("count", float("nan")), ("count", 2**53)],
        *[("topic", "other"), ("topic", None), ("topic", "Help"), ("topic", ["help"])],
        *[("terms", False), ("terms", None), ("terms", "true"), ("terms", 1)],
    ],
)
def test_an_answer_that_does_not_fit_is_refused_by_name(name, answer):
    with pytest.raises(BadInput, match=rf"^answers\.{name}: "):
        check_answers(decode(FORM)[0], {**GOOD, name: answer})


def test_what_was_not_asked_is_refused():
    with pytest.raises(BadInput, match=r"^answers: "):
        check_answers(decode(FORM)[0], {**GOOD, "role": "admin"})


def test_a_box_may_stay_empty_if_it_need_not_be_ticked():
    form = Form((Field("news", "News?", type="checkbox"),))
    assert check_answers(form, {"news": False}) == {"news": False}
    assert QuickReplies((Option("a", "b"),)).options[0].value == "b"
