"""Every screen and dialog of the console over a conversation that has everything in it.

Rules: the demo is this file's own. People, tags, views and files in it are named as somebody names
them who wants to do harm. A listener hears what the policy refuses, before any script of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.consoling import CONSOLE, account, card, hook, said, sign_in
from tests.browser.desk import WIDGET, Staff
from tests.browser.test_accessibility import expect_no_violations
from tests.browser.test_widget_files import picture
from tests.serving import KefuServer

EVIL = '<img src=x onerror="window.harmed=1">'
LISTEN = """window.refused = []; document.addEventListener(
  "securitypolicyviolation", ({ violatedDirective: what }) => window.refused.push(what))"""
BLOCKS = [
    {
        "type": "card",
        "title": EVIL,
        "text": EVIL,
        "buttons": [{"type": "link", "label": EVIL, "url": "https://shop.example/a"}],
    },
    {"type": "quick_replies", "options": [{"label": EVIL, "value": "a"}]},
    {
        "type": "form",
        "fields": [{"name": "order", "type": "text", "label": EVIL, "required": True}],
    },
]


@dataclass(frozen=True)
class Scene:
    """Mei's conversation, and who it is with."""

    page: Page
    base_url: str
    chat: int
    contact: int
    view: int

    def go(self, path: str = "") -> None:
        self.page.goto(f"{self.base_url}{CONSOLE}{path}")
        expect(self.page.locator("h1").first).to_be_attached()
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0)

    def open(self) -> None:
        self.go(f"/conversations/{self.chat}")
        expect(said(self.page, "with everything")).to_be_visible()

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True).first


def everything(server: KefuServer, mei: Staff) -> tuple[int, int, int]:
    """A conversation, its contact and a view."""
    api = f"{server.base_url}/api/v1"
    visitor = {"Authorization": "Bearer kd_" + "e" * 43, "X-Kefu-Widget": WIDGET}
    page = {"page": "https://shop.example/tea?q=<b>", "title": EVIL, "attributes": {"plan": EVIL}}
    told = {"client_id": "a", "text": f"Hello {EVIL}", **page}
    begun = httpx.post(f"{api}/conversations", headers=visitor, json=told, verify=False)
    assert begun.is_success, begun.text
    chat = int(begun.json()["conversation"]["id"])
    mei.pick(chat)
    contact = int(mei.get(f"/conversations/{chat}")["contact"]["id"])
    mei.patch(f"/contacts/{contact}", name=EVIL, attributes={"plan": EVIL})
    mei.put(f"/conversations/{chat}/tags", tags=[EVIL])
    mei.post("/canned", shortcut="harm", text=EVIL)
    view = int(mei.post("/views", name=EVIL, filter={"tag": EVIL}, shared=True)["id"])
    mei.post(f"/conversations/{chat}/notes", client_id="n", text=f"**Note** {EVIL}")
    named = "<img src=x onerror=harmed=1>"
    files = [
        mei.upload(chat, f"{named}.png", picture()),
        mei.upload(chat, f"{named}.pdf", b"%PDF-1.4"),
    ]
    mei.say(chat, f"# With files\n\n[here](https://shop.example/a_b_c) {EVIL}", files=files)
    for number, block in enumerate(BLOCKS):
        mei.say(chat, f"Block {number}", blocks=[block])
    mei.say(chat, "A conversation with everything")
    return chat, contact, view


@pytest.fixture(scope="module")
def scene(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with ExitStack() as ending:
        server = ending.enter_context(KefuServer(tmp_path_factory.mktemp("screens")))
        mei, ada = Staff.of_demo(server), Staff.of_demo(server, "ada")
        ending.callback(mei.close)
        ending.callback(ada.close)
        me = mei.get("/me")["agent"]["id"]
        ada.patch(f"/agents/{me}", role="supervisor")  # who may merge and block
        chat, contact, view = everything(server, mei)
        context = browser.new_context(locale="en-GB", viewport={"width": 1440, "height": 900})
        ending.callback(context.close)
        context.add_init_script(LISTEN)
        page = context.new_page()
        page.goto(server.base_url + CONSOLE)
        sign_in(page, *account(server))
        yield Scene(page, server.base_url, chat, contact, view)


def menu(scene: Scene, name: str) -> None:
    scene.open()
    scene.button(name).click()
    scene.page.get_by_role("menu").wait_for()


def dialog(scene: Scene, *keys: str) -> None:
    scene.open()
    scene.page.locator("body").click(position={"x": 600, "y": 200})
    for key in keys:
        scene.page.keyboard.press(key)
    scene.page.get_by_role("dialog").wait_for()


def row_menu(scene: Scene) -> None:
    scene.go()
    card(scene.page, scene.chat).click(button="right")
    scene.page.get_by_role("menu").wait_for()


def chosen(scene: Scene) -> None:
    scene.go()
    card(scene.page, scene.chat).focus()
    scene.page.keyboard.press("Space")
    expect(scene.page.get_by_text("1 chosen")).to_be_visible()


def message_menu(scene: Scene, item: str = "") -> None:
    scene.open()
    message = said(scene.page, "with everything")
    message.hover()
    message.locator("[data-kefu=acts]").click()
    scene.page.get_by_role("menu").wait_for()
    if item:
        scene.page.get_by_role("menuitem", name=item).click()


def deleting(scene: Scene) -> None:
    message_menu(scene, "Delete")
    scene.page.get_by_role("alertdialog").or_(scene.page.get_by_role("dialog")).wait_for()


def building(scene: Scene, kind: str) -> None:
    scene.open()
    hook(scene.page, "more").click()
    scene.page.get_by_role("menuitem", name=kind).click()
    scene.page.get_by_role("dialog", name=kind).wait_for()


def emoji(scene: Scene) -> None:
    scene.open()
    hook(scene.page, "emoji").click()
    expect(scene.page.get_by_role("searchbox")).to_be_focused()


def completing(scene: Scene, mode: str, text: str) -> None:
    scene.open()
    scene.button(mode).click()
    hook(scene.page, "composer").press_sequentially(text)
    expect(hook(scene.page, "completion").first).to_be_visible()


def tags(scene: Scene) -> None:
    scene.open()
    details = scene.page.get_by_role("complementary", name="Details")
    details.get_by_role("button", name="Tags", exact=True).click()
    scene.page.get_by_role("searchbox", name="Find or make a tag").wait_for()


def contact_dialog(scene: Scene, item: str) -> None:
    scene.go(f"/contacts/{scene.contact}")
    scene.button("More acts").click()
    scene.page.get_by_role("menuitem", name=item).click()
    scene.page.get_by_role("dialog").wait_for()


def new_contact(scene: Scene) -> None:
    scene.go("/contacts")
    scene.button("New contact").click()
    scene.page.get_by_role("dialog").wait_for()


def me(scene: Scene) -> None:
    scene.go()
    scene.page.keyboard.press("o")
    scene.page.get_by_role("menu").wait_for()


def me_item(scene: Scene, item: str) -> None:
    me(scene)
    scene.page.get_by_role("menuitem", name=item).click()
    scene.page.get_by_role("dialog").wait_for()


def notifications(scene: Scene) -> None:
    scene.go()
    scene.button("Notifications").click()
    scene.page.get_by_role("dialog", name="Notifications").wait_for()


def filtering(scene: Scene) -> None:
    scene.go("/all")
    scene.button("Filter and order").click()
    scene.page.get_by_role("dialog", name="Filter and order").wait_for()


def at(path: str) -> Callable[[Scene], None]:
    return lambda scene: scene.go(path)


SCREENS: dict[str, Callable[[Scene], None]] = {
    **{path.strip("/") or "mine": at(path) for path in ("", "/queue", "/all", "/mentions")},
    **{path.strip("/"): at(path) for path in ("/snoozed", "/resolved", "/visitors", "/contacts")},
    "saved view": lambda scene: scene.go(f"/views/{scene.view}"),
    "no such page": at("/nothing/here"),
    "no such conversation": at("/conversations/999999"),
    "search": at("/search?q=everything"),
    **{name: at(f"/profile/{name}") for name in ("devices", "preferences", "keys")},
    "profile": at("/profile"),
    "contact": lambda scene: scene.go(f"/contacts/{scene.contact}"),
    "new contact": new_contact,
    "merging": lambda scene: contact_dialog(scene, "Merge with another"),
    "blocking": lambda scene: contact_dialog(scene, "Block"),
    "filter": filtering,
    "row's menu": row_menu,
    "chosen rows": chosen,
    "me": me,
    "conversation": Scene.open,
    "ways to put it away": lambda scene: menu(scene, "More ways to put it away"),
    "message's menu": message_menu,
    "editing": lambda scene: message_menu(scene, "Edit"),
    "quoting": lambda scene: message_menu(scene, "Reply to it"),
    "deleting": deleting,
    "transfer": lambda scene: dialog(scene, "Control+Shift+KeyX"),
    "command bar": lambda scene: dialog(scene, "Control+KeyK"),
    "all keys": lambda scene: dialog(scene, "F1"),
    "why nothing was heard": lambda scene: dialog(scene, "Shift+KeyO"),
    "tags": tags,
    "emoji": emoji,
    "canned responses": lambda scene: completing(scene, "Reply", "/"),
    "colleagues": lambda scene: completing(scene, "Note", "@"),
    "variables": lambda scene: completing(scene, "Reply", "{{"),
    "form": lambda scene: building(scene, "Form"),
    "card": lambda scene: building(scene, "Card"),
    "suggestions": lambda scene: building(scene, "Suggested answers"),
    "sounds": lambda scene: me_item(scene, "Sound and notifications"),
    "notifications": notifications,
}


@pytest.mark.parametrize("name", SCREENS)
def test_each_screen_and_dialog_is_fit_for_all_breaks_no_policy_and_shows_no_markup(
    name: str, scene: Scene
):
    SCREENS[name](scene)
    expect_no_violations(scene.page)
    small = scene.page.evaluate(
        """axe.run({ runOnly: ["target-size"] }).then(({ violations }) =>
             violations.flatMap(({ nodes }) => nodes.map(({ html }) => html)))"""
    )
    assert small == []
    assert scene.page.evaluate("window.refused") == []
    assert scene.page.locator("img[src=x], [onerror]").count() == 0
    assert scene.page.evaluate("window.harmed === undefined")


# What has the focus, if nothing of it is to be seen for what lies over it.
COVERED = """() => {
  const one = document.activeElement;
  const { left, top, width, height } = one.getBoundingClientRect();
  const [label] = one.labels ?? [];
  const isFree = (x, y) => {
    const over = document.elementFromPoint(left + width * x, top + height * y);
    return over && [one, label].some((own) => own?.contains(over));
  };
  const parts = [0.1, 0.5, 0.9];
  return parts.some((x) => parts.some((y) => isFree(x, y))) ? "" : one.outerHTML.slice(0, 120);
}"""

WIDE = {"width": 1440, "height": 900}
ZOOMED = {"width": 320, "height": 256}  # 1280 × 1024 at 400 %


@pytest.fixture
def zoomed(scene: Scene) -> Iterator[Scene]:
    scene.page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    yield scene
    scene.page.set_viewport_size(WIDE)  # type: ignore[arg-type]


def expect_focus_free(scene: Scene) -> None:
    scene.open()
    hook(scene.page, "composer").focus()
    for _ in range(30):
        scene.page.keyboard.press("Tab")
        assert scene.page.evaluate(COVERED) == ""


def test_what_has_the_focus_is_never_covered(scene: Scene):
    expect_focus_free(scene)


def test_what_has_the_focus_is_never_covered_at_400_percent(zoomed: Scene):
    expect_focus_free(zoomed)


def test_at_400_percent_nothing_scrolls_sideways_and_a_chat_is_answered_and_given_away(
    zoomed: Scene,
):
    page = zoomed.page
    for path in ("", "/search?q=everything", "/contacts", "/profile/keys"):
        zoomed.go(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"]
    zoomed.open()
    hook(page, "composer").fill("Seen at 400 %")
    hook(page, "send").click()
    expect(said(page, "Seen at 400 %")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"]
    page.keyboard.press("Control+Shift+KeyX")
    room = page.get_by_role("dialog").evaluate("one => one.getBoundingClientRect().toJSON()")
    assert 0 <= room["left"] < room["right"] <= ZOOMED["width"]
    assert 0 <= room["top"] < room["bottom"] <= ZOOMED["height"]


def test_in_forced_colours_it_is_seen_what_is_chosen_and_what_has_the_focus(scene: Scene):
    page = scene.page
    page.emulate_media(forced_colors="active")
    scene.open()
    look = """one => { const { outlineStyle, outlineWidth, borderColor, borderWidth, borderStyle,
      backgroundColor, color, textDecorationLine } = getComputedStyle(one);
      return [outlineStyle, outlineWidth, borderColor, borderWidth, borderStyle, backgroundColor,
        color, textDecorationLine].join(" "); }"""
    reply, note = (scene.button(name).evaluate(look) for name in ("Reply", "Note"))
    assert reply != note
    row = card(page, scene.chat)
    assert row.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    hook(page, "composer").focus()
    page.keyboard.press("Tab")
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert ring == "solid"
    page.emulate_media(forced_colors="none")


def test_no_text_can_be_made_markup_by_a_script_of_the_page(scene: Scene):
    scene.go()
    tried = """() => { try { document.body.append(document.createElement("p"));
      document.querySelector("p").innerHTML = "<b>x</b>"; return "made"; }
      catch ({ name }) { return name; } }"""
    assert scene.page.evaluate(tried) == "TypeError"
    assert scene.page.evaluate("window.refused") == ["require-trusted-types-for"]
