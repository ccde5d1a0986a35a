"""Whatever answers, the security headers are there: also when nothing of the site is asked."""

from __future__ import annotations

import asyncio

import pytest

from kefu.site import SECURITY_HEADERS
from tests.clients.raw import raw_connection

UPGRADE = (
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
HOST = "Host: 127.0.0.1\r\n"
REFUSED = {
    "400 no request": "nonsense\r\n\r\n",
    "400 two hosts": f"GET / HTTP/1.1\r\n{HOST}Host: x\r\n\r\n",
    "414 long target": f"GET /{'a' * 9_000} HTTP/1.1\r\n{HOST}\r\n",
    "431 long head": f"GET / HTTP/1.1\r\n{HOST}X-A: {'a' * 70_000}\r\n\r\n",
    "404 no socket": f"GET /nowhere HTTP/1.1\r\n{HOST}{UPGRADE}\r\n",
    "400 no protocol": f"GET /api/v1/realtime HTTP/1.1\r\n{HOST}{UPGRADE}\r\n",
    "403 foreign page": f"GET / HTTP/1.1\r\n{HOST}Origin: https://a.example\r\n{UPGRADE}\r\n",
    "400 no session": f"GET /socket.io/?EIO=3&transport=websocket HTTP/1.1\r\n{HOST}{UPGRADE}\r\n",
    "426 no key": f"GET /?type=x HTTP/1.1\r\n{HOST}{UPGRADE.replace('13', '12')}\r\n",
    "404 no path": f"GET /api/nowhere HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n",
    "405 method": f"PUT /getroom HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n",
    "400 polling": f"GET /socket.io/ HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n",
}


@pytest.mark.parametrize("why", REFUSED)
async def test_a_refusal_has_the_security_headers_whoever_makes_it(office, why):
    async with raw_connection(office.base_url) as raw, asyncio.timeout(60):
        await raw.send(REFUSED[why].encode())
        answer = (await raw.ended()).decode("latin-1")
    status, *fields = answer.partition("\r\n\r\n")[0].split("\r\n")
    assert status.split()[1] == why[:3]
    names = [field.partition(":")[0].lower() for field in fields]
    assert {*SECURITY_HEADERS} <= {*names}
    assert len(names) == len({*names})
