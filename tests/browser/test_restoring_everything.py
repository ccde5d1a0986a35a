"""``kefu restore`` under everything at once: an open page, an agent's client, a receiver, and mail.

The commands are those that an operator runs, and the server is a real ``kefu serve``.
"""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.actions.receiver import Receiver, receiving
from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.conftest import PAGES, unable
from tests.cli.test_cli import run
from tests.clients.realtime import RealtimeClient, Refused
from tests.configured import ConfiguredServer
from tests.outbound.smtp import MailBox, smtp_server
from tests.prepared import Admin, prepare

PATIENCE_S = 60.0
PATIENCE_MS = 45_000


class Desk:
    """An admin who answers, a visitor who left an address, and what both have said."""

    def __init__(self, http: httpx.AsyncClient, admin: Admin) -> None:
        self._http, self._admin = http, admin.headers
        self.said: list[str] = []

    async def ask(
        self, method: str, path: str, who: dict[str, str] | None = None, **form: Any
    ) -> Any:
        options: dict[str, Any] = {"json": form} if form else {}
        answer = await self._http.request(
            method, f"/api/v1{path}", headers=who or self._admin, **options
        )
        assert answer.is_success, answer.text
        return answer.json()

    async def say(self, conversation: int, *texts: str, who: dict[str, str] | None = None) -> None:
        path = f"/conversations/{conversation}/messages"
        for text in texts:
            await self.ask("POST", path, who, client_id=text.replace(" ", "-"), text=text)
            self.said.append(text)

    async def texts(self, conversation: int) -> list[str]:
        page = await self.ask("GET", f"/conversations/{conversation}/messages")
        return [one["text"] for one in page["items"] if one["type"] == "message"]


async def until_mailed(box: MailBox, count: int) -> None:
    while len(box.messages) < count:
        await asyncio.to_thread(lambda: None)


async def until_told(receiver: Receiver, texts: list[str], since: int) -> None:
    async with receiver.arrived:
        await receiver.arrived.wait_for(lambda: set(texts) <= set(receiver.texts[since:]))


async def command(*words: object) -> str:
    done = await asyncio.to_thread(run, *words)
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


async def begin(page: Page, url: str) -> None:
    """Say the first word on a chat page."""
    await page.goto(url)
    await page.fill("[data-kefu=composer]", "hello")
    await page.press("[data-kefu=composer]", "Enter")
    own = page.locator("[data-kefu=message][data-from=me]")
    await expect(own).to_have_attribute("data-state", "sent")


async def in_browser(page: Page, text: str) -> None:
    await expect(
        page.locator("[data-kefu=message] .k-b").get_by_text(text, exact=True)
    ).to_be_visible(timeout=PATIENCE_MS)


def test_a_restore_under_everything_skips_nothing_and_is_told_in_words(tmp_path: Path):
    if not (PAGES / "index.html").exists():
        unable("the pages are not built: run `npm ci && npm run build` in web/")
    # The browser of the other tests here has this thread's event loop.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, under_everything(tmp_path)).result()


async def under_everything(tmp_path: Path) -> None:
    async with (
        asyncio.timeout(2 * PATIENCE_S),
        receiving() as receiver,
        smtp_server() as box,
        async_playwright() as playwright,
    ):
        port = receiver.url.rpartition(":")[2].partition("/")[0]
        mail = {"host": box.server.host, "port": box.server.port, "security": "none"}
        server = ConfiguredServer(
            tmp_path / "data",
            outbound={"allow": [f"127.0.0.1:{port}"]},
            mail=mail | {"from_address": "desk@example.com"},
            limits={"answer_mail_s": 0.1},
        )
        admin = prepare(server.data_dir)
        path = find_chromium(playwright) or unable("there is no Chromium")
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        async with httpx.AsyncClient(base_url=server.base_url, trust_env=False) as http:
            with server:
                desk, page = Desk(http, admin), await browser.new_page(locale="en-US")
                await restored(server, admin, desk, page=page, receiver=receiver, box=box)
        await browser.close()


async def restored(
    server: ConfiguredServer,
    admin: Admin,
    desk: Desk,
    *,
    page: Page,
    receiver: Receiver,
    box: MailBox,
) -> None:
    """Say something, back up, say more, restore, and say more yet."""
    key = (await desk.ask("POST", "/inboxes", name="Shop"))["widget_key"]
    await desk.ask("POST", "/webhooks", url=receiver.url, events=["message.added"])
    await begin(page, f"{server.base_url}/chat/{key}")
    (shown,) = (one["id"] for one in (await desk.ask("GET", "/conversations"))["items"])
    left = {"Authorization": "Bearer kd_" + "d" * 43, "X-Kefu-Widget": key}
    begun = {"client_id": "a", "text": "Hi", "email": "li@example.com"}
    mailed = (await desk.ask("POST", "/conversations", left, **begun))["conversation"]["id"]
    async with RealtimeClient.join(server.base_url, admin.token) as agent:
        await agent.ask("feed.open")
        await desk.say(shown, "kept")
        await desk.say(mailed, "kept by mail")
        await until_mailed(box, 1)
        await command("backup", server.data_dir.parent / "b.tar", "--data", server.data_dir)
        await desk.say(shown, "lost 1", "lost 2", "lost 3")
        await desk.say(mailed, "lost, and?", who=left)
        await desk.say(mailed, "lost by mail")
        await until_mailed(box, 2)
        await in_browser(page, "lost 3")
        await until_told(receiver, desk.said, 0)
        cursor = [one["cursor"] for one in await agent.level() if "cursor" in one][-1]
    known, told = set(receiver.ids), len(receiver.ids)

    await asyncio.to_thread(server.stop)
    words = ("--replace", "--data", server.data_dir)
    await command("restore", server.data_dir.parent / "b.tar", *words)
    await asyncio.to_thread(server.start)

    lost = page.locator(".k-told")
    await expect(lost).to_contain_text("may be lost", timeout=PATIENCE_MS)
    async with RealtimeClient.join(server.base_url, admin.token) as agent:
        with pytest.raises(Refused, match="expired"):
            await agent.ask("feed.open", cursor=cursor)
        since = ["since 1", "since 2", "since 3", "since 4", "since 5"]
        await desk.say(shown, *since)
        with pytest.raises(Refused, match="expired"):  # its number was given again
            await agent.ask("feed.open", cursor=cursor)
    await desk.say(mailed, "since, and?", who=left)
    await desk.say(mailed, "since by mail")

    await in_browser(page, "since 5")
    await expect(page.locator("[data-kefu=message] .k-b").get_by_text("lost")).to_have_count(0)
    assert await desk.texts(shown) == ["hello", "kept", *since]
    assert await desk.texts(mailed) == ["Hi", "kept by mail", "since, and?", "since by mail"]
    expected = [*since, "since, and?", "since by mail"]
    await until_told(receiver, expected, told)
    news = [one for one in receiver.requests if one.headers["webhook-id"] not in known]
    assert {one.content["data"]["message"]["text"] for one in news} >= set(expected)
    await until_mailed(box, 3)
    assert len({str(one["Message-ID"]) for one in box.messages}) == 3
    await asyncio.to_thread(expect_aside, server.data_dir, desk.said[2:7])


def expect_aside(data: Path, texts: list[str]) -> None:
    """What the restore replaced is there still."""
    (aside,) = data.glob("before-restore-*")
    lines = run("history", "--json", "--data", aside).stdout.splitlines()
    kept = [json.loads(line)["text"] for line in lines]
    assert [text for text in kept if text.startswith("lost")] == texts
