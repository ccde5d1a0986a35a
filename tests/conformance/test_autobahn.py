"""Autobahn's cases for WebSocket servers, run by ``kosoku`` against an echo on our transport.

Sections 1 to 7 (framing, pings, reserved bits, opcodes, fragments, UTF-8, closing) and 10. Left
out: 9 measures speed, 12 and 13 are about permessage-deflate, which is not offered.
"""

from __future__ import annotations

import pytest
from kosoku import run_fuzzingclient
from kosoku.cases import CASES

from kefu.transport.websocket import WebSocketLimits, websocket_protocol
from tests.conformance.echo import Echo
from tests.transport.serving import serve

SECTIONS = ("1", "2", "3", "4", "5", "6", "7", "10")
CASE_COUNT = 247  # so that a run of none, or of fewer, cannot pass
# Autobahn itself does not judge these: what a peer does is left open by RFC 6455.
NOT_JUDGED = {"7.1.6", "7.13.1", "7.13.2"}


@pytest.mark.timeout(240)
async def test_every_case_passes_strictly():
    expected = {case for case in CASES if case.partition(".")[0] in SECTIONS}
    limits = WebSocketLimits(message_bytes=16 << 20, outbox_bytes=64 << 20)
    async with serve(ws=websocket_protocol(lambda _: Echo(), limits)) as address:
        results = await run_fuzzingclient(
            f"ws://{address.authority}/",
            cases=[f"{section}.*" for section in SECTIONS],
            concurrency=4,
        )
    verdicts = {r.case_id: (r.behavior.value, r.behavior_close.value) for r in results}
    assert len(results) == CASE_COUNT
    assert verdicts.keys() == expected
    strict = ("OK", "OK")
    assert {case for case, verdict in verdicts.items() if verdict != strict} == NOT_JUDGED
    assert all(result.passed for result in results)
