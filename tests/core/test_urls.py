"""Only URLs of the public web pass, however an address is written."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from kefu.core.urls import (
    MAX_URL_CHARS,
    Target,
    UnsafeUrl,
    check_addresses,
    check_url,
    is_public,
    read_allowed,
)
from tests.core.unsafe_urls import UNSAFE

HOOKS = Target(scheme="https", host="hooks.example", port=443, path="/")


@pytest.mark.parametrize("url", UNSAFE)
def test_what_is_plainly_unsafe_is_refused(url: str):
    with pytest.raises(UnsafeUrl) as refused:
        check_url(url)
    assert refused.value.code == "unsafe_url"
    assert "127" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        pytest.param("https://hooks.example", HOOKS, id="name alone"),
        pytest.param("HTTPS://Hooks.Example./#x", HOOKS, id="capitals, root dot, fragment"),
        pytest.param(
            "http://93.184.216.34:8080/a?b=c",
            Target(scheme="http", host="93.184.216.34", port=8080, path="/a?b=c"),
            id="public address",
        ),
        pytest.param(
            "https://[2606:2800:0220:1::1]/",
            Target(scheme="https", host="2606:2800:220:1::1", port=443, path="/"),
            id="public IPv6",
        ),
        pytest.param(
            "https://faß.example/",
            Target(scheme="https", host="xn--fa-hia.example", port=443, path="/"),
            id="a letter that was two before 2008",
        ),
        pytest.param(
            "https://客服.example?问=%E5%A5%BD",
            Target(
                scheme="https",
                host="xn--ubtq9x.example",
                port=443,
                path="/?%E9%97%AE=%E5%A5%BD",
            ),
            id="Chinese",
        ),
    ],
)
def test_a_url_of_the_public_web_is_taken_apart(url: str, target: Target):
    assert check_url(url) == target


def test_the_longest_url_passes_and_the_next_does_not():
    url = "https://hooks.example/"
    assert check_url(url.ljust(MAX_URL_CHARS, "a"))
    with pytest.raises(UnsafeUrl):
        check_url(url.ljust(MAX_URL_CHARS + 1, "a"))


@pytest.mark.parametrize(
    ("target", "origin"),
    [
        (HOOKS, "https://hooks.example"),
        (Target("http", "hooks.example", 443, "/"), "http://hooks.example:443"),
        (Target("https", "2606::1", 8443, "/"), "https://[2606::1]:8443"),
    ],
)
def test_the_host_header_has_the_port_if_it_is_not_the_schemes_own(target: Target, origin: str):
    assert target.origin == origin


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("127.0.0.1", id="loopback"),
        pytest.param("0.0.0.0", id="this host"),
        pytest.param("10.0.0.1", id="private, class A"),
        pytest.param("172.31.255.255", id="private, class B"),
        pytest.param("192.168.1.1", id="private, class C"),
        pytest.param("169.254.169.254", id="cloud metadata"),
        pytest.param("100.100.100.200", id="carrier-grade NAT"),
        pytest.param("168.63.129.16", id="host of a virtual machine"),
        pytest.param("224.0.0.1", id="multicast"),
        pytest.param("255.255.255.255", id="broadcast"),
        pytest.param("198.19.0.1", id="benchmarks"),
        pytest.param("203.0.113.9", id="documentation"),
        pytest.param("::", id="unspecified IPv6"),
        pytest.param("::1", id="loopback IPv6"),
        pytest.param("::127.0.0.1", id="IPv4-compatible"),
        pytest.param("::ffff:10.0.0.1", id="IPv4-mapped"),
        pytest.param("64:ff9b::7f00:1", id="NAT64 of loopback"),
        pytest.param("64:ff9b:1::1", id="local NAT64"),
        pytest.param("2002:7f00:1::", id="6to4 of loopback"),
        pytest.param("2001:0:7f00:1::", id="Teredo"),
        pytest.param("fc00::1", id="unique local"),
        pytest.param("fd00:ec2::254", id="cloud metadata IPv6"),
        pytest.param("fe80::1", id="link-local IPv6"),
        pytest.param("fe80::1%eth0", id="link-local IPv6 with a zone"),
        pytest.param("2606:2800:220:1::1%eth0", id="public IPv6 with a zone"),
        pytest.param("fec0::1", id="site-local"),
        pytest.param("ff02::1", id="multicast IPv6"),
        pytest.param("2001:db8::1", id="documentation IPv6"),
    ],
)
def test_an_address_that_is_not_public_is_refused(address: str):
    assert not is_public(ip_address(address))
    with pytest.raises(UnsafeUrl):
        check_addresses(HOOKS, ["93.184.216.34", address])


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1", "64:ff9b::808:808", "::ffff:8.8.8.8"],
)
def test_a_public_address_passes(address: str):
    check_addresses(HOOKS, [address])


def test_what_is_no_address_is_refused():
    with pytest.raises(UnsafeUrl):
        check_addresses(HOOKS, ["hooks.example"])


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        pytest.param("10.1.0.0/16", "http://10.1.2.3:8080/", id="network"),
        pytest.param("10.1.2.3", "https://10.1.2.3/", id="address"),
        pytest.param("127.0.0.0/8", "http://localhost:8080/", id="loopback by name"),
        pytest.param("10.1.2.3", "http://[::ffff:10.1.2.3]/", id="mapped"),
        pytest.param("fd00::/8", "http://[fd12::1]/", id="IPv6 network"),
        pytest.param("[::1]:9000", "http://[::1]:9000/", id="IPv6 site"),
        pytest.param("Hooks.Internal:81", "http://hooks.internal:81/", id="site with a low port"),
        pytest.param("127.0.0.1:9000", "http://127.0.0.1:9000/", id="loopback site"),
    ],
)
def test_the_operator_can_open_an_internal_address(entry: str, url: str):
    allowed = read_allowed([entry])
    assert check_url(url, allowed)
    if check_url(url, allowed).host != "hooks.internal":
        with pytest.raises(UnsafeUrl):
            check_url(url)


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        pytest.param("10.1.0.0/16", "http://10.2.0.1/", id="beside the network"),
        pytest.param("10.1.0.0/16", "http://10.1.0.1:25/", id="mail port in the network"),
        pytest.param("127.0.0.1:9000", "http://127.0.0.1:9001/", id="another port"),
        pytest.param("localhost:9000", "http://127.0.0.1:9000/", id="same machine, other name"),
    ],
)
def test_an_entry_opens_no_more_than_it_says(entry: str, url: str):
    with pytest.raises(UnsafeUrl):
        check_url(url, read_allowed([entry]))


def test_an_allowed_site_may_resolve_to_anything():
    target = check_url(
        "http://hooks.internal:9000/", allowed := read_allowed(["hooks.internal:9000"])
    )
    check_addresses(target, ["10.0.0.7"], allowed)
    with pytest.raises(UnsafeUrl):
        check_addresses(target, ["10.0.0.7"])


@pytest.mark.parametrize(
    "entry", ["", "hooks.internal", "10.1.2.3/16", "http://x:80", "x:0", "x:99999", "*:80"]
)
def test_a_misspelt_entry_of_the_allow_list_is_named(entry: str):
    with pytest.raises(ValueError, match="^" + entry.replace("*", r"\*") + "$"):
        read_allowed([entry])
