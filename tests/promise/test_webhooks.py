"""Webhooks through kill -9: what was stored arrives, under one id, however often it is told."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from tests.actions.receiver import HANG, receiving
from tests.configured import ConfiguredServer
from tests.prepared import prepare
from tests.serving import free_ports

pytestmark = pytest.mark.timeout(240)

PATIENCE_S = 40.0  # two restarts included


async def test_what_was_stored_is_told_though_the_server_is_killed_over_and_over(tmp_path: Path):
    [port] = free_ports(1)
    server = ConfiguredServer(tmp_path / "data", outbound={"allow": [f"127.0.0.1:{port}"]})
    admin = prepare(server.data_dir)
    async with receiving([HANG, HANG, 200], port) as receiver:
        with server:
            async with httpx.AsyncClient(
                base_url=f"{server.base_url}/api/v1", headers=admin.headers, trust_env=False
            ) as ask:
                inbox = (await ask.post("/inboxes", json={"name": "Shop"})).json()
                hook = {"url": receiver.url, "events": ["message.added"]}
                assert (await ask.post("/webhooks", json=hook)).status_code == 201
                device = {
                    "Authorization": "Bearer kd_" + "d" * 43,
                    "X-Kefu-Widget": inbox["widget_key"],
                }
                for i in range(5):
                    new = {"client_id": str(i), "text": f"message {i}"}
                    made = await ask.post("/conversations", json=new, headers=device)
                    assert made.status_code == 201
            async with asyncio.timeout(PATIENCE_S):
                for killed_at in (1, 2):  # while the receiver holds the first one
                    await receiver.has(killed_at)
                    await asyncio.to_thread(server.kill)
                    await asyncio.to_thread(server.start)
                await receiver.has(7)  # two tries of the first were cut off
            await asyncio.to_thread(server.stop)
    assert receiver.texts == [f"message {i}" for i in (0, 0, 0, 1, 2, 3, 4)]
    assert len(set(receiver.ids[:3])) == 1
    assert len(set(receiver.ids)) == 5
