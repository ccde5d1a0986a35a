"""An inbox's logo from a file: a picture alone, small, and served to everybody."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from kefu.actions.files import UNSENT_S, sweep_files
from kefu.core.actors import AgentRole
from tests.gateways.rest.conftest import Headers, Shop

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(colour: str = "teal", kind: str = "PNG", size: tuple[int, int] = (1200, 400)) -> bytes:
    held = io.BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", size, colour).save(held, kind)
    return held.getvalue()


async def put(shop: Shop, who: Headers, content: bytes, inbox: int = 0, **more: Any):
    path = f"/inboxes/{inbox or shop.inbox_id}/logo"
    return await shop.ask(who, "PUT", path, content=content, **more)


async def has_logo(shop: Shop, who: Headers, content: bytes) -> str:
    answer = await put(shop, who, content)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["settings"]["look"]["logo"])


async def set_look(shop: Shop, who: Headers, inbox: int = 0, **look: Any) -> httpx.Response:
    path = f"/inboxes/{inbox or shop.inbox_id}"
    return await shop.ask(who, "PATCH", path, json={"settings": {"look": look}})


def kept(shop: Shop) -> list[Path]:
    files = shop.server.kefu.ctx.files
    assert files is not None
    return [path for path in files.store.scratch.parent.rglob("*") if path.is_file()]  # type: ignore[attr-defined]


async def test_a_picture_is_served_small_to_everybody_and_for_ever(shop: Shop):
    admin = await shop.agent(AgentRole.ADMIN)
    path = await has_logo(shop, admin, picture())
    assert re.fullmatch(r"/logo/[0-9]+-[0-9a-f]{32}\.webp", path)
    assert (await shop.ask({}, "GET", "/widgets/wk_shop")).json()["look"]["logo"] == path
    answer = await shop.server.get(path)
    assert Image.open(io.BytesIO(answer.content)).size == (256, 85)
    assert len(kept(shop)) == 1
    told = answer.headers
    assert told["content-type"] == "image/webp"
    assert told["cache-control"] == "public, max-age=31536000, immutable"
    assert told["cross-origin-resource-policy"] == "cross-origin"
    assert told["content-security-policy"] == "sandbox; default-src 'none'"
    assert told["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in told


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "GIF", "BMP"])
async def test_other_pictures_will_do_and_a_small_one_stays_small(shop: Shop, kind: str):
    admin = await shop.agent(AgentRole.ADMIN)
    path = await has_logo(shop, admin, picture(kind=kind, size=(40, 30)))
    served = await shop.server.get(path)
    assert Image.open(io.BytesIO(served.content)).size == (40, 30)


@pytest.mark.parametrize(
    "content",
    [SVG, b"<!doctype html>", b"text", b"", picture()[:60], b"%PDF-1.7\n"],
    ids=["svg", "html", "text", "nothing", "half", "pdf"],
)
async def test_what_is_no_picture_is_refused_and_nothing_of_it_is_kept(shop: Shop, content: bytes):
    refused = await put(shop, await shop.agent(AgentRole.ADMIN), content)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "bad_input")
    assert kept(shop) == []


async def test_only_an_admin_sets_it(shop: Shop):
    for who, status in (
        ({}, 401),
        (shop.visitor(), 403),
        (await shop.agent(), 403),
        (await shop.agent(AgentRole.SUPERVISOR), 403),
        (await shop.agent(AgentRole.ADMIN, scopes=["read", "write"]), 403),
    ):
        assert (await put(shop, who, picture())).status_code == status
    admin = await shop.agent(AgentRole.ADMIN)
    assert (await put(shop, admin, picture(), inbox=999)).status_code == 404
    form: dict[str, Any] = {"headers": {"Content-Type": "multipart/form-data; boundary=x"}}
    assert (await put(shop, admin, picture(), **form)).status_code == 415
    assert kept(shop) == []


async def test_what_was_uploaded_stays_when_the_look_changes_and_goes_a_day_after_the_logo(
    shop: Shop,
):
    ctx, admin = shop.server.kefu.ctx, await shop.agent(AgentRole.ADMIN)
    first = await has_logo(shop, admin, picture("teal"))
    assert (await set_look(shop, admin, logo=first, accent="#ffd400")).is_success
    second = await has_logo(shop, admin, picture("plum"))
    assert first != second
    now_ms = ctx.now_ms()
    for later_ms, there in ((0, True), (UNSENT_S * 1000 + 60_000, False)):
        shop.server.change(now_ms=lambda later_ms=later_ms: now_ms + later_ms)
        await sweep_files(ctx)
        assert (await shop.server.get(first)).is_success is there
        assert (await shop.server.get(second)).is_success
    assert len(kept(shop)) == 1
    assert (await set_look(shop, admin)).json()["settings"]["look"].get("logo") is None
    shop.server.change(now_ms=lambda: now_ms + 3 * UNSENT_S * 1000)
    await sweep_files(ctx)
    assert (await shop.server.get(second)).status_code == 404


async def test_an_inbox_has_no_other_ones_logo_and_no_file_that_is_none(shop: Shop):
    admin = await shop.agent(AgentRole.ADMIN)
    path = await has_logo(shop, admin, picture())
    other = await shop.desk.inbox("Other")
    id = int(re.findall(r"[0-9]+", path)[0])
    for inbox, logo in (
        (other, path),
        (0, path.replace(f"/{id}-", f"/{id + 1}-")),
        (0, f"/logo/{id}-{'0' * 32}.webp"),
        (0, f"{path}?x"),
        (0, "/logo/../kefu.js"),
    ):
        assert (await set_look(shop, admin, inbox, logo=logo)).status_code == 422, logo
    made = {"name": "Third", "settings": {"look": {"logo": path}}}
    assert (await shop.ask(admin, "POST", "/inboxes", json=made)).status_code == 422


async def test_a_path_that_leads_to_no_logo_leads_nowhere(shop: Shop):
    admin = await shop.agent(AgentRole.ADMIN)
    path = await has_logo(shop, admin, picture())
    content = picture("plum")
    uploaded = await shop.ask(shop.visitor(), "POST", "/files?name=a.png", content=content)
    id = uploaded.json()["id"]
    for wrong in (
        f"/logo/{id}-{'0' * 32}.webp",
        f"{path[:-6]}0.webp" if path[-6] != "0" else f"{path[:-6]}1.webp",
        f"/logo/{'9' * 30}-{'0' * 32}.webp",
        path.replace(".webp", ".svg"),
        f"{path}%0a",
        f"{path}%09",
        "/logo/",
    ):
        answer = await shop.server.get(wrong)
        assert answer.status_code == 404, wrong
        assert "immutable" not in answer.headers.get("cache-control", "")
