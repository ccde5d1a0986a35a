"""A server whose pages were not built: it serves the API and says what to do."""

import pytest

from kefu import site
from kefu.site import NOT_BUILT


@pytest.mark.parametrize(
    "path", ["/", "/kefu.html", "/setup", "/chat/wk_demo", "/socket.io/socket.io.js", "/nothing"]
)
async def test_a_page_that_was_not_built_is_not_there_and_says_what_to_do(
    house, monkeypatch, tmp_path, path
):
    monkeypatch.setattr(site, "PAGES", tmp_path / "pages")
    answer = await (await house.serve()).get(path)
    assert (answer.status_code, answer.text) == (404, f"{NOT_BUILT}\n")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("told", [("en", "Not found"), ("zh-CN,zh;q=0.9", "找不到")])
async def test_a_browser_is_told_by_a_page_of_its_language(house, monkeypatch, tmp_path, told):
    monkeypatch.setattr(site, "PAGES", tmp_path / "pages")
    language, word = told
    browser = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": language}
    answer = await (await house.serve()).get("/no/such/page", headers=browser)
    assert answer.status_code == 404
    assert word in answer.text
    assert answer.text.startswith("<!doctype html>")


async def test_all_else_is_served_without_pages(house, monkeypatch, tmp_path):
    monkeypatch.setattr(site, "PAGES", tmp_path / "pages")
    server = await house.serve()
    assert (await server.get("/health")).status_code == 200
    assert (await server.get("/api/v1/limits")).status_code == 200
