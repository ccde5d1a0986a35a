"""The client that the protocol's page shows works as it stands there."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.docs.pages import fenced

OPTIONS = ("--experimental-websocket", "--no-warnings", "--input-type=module", "--eval")
BEFORE = "globalThis.localStorage = {};\n"
AFTER = """
process.stdin.on("data", (line) => say(String(line).trim()));
say("from the page");
"""
WAIT_S = 60.0

numbers = itertools.count(1)


@asynccontextmanager
async def running(node: str, code: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        node, *OPTIONS, code, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.kill()
        await process.communicate()


@pytest.fixture
def node() -> str:
    found = shutil.which("node")
    if found is None and not os.environ.get("CI"):
        pytest.skip("no Node.js")
    return found or "node"


@pytest.mark.node
async def test_the_pages_client_talks_and_comes_back(realm, node):
    inbox = await realm.inbox()
    agent = await realm.console(inbox)
    await agent.ask("feed.open")
    example = fenced("docs/protocol/realtime.md", "js")[-1]
    url = realm.server.ws + "/api/v1/realtime"
    code = example.replace("wss://chat.example.com/api/v1/realtime", url).replace("wk_…", inbox.key)
    assert url in code
    assert inbox.key in code

    async with running(node, BEFORE + code + AFTER) as page, asyncio.timeout(WAIT_S):
        assert page.stdin
        assert page.stdout
        heard = await agent.hear("message.added")
        assert heard["message"]["text"] == "from the page"

        async def answer(text: str) -> None:
            await agent.ask(
                "message.send",
                conversation=heard["conversation"],
                client_id=f"a{next(numbers)}",
                text=text,
            )

        assert (await page.stdout.readline()).decode().endswith(" from the page\n")
        await answer("welcome")
        assert (await page.stdout.readline()).decode().endswith(" welcome\n")
        realm.ctx.hub.revoke(f"contact:{heard['message']['sender']['id']}", "identity_changed")
        for text in ("one", "two", "three"):
            await answer(text)
        for text in ("one", "two", "three"):
            assert (await page.stdout.readline()).decode().endswith(f" {text}\n")
        page.stdin.write(b"and back\n")
        said = await agent.hear("message.added")
        while said["message"]["text"] != "and back":
            said = await agent.hear("message.added")
        assert said["message"]["sender"]["role"] == "visitor"
