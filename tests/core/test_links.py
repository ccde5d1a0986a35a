"""Only links that go where they seem to go are let through."""

import pytest

from kefu.core.links import URL_CHARS, is_safe_url


@pytest.mark.parametrize(
    "url",
    [
        *("https://example.com", "http://example.com:8080/a?b=c#d", "HTTPS://EXAMPLE.COM/"),
        *("https://[2001:db8::1]/", "https://例子.中国/路径", "https://a.example/?q=%22"),
        *("mailto:help@example.com?subject=Hi", "tel:+86-10-1234", "tel:12;ext=3"),
        "https://a.example/" + "x" * (URL_CHARS - 18),
    ],
)
def test_an_ordinary_url_is_safe(url):
    assert is_safe_url(url)


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)"),
        *("java\tscript:alert(1)", " javascript:alert(1)", "\x01javascript:alert(1)"),
        *("javascript\u200b:alert(1)", "ｊavascript:alert(1)", "java\0script:x"),
        *("data:text/html,<script>", "vbscript:x", "file:///etc/passwd", "blob:https://a.example"),
        *("ftp://a.example", "view-source:https://a.example", "jar:https://a.example!/"),
        *("", "//a.example", "/path", "a.example", "https:a.example", "https:/a.example"),
        *("https:///path", "https://", "https://:443/", "https://[::1", "https://a.example:x/"),
        *("https://bank.example@evil.example/", "https://u:p@a.example/", "https://@a.example/"),
        *("https://a.example\\@evil.example", "https:\\\\a.example", "https://a.example/ b"),
        *("https://a.example/\u202egnp", "https://a.example/\r\nSet-Cookie: a", "https://a\ud800/"),
        *('https://a.example/"onclick', "https://a.example/<b>", "mailto:", "mailto:?to=a@b"),
        *("tel:", "tel:call me", "tel:javascript:1", "https://a.example/" + "x" * URL_CHARS),
    ],
)
def test_anything_else_is_not(url):
    assert not is_safe_url(url)


def test_fewer_schemes_can_be_asked_for():
    assert is_safe_url("https://a.example/b.png", frozenset({"https"}))
    assert not is_safe_url("http://a.example/b.png", frozenset({"https"}))
