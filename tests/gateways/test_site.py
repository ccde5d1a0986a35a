"""The HTTP side as a whole: which pages there are, and what every response carries."""

import pytest

from kefu.site import CLIENT, PAGES, SECURITY_HEADERS

pytestmark = pytest.mark.skipif(not PAGES.exists(), reason="the pages are not built: make setup")
ROOMS, DIRECT = {"/kefu.html", "/yonghu.html"}, {"/direct.html", "/socket.io.js"}
DESK = {"/setup", "/join", "/reset", "/console", "/console/conversations/17"}
ALWAYS = {"/", "/licenses", "/licenses.txt", f"/{CLIENT}"}
SHOP = {"/shop", "/shop/", "/shop/tea", "/shop/round-teapot", "/shop/basket"}
DEMO = {"/demo.html", "/shop.html", *SHOP}
ALL = {*ALWAYS, "/socket.io/socket.io.js", *ROOMS, *DIRECT, *DESK, *DEMO}


async def there(server, paths):
    return {path for path in paths if (await server.get(path)).status_code == 200}


async def test_a_demo_has_every_page(house):
    assert await there(await house.serve(), ALL) == ALL


async def test_a_page_of_a_protocol_that_is_off_is_not_there(house):
    server = await house.serve_production(enabled=False)
    assert await there(server, ALL) == ALL - ROOMS - DEMO


async def test_every_product_of_the_shop_has_a_page_and_nothing_else_has(house):
    server = await house.serve()
    pages = {f"/shop/{page.stem}" for page in (PAGES / "shop").glob("*.html")}
    assert len(pages) > 12
    assert await there(server, pages) == pages
    nowhere = {"/shop/gold", "/shop/tea/tea", "/shop/", "/shop/%2e%2e/index", "/shop/shop.html"}
    assert await there(server, nowhere) == {"/shop/"}


async def test_a_page_of_the_shop_is_as_strict_as_any_other(house):
    answer = await (await house.serve()).get("/shop/round-teapot")
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-cache"
    assert '<script src="/kefu.js" data-widget="wk_demo" async' in answer.text


async def test_the_console_is_one_static_page_under_the_strictest_policy(house):
    server = await house.serve_production(enabled=False)
    page = await server.get("/console")
    deep = await server.get("/console/conversations/17")
    assert page.text == deep.text
    policy = page.headers["content-security-policy"]
    assert policy == deep.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'self';" in policy
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in policy
    assert "unsafe" not in policy
    assert "nonce" not in policy
    assert "<style" not in page.text
    assert 'style="' not in page.text
    assert page.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/no/such/page", "/missing.html", "/chat", "/assets/x.js"])
async def test_a_page_that_is_not_there_is_told_by_a_page(house, path):
    server = await house.serve()
    browser = {"Accept": "text/html,*/*;q=0.8", "If-None-Match": "*"}
    answer = await server.get(path, headers=browser)
    assert answer.status_code == 404
    assert answer.text.startswith("<!doctype html>")
    assert 'class="languages"' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert (await server.get(path)).text == "Not Found\n"


@pytest.mark.parametrize("path", ["/", "/kefu.html", "/nothing", "/health", "/api/v1/nothing"])
async def test_every_response_carries_the_security_headers(house, path):
    response = await (await house.serve()).get(path)
    assert SECURITY_HEADERS.keys() <= response.headers.keys()
    assert response.headers["content-security-policy"].startswith("default-src 'self'")


@pytest.mark.parametrize(
    "path", ["/../app.py", "/%2e%2e/app.py", "/..%2fapp.py", "/assets/../../app.py"]
)
async def test_nothing_outside_the_pages_is_served(house, path):
    response = await (await house.serve()).get(path)
    assert response.status_code == 404


async def test_hashed_assets_may_be_kept_and_pages_are_asked_for_again(house):
    server = await house.serve()
    kept = await server.get(f"/assets/{script()}")
    assert "immutable" in kept.headers["cache-control"]
    for page in ("/kefu.html", "/setup"):
        assert (await server.get(page)).headers["cache-control"] == "no-cache"


async def test_the_client_is_a_module_that_other_sites_may_load(house):
    server = await house.serve()
    answer = await server.get(f"/{CLIENT}", headers={"Accept-Encoding": "br"})
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["content-encoding"] == "br"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "access-control-allow-origin" not in (await server.get("/")).headers


async def test_the_client_is_asked_for_again_since_its_address_outlives_its_content(house):
    server = await house.serve()
    first = await server.get(f"/{CLIENT}")
    assert first.headers["cache-control"] == "no-cache"
    again = await server.get(f"/{CLIENT}", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["cache-control"] == "no-cache"
    assert again.headers["access-control-allow-origin"] == "*"


def script() -> str:
    """A built script of some size."""
    return max((PAGES / "assets").glob("*.js"), key=lambda file: file.stat().st_size).name


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("identity", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("path", ["/setup", "/assets/", "/socket.io/socket.io.js"])
async def test_pages_and_scripts_come_in_the_coding_that_the_browser_takes(
    house, path, accepted, coding
):
    server = await house.serve()
    path += script() if path == "/assets/" else ""
    answer = await server.request("HEAD", path, headers={"Accept-Encoding": accepted})
    assert answer.status_code == 200
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.content == b""


async def test_a_script_is_a_third_of_its_size_on_the_way(house):
    server, path = await house.serve(), f"/assets/{script()}"
    size = (PAGES / "assets" / script()).stat().st_size
    small = await server.get(path, headers={"Accept-Encoding": "gzip"})
    assert int(small.headers["content-length"]) < size / 2
    assert len(small.content) == size
    assert "immutable" in small.headers["cache-control"]


async def test_a_copy_in_another_coding_has_no_address_of_its_own(house):
    server = await house.serve()
    for path in ("/socket.io.js.br", "/account.html.gz", f"/assets/{script()}.br", "/.sources"):
        assert (await server.get(path)).status_code == 404


async def test_a_page_that_the_browser_has_is_not_sent_again(house):
    server = await house.serve()
    first = await server.get("/", headers={"Accept-Encoding": "gzip"})
    known = {"Accept-Encoding": "gzip", "If-None-Match": first.headers["etag"]}
    again = await server.get("/", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "no-cache"


async def test_a_part_of_a_page_is_not_given_out(house):
    asked = {"Range": "bytes=0-9", "Accept-Encoding": "gzip"}
    answer = await (await house.serve()).get("/", headers=asked)
    assert answer.status_code == 200
    assert "accept-ranges" not in answer.headers


async def test_an_upgrade_beneath_a_running_server_mixes_nothing(house, monkeypatch, tmp_path):
    (tmp_path / "index.html").write_text("of this version")
    monkeypatch.setattr("kefu.site.PAGES", tmp_path)
    server = await house.serve()
    (tmp_path / "index.html").write_text("of the next one")
    assert (await server.get("/")).text == "of this version"


@pytest.mark.parametrize(
    "path", ["/socket.io/?EIO=4&transport=polling", "/getroom?userName=li", "/health"]
)
async def test_what_a_protocol_answers_is_never_compressed(house, path):
    answer = await (await house.serve()).get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers
