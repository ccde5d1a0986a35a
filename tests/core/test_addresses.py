"""An address has one form, and nothing in it can break a header."""

import pytest

from kefu.core.addresses import EMAIL_CHARS, clean_email, clean_phone
from kefu.core.errors import BadInput


@pytest.mark.parametrize(
    ("raw", "email"),
    [
        ("ann@example.com", "ann@example.com"),
        ("  Ann.Lee+Chat@Example.COM ", "ann.lee+chat@example.com"),
        ("li@例子.中国", "li@xn--fsqu00a.xn--fiqs8s"),
        ("a@straße.example", "a@xn--strae-oqa.example"),
        ("a@ＥＸＡＭＰＬＥ.com", "a@example.com"),
        ("root@localhost", "root@localhost"),
        ("o'brien@a.example", "o'brien@a.example"),
        ("a@163.com", "a@163.com"),
    ],
)
def test_an_address_is_stored_in_one_form(raw, email):
    assert clean_email(raw) == email
    assert clean_email(email) == email


@pytest.mark.parametrize(
    "raw",
    [
        *("", "@", "a@", "@a.example", "a.example", "a@b@c.example", "a b@c.example"),
        *("a@b.example\r\nBcc: c@d.example", "a\r\n@b.example", "a@b.example\n", "a\0@b.example"),
        *(".a@b.example", "a.@b.example", "a..b@c.example", '"a b"@c.example', "a(b)@c.example"),
        *("<a@b.example>", "Ann <a@b.example>", "a,b@c.example", "a@b.example,c@d.example"),
        *("a@[127.0.0.1]", "a@127.0.0.1", "a@-b.example", "a@b-.example", "a@b..example"),
        *("a@b.example.", "a@b_c.example", "a@b c.example", "a@b.example/x", "a@xn--a"),
        *("é@b.example", "а@b.example", "a@b\u202e.example", "a\u200b@b.example", "a@\ud800"),
        *("x" * 65 + "@b.example", "a@" + "b" * 64 + ".example", "a@" + "例." * 200 + "cn"),
        *("a@" + "b." * 130 + "example", "a@" + "例" * 5 + ".例" * 70),
    ],
)
def test_what_is_no_address_is_refused(raw):
    with pytest.raises(BadInput):
        clean_email(raw)


def test_the_longest_address_fits():
    longest = "a" * 64 + "@" + ".".join(["b" * 63, "c" * 63, "d" * 61])
    assert len(longest) == EMAIL_CHARS
    assert clean_email(longest) == longest
    with pytest.raises(BadInput):
        clean_email(longest + "d")


@pytest.mark.parametrize("phone", ["110", "+86 10-1234 5678", "(030) 12.34/56", "+1-555-0100-99"])
def test_a_telephone_number_is_kept_as_it_is_written(phone):
    assert clean_phone(f" {phone} ") == phone


@pytest.mark.parametrize(
    "raw",
    ["", "12", "call me", "1" * 21, "1 " * 21, "+", "++123", "123\n", "１２３４", "123;x", "1+234"],
)
def test_what_is_no_telephone_number_is_refused(raw):
    with pytest.raises(BadInput):
        clean_phone(raw)
