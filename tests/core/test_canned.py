"""Canned responses say what is known of the contact, and nothing in them is executed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.core.canned import (
    SHORTCUT_CHARS,
    VARIABLES,
    Facts,
    check_canned,
    clean_shortcut,
    render_canned,
)
from kefu.core.errors import BadInput

FACTS = Facts(
    contact_name="Ann Lee",
    agent_name="张伟",
    conversation_id=7,
    inbox_name="Shop",
    contact_attributes={"plan": "pro", "seats": 5, "trial": False, "等级": "金", "a.b-c": "x"},
)


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("Hello {{contact.name}}!", "Hello Ann Lee!"),
        ("Hello {{ contact.first_name }}, {{agent.name}} here", "Hello Ann, 张伟 here"),
        ("#{{conversation.id}} {{inbox.name}}", "#7 Shop"),
        ("{{contact.attributes.plan}}, {{contact.attributes.seats}}", "pro, 5"),
        ("{{contact.attributes.trial}} {{contact.attributes.等级}}", "false 金"),
        ("{{contact.attributes.a.b-c}}{{contact.attributes.none}}", "x"),
        ("{{contact.attributes.none| a|b }}", "a|b"),
        ("{{contact.name|there}}", "Ann Lee"),
        ("{ {contact.name} } {contact.name} }}", "{ {contact.name} } {contact.name} }}"),
        ("{{{contact.name}}{", "{Ann Lee{"),
        ("a\nb", "a\nb"),
    ],
)
def test_variables_are_filled_in(text, rendered):
    assert render_canned(check_canned(text), FACTS) == rendered


def test_what_is_not_known_is_left_out_or_said_otherwise():
    text = "Hello {{contact.name|there}}, {{contact.first_name}}{{conversation.id|?}}"
    assert render_canned(check_canned(text), Facts()) == "Hello there, ?"


def test_a_chinese_name_is_used_whole():
    assert render_canned("{{contact.first_name}}", Facts(contact_name="张小伟")) == "张小伟"


@pytest.mark.parametrize("value", ["{{agent.name}}", "{{", "}}", "{{contact.name}}", r"\1\g<0>"])
def test_what_was_put_in_is_not_read_again(value):
    facts = Facts(contact_name=value, agent_name="secret", contact_attributes={"x": value})
    assert render_canned("<{{contact.name}}>", facts) == f"<{value}>"
    assert render_canned("<{{contact.attributes.x}}>", facts) == f"<{value}>"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        *[("{{contact.nmae}}", "'contact.nmae'"), ("{{}}", "''"), ("{{ |x}}", "''")],
        *[("{{contact}}", "'contact'"), ("{{contact.__class__}}", "'contact.__class__'")],
        *[("{{Contact.Name}}", "'Contact.Name'"), ("{{7*7}}", "'7*7'")],
        ("{{contact.name}} {{contact.email}}", "'contact.email'"),
        *[("{{contact.attributes.}}", "a key has"), ("{{contact.attributes.a b}}", "a key has")],
        ("{{contact.attributes.__proto__}}", "a key has"),
        ("{{contact.name", "without its"),
        *[("{{contact.name|{x}}}", "without its"), ("{{a{{contact.name}}}}", "without its")],
        *[("", "1 to"), (" \n", "1 to"), ("x" * 10_001, "1 to"), ("a\0", "characters")],
    ],
    ids=lambda value: repr(value)[:24],
)
def test_a_text_with_a_mistake_is_refused_when_it_is_saved(text, fault):
    with pytest.raises(BadInput) as refused:
        check_canned(text)
    assert fault in str(refused.value)


def test_every_variable_for_people_exists():
    for name in VARIABLES:
        assert check_canned(f"{{{{{name}}}}}")


@given(st.text(alphabet="{}|. ab\\contact.name", max_size=60))
def test_rendering_never_fails(text):
    rendered = render_canned(text, FACTS)
    try:
        check_canned(text)
    except BadInput:
        return
    assert "{{" not in rendered


@pytest.mark.parametrize(
    ("raw", "shortcut"),
    [
        ("hi", "hi"),
        ("/Hi", "hi"),
        (" thank-you_2 ", "thank-you_2"),
        ("/你好", "你好"),
        ("ＨＩ", "hi"),
    ],
)
def test_a_shortcut_has_one_form(raw, shortcut):
    assert clean_shortcut(raw) == shortcut
    assert clean_shortcut(shortcut) == shortcut


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "/",
        "//a",
        "a b",
        "-a",
        "a/b",
        "a\n\nb",
        "a\0",
        "\ud800",
        "a\u3164",
        "a.x",
        "x" * (SHORTCUT_CHARS + 1),
    ],
    ids=ascii,
)
def test_a_shortcut_that_cannot_be_typed_is_refused(raw):
    with pytest.raises(BadInput, match=r"^shortcut: "):
        clean_shortcut(raw)
