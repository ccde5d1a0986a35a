"""Who may frame the widget's document, and what it may load: the headers made of an inbox."""

from __future__ import annotations

import pytest

from kefu.net.origins import policy_sources
from kefu.widget.document import ALONE, POLICY, framed

SITE = "https://shop.example"


def directives(headers) -> dict[str, set[str]]:
    """A policy by its directives, as a browser reads it: the first of a name counts."""
    read: dict[str, set[str]] = {}
    for part in headers[POLICY].split(";"):
        name, *sources = part.split()
        assert name not in read
        read[name] = set(sources)
    return read


def ancestors(*origins: str) -> set[str]:
    return directives(framed(origins))["frame-ancestors"]


def test_the_inboxs_sites_and_our_own_pages_may_frame_it_and_no_others():
    assert ancestors(SITE, "http://localhost:8000") == {"'self'", SITE, "http://localhost:8000"}
    assert ancestors() == {"'self'"}


def test_as_a_page_of_its_own_it_is_framed_by_nobody():
    assert directives(ALONE)["frame-ancestors"] == {"'none'"}
    assert "cross-origin-resource-policy" not in ALONE


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ("https://Shop.Example:443", SITE),
        ("HTTP://shop.example:80", "http://shop.example"),
        ("https://bücher.example:8443", "https://xn--bcher-kva.example:8443"),
        ("https://店.example", "https://xn--hxt.example"),
        ("http://0x7f.1:3000", None),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("https://shop.example.", "https://shop.example."),
        ("Capacitor://localhost", "capacitor://localhost"),
    ],
)
def test_an_origin_stands_in_the_policy_as_browsers_compare_it(written, source):
    assert policy_sources((written,)) == ((source,) if source else ())


@pytest.mark.parametrize(
    "odd",
    [
        "",
        "null",
        "'unsafe-inline'",
        "https:",
        "https://*",
        "https://*.shop.example",
        "https://shop.example/path",
        "https://shop.example; script-src *",
        "https://shop.example;script-src",
        "https://shop.example https://evil.example",
        "https://shop.example,default-src",
        "https://shop.example\r\nset-cookie: a=b",
        "https://shop.example\n",
        "https://evil'.example",
        "https://shop.example\x00",
        "data://shop.example",
        "file://localhost",
        "capacitor:",
        "capacitor://*",
        "app;script-src://localhost",
        "https://[::1]:3000",  # a policy has no form for it, nor for this:
        "https://my_shop.example",
    ],
)
def test_what_is_no_source_is_left_out_and_ends_no_directive(odd):
    headers = framed((odd, SITE))
    assert directives(headers)["frame-ancestors"] == {"'self'", SITE}
    assert headers[POLICY].isprintable()
    assert directives(headers).keys() == directives(ALONE).keys()


def test_a_store_that_names_every_page_of_old_means_every_page():
    assert ancestors("*", SITE) == {"'self'", "*"}


def test_fifty_sites_are_said_once_each():
    named = [f"https://shop-{i}.example" for i in range(50)]
    assert policy_sources([*named, *named]) == tuple(named)


@pytest.mark.parametrize("headers", [framed((SITE,)), ALONE])
def test_pictures_come_from_anywhere_by_https_and_nothing_else_does(headers):
    read = directives(headers)
    assert read["img-src"] == {"'self'", "data:", "blob:", "https:"}
    assert read["media-src"] == {"'self'", "blob:"}
    others = read.keys() - {"img-src", "frame-ancestors"}
    assert not [one for name in others for one in read[name] if "http" in one or "*" in one]


@pytest.mark.parametrize("headers", [framed((SITE,)), ALONE])
def test_s01_nothing_inline_runs_and_no_text_becomes_a_script(headers):
    read = directives(headers)
    assert read["default-src"] == {"'self'"}
    assert read["object-src"] == read["base-uri"] == read["form-action"] == {"'none'"}
    assert read["require-trusted-types-for"] == {"'script'"}
    assert read["trusted-types"] == {"'none'"}
    assert not [name for name in read if name.startswith(("script-src", "style-src"))]
    assert "unsafe" not in headers[POLICY]


@pytest.mark.parametrize("headers", [framed((SITE,)), ALONE])
def test_it_may_use_microphone_and_camera_itself_and_no_other_device(headers):
    said = headers["permissions-policy"].split(", ")
    allowed = dict(one.split("=") for one in said)
    assert allowed.pop("camera") == allowed.pop("microphone") == "(self)"
    assert set(allowed.values()) == {"()"}


def test_a_page_that_is_isolated_may_frame_it():
    headers = framed(())
    assert headers["cross-origin-embedder-policy"] == "credentialless"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert "x-frame-options" not in headers
