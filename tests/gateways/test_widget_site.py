"""What a site's page is given for its widget: the loader, the frame's document, their headers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from kefu import site
from kefu.core.actors import AgentRole
from kefu.site import NOT_BUILT
from kefu.widget import loaders
from tests.gateways.conftest import House
from tests.gateways.rest.conftest import SITE, Shop

OTHER = "https://other.example"
PANEL, OLD_PANEL = "kefu-panel-0123abcd.js", "kefu-panel-fedcba98.js"
BODY = "<!doctype html><title>Chat</title>" + "<p>words</p>" * 200


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of pages with the widget in it."""
    folder = tmp_path / "pages"
    (folder / "assets").mkdir(parents=True)
    for name in ("index.html", "chat.html", "kefu.js", PANEL, "assets/frame-1.js"):
        (folder / name).write_text(name)
    (folder / f"{PANEL}.br").write_text("small")
    (folder / "widget.html").write_text(BODY)
    (folder / "try.html").write_text(BODY)
    monkeypatch.setattr(site, "PAGES", folder)
    return folder


@pytest.fixture
async def shop(house: House, pages: Path) -> Shop:
    return await Shop.open(await house.serve())


async def set_up(shop: Shop, **settings: Any) -> None:
    admin = await shop.agent(AgentRole.ADMIN)
    done = await shop.ask(admin, "PATCH", f"/inboxes/{shop.inbox_id}", json={"settings": settings})
    assert done.is_success, done.text


def ancestors(answer: httpx.Response) -> list[str]:
    """Who may put the answer into a frame, as its policy says it."""
    _, _, said = answer.headers["content-security-policy"].partition("frame-ancestors ")
    return said.partition(";")[0].split()


async def test_s10_the_widget_is_framed_by_its_inboxs_sites_alone(shop: Shop):
    await shop.desk.inbox("Other", widget_key="wk_other", settings={"origins": [OTHER]})
    for key, site_ in (("wk_shop", SITE), ("wk_other", OTHER)):
        answer = await shop.server.get(f"/widget/{key}")
        assert (answer.status_code, answer.text) == (200, BODY)
        assert ancestors(answer) == ["'self'", site_]
        assert "x-frame-options" not in answer.headers


async def test_s10_the_page_to_try_it_on_is_framed_by_our_own_pages_alone(shop: Shop):
    answer = await shop.server.get("/try/wk_shop")
    assert (answer.status_code, answer.text) == (200, BODY)
    assert ancestors(answer) == ["'self'"]


APP = "capacitor://localhost"


async def test_an_app_that_the_inbox_names_has_the_widget_and_no_other_has_it(shop: Shop):
    await set_up(shop, origins=["Capacitor://LocalHost", SITE])
    assert ancestors(await shop.server.get("/widget/wk_shop")) == ["'self'", APP, SITE]
    ask = {"Access-Control-Request-Method": "POST"}
    for origin, may in ((APP, True), ("ionic://localhost", False), ("file://localhost", False)):
        told = await shop.server.get("/api/v1/widgets/wk_shop", headers={"Origin": origin})
        assert told.headers.get("access-control-allow-origin") == (origin if may else None)
        before = await shop.server.request(
            "OPTIONS", "/api/v1/conversations", headers={"Origin": origin, **ask}
        )
        assert before.headers.get("access-control-allow-origin") == (origin if may else None)


async def test_s25_who_asks_for_it_over_and_over_gets_an_empty_frame(house: House, pages: Path):
    few = {"commands_per_address_burst": 3, "commands_per_address_per_s": 0.001}
    server = await house.serve(limits=few)
    codes = [(await server.get("/widget/wk_none")).status_code for _ in range(5)]
    assert codes == [404, 404, 404, 503, 503]
    assert (await server.get("/kefu.js")).status_code == 200  # nobody looks into the store for it


async def test_a_site_that_is_taken_out_frames_nothing_from_the_next_request_on(shop: Shop):
    first = await shop.server.get("/widget/wk_shop")
    known = {"If-None-Match": first.headers["etag"]}
    again = await shop.server.get("/widget/wk_shop", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert ancestors(again) == ["'self'", SITE]
    await set_up(shop, origins=[OTHER])
    # Not by a 304, whose headers not every cache takes over.
    after = await shop.server.get("/widget/wk_shop", headers=known)
    assert (after.status_code, after.text) == (200, BODY)
    assert ancestors(after) == ["'self'", OTHER]
    await set_up(shop, origins=[])
    assert ancestors(await shop.server.get("/widget/wk_shop")) == ["'self'"]


async def test_the_document_may_be_kept_and_is_asked_for_again(shop: Shop):
    answer = await shop.server.get("/widget/wk_shop")
    assert answer.headers["cache-control"] == "no-cache"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "key",
    ["wk_unknown", "wk_SHOP", "%00", "%ff", "%ED%A0%80", "不", "x" * 101, "%0d%0aset-cookie:a"],
)
async def test_a_widget_that_is_not_there_leaves_an_empty_frame_and_no_page_of_ours(
    shop: Shop, key: str
):
    for accept in ("text/html,*/*;q=0.8", "*/*"):
        answer = await shop.server.get(f"/widget/{key}", headers={"Accept": accept})
        assert answer.status_code == 404
        assert answer.text == "<!doctype html><title>Kefu</title>"
        assert ancestors(answer) == ["*"]
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers


async def test_an_inbox_that_is_not_active_has_no_widget(shop: Shop):
    admin = await shop.agent(AgentRole.ADMIN)
    await shop.ask(admin, "POST", f"/inboxes/{shop.inbox_id}/deactivate")
    answer = await shop.server.get("/widget/wk_shop")
    assert (answer.status_code, ancestors(answer)) == (404, ["*"])


async def test_while_the_store_does_not_answer_the_frame_is_empty(shop: Shop):
    await shop.server.kefu.ctx.database.close()
    answer = await shop.server.get("/widget/wk_shop")
    assert (answer.status_code, ancestors(answer)) == (503, ["*"])
    assert "words" not in answer.text


async def test_a_widget_that_was_not_built_says_so(house: House, pages: Path):
    (pages / "widget.html").unlink()
    shop = await Shop.open(await house.serve())
    answer = await shop.server.get("/widget/wk_shop")
    assert (answer.status_code, answer.text) == (404, f"{NOT_BUILT}\n")


async def test_s10_the_same_document_as_a_page_is_framed_by_nobody(shop: Shop):
    answer = await shop.server.get("/chat/wk_shop")
    assert (answer.status_code, answer.text) == (200, BODY)
    assert ancestors(answer) == ["'none'"]
    assert answer.headers["cache-control"] == "no-cache"
    framed = await shop.server.get("/widget/wk_shop")
    assert framed.headers["etag"] != answer.headers["etag"]


@pytest.mark.parametrize("key", ["wk_unknown", "%00", "不"])
async def test_of_a_chat_that_is_not_there_the_document_says_so_itself(shop: Shop, key: str):
    known = {"If-None-Match": (await shop.server.get("/chat/wk_shop")).headers["etag"]}
    answer = await shop.server.get(f"/chat/{key}", headers=known)
    assert (answer.status_code, answer.text) == (404, BODY)
    assert ancestors(answer) == ["'none'"]


async def test_without_its_store_a_page_comes_up_and_can_say_so(shop: Shop):
    await shop.server.kefu.ctx.database.close()
    answer = await shop.server.get("/chat/wk_shop")
    assert (answer.status_code, answer.text) == (200, BODY)
    assert ancestors(answer) == ["'none'"]


@pytest.mark.parametrize("path", ["/", "/chat/wk_shop", "/kefu.js", "/widget.html", "/nothing"])
async def test_s10_nothing_else_can_be_put_into_a_frame(shop: Shop, path: str):
    assert ancestors(await shop.server.get(path)) == ["'none'"]


async def test_the_newest_loader_is_asked_for_again_and_any_site_may_load_it(shop: Shop):
    answer = await shop.server.get("/kefu.js", headers={"Origin": OTHER})
    assert (answer.status_code, answer.text) == (200, "kefu.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    known = {"If-None-Match": answer.headers["etag"]}
    assert (await shop.server.get("/kefu.js", headers=known)).status_code == 304


async def test_the_newest_loaders_panel_is_kept_by_browsers_since_its_name_is_its_content(
    shop: Shop,
):
    answer = await shop.server.get(f"/{PANEL}", headers={"Origin": OTHER})
    assert (answer.status_code, answer.text) == (200, PANEL)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert (await shop.server.get("/kefu-panel-89abcdef.js")).status_code == 404


async def test_an_isolated_page_may_load_the_frames_files(shop: Shop):
    answer = await shop.server.get("/assets/frame-1.js")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "access-control-allow-origin" not in answer.headers


@pytest.fixture
async def kept(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Shop, list[loaders.Loader]]:
    """A server with two released loaders."""
    folder = tmp_path / "loaders"
    folder.mkdir()
    for version in ("0.1.0", "0.2.0"):
        (folder / f"kefu-{version}.js").write_text(f"/* {version} */" + "kefu();" * 300)
    for panel in (PANEL, OLD_PANEL):
        (folder / panel).write_text("/* panel */")
    there = loaders.released(folder)
    monkeypatch.setattr(site, "released", lambda: there)
    monkeypatch.setattr(site, "panels", lambda: loaders.panels(folder))
    return await Shop.open(await house.serve()), there


async def test_a_released_loader_is_served_for_ever_and_any_site_may_name_it_by_its_hash(kept):
    shop, there = kept
    for loader in there:
        path = f"/kefu-{loader.version}.js"
        answer = await shop.server.get(path, headers={"Origin": OTHER, "Accept-Encoding": "gzip"})
        assert (answer.status_code, answer.content) == (200, loader.body)
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("version", ["0.3.0", "1", "0.1.0%0d%0aa:b", "不"])
async def test_a_version_that_there_is_not_names_those_that_there_are(kept, version: str):
    shop, there = kept
    answer = await shop.server.get(f"/kefu-{version}.js")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["cache-control"] == "no-store"
    assert [line.split() for line in answer.text.splitlines()[1:]] == [
        [f"/{one.name}", one.integrity] for one in there
    ]


async def test_a_released_loaders_panel_is_served_for_ever(kept):
    shop, _ = kept
    answer = await shop.server.get(f"/{OLD_PANEL}", headers={"Origin": OTHER})
    assert (answer.status_code, answer.text) == (200, "/* panel */")
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_a_released_panel_that_is_the_newest_too_is_the_pages_which_have_it_smaller(
    pages: Path, kept
):
    shop, _ = kept
    answer = await shop.server.get(f"/{PANEL}", headers={"Accept-Encoding": "br"})
    assert (answer.headers["content-encoding"], answer.headers["content-length"]) == ("br", "5")


@pytest.mark.parametrize("path", ["/kefu-..%2f..%2fsite.js", "/kefu-.js", "/loaders/kefu-0.1.0.js"])
async def test_a_loader_has_no_other_address(kept, path: str):
    shop, _ = kept
    assert (await shop.server.get(path)).status_code == 404
