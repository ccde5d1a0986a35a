"""Engine.IO protocol 4, "HTTP long-polling", over HTTP; security of its requests."""

import asyncio
import json

import httpx
import pytest

from kefu.net.origins import Pages
from kefu.transport.engineio import EngineSettings, encode_message
from tests.transport.engineio.served import served


async def test_a_session_over_polling():
    async with served() as server:
        response = await server.get()
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/plain; charset=UTF-8"
        assert response.headers["cache-control"] == "no-store"
        handshake = json.loads(response.text[1:])
        assert handshake["upgrades"] == ["websocket"]
        sid = handshake["sid"]
        response = await server.post(sid, "4你好\x1ebAQID")
        assert (response.status_code, response.text) == (200, "ok")
        assert (await server.get(sid)).text == "4你好\x1ebAQID"


async def test_session_ids_cannot_be_guessed():
    async with served() as server:
        sids = [await server.open() for _ in range(10)]
    assert len(set(sids)) == 10
    assert min(map(len, sids)) >= 20  # base64: 120 bits


@pytest.mark.parametrize(
    ("method", "query", "code"),
    [
        pytest.param("GET", "EIO=4", 0, id="no transport"),
        pytest.param("GET", "EIO=4&transport=abc", 0, id="unknown transport"),
        pytest.param("GET", "EIO=4&transport=websocket", 3, id="websocket without its handshake"),
        pytest.param("GET", "EIO=4&transport=polling&sid=abc", 1, id="unknown session"),
        pytest.param("POST", "EIO=4&transport=polling&sid=abc", 1, id="POST to unknown session"),
        pytest.param("GET", "EIO=4&transport=polling&sid=", 1, id="empty session id"),
        pytest.param("POST", "EIO=4&transport=polling", 2, id="handshake by POST"),
        pytest.param("PUT", "EIO=4&transport=polling", 2, id="handshake by PUT"),
        pytest.param("GET", "transport=polling", 5, id="no version"),
        pytest.param("GET", "EIO=3&transport=polling", 5, id="version 3"),
        pytest.param("GET", "EIO=abc&transport=polling", 5, id="no number"),
        pytest.param("GET", "EIO=4&transport=polling&j=0", 3, id="JSONP"),
        pytest.param("GET", "&".join(["a=b"] * 200), 0, id="too many parameters"),
    ],
)
async def test_a_bad_request_gets_400_and_the_error_of_the_protocol(method, query, code):
    async with served() as server:
        response = await server.http.request(method, f"/engine.io/?{query}")
        assert response.status_code == 400
        assert response.headers["content-type"] == "application/json"
        assert response.json().keys() == {"code", "message"}
        assert response.json()["code"] == code
        assert server.engine.sessions == {}


async def test_an_unknown_method_for_a_session_is_refused_and_leaves_it_unhurt():
    async with served() as server:
        sid = await server.open()
        response = await server.http.put(f"/engine.io/?EIO=4&transport=polling&sid={sid}")
        assert response.status_code == 400
        assert (await server.post(sid, "4a")).status_code == 200


async def test_two_gets_at_once_close_the_session():
    async with served() as server:
        sid = await server.open()
        first, second = await asyncio.gather(server.get(sid), server.get(sid))
        assert sorted([(first.status_code, first.text), (second.status_code, "")]) == [
            (200, "1"),
            (400, ""),
        ]
        assert (await server.get(sid)).status_code == 400


async def test_two_posts_at_once_close_the_session():
    release = asyncio.Event()

    async def slowly():
        yield b"4he"
        await release.wait()
        yield b"llo"

    async with served() as server:
        sid = await server.open()
        url = f"/engine.io/?EIO=4&transport=polling&sid={sid}"
        first = asyncio.create_task(server.http.post(url, content=slowly()))
        echo = server.echoes[0]
        await server.waiting.wait()
        assert (await server.post(sid, "4a")).status_code == 400
        assert await echo.ended == "transport error"
        release.set()
        assert (await first).status_code == 400


async def test_a_post_over_the_limit_closes_the_session_and_is_not_read_to_its_end():
    sent = 0

    async def without_end():
        nonlocal sent
        while True:
            sent += 1000
            yield b"4" * 1000

    async with served(EngineSettings(max_payload=10_000)) as server:
        sid = await server.open()
        url = f"/engine.io/?EIO=4&transport=polling&sid={sid}"
        try:
            response = await server.http.post(url, content=without_end())
        except httpx.NetworkError:  # the connection may be gone before the answer is read
            pass
        else:
            assert response.status_code == 400
            assert response.json() == {"code": 3, "message": "Payload too large"}
        assert await server.echoes[0].ended == "transport error"
        assert sent < 10_000_000
        assert (await server.get(sid)).status_code == 400


async def test_a_post_of_exactly_the_limit_is_taken():
    async with served(EngineSettings(max_payload=10_000)) as server:
        sid = await server.open()
        assert (await server.post(sid, "4" + "a" * 9_999)).status_code == 200
        assert (await server.post(sid, "4" + "a" * 10_000)).status_code == 400
        assert (await server.post(sid, "4a")).status_code == 400


async def test_a_post_that_does_not_come_to_its_end_closes_the_session():
    async def never():
        yield b"4"
        await asyncio.Event().wait()

    async with served(EngineSettings(post_timeout_ms=50)) as server:
        sid = await server.open()
        url = f"/engine.io/?EIO=4&transport=polling&sid={sid}"
        post = asyncio.create_task(server.http.post(url, content=never()))
        assert await server.echoes[0].ended == "transport error"
        post.cancel()


async def test_a_client_that_hangs_up_during_its_post_has_gone():
    async def never():
        yield b"4"
        await asyncio.Event().wait()

    async with served() as server:
        sid = await server.open()
        url = f"/engine.io/?EIO=4&transport=polling&sid={sid}"
        post = asyncio.create_task(server.http.post(url, content=never()))
        await server.waiting.wait()
        post.cancel()
        assert await server.echoes[0].ended == "transport error"


async def test_a_client_that_hangs_up_during_its_poll_has_gone():
    async with served() as server:
        sid = await server.open()
        poll = asyncio.create_task(server.get(sid))
        await server.waiting.wait()
        poll.cancel()
        assert await server.echoes[0].ended == "transport close"
        assert server.engine.sessions == {}


async def test_a_client_that_never_polls_is_closed_while_others_are_served():
    async with served(EngineSettings(outbox_bytes=100_000)) as server:
        await server.open()
        other = await server.open()
        slow, _ = server.echoes
        for _ in range(10_000):
            slow.session.send(encode_message("0123456789" * 10))
        assert await slow.ended == "slow reader"
        assert len(server.engine.sessions) == 1
        assert (await server.post(other, "4a")).status_code == 200
        assert (await server.get(other)).text == "4a"


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param(EngineSettings(max_sessions=2), id="in all"),
        pytest.param(EngineSettings(polling_sessions_per_address=2), id="per address"),
    ],
)
async def test_more_sessions_than_allowed_are_refused_and_the_present_unhurt(settings):
    async with served(settings) as server:
        sids = [await server.open() for _ in range(2)]
        refused = await server.get()
        assert refused.status_code == 429
        assert refused.json().keys() == {"code", "message"}
        assert (await server.post(sids[0], "1")).status_code == 200
        assert (await server.get()).status_code == 200


async def test_a_page_of_another_origin_is_refused_and_no_session_made():
    async with served() as server:
        response = await server.get(origin="https://evil.example")
        assert (response.status_code, response.json()["code"]) == (403, 4)
        assert "access-control-allow-origin" not in response.headers
        assert server.engine.sessions == {}


async def test_an_allowed_page_may_read_answers_and_errors():
    origin = "https://shop.example"
    async with served(EngineSettings(pages=Pages(others=frozenset([origin])))) as server:
        response = await server.get(origin=origin)
        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] == origin
        response = await server.get("unknown", origin=origin)
        assert response.status_code == 400
        assert response.headers["access-control-allow-origin"] == origin


@pytest.mark.parametrize(
    ("origin", "status"), [("https://shop.example", 200), ("https://evil.example", 403)]
)
async def test_a_preflight_is_answered_by_origin(origin, status):
    async with served(
        EngineSettings(pages=Pages(others=frozenset(["https://shop.example"])))
    ) as server:
        response = await server.http.options("/engine.io/?EIO=4", headers={"origin": origin})
        assert response.status_code == status
        assert ("access-control-allow-methods" in response.headers) == (status == 200)


async def test_closing_answers_waiting_polls_and_refuses_new_sessions():
    async with served() as server:
        sid = await server.open()
        poll = asyncio.create_task(server.get(sid))
        await server.waiting.wait()
        await server.engine.close()
        assert (await poll).text == "1"
        assert await server.echoes[0].ended == "server shutting down"
        assert (await server.get()).status_code == 503


async def test_closing_does_not_wait_for_the_rest_of_a_post():
    async with served() as server:
        sid = await server.open()
        target = f"/engine.io/?EIO=4&transport=polling&sid={sid}"
        at = server.http.base_url
        reader, writer = await asyncio.open_connection(at.host, at.port)
        writer.write(f"POST {target} HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n4".encode())
        await server.waiting.wait()
        await server.engine.close()
        assert (await reader.readline()).startswith(b"HTTP/1.1 400 ")
        assert await server.echoes[0].ended == "server shutting down"
        writer.close()
