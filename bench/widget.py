"""What the widget costs a site's page: ``python -m bench.widget``.

A shop's page is opened with the snippet in it and without, in the system's Chromium, from loopback:
by Lighthouse (phone, slow network, 4 × CPU throttle, both applied), and step by step: requests,
bytes on the way, what is stored, and the main thread's time in the loader. Nothing is judged here;
the table of docs/widget.md and its Chinese page go to standard output, each as it stands there.
Lighthouse needs ``scripts/with-node npm --prefix bench/lighthouse ci``.
Not here: the budgets that a build is held to (``web/tools/widget-size.test.mjs``).
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Annotated, Any

import typer
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from bench.servers import CannotRun, data_directory
from tests.browser.chromium import FLAGS, find_chromium, launch
from tests.serving import KefuServer

KEY = "wk_demo"
THROTTLE = 4
QUIET_MS = 1_000  # without a request: then all of a step was asked for
ROOT = Path(__file__).parents[1]
LIGHTHOUSE = ROOT / "bench" / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
SHOWN, OPENED, WRITTEN = "page shown", "chat opened", "first message sent"
SCORE, BLOCKED, SHIFT = "score", "total-blocking-time", "cumulative-layout-shift"
PAINTED = "largest-contentful-paint"
TIME, LONGEST = "loader", "longest task"

# The tables' first two columns: what is measured, and the most that it may be.
HEAD = {"en": ("", "At most", "Measured"), "zh-CN": ("", "最多", "测得")}
ROWS = {
    "en": (
        ("cookies", "0"),
        ("entries in the storage of site and frame before the first message is typed", "0"),
        ("requests before the chat is opened", "2"),
        ("the loader", "3 KiB"),
        ("all of it up to the first message: scripts, styles, one language", "20 KiB"),
        ("all of it with a conversation open", "45 KiB"),
        ("layout shift", "0"),
        ("the loader on the main thread, at 4 × CPU throttle", "–"),
        ("longest task of a page with it, at 4 × CPU throttle", "–"),
        ("Lighthouse 12, phone, a page without and with it: performance", "–"),
        ("… largest contentful paint", "–"),
        ("… total blocking time", "–"),
    ),
    "zh-CN": (
        ("cookie", "0"),
        ("输入第一条消息之前网站和框架存储里的条目", "0"),
        ("打开聊天之前的请求", "2"),
        ("加载脚本", "3 KiB"),
        ("到第一条消息为止的全部：脚本、样式、一种语言", "20 KiB"),
        ("打开对话后的全部", "45 KiB"),
        ("版面移动", "0"),
        ("加载脚本占用主线程，CPU 放慢 4 倍", "–"),
        ("带它的网页最长的任务，CPU 放慢 4 倍", "–"),
        ("Lighthouse 12，手机，不带和带它的网页：性能", "–"),
        ("… 最大内容绘制", "–"),
        ("… 总阻塞时间", "–"),
    ),
}
_TEXT = "<p>Slow shoes for fast people, made of wool that was never in a hurry.</p>"
_PAGE = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="A shop"></head>
<body><h1>Slow shoes</h1>{_TEXT * 40}"""


class Shop:
    """A site at an origin of its own: ``/without`` the widget and ``/with`` it."""

    def __init__(self) -> None:
        self.snippet = ""
        shop = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                known = self.path in ("/with", "/without")
                body = (_PAGE + shop.snippet * (self.path == "/with")).encode()
                self.send_response(200 if known else 404)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *about: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.origin = f"http://shop.localhost:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()


@contextmanager
def shop_with_widget() -> Iterator[Shop]:
    """A server with a demo's inbox, and a shop that is one of the inbox's sites."""
    shop = Shop()
    with data_directory() as data, KefuServer(data) as server:
        kefu, where = [sys.executable, "-m", "kefu"], ["--data", str(data)]
        change = ["inbox", "set", KEY, "--add-origin", shop.origin]
        subprocess.run([*kefu, *change, *where], check=True, capture_output=True)
        line = [*kefu, "widget", KEY, "--url", server.base_url, *where]
        shop.snippet = subprocess.check_output(line, text=True, stderr=subprocess.DEVNULL)
        yield shop
    shop.server.shutdown()
    shop.server.server_close()


def lighthouse(url: str, chromium: str) -> dict[str, float]:
    """One run's score and audits."""
    flags = " ".join(["--headless=new", *FLAGS])
    node = str(ROOT / "scripts" / "with-node")
    command = [
        node,
        str(LIGHTHOUSE),
        url,
        "--quiet",
        "--output=json",
        "--only-categories=performance",
    ]
    # Slow for real: what Lighthouse makes up of a fast run has paints wait for scripts that do not.
    options = ["--throttling-method=devtools", "--no-enable-error-reporting"]
    options += [f"--chrome-path={chromium}", f"--chrome-flags={flags}"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotRun(f"lighthouse: {done.stderr.strip()[-2000:]}")
    report = json.loads(done.stdout)
    told = {name: report["audits"][name]["numericValue"] for name in (PAINTED, BLOCKED)}
    return {SCORE: report["categories"]["performance"]["score"] * 100, **told}


@dataclass
class Step:
    """What happened until a moment. Bytes are those of bodies, as they were coded on the way."""

    requests: int = 0
    bytes: int = 0  # of documents, scripts and styles
    others: int = 0  # of the API's answers, icons and pictures
    kept: int = 0  # entries of localStorage and sessionStorage, of every origin
    cookies: int = 0


class Watch:
    """Counts what a page, and every frame in it, asks of Kefu."""

    def __init__(self, page: Page, own: str) -> None:
        self._page, self._own = page, own
        self._done: list[Request] = []
        page.on("requestfinished", lambda one: self._done.append(one))

    def step(self) -> Step:
        """Everything until nothing more comes."""
        before = -1
        while before < len(self._done):
            before = len(self._done)
            self._page.wait_for_timeout(QUIET_MS)
        step = Step()
        for request in self._done:
            if request.url.startswith(self._own):
                continue
            size = request.sizes()["responseBodySize"]
            step.requests += 1
            if request.resource_type in ("document", "script", "stylesheet"):
                step.bytes += size
            else:
                step.others += size
        state = self._page.context.storage_state()
        step.kept = sum(len(origin["localStorage"]) for origin in state["origins"])
        step.kept += sum(one.evaluate("sessionStorage.length") for one in self._page.frames)
        step.cookies = len(state["cookies"])
        return step


def steps(browser: Browser, shop: Shop) -> dict[str, Step]:
    """What a first visitor's page has asked for and stored, before the widget is opened and on."""
    context = browser.new_context(locale="en")
    page = context.new_page()
    watch = Watch(page, shop.origin)
    found: dict[str, Step] = {}

    page.goto(f"{shop.origin}/with")
    launcher = page.locator("#kefu-launcher")
    expect(launcher).to_be_visible()
    found[SHOWN] = watch.step()
    launcher.click()
    inside = page.frame_locator("#kefu-frame")
    composer = inside.locator("[data-kefu=composer]")
    expect(composer).to_be_visible()
    found[OPENED] = watch.step()
    composer.fill("Do you have these in 42?")
    composer.press("Enter")
    own = inside.locator("[data-kefu=message][data-from=me]")
    expect(own).to_have_attribute("data-state", "sent")
    found[WRITTEN] = watch.step()
    context.close()
    return found


def loader_time(browser: Browser, shop: Shop) -> dict[str, float]:
    """The main thread's time in the loader, and what of it is one piece, at a quarter's speed."""
    context = browser.new_context(locale="en", viewport={"width": 412, "height": 823})
    page = context.new_page()
    page.add_init_script(
        "globalThis.shifted = 0; globalThis.longest = 0;"
        "new PerformanceObserver((list) => { for (const one of list.getEntries())"
        " shifted += one.value; }).observe({ type: 'layout-shift', buffered: true });"
        "new PerformanceObserver((list) => { for (const one of list.getEntries())"
        " longest = Math.max(longest, one.duration); })"
        ".observe({ type: 'longtask', buffered: true });"
    )
    devtools = context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    devtools.send("Profiler.enable")
    devtools.send("Profiler.setSamplingInterval", {"interval": 100})
    devtools.send("Profiler.start")
    page.goto(f"{shop.origin}/with")
    expect(page.locator("#kefu-launcher")).to_be_visible()
    page.wait_for_timeout(QUIET_MS)
    profile = devtools.send("Profiler.stop")["profile"]
    told = {
        TIME: time_in(profile, "/kefu.js"),
        LONGEST: page.evaluate("longest"),
        SHIFT: page.evaluate("shifted"),
    }
    context.close()
    return told


def time_in(profile: Mapping[str, Any], ending: str) -> float:
    """Milliseconds in which a script of this address was on the stack, whatever it called."""
    above: dict[int, int] = {}
    own: set[int] = set()
    for node in profile["nodes"]:  # whoever calls comes before whom it calls
        for child in node.get("children", ()):
            above[child] = node["id"]
        if node["callFrame"]["url"].endswith(ending) or above.get(node["id"]) in own:
            own.add(node["id"])
    sampled = zip(profile["samples"], profile["timeDeltas"], strict=True)
    return float(sum(microseconds for id, microseconds in sampled if id in own) / 1000)


def repeated(runs: int, measure: Callable[[], dict[str, float]]) -> dict[str, list[float]]:
    """Each figure of so many runs."""
    all_runs = [measure() for _ in range(runs)]
    return {name: [one[name] for one in all_runs] for name in all_runs[0]}


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def middle(values: list[float]) -> str:
    """The median, and the least and the most if they differ."""
    if not any(values):
        return "0"
    digits = 0 if max(values) >= 10 else 3 if max(values) < 1 else 1
    low, high = (f"{one:.{digits}f}" for one in (min(values), max(values)))
    half = f"{statistics.median(values):.{digits}f}"
    return half if low == high else f"{half} ({low}–{high})"


def kib(size_bytes: int) -> str:
    return f"{size_bytes / 1024:.1f} KiB"


def _both(pages: Mapping[str, Mapping[str, list[float]]], name: str, unit: str) -> str:
    return ", ".join(middle(told[name]) + unit for told in pages.values())


def measured(
    counted: Mapping[str, Step],
    spent: Mapping[str, list[float]],
    pages: Mapping[str, Mapping[str, list[float]]],
) -> list[str]:
    """The third column, row by row; ``pages``: without the widget and with it, none if not run."""
    longest = spent[LONGEST]
    column = [
        str(max(one.cookies for one in counted.values())),
        str(counted[OPENED].kept),
        str(counted[SHOWN].requests),
        *(kib(counted[name].bytes) for name in (SHOWN, OPENED, WRITTEN)),
        middle(spent[SHIFT]),
        f"{middle(spent[TIME])} ms",
        f"{middle(longest)} ms" if any(longest) else "< 50 ms",  # what is no long task is not told
    ]
    units = {SCORE: "", PAINTED: " ms", BLOCKED: " ms"}
    return column + [_both(pages, name, unit) if pages else "–" for name, unit in units.items()]


def table(language: str, column: list[str]) -> str:
    """As docs/widget.md and its Chinese page have it."""
    rows = [(*row, value) for row, value in zip(ROWS[language], column, strict=True)]
    return "\n".join(_row(*cells) for cells in (HEAD[language], ["---"] * 3, *rows))


def main(
    runs: Annotated[int, typer.Option(min=1, help="Runs of each, of which the middle counts.")] = 5,
    quick: Annotated[bool, typer.Option(help="Without Lighthouse, which takes minutes.")] = False,
) -> None:
    """Measure what the widget costs a page, for the table in docs/widget.md; about five minutes."""
    if not (quick or LIGHTHOUSE.exists()):
        sys.exit("run `scripts/with-node npm --prefix bench/lighthouse ci` first, or add --quick")
    pages: dict[str, dict[str, list[float]]] = {}
    with sync_playwright() as playwright, shop_with_widget() as shop:
        chromium = find_chromium(playwright) or ""
        browser = launch(playwright)
        counted = steps(browser, shop)
        spent = repeated(runs, lambda: loader_time(browser, shop))
        version = browser.version
        browser.close()
        for way in () if quick else ("without", "with"):
            url = f"{shop.origin}/{way}"
            pages[way] = repeated(runs, lambda url=url: lighthouse(url, chromium))  # type: ignore[misc]
    column = measured(counted, spent, pages)
    sys.stderr.write(f"Chromium {version}, {runs} runs\n")
    print("\n\n".join(table(language, column) for language in ROWS))


if __name__ == "__main__":
    typer.run(main)
