"""Where a client's address comes in, and what counts as one client."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import kefu
from kefu.net.clients import Proxies, network_of, read_address, was_forwarded
from kefu.transport.http import Admission

PROXIES = Proxies(["10.0.0.1", "10.1.0.0/16", "::ffff:10.0.0.2", "2001:db8:f::/48", "[::1]"])
SOURCES = Path(kefu.__file__).parent


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("203.0.113.16", "203.0.113.16"),
        ("203.0.113.16:40001", "203.0.113.16"),
        (" 203.0.113.16\t", "203.0.113.16"),
        ("::ffff:203.0.113.16", "203.0.113.16"),
        ("::FFFF:cb00:7110", "203.0.113.16"),
        ("[::ffff:203.0.113.16]:40001", "203.0.113.16"),
        ("2001:DB8:0:0:0::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("[fe80::1%25eth0]:1", "fe80::1"),
        ("", ""),
        ("unknown", ""),
        ("_hidden", ""),
        ("203.0.113.016", ""),
        ("203.0.113.16:port", ""),
        ("203.0.113.16:", ""),
        ('"203.0.113.16"', ""),
        ("for=203.0.113.16", ""),
        ("[203.0.113.16", ""),
        ("203.0.113", ""),
        ("1" * 60_000, ""),
        ("[" * 60_000, ""),
    ],
    ids=lambda text: text[:30] or "empty",
)
def test_an_address_has_one_form_however_it_is_written(written, address):
    assert read_address(written) == address


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        pytest.param("192.0.2.1", "", "192.0.2.1", id="no proxy"),
        pytest.param("192.0.2.1", "203.0.113.9", "192.0.2.1", id="somebody who says they are one"),
        pytest.param("10.0.0.1", "203.0.113.9", "203.0.113.9", id="a proxy"),
        pytest.param("10.0.0.1", "203.0.113.9:40001", "203.0.113.9", id="a port"),
        pytest.param("10.0.0.1", "[2001:db8::9]:443", "2001:db8::9", id="brackets and a port"),
        pytest.param("10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9", id="what a client made up"),
        pytest.param("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9", id="two proxies"),
        pytest.param("10.0.0.1", "203.0.113.9, 10.1.7.7", "203.0.113.9", id="a proxy of a network"),
        pytest.param("10.0.0.1", "203.0.113.9,2001:db8:f:1::2", "203.0.113.9", id="one of IPv6"),
        pytest.param("::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9", id="a mapped proxy"),
        pytest.param("::1", "203.0.113.9", "203.0.113.9", id="a proxy on this machine"),
        pytest.param("10.0.0.1", "203.0.113.9, ,", "203.0.113.9", id="empty elements"),
        pytest.param("10.0.0.1", "203.0.113.9, unknown", "10.0.0.1", id="what is no address"),
        pytest.param("10.0.0.1", "1.1.1.1, 203.0.113.9:x", "10.0.0.1", id="a port that is none"),
        pytest.param("10.0.0.1", "10.1.0.2, 10.1.0.1", "10.1.0.2", id="a proxy itself"),
        pytest.param("10.0.0.1", "", "10.0.0.1", id="a proxy that does not say"),
        pytest.param("10.0.0.1", "," * 60_000, "10.0.0.1", id="a flood of commas"),
        pytest.param("", "203.0.113.9", "", id="no address"),
    ],
)
def test_the_clients_address_is_what_a_trusted_proxy_saw(peer, forwarded, address):
    assert PROXIES.client_of(peer, forwarded) == address


@pytest.mark.parametrize(
    ("peer", "said", "scheme"),
    [
        ("10.0.0.1", "https", "https"),
        ("10.0.0.1", "http, HTTPS ", "https"),
        ("10.0.0.1", "wss", "https"),
        ("10.0.0.1", "gopher", "http"),
        ("10.0.0.1", "", "http"),
        ("192.0.2.1", "https", "http"),
    ],
)
def test_the_scheme_is_what_a_trusted_proxy_says(peer, said, scheme):
    assert PROXIES.scheme_of(peer, "http", said) == scheme


@pytest.mark.parametrize("text", ["proxy", "10.0.0.1/33", "10.0.0", "", "10.0.0.1:80/8", "/8"])
def test_a_proxy_that_is_no_address_is_told(text):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - its text is the point
        Proxies(["10.0.0.1", text])
    assert str(refused.value) == text


def test_a_household_of_ipv6_counts_as_one_client():
    assert {network_of(f"2001:db8:0:1::{host:x}") for host in range(50)} == {"2001:db8:0:1::/64"}
    assert network_of("2001:db8:0:2::1") != network_of("2001:db8:0:1::1")
    assert network_of("::ffff:203.0.113.9") == network_of("203.0.113.9") == "203.0.113.9"
    assert network_of("") == ""


def test_connections_of_one_household_of_ipv6_count_together():
    admission = Admission(per_address=2, total=0)
    assert [admission.enter(f"2001:db8::{host}") for host in (1, 2, 3)] == [None, None, 429]
    assert [admission.enter(one) for one in ("203.0.113.9", "::ffff:203.0.113.9")] == [None] * 2
    assert admission.enter("::ffff:203.0.113.9") == 429
    admission.leave("2001:db8::1")
    assert admission.enter("2001:db8::4") is None


def test_a_proxy_of_a_network_is_not_bounded_like_a_client():
    admission = Admission(per_address=1, total=0, exempt=PROXIES)
    assert [admission.enter("10.1.2.3") for _ in range(3)] == [None] * 3


def test_whoever_came_over_a_proxy_is_not_on_this_machine():
    assert was_forwarded({"x-forwarded-for": "127.0.0.1"})
    assert was_forwarded({"forwarded": "for=127.0.0.1"})
    assert not was_forwarded({"host": "x"})


# Who may know the other end of a connection before ``net.clients`` has read it.
READERS = {
    "net/clients.py": "the reader",
    "site.py": "hands it every HTTP request",
    "app.py": "hands it every WebSocket",
    "transport/http.py": "counts connections, by network_of",
    "transport/websocket/connection.py": "gives the peer to app",
    "transport/websocket/handshake.py": "gives the peer to app",
}
# Attributes named ``client`` of a Request that app has read.
AFTER = {"gateways/realtime/endpoint.py", "transport/engineio/server.py"}


def test_no_other_place_reads_where_a_client_is():
    said = {"x-forwarded-for", "forwarded", "x-real-ip", "peername", "client", "x-forwarded-proto"}
    found = set()
    for path in SOURCES.rglob("*.py"):
        name = path.relative_to(SOURCES).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else ""
            if isinstance(text, str) and text.lower() in said:
                found.add(name)
            if isinstance(node, ast.Attribute) and node.attr in ("client", "remote_addr"):
                found |= {name} - AFTER
    assert found == {*READERS} - {"transport/websocket/handshake.py"}
