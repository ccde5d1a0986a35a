"""Pictures of the console, in a demo where customers of the shop write, and of its first run.

Rules: an offer is 小美 Mei's, since nobody else has a console open. The shop vouches for its
customers.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from typing import NamedTuple

import jwt
from PIL import Image
from playwright.sync_api import FrameLocator, Page, TimeoutError, expect

from tests.browser import talking
from tests.browser.consoling import CONSOLE, account, answer, card, expect_stored, hook, sign_in
from tests.browser.desk import EMAIL, PASSWORD, WIDGET, Production, Staff
from tests.browser.studio import Look, Studio, picture, side_by_side
from tests.serving import KefuServer


class DemoWithDays(KefuServer):
    """As ``kefu demo`` is without ``--empty``."""

    def _command(self) -> list[str]:
        return [one for one in super()._command() if one != "--empty"]


class Told(NamedTuple):
    """What is said in the documentation's pictures, in one language."""

    asked: tuple[tuple[str, str, str], ...]  # (customer, what they ask, the chat's tag)
    answer: str  # to the last of them
    more: str
    note: str


TOLD = {
    "en": Told(
        (
            ("Daniel Fischer", "Do you ship to Austria?", "delivery"),
            ("Priya Nair", "The lid arrived chipped, shall I send a picture?", "damage"),
            ("Grace Miller", "Hello! Does the round teapot drip?", "choosing"),
        ),
        "Hi Grace! It does not: the spout is pared thin by hand.",
        "And can it go into the dishwasher?",
        "Ordered twice in May. Likes to be told what the glaze is made of.",
    ),
    "zh-CN": Told(
        (
            ("陈立", "可以寄到香港吗？", "物流"),
            ("刘婷婷", "壶盖磕了一个小口，要不要拍照给您？", "破损"),
            ("王雨桐", "您好！圆茶壶倒水会滴漏吗？", "选购"),
        ),
        "您好！不会的：壶嘴是手工削薄的。",
        "可以放进洗碗机吗？",
        "五月买过两次，喜欢问釉料。",
    ),
}


def open_widget(shop: Page) -> FrameLocator:
    """The widget on the shop's page."""
    shop.click("#kefu-launcher")
    chat = shop.frame_locator("#kefu-frame")
    chat.locator("[data-kefu=composer]").wait_for()
    shop.mouse.move(0, 0)  # the pointer is over nothing
    return chat


def ask(chat: FrameLocator, text: str) -> None:
    """Say it in the widget, and wait until it is stored."""
    chat.locator("[data-kefu=composer]").fill(text)
    chat.locator("[data-kefu=composer]").press("Enter")
    chat.locator("[data-from=me][data-state=sent]", has_text=text).wait_for()


class Demo:
    """A demo's server, 小美 Mei, and the shop's server, which says who its customers are."""

    def __init__(self, server: KefuServer, agent: Staff) -> None:
        self.server, self.agent = server, agent
        with closing(Staff.of_demo(server, "ada")) as admin:
            inboxes = admin.get("/inboxes")["items"]
            inbox = next(one["id"] for one in inboxes if one.get("widget_key") == WIDGET)
            self._key = admin.post(f"/inboxes/{inbox}/identity-keys")

    def vouch(self, shop: Page, person: str) -> None:
        """Let ``person`` be who is on the page."""
        told = {"sub": person, "aud": WIDGET, "exp": int(time.time()) + 3600, "name": person}
        token = jwt.encode(told, self._key["secret"], "HS256", {"kid": self._key["kid"]})
        # What it promises is kept when the chat opens, so nobody waits for it here.
        shop.evaluate("token => void window.Kefu('identify', token)", token)

    def end_all(self) -> None:
        """Nobody waits, and nobody is talked to."""
        left = self.agent.get("/conversations", status=["queued", "open"], limit=200)["items"]
        for one in left:
            self.agent.put(f"/conversations/{one['id']}/status", status="resolved")


@contextmanager
def console_of(studio: Studio, server: KefuServer, look: Look, scale: float = 1) -> Iterator[Page]:
    """小美 Mei's console, signed in and online."""
    with studio.pages(look, CONSOLE, scale=scale) as (console,):
        sign_in(console, *account(server))
        yield console


def shoot_day(studio: Studio, demo: Demo, locale: str) -> None:
    """A chat in the console, from its offer on, and the widget beside it, for the documentation."""
    told, suffix = TOLD[locale], "" if locale == "en" else f".{locale}"

    def keep(name: str, *panels: Image.Image) -> None:
        # A palette spoils the small marks of a console.
        side_by_side(panels).save(studio.folder / f"{name}{suffix}.png", optimize=True)

    demo.end_all()
    wide = Look("console", width=1280, height=800, locale=locale)
    narrow = Look("panel", width=400, height=800, locale=locale)
    with (
        console_of(studio, demo.server, wide) as console,
        studio.pages(narrow, *["/shop/round-teapot"] * 3) as shops,
    ):
        for shop, (name, text, tag) in zip(shops, told.asked, strict=True):
            demo.vouch(shop, name)
            chat = open_widget(shop)
            ask(chat, text)
            conversation = talking.newest(demo.agent)
            demo.agent.put(f"/conversations/{conversation}/tags", tags=[tag])
            expect(hook(console, "accept")).to_be_visible()
            hook(console, "tab-all").click()  # whatever is accepted is shown among one's own
            expect(card(console, conversation).filter(has_text=tag)).to_contain_text(name)
            if shop is not shops[-1]:
                hook(console, "accept").click()
                expect(hook(console, "composer")).to_be_focused()
        console.mouse.move(0, 0)
        keep("console-offer", picture(console))
        hook(console, "accept").click()
        expect(console.get_by_role("heading", name=told.asked[-1][0])).to_be_visible()
        answer(console, told.answer)
        expect_stored(console, told.answer)
        chat.locator("[data-from=team]", has_text=told.answer).wait_for()
        demo.agent.post(f"/conversations/{conversation}/notes", client_id="note", text=told.note)
        ask(chat, told.more)
        for text in (told.more, told.note):
            expect(hook(console, "message").filter(has_text=text)).to_be_visible()
        expect(card(console, conversation).locator("[aria-hidden]", has_text="1")).to_have_count(0)
        console.mouse.move(0, 0)
        keep("kefu", picture(console), picture(shop))
        with studio.pages(replace(narrow, height=720), CONSOLE, scale=1.5) as (phone,):
            sign_in(phone, *account(demo.server))
            expect(card(phone, conversation)).to_be_visible()
            shots = [picture(phone)]
            card(phone, conversation).click()
            expect(hook(phone, "composer")).to_be_visible()
            keep("console-phone", *shots, picture(phone))
    demo.end_all()


# Pages of their own, by their addresses.
PLACES = {
    "resolved": "/resolved",
    "snoozed": "/snoozed",
    "search": "/search?q=tea",
    "search-none": "/search?q=zzzz",
    "contacts": "/contacts",
    "contact": "/contacts/1",
    "visitors": "/visitors",
    "profile": "/profile",
    "devices": "/profile/devices",
    "preferences": "/profile/preferences",
    "keys": "/profile/keys",
    "missing": "/nowhere",
}
# What opens over a chat, by its key.
DIALOGS = {
    "command": "Control+k",
    "filter": "f",
    "tags": "t",
    "transfer": "x",
    "snooze": "h",
    "notices": "Shift+N",
    "hearing": "Shift+O",
    "all-keys": "?",
    "me": "o",
}


def shoot_console(studio: Studio, demo: Demo, look: Look) -> None:
    """Mei's console: an offer, a chat and what opens over it, chosen rows, and the pages."""
    told = TOLD[look.locale]
    demo.end_all()
    with (
        studio.pages(look, CONSOLE) as (console,),
        studio.pages(replace(look, width=400), *["/shop/round-teapot"] * 3) as shops,
    ):
        expect(console.locator("input[type=password]")).to_be_visible()
        studio.save(console, look, "console-sign-in")
        sign_in(console, *account(demo.server))
        studio.save(console, look, "console-empty")
        for shop, (name, text, _) in zip(shops, told.asked, strict=True):
            demo.vouch(shop, name)
            ask(open_widget(shop), text)
            expect(hook(console, "accept")).to_be_visible()
            studio.save(console, look, "console-offer")
            hook(console, "accept").click()
            expect(hook(console, "composer")).to_be_focused()
        answer(console, told.answer)
        expect_stored(console, told.answer)
        studio.save(console, look, "console-chat")
        conversation = console.url
        hook(console, "composer").press_sequentially(":sm")
        expect(hook(console, "completion").first).to_be_visible()
        studio.save(console, look, "console-emoji")
        hook(console, "composer").fill("")
        for name, key in DIALOGS.items():
            console.goto(conversation)
            expect(hook(console, "composer")).to_be_visible()
            console.evaluate("document.activeElement?.blur()")
            console.keyboard.press(key)
            opened = console.locator("[role=dialog], [role=menu], [role=listbox]").first
            with suppress(TimeoutError):  # a phone has no key for all
                opened.wait_for(timeout=2_000)
            studio.save(console, look, f"console-{name}")
        console.goto(f"{CONSOLE}/all")
        boxes = console.get_by_role("checkbox")
        for place in range(2):
            boxes.nth(place).check(force=True)
        studio.save(console, look, "console-chosen")
        for name, path in PLACES.items():
            console.goto(f"{CONSOLE}{path}")
            console.locator("main h1, main h2").first.wait_for(state="attached")
            console.wait_for_load_state("networkidle")
            studio.save(console, look, f"console-{name}")
    demo.end_all()


def shoot_first_run(studio: Studio, server: Production, look: Look) -> None:
    """The steps to the first chat, of a server that has an admin and no inbox."""
    with studio.pages(look, f"{server.base_url}{CONSOLE}") as (console,):
        sign_in(console, EMAIL, PASSWORD)
        studio.save(console, look, "console-todo")
        console.goto(f"{server.base_url}{CONSOLE}/welcome")
        expect(console.locator("input[name=address]")).to_be_visible()
        studio.save(console, look, "welcome-site")
