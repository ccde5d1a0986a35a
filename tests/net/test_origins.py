"""Which pages may connect."""

from __future__ import annotations

import pytest

from kefu.net.origins import ANY, BadOrigin, Pages, normal_home, normal_origin, policy_sources

# A joiner that joins nothing, a mark on nothing, two directions.
BAD_LABELS = ("a\u200db", "\u0301a", "שa")


def punycode(label: str) -> str:
    return f"xn--{label.encode('punycode').decode()}"


OURS = frozenset(["https://chat.example.com"])


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("https://shop.example", "https://shop.example"),
        ("https://Shop.Example", "https://shop.example"),
        ("HTTPS://shop.example:443", "https://shop.example"),
        ("http://shop.example:80", "http://shop.example"),
        ("http://shop.example:443", "http://shop.example:443"),
        ("https://shop.example:0443", "https://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
        ("https://straße.example", "https://xn--strae-oqa.example"),
        ("https://商店.例え", "https://xn--czrs0t.xn--r8jz45g"),
        ("https://XN--CZRS0T.xn--r8jz45g", "https://xn--czrs0t.xn--r8jz45g"),
        ("https://my_shop.local", "https://my_shop.local"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("http://[0:0:0:0:0:0:0:1]", "http://[::1]"),
        ("http://[::ffff:127.0.0.1]", "http://[::ffff:7f00:1]"),
        ("https://XN--I-7IQ.example", "https://xn--i-7iq.example"),  # a heart
        ("https://I❤.example", "https://xn--i-7iq.example"),
        ("https://I❤\ufe0f.example:443", "https://xn--i-7iq.example"),
        ("https://☃.商店", "https://xn--n3h.xn--czrs0t"),
        ("https://שלום.example", "https://xn--9dbne9b.example"),
        ("https://نامه\u200cای.example", "https://xn--mgba3gch31f060k.example"),
        ("https://0x7f000001.example", "https://0x7f000001.example"),
        (f"https://{'a' * 63}.example", f"https://{'a' * 63}.example"),
        ("capacitor://localhost", "capacitor://localhost"),
        ("Ionic://LocalHost", "ionic://localhost"),
        ("https://localhost", "https://localhost"),
        ("my-app.v2://shop.example:8080", "my-app.v2://shop.example:8080"),
        ("app://shop:443", "app://shop:443"),  # is no other scheme's own port
    ],
)
def test_an_origin_has_one_form_however_it_is_written(written, normal):
    assert normal_origin(written) == normal
    assert Pages().beside([written]).may({"origin": normal, "host": "kefu.example"})
    assert Pages().beside([normal]).may({"origin": written, "host": "kefu.example"})


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("shop.example", "does not begin with"),
        ("//shop.example", "does not begin with"),
        ("ftp://shop.example", "does not begin with"),
        ("null", "does not begin with"),
        ("file://localhost", "does not begin with"),
        ("FILE://localhost", "does not begin with"),
        ("data://localhost", "does not begin with"),
        ("blob:https://shop.example", "does not begin with"),
        ("wss://shop.example", "does not begin with"),
        ("*://localhost", "does not begin with"),
        ("capacitor:localhost", "does not begin with"),
        ("1app://localhost", "does not begin with"),
        ("capacitor://", "names no host"),
        ("capacitor://*", "names no host"),
        ("capacitor://localhost/index.html", "more than a host"),
        ("app; script-src *://localhost", "does not begin with"),
        ("", "does not begin with"),
        ("https://shop.example/", "more than a host"),
        ("https://shop.example/path", "more than a host"),
        ("https://shop.example?x", "more than a host"),
        ("https://shop.example#x", "more than a host"),
        ("https://me@shop.example", "more than a host"),
        ("https://me:pw@shop.example", "names no host"),
        ("https://", "names no host"),
        ("https://:443", "names no host"),
        ("https://shop.example:port", "names no host"),
        ("https://shop.example:0", "port"),
        ("https://shop.example:65536", "port"),
        ("https://*.shop.example", "names no host"),
        ("https://shop..example", "names no host"),
        ("https://127.1", "names no host"),
        ("https://256.0.0.1", "names no host"),
        # Browsers send 127.0.0.1 for these.
        ("https://2130706433", "names no host"),
        ("https://017700000001", "names no host"),
        ("https://0x7f000001", "names no host"),
        ("https://0X7F.0.0.1", "names no host"),
        ("https://127.0.0.0x1", "names no host"),
        ("https://127.0.0.1.", "names no host"),
        ("https://0177.0.0.1", "names no host"),
        ("https://\uff10x7f000001", "names no host"),
        ("https://shop.0x", "names no host"),
        ("https://xn--a.example", "names no host"),
        ("https://shop.xn--", "names no host"),
        ("https://xn--shop-.example", "names no host"),
        ("https://xn--zca.xn--a", "names no host"),
        (f"https://{'a' * 64}.example", "names no host"),
        ("https://" + ".".join(["a" * 63] * 4), "names no host"),
        ("https://❤／.example", "names no host"),
        ("https://❤＠.example", "names no host"),
        ("https://❤..example", "names no host"),
        (f"https://{'❤' * 63}.example", "names no host"),
        *((f"https://{label}.example", "names no host") for label in BAD_LABELS),
        *((f"https://{punycode(label)}.example", "names no host") for label in BAD_LABELS),
        ("https://[::1", "names no host"),
        ("https://[::g]", "names no host"),
        ("https://a b", "names no host"),
        ("https://\udce9.example", "names no host"),
        ("https://" + "a" * 300, "too long"),
    ],
)
def test_what_no_page_can_have_is_refused_with_a_reason(written, why):
    with pytest.raises(BadOrigin, match=why):
        normal_origin(written)
    assert not Pages().beside([written]).may({"origin": written, "host": "kefu.example"})


@pytest.mark.parametrize("origin", ["capacitor://localhost", "my-app://shop:8080"])
def test_an_app_is_a_source_of_a_policy_and_never_a_home(origin):
    assert policy_sources([origin.upper()]) == (origin,)
    with pytest.raises(BadOrigin, match="does not begin with http:// or https://"):
        normal_home(origin)
    host = origin.partition("://")[2]
    assert not Pages().are_own({"host": host, "origin": origin})
    assert not Pages(frozenset([f"https://{host}"])).are_own({"host": host, "origin": origin})


@pytest.mark.parametrize(
    ("origin", "others", "allowed"),
    [
        pytest.param("capacitor://localhost", (), False, id="an app"),
        pytest.param("capacitor://localhost", ("capacitor://localhost",), True, id="the app"),
        pytest.param("ionic://localhost", ("capacitor://localhost",), False, id="another app"),
        pytest.param("https://localhost", ("capacitor://localhost",), False, id="the web's"),
        pytest.param(None, (), True, id="no page of another origin"),
        pytest.param("http://kefu.example:3000", (), True, id="same host"),
        pytest.param("https://KEFU.example:3000", (), True, id="same host behind TLS"),
        pytest.param("http://kefu.example", (), False, id="other port"),
        pytest.param("http://kefu.example:3000.evil.example", (), False, id="longer host"),
        pytest.param("http://kefu.example:3000@evil.example", (), False, id="a user's name"),
        pytest.param("https://chat.example.com", (), True, id="the public URL"),
        pytest.param("https://Chat.Example.com:443", (), True, id="the public URL in other words"),
        pytest.param("http://chat.example.com", (), False, id="the public URL without TLS"),
        pytest.param("https://shop.example", (), False, id="other host"),
        pytest.param("https://shop.example", ("https://shop.example",), True, id="configured"),
        pytest.param("http://shop.example", ("https://shop.example",), False, id="another scheme"),
        pytest.param("https://evil.example", ("https://shop.example",), False, id="another"),
        pytest.param("null", (), False, id="null"),
        pytest.param("null", ("null",), False, id="null, which nobody can name"),
        pytest.param("", (), False, id="empty"),
        pytest.param("http://[", (), False, id="malformed"),
        pytest.param("https://evil.example", (ANY,), True, id="any"),
        pytest.param("null", (ANY,), True, id="null where any may"),
        pytest.param("https://" * 7_500, ("https://shop.example",), False, id="a flood"),
    ],
)
def test_only_pages_of_allowed_origins_may_connect(origin, others, allowed):
    headers = {"host": "kefu.example:3000"}
    if origin is not None:
        headers["origin"] = origin
    assert Pages(OURS).beside(others).may(headers) is allowed


@pytest.mark.parametrize(
    ("host", "origin", "own"),
    [
        ("chat.example:443", "https://chat.example", True),
        ("chat.example:80", "http://chat.example", True),
        ("chat.example:443", "http://chat.example", False),
        ("chat.example:80", "https://chat.example", False),
        ("CHAT.example", "https://chat.example:443", True),
        ("chat.example", "https://chat.example:8443", False),
        ("xn--czrs0t.example", "https://商店.example", True),
        ("[::1]:3000", "http://[::1]:3000", True),
        ("", "https://chat.example", False),
        ("chat.example/x", "https://chat.example", False),
        ("a" * 60_000, "https://chat.example", False),
    ],
)
def test_a_page_of_the_requests_own_host_is_ours_with_or_without_the_port(host, origin, own):
    assert Pages().are_own({"host": host, "origin": origin}) is own
