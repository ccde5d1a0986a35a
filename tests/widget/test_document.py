"""Who may frame the widget's document, and what it may load: the headers made of an inbox."""

from __future__ import annotations

import pytest

from kefu.core.inbox import Settings
from kefu.net.origins import policy_sources
from kefu.widget.document import POLICY, alone, framed
from kefu.widget.settings import Look

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
    return directives(framed(Settings(origins=origins)))["frame-ancestors"]


def test_the_inboxs_sites_and_our_own_pages_may_frame_it_and_no_others():
    assert ancestors(SITE, "http://localhost:8000") == {"'self'", SITE, "http://localhost:8000"}
    assert ancestors() == {"'self'"}


def test_as_a_page_of_its_own_it_is_framed_by_nobody():
    headers = alone(Settings(origins=(SITE,)))
    assert directives(headers)["frame-ancestors"] == {"'none'"}
    assert "cross-origin-resource-policy" not in headers


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
        "capacitor://localhost",
        "https://[::1]:3000",  # a policy has no form for it, nor for this:
        "https://my_shop.example",
    ],
)
def test_what_is_no_source_is_left_out_and_ends_no_directive(odd):
    headers = framed(Settings(origins=(odd, SITE)))
    assert directives(headers)["frame-ancestors"] == {"'self'", SITE}
    assert headers[POLICY].isprintable()
    assert directives(headers).keys() == directives(framed(Settings())).keys()


def test_a_store_that_names_every_page_of_old_means_every_page():
    assert ancestors("*", SITE) == {"'self'", "*"}
    assert directives(framed(Settings(origins=("*",))))["img-src"] == {"'self'", "data:", "blob:"}


def test_fifty_sites_are_said_once_each():
    named = [f"https://shop-{i}.example" for i in range(50)]
    assert policy_sources([*named, *named]) == tuple(named)


@pytest.mark.parametrize("made", [framed, alone])
def test_pictures_come_from_us_the_logos_host_and_the_inboxs_own_sites(made):
    look = Look(logo="https://CDN.example:8443/a/logo.png?v=1;2")
    settings = Settings(look=look, origins=(SITE, "http://localhost:8000"))
    expected = {"'self'", "data:", "blob:", "https://cdn.example:8443", SITE}
    assert directives(made(settings))["img-src"] == expected
    assert directives(made(Settings()))["img-src"] == {"'self'", "data:", "blob:"}


@pytest.mark.parametrize(
    "logo",
    [
        "https://a;script-src.example/logo.png",
        "https://a,b.example/logo.png",
        "https://'unsafe-inline'/logo.png",
        "https://*/logo.png",
        "http://cdn.example/logo.png",
    ],
)
def test_a_logo_is_no_way_to_another_directive(logo):
    read = directives(framed(Settings(look=Look(logo=logo))))
    assert read["img-src"] == {"'self'", "data:", "blob:"}
    assert read.keys() == directives(framed(Settings())).keys()


@pytest.mark.parametrize("made", [framed, alone])
def test_s01_nothing_inline_runs_and_no_text_becomes_a_script(made):
    read = directives(made(Settings(origins=(SITE,))))
    assert read["default-src"] == {"'self'"}
    assert read["object-src"] == read["base-uri"] == read["form-action"] == {"'none'"}
    assert read["require-trusted-types-for"] == {"'script'"}
    assert read["trusted-types"] == {"'none'"}
    assert not [name for name in read if name.startswith(("script-src", "style-src"))]
    assert "unsafe" not in made(Settings())[POLICY]


@pytest.mark.parametrize("made", [framed, alone])
def test_it_may_use_microphone_and_camera_itself_and_no_other_device(made):
    said = made(Settings())["permissions-policy"].split(", ")
    allowed = dict(one.split("=") for one in said)
    assert allowed.pop("camera") == allowed.pop("microphone") == "(self)"
    assert set(allowed.values()) == {"()"}


def test_a_page_that_is_isolated_may_frame_it():
    headers = framed(Settings())
    assert headers["cross-origin-embedder-policy"] == "credentialless"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert "x-frame-options" not in headers
