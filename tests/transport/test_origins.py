"""What lets a page read an answer."""

from kefu.net.origins import ANY, Pages
from kefu.transport.origins import cors_headers

ONE, ANY_PAGE = Pages(others=frozenset(["https://shop.example"])), Pages(others=ANY)


def test_an_allowed_origin_may_read_the_answer_and_caches_keep_origins_apart():
    answer = dict(cors_headers({"origin": "https://shop.example"}, ONE, preflight=False))
    assert answer == {"access-control-allow-origin": "https://shop.example", "vary": "Origin"}


def test_credentials_are_never_allowed():
    headers = {"origin": "https://shop.example", "access-control-request-headers": "x-a"}
    for pages in (ONE, ANY_PAGE):
        answer = dict(cors_headers(headers, pages, preflight=True))
        assert "access-control-allow-credentials" not in answer
        assert answer["access-control-allow-headers"] == "x-a"
        assert answer["access-control-allow-methods"] == "GET, POST"


def test_what_a_page_asks_for_is_not_sent_back_at_any_length():
    headers = {"origin": "https://shop.example", "access-control-request-headers": "x" * 60_000}
    answer = dict(cors_headers(headers, ONE, preflight=True))
    assert answer["access-control-allow-headers"] == "content-type"


def test_who_sent_no_origin_gets_no_headers():
    assert cors_headers({}, ANY_PAGE, preflight=True) == []
