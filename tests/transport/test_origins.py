"""Which pages may connect."""

import pytest

from kefu.transport.origins import cors_headers, is_allowed

ONE = frozenset(["https://shop.example"])


@pytest.mark.parametrize(
    ("origin", "origins", "allowed"),
    [
        pytest.param(None, None, True, id="no page of another origin"),
        pytest.param("http://kefu.example:3000", None, True, id="same host"),
        pytest.param("https://KEFU.example:3000", None, True, id="same host behind TLS"),
        pytest.param("http://kefu.example", None, False, id="other port"),
        pytest.param("http://kefu.example:3000.evil.example", None, False, id="longer host"),
        pytest.param("https://shop.example", None, False, id="other host"),
        pytest.param("https://shop.example", ONE, True, id="configured"),
        pytest.param("http://shop.example", ONE, False, id="configured with another scheme"),
        pytest.param("https://evil.example", ONE, False, id="not configured"),
        pytest.param("http://kefu.example:3000", ONE, True, id="same host beside the configured"),
        pytest.param("null", None, False, id="null"),
        pytest.param("null", ONE, False, id="null beside the configured"),
        pytest.param("", None, False, id="empty"),
        pytest.param("http://[", None, False, id="malformed"),
        pytest.param("https://evil.example", "*", True, id="any"),
        pytest.param("null", "*", True, id="null where any may"),
    ],
)
def test_only_pages_of_allowed_origins_may_connect(origin, origins, allowed):
    headers = {"host": "kefu.example:3000"}
    if origin is not None:
        headers["origin"] = origin
    assert is_allowed(headers, origins) is allowed


def test_an_allowed_origin_may_read_the_answer_and_caches_keep_origins_apart():
    answer = dict(cors_headers({"origin": "https://shop.example"}, ONE, preflight=False))
    assert answer == {"access-control-allow-origin": "https://shop.example", "vary": "Origin"}


def test_credentials_are_never_allowed():
    headers = {"origin": "https://shop.example", "access-control-request-headers": "x-a"}
    for origins in (ONE, "*"):
        answer = dict(cors_headers(headers, origins, preflight=True))
        assert "access-control-allow-credentials" not in answer
        assert answer["access-control-allow-headers"] == "x-a"
        assert answer["access-control-allow-methods"] == "GET, POST"


def test_who_sent_no_origin_gets_no_headers():
    assert cors_headers({}, "*", preflight=True) == []
