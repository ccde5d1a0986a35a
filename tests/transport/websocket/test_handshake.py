import pytest

from kefu.transport.websocket import Refusal, Request
from kefu.transport.websocket.handshake import accept_response, read_request, refusal_response
from tests.transport.websocket.wire import head


def request(data: bytes) -> Request:
    outcome = read_request(data, "10.0.0.1")
    assert isinstance(outcome, Request)
    return outcome


def test_the_example_of_the_document_is_accepted():
    # RFC 6455, section 1.3.
    response = accept_response(request(head()))
    assert response.startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in response
    assert response.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        pytest.param("/", "/", {}, id="root"),
        pytest.param("/?type=kefu&name=A", "/", {"type": "kefu", "name": "A"}, id="query"),
        pytest.param("/a%20b/%E5%AE%A2", "/a b/客", {}, id="escaped-path"),
        pytest.param("/?n=%E5%AE%A2+%2B", "/", {"n": "客 +"}, id="escaped-value"),
        pytest.param("/?n=%ff", "/", {"n": "\ufffd"}, id="not-utf-8"),
        pytest.param("/?a=1&a=2", "/", {"a": "1"}, id="first-of-two"),
        pytest.param("/?a=&b", "/", {"a": "", "b": ""}, id="blank-values"),
        pytest.param("/?a=b?c=d", "/", {"a": "b?c=d"}, id="second-question-mark"),
        pytest.param("//other/x", "//other/x", {}, id="two-slashes-are-a-path"),
        pytest.param("http://h:1/x?a=1", "/x", {"a": "1"}, id="absolute-form"),
        pytest.param("ws://h?a=1", "/", {"a": "1"}, id="absolute-form-without-path"),
        pytest.param("http://h?a=/b", "/", {"a": "/b"}, id="slash-in-the-query-only"),
    ],
)
def test_path_and_query_are_decoded(target, path, query):
    read = request(head(target))
    assert (read.path, dict(read.query), read.client) == (path, query, "10.0.0.1")


def test_headers_are_lower_case_and_joined():
    read = request(head("/", ("X-One", "a"), ("x-one", "b"), ("ORIGIN", "http://h")))
    assert read.headers["x-one"] == "a, b"
    assert read.headers["origin"] == "http://h"


def test_tokens_are_compared_without_case_among_others():
    assert request(head("/", ("Connection", "keep-alive, uPGRADE"), ("Upgrade", "WebSocket")))


@pytest.mark.parametrize(
    ("data", "status"),
    [
        pytest.param(head(method="POST"), 405, id="not-get"),
        pytest.param(head(version="HTTP/1.0"), 400, id="old-http"),
        pytest.param(head(without="Host"), 400, id="no-host"),
        pytest.param(head(without="Connection"), 400, id="no-connection"),
        pytest.param(head("/", ("Connection", "close")), 400, id="other-connection"),
        pytest.param(head(without="Upgrade"), 426, id="no-upgrade"),
        pytest.param(head("/", ("Upgrade", "h2c")), 426, id="other-upgrade"),
        pytest.param(head(without="Sec-WebSocket-Version"), 426, id="no-version"),
        pytest.param(head("/", ("Sec-WebSocket-Version", "8")), 426, id="old-version"),
        pytest.param(head(without="Sec-WebSocket-Key"), 400, id="no-key"),
        pytest.param(head("/", ("Sec-WebSocket-Key", "c2hvcnQ=")), 400, id="short-key"),
        pytest.param(head("/", ("Sec-WebSocket-Key", "????")), 400, id="key-not-base64"),
        pytest.param(head("/", ("Sec-WebSocket-Key", "é" * 24)), 400, id="key-not-ascii"),
        pytest.param(head("*"), 400, id="asterisk-form"),
        pytest.param(head("h:443"), 400, id="authority-form"),
        pytest.param(head("/?" + "a=1&" * 200), 400, id="too-many-fields"),
        pytest.param(b"\r\n\r\n", 405, id="nothing"),
    ],
)
def test_a_bad_head_is_answered_in_http(data, status):
    outcome = read_request(data, "")
    assert isinstance(outcome, Refusal)
    assert outcome.status == status


def test_a_wrong_version_is_told_the_right_one():
    outcome = read_request(head("/", ("Sec-WebSocket-Version", "99")), "")
    assert isinstance(outcome, Refusal)
    assert b"\r\nSec-WebSocket-Version: 13\r\n" in refusal_response(outcome)


def test_a_refusal_is_a_response_that_ends_the_connection():
    response = refusal_response(Refusal(403, "不可", (("X-Why", "no"),)))
    assert response == (
        b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"Content-Length: 6\r\nConnection: close\r\nX-Why: no\r\n\r\n" + "不可".encode()
    )


@pytest.mark.parametrize(
    ("fields", "offered"),
    [
        pytest.param([], (), id="none"),
        pytest.param([("Sec-WebSocket-Protocol", "a")], ("a",), id="one"),
        pytest.param([("Sec-WebSocket-Protocol", " b ,a,, ")], ("b", "a"), id="a-list"),
        pytest.param(
            [("Sec-WebSocket-Protocol", "b"), ("Sec-WebSocket-Protocol", "a")], ("b", "a"), id="two"
        ),
    ],
)
def test_the_offered_subprotocols_are_read_in_their_order(fields, offered):
    assert request(head("/", *fields)).subprotocols == offered


def test_the_spoken_subprotocol_is_named_in_the_answer():
    asked = request(head("/", ("Sec-WebSocket-Protocol", "b, a")))
    assert b"\r\nSec-WebSocket-Protocol: a\r\n" in accept_response(asked, "a")
    assert b"Protocol:" not in accept_response(asked)
