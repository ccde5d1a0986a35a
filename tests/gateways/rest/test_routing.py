"""Paths lead where they say, whatever is in them."""

from __future__ import annotations

import pytest

from kefu.gateways.rest.routing import Found, Routes


@pytest.fixture
def routes() -> Routes[str]:
    made: Routes[str] = Routes()
    for method, path in (
        ("GET", "/a"),
        ("POST", "/a"),
        ("GET", "/a/{id}"),
        ("GET", "/a/counts"),
        ("PUT", "/a/{id}/x"),
        ("DELETE", "/a/{other}/x/{seq}"),
    ):
        made.add(method, path, f"{method} {path}")
    return made


@pytest.mark.parametrize(
    ("asked", "handler", "fields"),
    [
        ("GET /a", "GET /a", {}),
        ("GET /a/7", "GET /a/{id}", {"id": "7"}),
        ("GET /a/counts", "GET /a/counts", {}),
        ("PUT /a/counts/x", "PUT /a/{id}/x", {"id": "counts"}),
        ("DELETE /a/7/x/8", "DELETE /a/{other}/x/{seq}", {"other": "7", "seq": "8"}),
        ("GET /a/%2Fetc%2f", "GET /a/{id}", {"id": "/etc/"}),
        ("GET /a/%E5%AE%A2", "GET /a/{id}", {"id": "客"}),
        ("GET /%61", "GET /a", {}),
    ],
)
def test_a_path_leads_to_its_handler(routes, asked, handler, fields):
    assert routes.find(*asked.split(" ", 1)) == Found(handler, fields)


@pytest.mark.parametrize("path", ["/", "", "/b", "/a/", "/a//x", "/a/7/y", "/a/7/x/8/9", "/a/%ff"])
def test_any_other_path_leads_nowhere(routes, path):
    assert routes.find("GET", path) is None
    assert routes.methods(path) == []


def test_a_path_knows_its_methods(routes):
    assert routes.methods("/a") == ["GET", "POST"]
    assert routes.find("DELETE", "/a") is None


def test_no_path_has_two_handlers(routes):
    with pytest.raises(ValueError, match="two handlers"):
        routes.add("GET", "/a/{other}", "x")
