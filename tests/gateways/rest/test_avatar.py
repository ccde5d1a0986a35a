"""An agent's picture: set by themselves alone, drawn anew and small, served to everybody."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from PIL.ExifTags import Base

from kefu.core.actors import AgentRole
from kefu.core.tokens import Kind
from tests.gateways.rest.conftest import Headers, Shop
from tests.gateways.rest.test_logo import SVG, kept, picture

PATH = re.compile(r"/avatar/[1-9][0-9]*-[0-9a-f]{32}\.webp")


async def set_avatar(shop: Shop, who: Headers, content: bytes) -> str:
    answer = await shop.ask(who, "PUT", "/me/avatar", content=content)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["avatar"])


async def test_a_picture_is_served_small_to_everybody_and_for_ever(shop: Shop):
    ann = await shop.agent()
    path = await set_avatar(shop, ann, picture(size=(900, 300)))
    assert PATH.fullmatch(path)
    answer = await shop.server.get(path)
    drawn = Image.open(io.BytesIO(answer.content))
    assert (drawn.format, drawn.size) == ("WEBP", (128, 43))
    told = answer.headers
    assert told["content-type"] == "image/webp"
    assert told["cache-control"] == "public, max-age=31536000, immutable"
    assert told["content-security-policy"] == "sandbox; default-src 'none'"
    assert told["x-content-type-options"] == "nosniff"
    assert told["cross-origin-resource-policy"] == "cross-origin"
    assert not {"set-cookie", "vary", "access-control-allow-origin"} & told.keys()
    head = await shop.server.request("HEAD", path)
    assert (head.status_code, head.content) == (200, b"")
    assert len(kept(shop)) == 1  # the small copy alone


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "GIF", "BMP"])
async def test_other_pictures_will_do_and_a_small_one_stays_small(shop: Shop, kind: str):
    path = await set_avatar(shop, await shop.agent(), picture(kind=kind, size=(40, 30)))
    served = await shop.server.get(path)
    assert Image.open(io.BytesIO(served.content)).size == (40, 30)


async def test_nothing_of_what_was_uploaded_is_served_but_what_it_looks_like(shop: Shop):
    held, exif = io.BytesIO(), Image.Exif()
    exif[Base.Artist] = "Ann of 7 Hill Street"
    Image.new("RGB", (60, 60), "teal").save(held, "JPEG", exif=exif, comment=b"<script>")
    path = await set_avatar(shop, await shop.agent(), held.getvalue() + SVG)
    served = (await shop.server.get(path)).content
    for hidden in (b"Hill Street", b"<script>", b"Exif"):
        assert hidden not in served


@pytest.mark.parametrize(
    "content",
    [SVG, b"<!doctype html>", b"text", b"", picture()[:60], b"%PDF-1.7\n"],
    ids=["svg", "html", "text", "nothing", "half", "pdf"],
)
async def test_what_is_no_picture_is_refused_and_the_one_before_stays(shop: Shop, content: bytes):
    ann = await shop.agent()
    path = await set_avatar(shop, ann, picture())
    refused = await shop.ask(ann, "PUT", "/me/avatar", content=content)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "bad_input")
    assert (await shop.server.get(path)).status_code == 200
    assert len(kept(shop)) == 1


async def test_everybody_sets_their_own_and_whoever_is_not_of_the_team_none(shop: Shop):
    cookie = await shop.agent(kind=Kind.SESSION)
    for who, status in (
        ({}, 401),
        (shop.visitor(), 403),
        (await shop.agent(scopes=["read", "write"]), 403),
        (await shop.agent(AgentRole.BOT), 403),
        (cookie, 403),  # of no page of our own
        (cookie | {"Origin": "https://evil.example"}, 403),
    ):
        for method, content in (("PUT", picture()), ("DELETE", None)):
            answer = await shop.ask(who, method, "/me/avatar", content=content)
            assert answer.status_code == status, (who, method)
    assert kept(shop) == []


async def test_a_picture_that_was_replaced_or_removed_is_gone(shop: Shop):
    ann, ben = await shop.agent(), await shop.agent()
    first, his = [await set_avatar(shop, who, picture("teal")) for who in (ann, ben)]
    second = await set_avatar(shop, ann, picture("plum"))
    assert (await shop.server.get(first)).status_code == 404
    assert (await shop.server.get(second)).status_code == 200
    assert (await shop.ask(ann, "DELETE", "/me/avatar")).status_code == 200
    for gone in (first, second):
        answer = await shop.server.get(gone)
        assert answer.status_code == 404
        assert "immutable" not in answer.headers.get("cache-control", "")
    assert (await shop.server.get(his)).status_code == 200
    assert "avatar" not in (await shop.ask(ann, "GET", "/me")).json()["agent"]


async def test_a_path_that_leads_to_no_picture_leads_nowhere(shop: Shop):
    path = await set_avatar(shop, await shop.agent(), picture())
    other = await set_avatar(shop, await shop.agent(), picture("plum"))
    id, digest = re.findall(r"[0-9a-f]+(?=[-.])", path)
    for wrong in (
        f"/avatar/{id}-{'0' * 32}.webp",
        f"/avatar/{id}-{re.findall(r'[0-9a-f]{32}', other)[0]}.webp",  # another's content
        f"/avatar/0{id}-{digest}.webp",
        f"/avatar/{id}-{digest.upper() if digest.upper() != digest else 'G' * 32}.webp",
        f"/avatar/{'9' * 15}-{digest}.webp",
        f"/avatar/{'9' * 400}-{digest}.webp",
        f"/avatar/-1-{digest}.webp",
        f"/avatar/%D9%A1-{digest}.webp",  # a digit, but none of ASCII
        f"{path}%0a",
        f"/%09{path[1:]}",
        f"{path}%00",
        path.replace(".webp", ".svg"),
        path.replace(".webp", ".html"),
        path.replace("/avatar/", "/logo/"),
        "/avatar/",
        "/avatar/..%2f..%2fkefu.db",
        "/avatar/%2e%2e/%2e%2e/etc/passwd",
        "/avatar/" + "a" * 4_000,
    ):
        answer = await shop.server.get(wrong)
        assert answer.status_code == 404, wrong
        assert "immutable" not in answer.headers.get("cache-control", "")
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await shop.server.get(f"{path}?{'x' * 100}")).status_code == 200
