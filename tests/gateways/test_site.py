"""The HTTP side as a whole: which pages there are, and what every response carries."""

import pytest

from kefu.site import PAGES, SECURITY_HEADERS

pytestmark = pytest.mark.skipif(not PAGES.exists(), reason="the pages are not built: make setup")
ROOMS, DIRECT = {"/kefu.html", "/yonghu.html"}, {"/direct.html", "/socket.io.js"}
DESK = {"/setup", "/join", "/reset", "/chat/wk_demo", "/chat/wk_unknown"}
ALL = {"/", "/demo.html", "/socket.io/socket.io.js", *ROOMS, *DIRECT, *DESK}


async def there(server, paths):
    return {path for path in paths if (await server.get(path)).status_code == 200}


async def test_a_demo_has_every_page(house):
    assert await there(await house.serve(), ALL) == ALL


async def test_a_page_of_a_protocol_that_is_off_is_not_there(house):
    server = await house.serve_production(enabled=False)
    assert await there(server, ALL) == ALL - ROOMS - {"/demo.html"}


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
    asset = next((PAGES / "assets").iterdir()).name
    kept = await server.get(f"/assets/{asset}")
    assert "immutable" in kept.headers["cache-control"]
    for page in ("/kefu.html", "/setup"):
        assert (await server.get(page)).headers["cache-control"] == "no-cache"
