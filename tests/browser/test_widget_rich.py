"""What a conversation in the widget has beside words: a visitor in Chromium, an agent by REST."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.desk import Staff
from tests.browser.talking import WIDGET, begin, composer, said, say, texts, write
from tests.browser.test_accessibility import expect_no_violations
from tests.outbound.test_letters import PAYLOADS

OPTIONS = [{"label": "Return it", "value": "return"}, {"label": "Swap it", "value": "swap"}]
SUGGESTED = {"type": "quick_replies", "options": OPTIONS}


def acts_of(page: Page, message: Locator) -> Locator:
    """What can be done with a message that the pointer is over."""
    message.locator("> :is(.k-b, .k-pic, .k-file, .k-voice)").first.hover()
    acts = message.get_by_role("toolbar")
    expect(acts).to_be_visible()
    return acts


def act(page: Page, message: Locator, name: str) -> None:
    acts_of(page, message).get_by_role("button", name=name, exact=True).click()


def choose(page: Page, item: str) -> None:
    """Something in the menu."""
    page.get_by_role("button", name="More").click()
    page.get_by_role("menu").get_by_text(item, exact=True).click()


def message_of(agent: Staff, conversation: int, text: str) -> dict[str, Any]:
    page = agent.get(f"/conversations/{conversation}/messages", limit=200)
    return next(one for one in reversed(page["items"]) if one["text"] == text)


def test_what_is_quoted_stands_above_the_words_and_leads_back_to_it(
    visitor: Page, talk: int, agent: Staff
):
    for count in range(30):
        agent.say(talk, f"Line {count}")
    seq = message_of(agent, talk, "Line 2")["seq"]
    agent.say(talk, "As I said.", quote=seq)
    last = said(visitor, "team").last
    expect(last.locator(".k-quote")).to_have_text("小美 MeiLine 2")
    target = said(visitor).filter(has_text=re.compile("Line 2$"))
    expect(target).not_to_be_in_viewport()
    last.locator(".k-quote").click()
    expect(target).to_be_in_viewport()


def test_a_message_is_quoted_by_its_act_and_esc_quotes_nothing(
    visitor: Page, talk: int, agent: Staff
):
    agent.say(talk, "**90** °C for 40 s")
    message = said(visitor, "team").last
    act(visitor, message, "Quote")
    strip = visitor.locator(".k-strip")
    expect(strip).to_have_text("小美 Mei90 °C for 40 s")
    expect(composer(visitor)).to_be_focused()
    visitor.keyboard.press("Escape")
    expect(strip.locator(".k-quote")).to_have_count(0)
    expect(composer(visitor)).to_be_focused()
    act(visitor, message, "Quote")
    say(visitor, "Same for a small pot?")
    expect(strip.locator(".k-quote")).to_have_count(0)
    own = said(visitor, "me").last
    expect(own.locator(".k-quote")).to_have_text("小美 Mei90 °C for 40 s")
    quoted = message_of(agent, talk, "**90** °C for 40 s")["seq"]
    assert message_of(agent, talk, "Same for a small pot?")["quote"] == quoted
    expect_no_violations(visitor)


def test_both_sides_like_what_the_other_says_and_can_take_it_back(
    visitor: Page, talk: int, agent: Staff
):
    agent.say(talk, "It is on its way.")
    message = said(visitor, "team").last
    act(visitor, message, "Like")
    reaction = message.locator(".k-react")
    expect(reaction).to_have_attribute("title", "You")
    expect(reaction).to_have_attribute("aria-pressed", "true")
    [stored] = message_of(agent, talk, "It is on its way.")["reactions"]
    assert (stored["emoji"], [one["role"] for one in stored["people"]]) == ("👍", ["visitor"])
    seq = message_of(agent, talk, "It is on its way.")["seq"]
    agent.post(f"/conversations/{talk}/messages/{seq}/reactions", emoji="🎉")
    party = message.locator(".k-react").nth(1)
    expect(party).to_have_attribute("title", "小美 Mei")
    party.click()
    expect(party).to_contain_text("2")
    expect_no_violations(visitor)
    act(visitor, message, "Like")
    expect(message.locator(".k-react")).to_have_count(1)


def test_ones_own_words_are_edited_and_deleted_and_others_are_not(
    visitor: Page, talk: int, agent: Staff
):
    agent.say(talk, "Which size?")
    say(visitor, "The 400 ml one")
    own = said(visitor, "me").last
    acts = acts_of(visitor, said(visitor, "team").last)
    expect(acts.get_by_role("button")).to_have_count(3)  # like, quote, copy
    act(visitor, own, "Edit")
    dialog = visitor.get_by_role("dialog", name="Edit")
    field = dialog.get_by_role("textbox")
    expect(field).to_have_value("The 400 ml one")
    field.fill("  ")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.locator(".k-err")).to_have_text("Please write something.")
    expect_no_violations(visitor)
    field.fill("The 280 ml one")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(own.locator(".k-b")).to_have_text(re.compile("The 280 ml one *edited"))
    act(visitor, own, "Delete")
    dialog = visitor.get_by_role("dialog", name="Delete this message?")
    dialog.get_by_role("button", name="Delete").click()
    expect(own.locator(".k-b")).to_have_text("Message deleted")
    assert message_of(agent, talk, "")["deleted_at"]


def test_acts_are_reached_by_keyboard_alone(visitor: Page, talk: int, agent: Staff):
    for text in ("First", "Second"):
        agent.say(talk, text)
    expect(said(visitor, "team")).to_have_count(2)
    composer(visitor).focus()
    last = said(visitor, "team").last
    for _ in range(8):
        visitor.keyboard.press("Shift+Tab")
        if last.evaluate("one => one === document.activeElement"):
            break
    expect(last).to_be_focused()
    visitor.keyboard.press("ArrowUp")
    first = said(visitor, "team").first
    expect(first).to_be_focused()
    visitor.keyboard.press("Tab")
    expect(first.get_by_role("button", name="Like")).to_be_focused()
    visitor.keyboard.press("Enter")
    expect(first.locator(".k-react")).to_have_attribute("title", "You")
    expect_no_violations(visitor)


def test_a_long_press_shows_what_can_be_done_and_a_scroll_does_not(
    open_page: OpenPage, agent: Staff
):
    page = open_page(WIDGET, locale="en-GB", viewport={"width": 360, "height": 740}, has_touch=True)
    conversation = begin(page, agent, "Hello")
    agent.say(conversation, "Here.")
    message = said(page, "team")
    touch = {"bubbles": True, "pointerType": "touch", "clientX": 90, "clientY": 300}
    bubble = message.locator(".k-b")
    bubble.dispatch_event("pointerdown", touch)
    expect(message.get_by_role("toolbar")).to_be_visible()
    assert message.get_by_role("button", name="Like").bounding_box()["height"] >= 44  # type: ignore[index]
    said(page, "me").dispatch_event("pointerdown", touch)
    bubble.dispatch_event("pointermove", touch | {"clientY": 340})
    expect(message.get_by_role("toolbar")).to_have_count(0)


def test_a_suggestion_is_said_once_and_stays_as_a_record(visitor: Page, talk: int, agent: Staff):
    agent.say(talk, "What would you like?", blocks=[SUGGESTED])
    suggested = visitor.get_by_role("list", name="Suggested answers")
    expect_no_violations(visitor)
    suggested.get_by_role("button", name="Swap it").click()
    expect(texts(visitor, "me").last).to_have_text("Swap it")
    for _ in range(2):
        expect(suggested.get_by_role("button")).to_have_count(0)
        expect(suggested.locator(".on")).to_have_text("Swap it, chosen")
        expect(texts(visitor, "me").last).to_have_text("Swap it")
        visitor.reload()
    assert agent.texts(talk) == ["Hello", "What would you like?", "swap"]
    expect_no_violations(visitor)


def test_a_card_shows_what_it_is_and_its_buttons_do_what_they_say(
    visitor: Page, talk: int, agent: Staff
):
    card = {
        "type": "card",
        "title": "Roasted hojicha, 80 g",
        "text": "**€ 9.50**",
        "buttons": [
            {"type": "reply", "label": "Add to basket", "value": "add"},
            {"type": "link", "label": "Look at it", "url": "https://shop.example/tea"},
        ],
    }
    agent.say(talk, "This one?", blocks=[card])
    shown = visitor.locator(".k-offer")
    expect(shown.get_by_role("heading")).to_have_text("Roasted hojicha, 80 g")
    expect(shown.locator("strong")).to_have_text("€ 9.50")
    link = shown.get_by_role("link", name="Look at it")
    expect(link).to_have_attribute("href", "https://shop.example/tea")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(link).to_have_attribute("target", "_blank")
    shown.get_by_role("button", name="Add to basket").click()
    expect(texts(visitor, "me").last).to_have_text("Add to basket")
    expect(shown.get_by_role("button")).to_have_count(0)
    expect(shown).to_contain_text("Add to basket, chosen")
    expect_no_violations(visitor)


def test_s01_s02_nothing_that_people_write_into_cards_forms_and_names_becomes_markup(
    visitor: Page, talk: int, agent: Staff
):
    for payload in PAYLOADS:
        short = payload[:80]
        card = {
            "type": "card",
            "title": short,
            "text": payload,
            "image_alt": short,
            "buttons": [{"type": "reply", "label": short, "value": short}],
        }
        options = {"type": "quick_replies", "options": [{"label": short, "value": f"q{short}"}]}
        agent.say(talk, f"x{payload}", blocks=[card, options])
    expect(said(visitor, "team")).to_have_count(len(PAYLOADS))
    expect(visitor.locator(".k-offer")).to_have_count(len(PAYLOADS))
    message = said(visitor, "team").last
    act(visitor, message, "Quote")
    expect(visitor.locator(".k-strip .k-quote")).to_be_visible()
    drawn = visitor.evaluate(
        """() => [...document.querySelectorAll(".k-thread *, .k-strip *")].map(
             (one) => one.localName)"""
    )
    assert not {"script", "iframe", "object", "embed", "img", "form", "style", "base"} & set(drawn)
    handlers = visitor.evaluate(
        """() => [...document.querySelectorAll(".k-thread *")].flatMap(
             (one) => [...one.attributes].map(({ name }) => name).filter((n) => /^on/.test(n)))"""
    )
    assert handlers == []
    schemes = visitor.evaluate(
        '() => [...document.querySelectorAll(".k-thread a")].map((a) => a.protocol)'
    )
    assert set(schemes) <= {"https:", "http:", "mailto:", "tel:"}


def test_a_form_is_answered_once_and_folds_to_its_answers(visitor: Page, talk: int, agent: Staff):
    form = {
        "type": "form",
        "title": "A new lid",
        "fields": [
            {"name": "order", "label": "Order number", "type": "text", "required": True},
            {"name": "same", "label": "Same address", "type": "checkbox"},
        ],
    }
    agent.say(talk, "Two things I need for that:", blocks=[form])
    fields = visitor.locator("form.k-form")
    fields.get_by_role("button", name="Send to 小美 Mei").click()
    expect(fields.get_by_role("textbox")).to_have_attribute("aria-invalid", "true")
    expect_no_violations(visitor)
    fields.get_by_label("Order number").fill("A-17")
    fields.get_by_label("Same address").check()
    fields.get_by_role("button", name="Send to 小美 Mei").click()
    expect(fields).to_have_count(0)
    for _ in range(2):
        expect(visitor.locator(".k-answers dd")).to_have_text(["A-17", "Yes"])
        expect(said(visitor, "me").last.locator(".k-quote")).to_contain_text("Two things")
        visitor.reload()
    [answer] = [
        one for one in agent.get(f"/conversations/{talk}/messages")["items"] if one.get("answers")
    ]
    assert answer["answers"] == {"order": "A-17", "same": True}
    expect_no_violations(visitor)


def test_the_menu_goes_by_arrow_keys_and_gives_the_focus_back(visitor: Page, talk: int):
    more = visitor.get_by_role("button", name="More")
    more.focus()
    visitor.keyboard.press("Enter")
    items = visitor.locator("[role=menu] > button")
    expect(items.first).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "true")
    expect_no_violations(visitor)
    visitor.keyboard.press("ArrowUp")
    expect(items.last).to_be_focused()
    visitor.keyboard.press("ArrowDown")
    expect(items.first).to_be_focused()
    visitor.keyboard.press("End")
    expect(items.last).to_be_focused()
    visitor.keyboard.press("Escape")
    expect(visitor.get_by_role("menu")).to_have_count(0)
    expect(more).to_be_focused()


def test_sound_is_off_until_one_wants_it_and_stays_as_one_wants_it(visitor: Page, talk: int):
    more = visitor.get_by_role("button", name="More")
    more.click()
    sound = visitor.get_by_role("menuitemcheckbox")
    expect(sound).to_have_attribute("aria-checked", "false")
    sound.click()
    visitor.reload()
    more.click()
    expect(sound).to_have_attribute("aria-checked", "true")


def test_who_else_can_read_is_listed_and_ended(visitor: Page, talk: int):
    choose(visitor, "Who else can read this")
    dialog = visitor.get_by_role("dialog", name="Who else can read this")
    expect(dialog.get_by_role("listitem")).to_have_count(1)
    expect(dialog.get_by_role("listitem")).to_contain_text("This browser")
    expect_no_violations(visitor)
    visitor.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(visitor.get_by_role("button", name="More")).to_be_focused()


def test_an_end_is_asked_rated_by_a_tap_and_commented(visitor: Page, talk: int, agent: Staff):
    choose(visitor, "End the conversation")
    dialog = visitor.get_by_role("dialog", name="End the conversation now?")
    expect_no_violations(visitor)
    dialog.get_by_role("button", name="End the conversation").click()
    rating = visitor.locator("[data-kefu=rating]")
    expect(rating).to_contain_text("How was it with 小美 Mei?")
    expect(composer(visitor)).to_have_count(0)
    expect_no_violations(visitor)
    rating.get_by_role("radio", name="Good", exact=True).check()
    expect(rating.get_by_role("textbox")).to_be_visible()
    assert scores(visitor, agent, talk, 1) == [(4, "")]
    expect_no_violations(visitor)
    rating.get_by_role("textbox").fill("The photo took three tries.")
    rating.get_by_role("button", name="Send").click()
    expect(rating).to_contain_text("Thank you. 小美 Mei and the team can read it.")
    assert scores(visitor, agent, talk, 2)[-1] == (4, "The photo took three tries.")
    expect_no_violations(visitor)
    visitor.reload()
    expect(rating).to_contain_text("Thank you.")
    rating.get_by_role("button", name="New conversation").click()
    assert begin(visitor, agent, "Another thing") != talk


def scores(page: Page, agent: Staff, conversation: int, count: int) -> list[tuple[int, str]]:
    """Each rating that the timeline tells of, once there are so many."""

    def found() -> list[tuple[int, str]]:
        items = agent.get(f"/conversations/{conversation}/messages", limit=200)["items"]
        happened = [one["activity"] for one in items if one["type"] == "activity"]
        rated = [one["values"] for one in happened if one["what"] == "rated"]
        return [(one["score"], one.get("comment", "")) for one in rated]

    while len(found()) < count:
        page.wait_for_timeout(20)  # lets frames pass
    return found()


def test_arrow_keys_choose_a_face_and_only_the_last_is_told(visitor: Page, talk: int, agent: Staff):
    agent.put(f"/conversations/{talk}/status", status="resolved")
    faces = visitor.get_by_role("radio")
    expect(faces).to_have_count(5)
    faces.first.focus()
    for _ in range(3):
        visitor.keyboard.press("ArrowRight")
    expect(faces.nth(3)).to_be_checked()
    assert scores(visitor, agent, talk, 1) == [(4, "")]


def test_not_now_asks_no_more_and_writing_again_goes_on_with_the_conversation(
    visitor: Page, talk: int, agent: Staff
):
    agent.put(f"/conversations/{talk}/status", status="resolved")
    rating = visitor.locator("[data-kefu=rating]")
    rating.get_by_role("button", name="Write again").click()
    expect(rating).to_have_count(0)
    expect(composer(visitor)).to_be_focused()
    write(visitor, "One more thing")
    expect(said(visitor, "me").last).to_have_attribute("data-state", re.compile("sent|read"))
    assert agent.get(f"/conversations/{talk}")["status"] != "resolved"
    agent.put(f"/conversations/{talk}/status", status="resolved")
    rating.get_by_role("button", name="Not now").click()
    expect(composer(visitor)).to_be_focused()
    visitor.reload()
    visitor.locator("[data-kefu=message]").first.wait_for()
    expect(rating).to_have_count(0)


def test_a_conversation_that_goes_on_while_it_is_rated_brings_the_composer_back(
    visitor: Page, talk: int, agent: Staff
):
    agent.put(f"/conversations/{talk}/status", status="resolved")
    expect(visitor.locator("[data-kefu=rating]")).to_be_visible()
    agent.put(f"/conversations/{talk}/status", status="open")
    expect(visitor.locator("[data-kefu=rating]")).to_have_count(0)
    expect(composer(visitor)).to_be_visible()


def test_a_late_rating_says_of_when_it_is(visitor: Page, talk: int, agent: Staff):
    agent.put(f"/conversations/{talk}/status", status="resolved")
    rating = visitor.locator("[data-kefu=rating]")
    expect(rating).to_be_visible()
    expect(rating).not_to_contain_text("that ended on")
    visitor.clock.set_fixed_time(visitor.evaluate("Date.now() + 86_400_000") / 1000)
    visitor.reload()
    expect(rating).to_contain_text("You rate the conversation that ended on")
    expect_no_violations(visitor)


def test_an_emoji_is_found_by_name_and_put_where_one_writes(visitor: Page, talk: int):
    composer(visitor).fill("Thanks!")
    composer(visitor).evaluate("one => one.setSelectionRange(6, 6)")
    visitor.get_by_role("button", name="Choose an emoji").click()
    picker = visitor.get_by_role("dialog", name="Emoji")
    expect(picker.get_by_role("searchbox")).to_be_focused()
    expect_no_violations(visitor)
    picker.get_by_role("searchbox").fill("teacup")
    visitor.keyboard.press("Enter")
    expect(picker).to_have_count(0)
    expect(composer(visitor)).to_have_value("Thanks🍵!")
    expect(composer(visitor)).to_be_focused()
    visitor.get_by_role("button", name="Choose an emoji").click()
    recent = picker.get_by_role("region", name="Last used")
    expect(recent.get_by_role("button")).to_have_text("🍵")
    visitor.keyboard.press("ArrowDown")
    expect(recent.get_by_role("button")).to_be_focused()
    visitor.keyboard.press("ArrowRight")
    visitor.keyboard.press("ArrowDown")
    visitor.keyboard.press("Home")
    expect(recent.get_by_role("button")).to_be_focused()
    visitor.keyboard.press("Escape")
    expect(picker).to_have_count(0)
    expect(composer(visitor)).to_be_focused()


def test_no_emoji_button_where_the_keyboard_has_them(open_page: OpenPage):
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
    page = open_page(WIDGET, locale="en-GB", **phone)
    expect(composer(page)).to_be_visible()
    expect(page.get_by_role("button", name="Choose an emoji")).to_be_hidden()
