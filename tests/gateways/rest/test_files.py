"""Files: in by a stream, out by a link, harmless on the way."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from PIL import Image

from kefu.actions.files import UNSENT_S, sweep_files
from kefu.core.actors import AgentRole
from tests.gateways.rest.conftest import SITE, Headers, Shop

HTML = b"<!doctype html><script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (900, 300), "teal").save(held, "PNG")
    return held.getvalue()


async def upload(
    shop: Shop, who: Headers, content: Any, name: str = "a.txt", **query: Any
) -> httpx.Response:
    return await shop.ask(who, "POST", "/files", params={"name": name, **query}, content=content)


async def fetch(shop: Shop, url: str, **headers: str) -> httpx.Response:
    return await shop.server.get(url, headers=headers)


def kept(shop: Shop) -> list[Path]:
    files = shop.server.kefu.ctx.files
    assert files is not None
    return [path for path in files.store.scratch.parent.rglob("*") if path.is_file()]  # type: ignore[attr-defined]


async def test_a_picture_is_told_of_by_links_that_need_no_login(shop: Shop):
    visitor = shop.visitor()
    response = await upload(shop, visitor, picture(), "日落.PNG")
    assert response.status_code == 201
    info = response.json()
    assert (info["name"], info["type"]) == ("日落.PNG", "image/png")
    assert (info["width"], info["height"]) == (900, 300)
    whole, small = await fetch(shop, info["url"]), await fetch(shop, info["preview"])
    assert Image.open(io.BytesIO(whole.content)).size == (900, 300)
    assert (small.headers["content-type"], whole.headers["content-type"]) == (
        "image/webp",
        "image/png",
    )
    assert whole.headers["content-length"] == str(info["size"])


async def test_a_visitors_first_message_can_have_a_file(shop: Shop):
    visitor = shop.visitor()
    id = (await upload(shop, visitor, b"hello")).json()["id"]
    conversation = await shop.start(visitor, files=[id])
    page = await shop.ask(await shop.agent(), "GET", f"/conversations/{conversation}/messages")
    said = [one for one in page.json()["items"] if one["type"] == "message"]
    (file,) = said[0]["files"]
    assert file["id"] == id
    assert (await fetch(shop, file["url"])).content == b"hello"


async def test_somebody_elses_file_cannot_be_sent(shop: Shop):
    id = (await upload(shop, shop.visitor(), b"mine")).json()["id"]
    thief = shop.visitor()
    body = {"client_id": "1", "text": "x", "files": [id]}
    missing = await shop.ask(thief, "POST", "/conversations", json=body | {"files": [999]})
    stolen = await shop.ask(thief, "POST", "/conversations", json=body)
    assert (stolen.status_code, stolen.content) == (missing.status_code, missing.content)


async def test_a_link_opens_its_own_file_alone(shop: Shop):
    visitor = shop.visitor()
    one, two = [(await upload(shop, visitor, text)).json() for text in (b"one", b"two")]
    token = one["url"].partition("?token=")[2]
    answers = [
        await fetch(shop, url)
        for url in (
            f"/api/v1/files/{two['id']}/a.txt?token={token}",
            f"/api/v1/files/{one['id']}/a.txt?token={token[:-1]}{'A' if token[-1] != 'A' else 'B'}",
            f"/api/v1/files/{one['id']}/a.txt?token=",
            f"/api/v1/files/{one['id']}/a.txt",
            f"/api/v1/files/999/a.txt?token={token}",
            f"/api/v1/files/²/a.txt?token={token}",
            f"/api/v1/files/{'9' * 400}/a.txt?token={token}",
        )
    ]
    assert {one.status_code for one in answers} == {404}
    assert len({one.content for one in answers}) == 1


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (HTML, "a.html"),
        (HTML, "a.png"),
        (SVG, "a.svg"),
        (b'<?xml version="1.0"?><x/>', "a.xml"),
        (b"alert(1)", "a.js"),
        (b"%PDF-1.7 \n", "a.pdf"),
        (b"GIF89a" + HTML, "a.gif"),
    ],
)
async def test_what_could_run_is_only_for_saving(shop: Shop, content, name):
    claimed = {**shop.visitor(), "Content-Type": "image/png"}
    info = (await upload(shop, claimed, content, name)).json()
    answer = await fetch(shop, info["url"])
    assert answer.content == content
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-type"].partition(";")[0] in (
        *("application/octet-stream", "text/plain", "application/pdf", "image/gif"),
    )
    assert answer.headers["content-security-policy"].startswith("sandbox;")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "name",
    [
        *("../../etc/passwd", "/etc/passwd", "C:\\a.txt", "a\r\nSet-Cookie: x=1", "x" * 1000),
        *("photo\u202egnp.exe", "CON", ".", '";x="', "a%00b"),
    ],
)
async def test_a_name_is_only_for_people(shop: Shop, name):
    info = (await upload(shop, shop.visitor(), b"x", name)).json()
    assert len(info["name"]) <= 150
    assert not set(info["name"]) & set('/\\\r\n\0\u202e"')
    answer = await fetch(shop, info["url"])
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert all(path.name.isalnum() for path in kept(shop))


async def test_a_name_that_no_store_keeps_is_made_harmless(shop: Shop):
    response = await upload(shop, shop.visitor(), b"x", "a\0b.txt")
    assert response.status_code in (201, 422)


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in pieces"])
async def test_a_file_over_the_limit_leaves_nothing(house, announced):
    limits = msgspec.structs.replace(house.settings.limits, file_bytes=100_000)
    house.settings = msgspec.structs.replace(house.settings, limits=limits)
    shop = await Shop.open(await house.serve_production(enabled=False))
    content = bytes(100_001)

    async def pieces():
        for start in range(0, len(content), 9_999):
            yield content[start : start + 9_999]

    refused = await upload(shop, shop.visitor(), content if announced else pieces())
    assert (refused.status_code, refused.json()["error"]["code"]) == (413, "too_large")
    assert kept(shop) == []
    assert (await upload(shop, shop.visitor(), content[1:])).status_code == 201


async def test_a_form_is_no_file(shop: Shop):
    files = {"file": ("a.txt", b"x")}
    response = await shop.ask(shop.visitor(), "POST", "/files", params={"name": "a"}, files=files)
    assert response.status_code == 415


async def test_a_download_under_way_ends_when_its_reader_is_blocked(shop: Shop):
    visitor, agent = shop.visitor(), await shop.agent(AgentRole.ADMIN)
    file = (await upload(shop, visitor, bytes(19_000_000), "a.bin")).json()
    body = {"client_id": "a", "text": "see", "files": [file["id"]]}
    contact = (await shop.ask(visitor, "POST", "/conversations", json=body)).json()["contact"]
    got, before_s = list[int](), shop.server.kefu.ctx.monotonic_s

    async def read_slowly() -> None:
        async with (
            httpx.AsyncClient(base_url=shop.server.http, verify=False, timeout=60) as http,
            http.stream("GET", file["url"]) as answer,
        ):
            assert answer.status_code == 200
            async for part in answer.aiter_raw():
                if not got:
                    blocked = await shop.ask(agent, "POST", f"/contacts/{contact}/block", json={})
                    assert blocked.is_success, blocked.text
                    shop.server.change(monotonic_s=lambda: before_s() + 1)
                got.append(len(part))

    with pytest.raises(httpx.RemoteProtocolError):
        await read_slowly()
    assert 0 < sum(got) < 19_000_000
    assert (await fetch(shop, file["url"])).status_code == 404


async def test_who_goes_away_while_their_picture_is_looked_at_ends_that(shop: Shop):
    files = shop.server.kefu.ctx.files
    assert files is not None
    turns, lane = shop.server.kefu.ctx.database.read, files.intake._lane
    async with lane.turn("somebody"):  # so that the picture waits
        sending = asyncio.create_task(upload(shop, shop.visitor(), picture(), "a.png"))
        async with asyncio.timeout(60):
            while not lane._waiting:
                await turns(lambda conn: None)
            sending.cancel()
            while lane._waiting:
                await turns(lambda conn: None)
    async with asyncio.timeout(60):
        while kept(shop):
            await turns(lambda conn: None)


async def test_an_agent_says_where_the_file_is_to_be_sent(shop: Shop):
    agent, stranger = await shop.agent(), await shop.agent(inboxes=())
    conversation = await shop.start(shop.visitor())
    assert (await upload(shop, agent, b"x")).status_code == 422
    assert (await upload(shop, agent, b"x", conversation=conversation)).status_code == 201
    assert (await upload(shop, stranger, b"x", conversation=conversation)).status_code == 404
    assert (await upload(shop, {}, b"x")).status_code == 401
    assert len(kept(shop)) == 1


# What a recorder's file begins with: a track of sound alone.
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm\x86\x86A_OPUS"
VOICE: dict[str, Any] = {"duration_ms": 61_500, "peaks": [0, 40, 100]}


async def test_a_recording_is_told_of_with_the_length_and_waveform_that_its_recorder_said(
    shop: Shop,
):
    visitor = shop.visitor()
    info = (await upload(shop, visitor, WEBM, "voice", **VOICE)).json()
    assert {"type": "audio/webm", **VOICE}.items() <= info.items()
    conversation = await shop.start(visitor, files=[info["id"]])
    page = await shop.ask(await shop.agent(), "GET", f"/conversations/{conversation}/messages")
    (file,) = next(one for one in page.json()["items"] if one["type"] == "message")["files"]
    assert VOICE.items() <= file.items()
    part = await fetch(shop, file["url"], Range="bytes=0-1")
    assert (part.status_code, part.content) == (206, WEBM[:2])
    assert part.headers["content-type"] == "audio/webm"
    assert part.headers["content-disposition"].startswith("inline")
    assert part.headers["x-content-type-options"] == "nosniff"


async def test_what_is_no_sound_has_no_length_and_no_waveform(shop: Shop):
    for content in (b"hello", picture(), WEBM.replace(b"A_OPUS", b"V_VP80")):
        info = (await upload(shop, shop.visitor(), content, **VOICE)).json()
        assert not {"duration_ms", "peaks"} & info.keys()


@pytest.mark.parametrize(
    "fault",
    [
        {"duration_ms": -1},
        {"duration_ms": 10**9},
        {"duration_ms": "long"},
        {"peaks": [101]},
        {"peaks": [-1]},
        {"peaks": [1] * 65},
    ],
    ids=lambda fault: f"{fault}"[:30],
)
async def test_a_length_and_a_waveform_are_bounded(shop: Shop, fault: dict[str, Any]):
    assert (await upload(shop, shop.visitor(), WEBM, **fault)).status_code == 422
    assert kept(shop) == []


async def test_a_part_of_a_file_can_be_asked_for(shop: Shop):
    url = (await upload(shop, shop.visitor(), b"0123456789")).json()["url"]
    part = await fetch(shop, url, Range="bytes=2-4")
    assert (part.status_code, part.content) == (206, b"234")
    assert part.headers["content-range"] == "bytes 2-4/10"
    assert (await fetch(shop, url, Range="bytes=99-")).status_code == 416
    head = await shop.server.request("HEAD", url)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, "10", b"")


async def test_a_shops_page_may_upload(shop: Shop):
    response = await upload(shop, {**shop.visitor(), "Origin": SITE}, b"x")
    assert response.headers["access-control-allow-origin"] == SITE


async def test_uploads_are_counted_per_visitor(house):
    shop = await Shop.open(await house.serve_production(enabled=False), uploads_per_hour=2)
    visitor = shop.visitor()
    assert [(await upload(shop, visitor, b"x")).status_code for _ in range(3)] == [201, 201, 429]
    assert (await upload(shop, shop.visitor(), b"x")).status_code == 201


async def test_what_nobody_sent_is_swept(shop: Shop):
    visitor = shop.visitor()
    sent, _ = [(await upload(shop, visitor, picture())).json() for _ in range(2)]
    await shop.start(visitor, files=[sent["id"]])
    ctx = shop.server.kefu.ctx
    assert await sweep_files(ctx) == 0
    late_ms = ctx.now_ms() + (UNSENT_S + 60) * 1000
    shop.server.change(now_ms=lambda: late_ms)
    assert await sweep_files(ctx) == 2
    assert len(kept(shop)) == 2
