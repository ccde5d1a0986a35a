"""Pictures of every page in a real conversation: ``python -m tests.browser.screenshots DIR``.

Writes light, dark and 360 px wide PNGs to DIR, and to DIR/docs those of docs/images: a day in the
console, and the widget's screens side by side, in both languages. With ``--docs`` these
alone. Needs the built pages, Chromium and Pillow.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser import talking
from tests.browser.acts import join, say
from tests.browser.chromium import launch
from tests.browser.console_pictures import (
    Demo,
    DemoWithDays,
    ask,
    open_widget,
    shoot_console,
    shoot_day,
    shoot_first_run,
)
from tests.browser.desk import CHAT, EMAIL, PASSWORD, Production, Staff
from tests.browser.studio import Look, Studio, picture, side_by_side
from tests.serving import KefuServer

LOOKS = (
    Look("light"),
    Look("dark", scheme="dark"),
    Look("phone", width=360, height=740),
    Look("phone-dark", scheme="dark", width=360, height=740, locale="en"),
    Look("english", locale="en"),
    Look("wide", width=2560, height=1200),
)

# (who, text) of a conversation that reads like one.
TALK = (
    ("yonghu", "您好，我昨天下的订单还没有发货，能帮我看看吗？"),
    ("kefu", "您好！请把订单号发给我，我马上查。"),
    ("yonghu", "订单号是 20251108-4471"),
    ("kefu", "查到了：您的包裹今天上午已经出库。"),
    ("kefu", "物流单号稍后会显示在订单页面，预计后天送达。"),
    ("yonghu", "太好了，谢谢！"),
)

# (what a customer of the shop asks, what an agent answers), by language
ASKED = {
    "en": (
        ("Hello! Does the round teapot drip?", "Hi! It does not: the spout is pared thin by hand."),
        ("And can it go into the dishwasher?", "It can. Just let it cool down before."),
    ),
    "zh-CN": (
        ("您好！圆茶壶倒水会滴漏吗？", "您好！不会的：壶嘴是手工削薄的。"),
        ("可以放进洗碗机吗？", "可以，先让它凉下来就好。"),
    ),
}


SUGGESTED = {
    locale: {
        "type": "quick_replies",
        "options": [{"label": label, "value": label} for label in labels],
    }
    for locale, labels in {
        "en": ("How big is it?", "Is it in stock?"),
        "zh-CN": ("它有多大？", "现在有货吗？"),
    }.items()
}


def talk(agent: Page, visitor: Page) -> None:
    """Hold the conversation of TALK."""
    join(agent, "小美")
    agent.locator("#chat").wait_for()
    join(visitor, "王先生")
    agent.locator("#chat[data-state=talking]").wait_for()
    for who, text in TALK:
        speaker, listener = (agent, visitor) if who == "kefu" else (visitor, agent)
        say(speaker, text)
        listener.get_by_text(text).wait_for()


def shoot_rooms(studio: Studio, look: Look) -> None:
    """The agent's and the visitor's page, from the form to the end."""
    with studio.pages(look, "/kefu.html", "/yonghu.html") as (agent, visitor):
        studio.save(agent, look, "kefu-1-join")
        join(visitor, "王先生")
        visitor.locator("#none").wait_for()
        studio.save(visitor, look, "yonghu-2-none")
        visitor.click("#back")
        studio.save(visitor, look, "yonghu-1-join")
        visitor.reload()
        agent.reload()
        join(agent, "小美")
        agent.locator("#chat").wait_for()
        studio.save(agent, look, "kefu-2-waiting")
        agent.click("#leave")
        talk(agent, visitor)
        studio.save(agent, look, "kefu-3-talk")
        studio.save(visitor, look, "yonghu-3-talk")
        agent.context.set_offline(True)
        agent.locator("#bar").wait_for()
        visitor.locator("#over").wait_for()
        studio.save(agent, look, "kefu-4-offline")
        studio.save(visitor, look, "yonghu-4-over")


def shoot_direct(studio: Studio, look: Look) -> None:
    """The direct page with several people online."""
    with studio.pages(look, *["/direct.html"] * 4) as people:
        ann, *others = people
        studio.save(ann, look, "direct-1-join")
        join(ann, "小林")
        ann.locator("#nobody").wait_for()
        studio.save(ann, look, "direct-2-nobody")
        for page, name in zip(others, ("陈晨", "Ben", "周舟"), strict=True):
            join(page, name)
            page.locator(".person", has_text="小林").click()
        say(others[0], "在吗？下午的会改到三点了。")
        say(others[1], "Can you check the order from this morning?")
        say(others[1], "The customer is waiting.")
        ann.locator(".person", has_text="陈晨").click()
        say(ann, "好的，收到。")
        say(others[0], "会议室不变。")
        ann.get_by_text("会议室不变。").last.wait_for()
        studio.save(ann, look, "direct-3-talk")
        ann.evaluate("document.querySelector('#back').click()")
        ann.locator("#workspace:not(.in-chat)").wait_for()
        studio.save(ann, look, "direct-4-list")


def shoot_still_pages(studio: Studio, look: Look) -> None:
    """The landing page, the licences and the small demo."""
    with studio.pages(look, "/", "/licenses", "/demo.html") as (home, licenses, demo):
        studio.save(home, look, "home")
        studio.save(licenses, look, "licenses")
        demo.click("#open")
        demo.locator("#state.on").wait_for()
        for text in ("你好", "hello"):
            demo.fill("#message", text)
            demo.press("#message", "Enter")
        demo.get_by_text("服务器hello服务器").wait_for()
        studio.save(demo, look, "demo")


def shoot_chat(studio: Studio, look: Look, agent: Staff) -> None:
    """The visitor's chat as a page, from its opening to its end."""
    with studio.pages(look, CHAT, "/chat/wk_unknown") as (visitor, missing):
        talking.composer(visitor).wait_for()
        studio.save(visitor, look, "chat-1-open")
        missing.locator(".k-asked").wait_for()
        studio.save(missing, look, "chat-0-missing")
        talking.say(visitor, TALK[0][1])
        visitor.locator("[data-kefu=queue]").wait_for()
        studio.save(visitor, look, "chat-2-queue")
        conversation = talking.newest(agent)
        agent.pick(conversation)
        for who, text in TALK[1:]:
            if who == "kefu":
                agent.say(conversation, text)
                talking.texts(visitor).get_by_text(text).wait_for()
            else:
                talking.say(visitor, text)
        agent.say(conversation, "https://shop.example/orders/20251108-4471")
        agent.post(f"/conversations/{conversation}/typing")
        visitor.locator(".k-dots").wait_for()
        studio.save(visitor, look, "chat-3-talk")
        visitor.context.set_offline(True)
        visitor.locator(".k-bar").wait_for()
        talking.write(visitor, "还有一个问题")
        studio.save(visitor, look, "chat-4-offline")
        visitor.context.set_offline(False)
        visitor.locator(".k-bar").wait_for(state="hidden")
        agent.put(f"/conversations/{conversation}/status", status="resolved")
        visitor.locator("[data-kefu=rating]").wait_for()
        studio.save(visitor, look, "chat-5-over")


def shoot_accounts(studio: Studio, look: Look) -> None:
    """The pages of one-time links."""
    link = f"kl_{'a' * 43}"
    with studio.pages(look, f"/setup#{link}", "/reset", f"/join#{link}") as (setup, none, join_):
        setup.locator("button[type=submit]").click()
        setup.locator("[data-fault=name]").wait_for()
        studio.save(setup, look, "account-1-setup")
        none.locator("#refused").wait_for()
        studio.save(none, look, "account-2-none")
        join_.locator("input[name=password]").wait_for()
        studio.save(join_, look, "account-3-join")


def shoot_shop(studio: Studio, look: Look) -> None:
    """The demo's shop: where one comes in, a product, and a basket with something in it."""
    with studio.pages(look, "/shop") as (shop,):
        studio.save(shop, look, "shop-1-home")
        for product in ("roasted-hojicha", "plain-kettle"):
            shop.goto(f"{studio.base_url}/shop/{product}")
            shop.click(".add")
        shop.get_by_role("status").filter(has_text="1").wait_for()
        studio.save(shop, look, "shop-2-product")
        shop.goto(f"{studio.base_url}/shop/basket")
        shop.locator(".lines img").last.wait_for()
        studio.save(shop, look, "shop-3-basket")


def shoot_panels(studio: Studio, agent: Staff, look: Look) -> Image.Image:
    """The widget's home, queue and talk side by side."""
    question, answer = ASKED[look.locale][0]
    shots = []
    with studio.pages(look, "/shop", scale=1.5) as (shop,):
        chat = open_widget(shop)
        shots.append(picture(shop))
        ask(chat, question)
        chat.locator("[data-kefu=queue] h2").wait_for()
        shots.append(picture(shop))
        conversation = talking.newest(agent)
        agent.pick(conversation)
        agent.say(conversation, answer, blocks=[SUGGESTED[look.locale]])
        chat.locator(".k-quick").wait_for()
        shots.append(picture(shop))
    return side_by_side(shots)


def shoot_docs(studio: Studio, demo: Demo) -> None:
    """The documentation's pictures, as small as they get."""
    for locale in ASKED:
        suffix = "" if locale == "en" else f".{locale}"
        # As narrow as a phone the panel is all there is.
        narrow = Look("panel", width=400, height=680, locale=locale)
        panels = shoot_panels(studio, demo.agent, narrow).quantize(256, dither=Image.Dither.NONE)
        panels.save(studio.folder / f"kefu-widget{suffix}.png", optimize=True)
        shoot_day(studio, demo, locale)


def shoot(server: KefuServer, new: Production, folder: Path, looks: Sequence[Look]) -> None:
    """Take every picture of a demo and of a new server, of all pages in ``looks``."""
    (folder / "docs").mkdir(parents=True, exist_ok=True)
    agent = Staff.of_demo(server)
    demo = Demo(server, agent)
    with sync_playwright() as playwright:
        studio = Studio(launch(playwright), server.base_url, folder)
        for look in looks:
            shoot_console(studio, demo, look)
            shoot_first_run(studio, new, look)
            shoot_rooms(studio, look)
            shoot_direct(studio, look)
            shoot_still_pages(studio, look)
            shoot_shop(studio, look)
            shoot_chat(studio, look, agent)
            shoot_accounts(studio, look)
        studio.folder = folder / "docs"
        shoot_docs(studio, demo)
    agent.close()


def main() -> None:
    """Start the servers, take the pictures, stop them."""
    looks = () if "--docs" in sys.argv else LOOKS
    with (
        tempfile.TemporaryDirectory() as data,
        DemoWithDays(Path(data, "demo")) as server,
        Production(Path(data, "new")) as new,
    ):
        Staff.accepting(new.setup_link, name="An", email=EMAIL, password=PASSWORD).close()
        shoot(server, new, Path(sys.argv[1]), looks)


if __name__ == "__main__":
    main()
