"""One's own page in the console: name, picture and password, devices, preferences, keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

import httpx
import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.consoling import CONSOLE, sign_in
from tests.browser.desk import Production, Staff
from tests.browser.test_accessibility import expect_no_violations
from tests.browser.test_widget_files import picture

PROFILE = f"{CONSOLE}/profile"
PASSWORD = "three blue boats at noon"
NUMBERS = count(1)


@dataclass(frozen=True)
class Somebody:
    """An agent of their own for each test, since names, keys and sessions are what is changed."""

    name: str
    email: str
    staff: Staff


@pytest.fixture
def ann(production: Production, admin: Staff) -> Iterator[Somebody]:
    number = next(NUMBERS)
    name, email = f"Ann {number}", f"ann{number}@shop.example"
    link = admin.post("/agents", name=name, email=email)["link"]["url"].partition("#")[2]
    address = f"{production.base_url}/api/v1/session/link"
    assert httpx.post(address, json={"link": link, "password": PASSWORD}).is_success
    staff = Staff(production.base_url, email, PASSWORD)
    yield Somebody(name, email, staff)
    staff.close()


@pytest.fixture
def open_profile(open_page: OpenPage, production: Production, ann: Somebody) -> Callable[..., Page]:
    """``open_profile("devices", **options)``: a section of Ann's page, in a browser of its own."""

    def open_profile(section: str = "", **options: object) -> Page:
        page = open_page(production.base_url + CONSOLE, **({"locale": "en-GB"} | options))
        sign_in(page, ann.email, PASSWORD)
        page.goto(f"{production.base_url}{PROFILE}/{section}".rstrip("/"))
        expect(page.get_by_role("heading", name="Profile and preferences")).to_be_visible()
        return page

    return open_profile


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation", name="Profile and preferences").get_by_role(
        "link", name=name
    )


def me(page: Page) -> Locator:
    """Who one is, at the foot of the navigation."""
    return page.get_by_role("navigation", name="Main").get_by_role("button", name="Ann")


def fault(page: Page, field: str) -> Locator:
    return page.locator(f"[data-fault={field}]")


def test_the_menu_leads_there_and_a_name_that_is_typed_outlives_a_look_elsewhere(
    open_profile: Callable[..., Page], ann: Somebody
):
    page = open_profile("devices")
    me(page).click()
    page.get_by_role("menuitem", name="Profile and preferences").click()
    field = page.get_by_label("Name")
    expect(field).to_have_value(ann.name)
    field.fill("An")  # the admin's
    page.get_by_role("button", name="Save", exact=True).click()
    expect(fault(page, "name")).to_have_text(
        "A colleague has this name, or one that looks like it. Please choose another."
    )
    field.fill(f"{ann.name} Lee")
    page.get_by_role("navigation", name="Main").get_by_text("Inbox").click()
    me(page).click()
    page.get_by_role("menuitem", name="Profile and preferences").click()
    expect(field).to_have_value(f"{ann.name} Lee")
    expect(me(page)).not_to_contain_text("Lee")
    field.press("ControlOrMeta+s")
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    expect(me(page)).to_contain_text(f"{ann.name} Lee")
    assert ann.staff.get("/me")["agent"]["name"] == f"{ann.name} Lee"


def test_another_password_ends_the_other_sessions_and_what_is_wrong_stands_where_it_is(
    open_profile: Callable[..., Page], ann: Somebody, production: Production
):
    page = open_profile()
    old, new = page.get_by_label("Current password"), page.get_by_label("New password")
    go = page.get_by_role("button", name="Change the password")
    expect(go).to_be_disabled()
    old.fill("a boat of somebody else")
    new.fill("four red boats at noon")
    go.click()
    expect(fault(page, "old")).to_have_text("This is not your current password.")
    old.fill(PASSWORD)
    new.fill("short")
    go.click()
    expect(fault(page, "password")).to_contain_text("The password needs 12 to")
    new.fill("four red boats at noon")
    new.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    expect(old).to_have_value("")
    section(page, "Devices").click()
    expect(page.locator("[data-session]")).to_have_count(1)
    Staff(production.base_url, ann.email, "four red boats at noon").close()


def kettle(content: bytes) -> FilePayload:
    return {"name": "kettle.png", "mimeType": "image/png", "buffer": content}


def test_a_picture_is_cut_to_a_square_shown_at_once_and_removed(
    open_profile: Callable[..., Page], ann: Somebody
):
    page = open_profile()
    page.locator("input[type=file]").set_input_files(kettle(b"no picture"))
    expect(page.get_by_role("alert")).to_contain_text("This file cannot be shown as a picture")
    page.locator("input[type=file]").set_input_files(kettle(picture()))
    expect(page.get_by_role("img", name="Your picture as it will be")).to_be_visible()
    page.get_by_role("slider", name="What of it shows").fill("1")
    page.get_by_role("button", name="Use this picture").click()
    shown = me(page).locator("img")
    expect(shown).to_have_js_property("naturalWidth", 128)
    expect(shown).to_have_js_property("naturalHeight", 128)
    page.get_by_role("button", name="Remove").click()
    expect(shown).to_have_count(0)
    assert "avatar" not in ann.staff.get("/me")["agent"]


def test_devices_are_listed_and_ended_one_by_one_or_all_at_once(
    open_profile: Callable[..., Page], ann: Somebody, production: Production
):
    for _ in range(2):
        Staff(production.base_url, ann.email, PASSWORD).close()
    page = open_profile("devices")
    listed = page.locator("[data-session]")  # with the link's, and that of ``ann.staff``
    expect(listed).to_have_count(5)
    expect(listed.first).to_contain_text("This one")
    expect(listed.first).to_contain_text("Chrome on Linux")
    listed.nth(1).get_by_role("button").click()
    expect(listed).to_have_count(4)
    page.reload()
    expect(listed).to_have_count(4)
    page.get_by_role("button", name="Sign out all 3 others").click()
    expect(listed).to_have_count(1)
    page.reload()
    expect(listed).to_have_count(1)
    expect(listed).to_contain_text("This one")


# The key that ends a composition: while it lasts, and as WebKit tells it, after its end.
COMPOSE = """(field, code) => {
  const options = { code, key: code, bubbles: true, cancelable: true };
  field.dispatchEvent(new KeyboardEvent("keydown", { ...options, isComposing: true }));
  field.dispatchEvent(new KeyboardEvent("keydown", { ...options, keyCode: 229 }));
  field.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true, data: "你好" }));
  field.dispatchEvent(new KeyboardEvent("keydown", options));
}"""


def test_enter_and_escape_of_an_input_method_save_and_close_nothing(
    open_profile: Callable[..., Page], ann: Somebody
):
    page = open_profile()
    field = page.get_by_label("Name")
    field.fill("你好")
    field.evaluate(COMPOSE, "Enter")
    page.keyboard.press("F1")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    dialog.evaluate(COMPOSE, "Escape")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(field).to_have_value("你好")
    assert ann.staff.get("/me")["agent"]["name"] == ann.name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_fit_for_all_at_every_width(open_profile: Callable[..., Page], scheme: str):
    page = open_profile(color_scheme=scheme)
    for name in ("Profile", "Devices", "Preferences", "Keys"):
        section(page, name).click()
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        expect_no_violations(page)
        for width in (320, 360, 768, 1024, 1280, 2560):
            page.set_viewport_size({"width": width, "height": 720})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            scroll = page.locator("section").filter(has=page.get_by_role("heading", name=name))
            assert scroll.last.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_what_one_prefers_counts_in_all_windows_at_once_and_after_a_reload(
    open_profile: Callable[..., Page], ann: Somebody
):
    page, other = open_profile("preferences"), open_profile("devices")
    root = other.locator("html")
    expect(root).to_have_attribute("data-theme", "light")
    page.get_by_role("radio", name="Dark").check()
    page.get_by_role("radio", name="Compact").check()
    page.get_by_role("radio", name="Ctrl or ⌘ + Enter").check()
    page.get_by_role("switch", name="A contact of yours has written").click()
    expect(root).to_have_attribute("data-theme", "dark")
    expect(root).to_have_attribute("data-density", "compact")
    page.get_by_role("radio", name="中文").check()
    expect(other.get_by_role("heading", name="登录设备")).to_be_visible()
    other.reload()
    expect(root).to_have_attribute("data-theme", "dark")
    expect(root).to_have_attribute("lang", "zh-CN")
    other.get_by_text("偏好设置", exact=True).click()
    expect(other.get_by_role("switch", name="您的客户发来消息")).to_be_checked()
    kept = ann.staff.get("/me/preferences")
    assert (kept["language"], kept["send_with"]) == ("zh-CN", "ctrl_enter")
    assert kept["mail"] == {"waiting": False, "answers": True}


def cell(page: Page, act: str, slot: str) -> Locator:
    return page.locator(f"[data-act={act}] [data-slot={slot}] button").first


def expect_keys(page: Page, act: str, slot: str, told: str) -> None:
    expect(cell(page, act, slot)).to_have_accessible_name(told)


def row(page: Page, act: str) -> Locator:
    return page.locator(f"[data-act={act}]")


def test_a_key_is_changed_by_pressing_it_and_hints_and_acts_follow(
    open_profile: Callable[..., Page],
):
    page = open_profile("keys")
    address = page.url
    cell(page, "availability", "outside").click()
    expect(cell(page, "availability", "outside")).to_have_text("Press keys …")
    page.keyboard.press("1")  # the key of Mine, which leads away
    expect(row(page, "availability").get_by_role("alert")).to_have_text("1 is already: Mine.")
    assert page.url == address
    row(page, "availability").get_by_role("button", name="Use it here").click()
    expect_keys(page, "availability", "outside", "Availability, Outside fields: 1")
    expect_keys(page, "mine", "outside", "Mine, Outside fields: none")
    page.locator("h2").click()
    page.keyboard.press("1")
    expect(page.get_by_role("menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog.get_by_role("row", name="Availability")).to_contain_text("1")
    page.keyboard.press("Escape")
    page.reload()
    expect_keys(page, "availability", "outside", "Availability, Outside fields: 1")
    page.get_by_role("button", name="Put back: Availability").click()
    expect_keys(page, "availability", "outside", "Availability, Outside fields: O")
    cell(page, "keys", "anywhere").click()
    page.keyboard.press("Control+Shift+Y")
    shown = page.get_by_role("navigation", name="Main").get_by_label("Keyboard shortcuts")
    expect(shown).to_have_attribute("aria-keyshortcuts", "Control+Shift+Y")
    page.get_by_role("button", name="Put all back").click()
    expect_keys(page, "mine", "outside", "Mine, Outside fields: 1")
    expect(shown).to_have_attribute("aria-keyshortcuts", "F1")


# A key as a browser tells it: where it stands, what the layout writes there, what is held.
TYPE = """([code, key, held]) => {
  const [ctrlKey, altKey, shiftKey] = ["Control", "Alt", "Shift"].map((one) => held.includes(one));
  const options = { code, key, ctrlKey, altKey, shiftKey, bubbles: true, cancelable: true };
  const event = new KeyboardEvent("keydown", {
    ...options, modifierAltGraph: held.includes("AltGraph") });
  document.activeElement.dispatchEvent(event);
  return event.defaultPrevented;
}"""


def test_what_types_a_letter_on_some_layout_or_is_needed_elsewhere_is_refused_with_the_reason(
    open_profile: Callable[..., Page],
):
    page = open_profile("keys")
    cell(page, "next", "anywhere").click()
    said = row(page, "next").get_by_role("alert")
    for code, key, held, why in (
        ("KeyL", "ł", ["Alt"], "Alt L types a letter on some keyboards"),
        ("KeyL", "ł", ["AltGraph"], "belongs to the keyboard's layout"),
        ("KeyL", "ł", ["Control", "Alt"], "belongs to the keyboard's layout"),
        ("KeyW", "w", ["Control"], "is the browser's or the system's"),
        ("KeyQ", "q", [], "Q would be typed in a field"),
        ("KeyV", "v", ["Control"], "is needed in text fields"),
    ):
        assert page.evaluate(TYPE, [code, key, held]) is True
        expect(said).to_contain_text(why)
    page.keyboard.press("Escape")
    expect_keys(page, "next", "anywhere", "Next chat, Everywhere: Alt ↓")


def test_single_keys_are_all_off_by_one_switch_and_one_by_one(open_profile: Callable[..., Page]):
    page = open_profile("keys")
    row(page, "availability").hover()
    page.get_by_role("button", name="Switch off O: Availability").click()
    expect_keys(page, "availability", "outside", "Availability, Outside fields: none")
    page.get_by_role("switch", name="Keys outside fields").click()
    page.locator("h2").click()
    for key in ("1", "o", "?"):
        page.keyboard.press(key)
    page.keyboard.press("F1")  # this one counts
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("row", name="Mine")).not_to_contain_text("1")
    expect(page.get_by_role("menu")).to_have_count(0)
    assert page.url.endswith("/profile/keys")
