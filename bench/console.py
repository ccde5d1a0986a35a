"""What the console takes in an agent's browser: ``python -m bench.console``.

A real ``kefu demo`` with 500 open conversations, each with a visitor connected, and the console in
the system's Chromium, signed in, on the list of all with one conversation open. Its start is timed
with an empty and with a full cache, at a quarter of the processor's speed; then the visitors write
50 messages a second for a minute. Long tasks, frames, the heap and the requests are the page's and
the browser's own accounts. Nothing is judged here; the table of docs/performance.md goes to
standard output.
Not here: the budget of bytes that a build is held to (``web/tools/console-size.test.mjs``).
"""

from __future__ import annotations

import asyncio
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Annotated, Any

import typer
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from bench.servers import data_directory
from tests.browser.chromium import launch
from tests.clients.realtime import RealtimeClient
from tests.serving import KefuServer

KEY = "wk_demo"
THROTTLE = 4
VIEW: ViewportSize = {"width": 1280, "height": 800}
CARD = "[data-kefu=conversation-card]"
TEXT = "您好，我的订单还没有收到，请帮我查一下物流信息，谢谢！No. "
AT_ONCE = 25  # visitors who come at the same time

# Kept from the page's first moment: when the first row stood there, tasks of over 50 ms with their
# time, and what lay between two frames while `frames` is a list.
_WATCH = """
globalThis.tasks = []; globalThis.frames = null; globalThis.shown = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries())
  tasks.push([one.startTime, one.duration]); }).observe({ type: "longtask", buffered: true });
const watch = (last) => requestAnimationFrame((now) => {
  frames?.push(now - last);
  shown ||= document.querySelector("[data-kefu=conversation-card]") ? performance.now() : 0;
  watch(now);
});
watch(performance.now());
"""


class Visitors:
    """They come, open a chat each, and write in turn, on a loop of their own."""

    def __init__(self, base_url: str, count: int) -> None:
        self._base_url, self._count = base_url, count
        self._loop = asyncio.new_event_loop()
        self._stack = AsyncExitStack()
        self._chats: list[tuple[RealtimeClient, int]] = []
        Thread(target=self._loop.run_forever, daemon=True).start()

    def come(self) -> list[int]:
        """Returns their conversations."""
        self._run(self._come())
        return [conversation for _, conversation in self._chats]

    def write(self, per_s: float, for_s: float) -> int:
        """Write evenly for so long; returns how many messages were stored."""
        return int(self._run(self._write(per_s, for_s)))

    def leave(self) -> None:
        self._run(self._stack.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _come(self) -> None:
        for start in range(0, self._count, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, self._count))
            self._chats += await asyncio.gather(*map(self._one, numbers))

    async def _one(self, number: int) -> tuple[RealtimeClient, int]:
        joined = RealtimeClient.join(self._base_url, f"kd_{number:043}", KEY)
        client = await self._stack.enter_async_context(joined)
        said = {"client_id": "start", "text": f"{TEXT}{number}"}
        begun = await client.ask("conversation.start", **said)
        return client, begun["conversation"]["id"]

    async def _write(self, per_s: float, for_s: float) -> int:
        loop, answers = asyncio.get_running_loop(), []
        began = loop.time()
        for number in range(round(per_s * for_s)):
            await asyncio.sleep(began + number / per_s - loop.time())
            client, conversation = self._chats[number % self._count]
            said = {"client_id": f"m{number}", "text": f"{TEXT}{number}"}
            sent = client.ask("message.send", conversation=conversation, **said)
            answers.append(asyncio.create_task(sent))
        return len(await asyncio.gather(*answers))


@dataclass
class Start:
    """One opening of the console: bytes are those of bodies, as they were coded on the way."""

    shown_ms: float
    bytes: int
    longest_ms: float


@dataclass
class Minute:
    """What a page went through while visitors wrote."""

    stored: int
    heard: int  # frames of the live connection
    requests: int
    tasks_ms: list[float] = field(default_factory=list)
    frames_ms: list[float] = field(default_factory=list)
    heap_before: int = 0
    heap_after: int = 0
    cpu_s: float = 0.0  # of the page's main thread


def signed_in(browser: Browser, server: KefuServer) -> BrowserContext:
    """A context with an agent's session."""
    context = browser.new_context(base_url=server.base_url, locale="en", viewport=VIEW)
    door = f"{server.base_url}/api/v1/demo/session/agent"
    context.request.post(door, headers={"Origin": server.base_url})
    context.add_init_script(_WATCH)
    return context


def start(context: BrowserContext) -> Start:
    """Open the console on the list of all, at a quarter's speed."""
    page = context.new_page()
    sizes: list[int] = []
    page.on("requestfinished", lambda one: sizes.append(max(0, one.sizes()["responseBodySize"])))
    devtools = context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    page.goto("/console/all")
    expect(page.locator(CARD).first).to_be_visible(timeout=60_000)
    size = sum(sizes)
    page.wait_for_timeout(1_000)  # tasks are told when they are over
    shown = page.evaluate("shown")
    longest = max((one[1] for one in page.evaluate("tasks")), default=0.0)
    page.close()
    return Start(shown, size, longest)


def minute(context: BrowserContext, mine: int, write: Callable[[], int]) -> Minute:
    """The console with a conversation open, while visitors ``write``."""
    page = context.new_page()
    heard: list[object] = []
    page.on("websocket", lambda one: one.on("framereceived", lambda told: heard.append(told)))
    page.goto(f"/console/conversations/{mine}?list=all")
    expect(page.locator("[data-kefu=composer]")).to_be_visible()
    expect(page.locator(CARD).first).to_be_visible()
    page.wait_for_timeout(2_000)  # what is fetched behind the first screen
    devtools = context.new_cdp_session(page)
    devtools.send("Performance.enable")
    requests: list[str] = []
    page.on("request", lambda one: requests.append(one.url))
    before_bytes, before_s = _heap(devtools), _busy_s(devtools)
    began = page.evaluate("frames = [], performance.now()")
    heard.clear()
    stored = _while_pumping(page, write)
    frames = page.evaluate("frames")
    tasks = [took for at, took in page.evaluate("tasks") if at >= began]
    spent_s = _busy_s(devtools) - before_s
    told = Minute(stored, len(heard), len(requests), tasks, frames)
    told.heap_before, told.heap_after, told.cpu_s = before_bytes, _heap(devtools), spent_s
    page.close()
    return told


def _while_pumping(page: Page, work: Callable[[], int]) -> int:
    """Do ``work`` elsewhere while the page's events are heard here."""
    done, found = Event(), []

    def run() -> None:
        found.append(work())
        done.set()

    Thread(target=run, daemon=True).start()
    while not done.is_set():
        page.wait_for_timeout(250)
    page.wait_for_timeout(1_000)
    return int(found[0])


def _heap(devtools: Any) -> int:
    """Bytes in use after a collection."""
    devtools.send("HeapProfiler.collectGarbage")
    return int(devtools.send("Runtime.getHeapUsage")["usedSize"])


def _busy_s(devtools: Any) -> float:
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


@contextmanager
def crowd(count: int) -> Iterator[tuple[KefuServer, Visitors, list[int]]]:
    """A server, and so many visitors with a conversation each."""
    with data_directory() as data:
        server = KefuServer(data)
        server.start(["--empty"], {"KEFU_LIMITS": "off"})
        try:
            visitors = Visitors(server.base_url, count)
            yield server, visitors, visitors.come()
            visitors.leave()
        finally:
            server.kill()


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _at(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _starts(name: str, told: list[Start], most: str) -> Iterator[str]:
    shown = statistics.median(one.shown_ms for one in told) / 1000
    yield _row(f"{name}: the list is there, at 4 × CPU throttle", most, f"{shown:.2f} s")
    yield _row(f"{name}: bytes until then", "–", f"{told[0].bytes / 1024:.0f} KiB")
    longest = statistics.median(one.longest_ms for one in told)
    yield _row(f"{name}: longest task, at 4 × CPU throttle", "–", f"{longest:.0f} ms")


def _minute(told: Minute) -> Iterator[str]:
    longest = f"{max(told.tasks_ms):.0f} ms" if told.tasks_ms else "< 50 ms"
    frames = " / ".join(f"{_at(told.frames_ms, one):.0f}" for one in (0.5, 0.95, 0.99))
    grown = (told.heap_after - told.heap_before) / 2**20
    yield _row("messages stored, frames heard", "–", f"{told.stored:,}, {told.heard:,}")
    yield _row("tasks of over 50 ms", "0", len(told.tasks_ms))
    yield _row("longest task", "50 ms", longest)
    yield _row("frames: median / p95 / p99", "–", f"{frames} ms")
    yield _row("main thread, per message", "–", f"{told.cpu_s * 1000 / told.stored:.1f} ms")
    heap = f"{told.heap_after / 2**20:.1f}, {grown:+.1f} MiB"
    yield _row("heap after, and what it grew by", "–", heap)
    yield _row("requests besides the live connection", "0", told.requests)


def table(cold: list[Start], warm: list[Start], told: Minute) -> str:
    """As docs/performance.md has it."""
    rows = [_row("", "at most", "measured"), _row("---", "---:", "---:")]
    rows += [*_starts("empty cache", cold, "–"), *_starts("full cache", warm, "1.5 s")]
    return "\n".join([*rows, *_minute(told)])


def main(
    chats: Annotated[int, typer.Option(min=1, help="Open conversations.")] = 500,
    rate: Annotated[float, typer.Option(min=0.1, help="Messages per second.")] = 50.0,
    seconds: Annotated[float, typer.Option(min=1, help="How long they write.")] = 60.0,
    runs: Annotated[int, typer.Option(min=1, help="Starts of each kind; the middle counts.")] = 5,
) -> None:
    """Measure the console in a browser, for the table in docs/performance.md; two minutes."""
    with sync_playwright() as playwright, crowd(chats) as (server, visitors, conversations):
        browser = launch(playwright)
        cold, warm = [], []
        for _ in range(runs):
            context = signed_in(browser, server)
            cold.append(start(context))
            warm.append(start(context))
            context.close()
        context = signed_in(browser, server)
        told = minute(context, conversations[0], lambda: visitors.write(rate, seconds))
        version = browser.version
        browser.close()
    sys.stderr.write(f"Chromium {version}, {chats} conversations, {rate:g} messages/s\n")
    print(table(cold, warm, told))


if __name__ == "__main__":
    typer.run(main)
