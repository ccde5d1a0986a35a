"""Who the visitor is to the site: switched without a reload, nothing of one left for the other."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import jwt
import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.browser.conftest import OpenPage
from tests.browser.framed import Site, Sites

FIELD = "[data-kefu=composer]"
MESSAGE = "[data-kefu=message]"
PATIENCE_S = 60.0
POLL_MS = 100


class Signing:
    """An inbox, and the site's server that vouches for its visitors."""

    def __init__(self, sites: Sites, **settings: Any) -> None:
        self.inbox = sites.new_inbox(**settings)
        self._key = sites.admin.post(f"/inboxes/{self.inbox['id']}/identity-keys")

    @property
    def widget(self) -> str:
        return str(self.inbox["widget_key"])

    def token(self, person: str, **claims: Any) -> str:
        # One house has one list of people, whatever the inbox.
        told = {
            "sub": f"{person} of {self.widget}",
            "aud": self.widget,
            "exp": int(time.time()) + 600,
            "name": person,
        }
        return jwt.encode(told | claims, self._key["secret"], "HS256", {"kid": self._key["kid"]})


@pytest.fixture
def signing(sites: Sites) -> Signing:
    return Signing(sites)


def of_inbox(sites: Sites, signing: Signing) -> dict[str, list[str]]:
    """What was said there, by who said it."""
    found: dict[str, list[str]] = {}
    for one in sites.conversations(signing.inbox):
        found.setdefault(one["contact"]["name"], []).extend(sites.admin.texts(one["id"]))
    return found


def told_by(sites: Sites, signing: Signing, person: str) -> list[str]:
    return sorted(of_inbox(sites, signing).get(person, []))


def say(site: Site, text: str) -> None:
    site.frame.locator(FIELD).fill(text)
    site.frame.locator(FIELD).press("Enter")


def stored(site: Site, text: str) -> None:
    say(site, text)
    expect_stored(site, text)


def expect_stored(site: Site, text: str) -> None:
    own = site.frame.locator(MESSAGE).filter(has_text=text)
    expect(own).to_have_count(1)
    expect(own).to_have_attribute("data-state", re.compile("^(sent|delivered|read)$"))


def identify(site: Site, number: int, token: str | None) -> None:
    site.tell("identify", id=number, token=token)


def done(site: Site, number: int) -> dict[str, Any]:
    site.expect_said("done", id=number)
    return next(one for one in site.said("done") if one["id"] == number)


class Held:
    """A slow network: what the frame says to the server waits while it is shut."""

    def __init__(self, site: Site) -> None:
        self.is_shut = False
        self._waiting: list[tuple[WebSocketRoute, str | bytes]] = []
        site.page.context.route_web_socket("**/api/v1/realtime", self._route)

    def shut(self) -> None:
        self.is_shut = True

    def open(self) -> None:
        self.is_shut = False
        for there, message in self._waiting:
            there.send(message)
        self._waiting.clear()

    def _route(self, socket: WebSocketRoute) -> None:
        there = socket.connect_to_server()

        def hear(message: str | bytes) -> None:
            if self.is_shut:
                self._waiting.append((there, message))
            else:
                there.send(message)

        socket.on_message(hear)


def test_what_the_site_said_of_one_person_does_not_go_with_the_next(
    open_page: OpenPage, sites: Sites, signing: Signing
):
    site = sites.opened(open_page, signing.widget)
    site.tell("set", attributes={"plan": "gold"})  # of whoever is named first
    identify(site, 0, signing.token("alma"))
    done(site, 0)
    stored(site, "alma says so.")
    identify(site, 1, signing.token("bert"))
    done(site, 1)
    site.tell("set", attributes={"cart": 3})
    stored(site, "bert says so.")
    conversations = sites.conversations(signing.inbox)
    told = {one["contact"]["name"]: one["unverified"] for one in conversations}
    assert told == {"alma": {"plan": "gold"}, "bert": {"cart": 3}}


def test_nothing_of_one_person_stays_in_the_tab_whatever_it_is_called(
    open_page: OpenPage, sites: Sites, signing: Signing
):
    site = sites.opened(open_page, signing.widget)
    identify(site, 0, signing.token("alma"))
    done(site, 0)
    frame = next(one for one in site.page.frames if "/widget/" in one.url)
    scope = site.kept().get(f"kefu.{site.widget}.scope", site.widget)
    frame.evaluate("(key) => (sessionStorage[key] = 'of alma')", f"kefu.{scope}.later")
    identify(site, 1, signing.token("bert"))
    done(site, 1)
    assert "of alma" not in str(site.kept_in_tab())


def test_a_switched_identity_leaves_no_byte_of_the_other_twenty_times_on_a_slow_network(
    open_page: OpenPage, sites: Sites, signing: Signing
):
    site = sites.opened(open_page, signing.widget)
    network = Held(site)
    said: dict[str, list[str]] = {"alma": [], "bert": []}
    for number in range(20):
        person, other = ("alma", "bert") if number % 2 == 0 else ("bert", "alma")
        network.shut()
        identify(site, number, signing.token(person))
        expect(site.frame.locator("[data-kefu=home]")).to_be_visible()
        assert f"{other} says" not in site.frame.locator("body").inner_text()
        assert f"{other} says" not in str(kept_of_person(site))
        text = f"{person} says {number}."
        say(site, text)
        said[person].append(text)
        if number % 3 == 0:  # else the next one comes while this is on its way
            network.open()
            assert "error" not in done(site, number)
            expect_stored(site, text)
            end_all(sites, signing)  # so many at a time may go on, and no more
    network.open()
    for number, person in ((100, "alma"), (101, "bert")):
        identify(site, number, signing.token(person))
        assert "error" not in done(site, number)
        wanted = sorted(said[person])
        expect_eventually(site, partial(told_by, sites, signing, person), wanted)
    assert set(of_inbox(sites, signing)) == {"alma", "bert"}


def test_what_a_person_says_at_once_goes_into_what_they_have(
    open_page: OpenPage, sites: Sites, signing: Signing
):
    site = sites.opened(open_page, signing.widget, hello={"identity": signing.token("bert")})
    stored(site, "bert was here")
    identify(site, 0, signing.token("alma"))
    done(site, 0)
    stored(site, "alma is here")
    network = Held(site)
    network.shut()
    site.page.evaluate("dispatchEvent(new Event('offline'))")
    identify(site, 1, signing.token("bert"))
    say(site, "bert is back")
    identify(site, 2, signing.token("alma"))
    say(site, "and so is alma")
    network.open()
    expect_stored(site, "and so is alma")
    identify(site, 3, signing.token("bert"))

    def told() -> list[list[str]]:
        all_of_it = sites.conversations(signing.inbox)
        return sorted(sites.admin.texts(one["id"]) for one in all_of_it)

    wanted = [["alma is here", "and so is alma"], ["bert was here", "bert is back"]]
    expect_eventually(site, told, wanted)


def end_all(sites: Sites, signing: Signing) -> None:
    for one in sites.conversations(signing.inbox):
        if one["status"] != "resolved":
            sites.admin.put(f"/conversations/{one['id']}/status", status="resolved")


def kept_of_person(site: Site) -> dict[str, str]:
    """What is kept under the name of the person who is here."""
    kept = site.kept()
    scope = kept.get(f"kefu.{site.widget}.scope", site.widget)
    mine = {key: one for key, one in kept.items() if key.startswith(f"kefu.{scope}.")}
    return mine | site.kept_in_tab()


def expect_eventually(site: Site, read: Callable[[], Any], wanted: Any) -> None:
    until = time.monotonic() + PATIENCE_S
    while (found := read()) != wanted and time.monotonic() < until:
        site.page.wait_for_timeout(POLL_MS)  # lets frames pass
    assert found == wanted


def test_what_nobody_in_particular_said_becomes_the_persons(
    open_page: OpenPage, sites: Sites, signing: Signing
):
    site = sites.opened(open_page, signing.widget)
    stored(site, "before I signed in")
    identify(site, 1, signing.token("alma"))
    assert "error" not in done(site, 1)
    expect(site.frame.locator(MESSAGE).filter(has_text="before I signed in")).to_have_count(1)
    stored(site, "and after")
    assert of_inbox(sites, signing) == {"alma": ["before I signed in", "and after"]}


def test_nobody_finds_nothing_of_who_was_here(open_page: OpenPage, sites: Sites, signing: Signing):
    site = sites.opened(open_page, signing.widget, hello={"identity": signing.token("alma")})
    stored(site, "a secret of alma's")
    site.frame.locator(FIELD).fill("half a sec")
    identify(site, 1, None)
    done(site, 1)
    expect(site.frame.locator("[data-kefu=home]")).to_be_visible()
    expect(site.frame.locator(FIELD)).to_have_value("")
    shown = site.frame.locator("body").inner_text()
    assert "sec" not in f"{site.kept()} {site.kept_in_tab()} {shown}"
    stored(site, "somebody else")
    assert set(of_inbox(sites, signing)["alma"]) == {"a secret of alma's"}


def test_a_page_that_says_nothing_of_who_is_there_goes_on_with_who_was(
    open_page: OpenPage, sites: Sites, signing: Signing
):
    site = sites.opened(open_page, signing.widget, hello={"identity": signing.token("alma")})
    stored(site, "still here")
    site.visit()
    expect(site.frame.locator(MESSAGE)).to_contain_text(["still here"])
    site.visit(identity=None)
    expect(site.frame.locator("[data-kefu=home]")).to_be_visible()
    expect(site.frame.locator(MESSAGE)).to_have_count(0)


def test_a_token_that_proves_nothing_is_refused_with_its_code(
    open_page: OpenPage, sites: Sites, signing: Signing
):
    site = sites.opened(open_page, signing.widget)
    identify(site, 7, signing.token("alma", exp=1))
    assert done(site, 7)["error"]["code"] == "unauthenticated"
    stored(site, "nobody in particular")


def test_a_form_never_asks_for_what_identify_gave(open_page: OpenPage, sites: Sites):
    fields = [
        {"name": "name", "label": "Name", "required": True},
        {"name": "mail", "label": "E-mail", "type": "email", "required": True},
        {"name": "order", "label": "Order number"},
    ]
    signing = Signing(sites, prechat={"type": "form", "fields": fields})
    token = signing.token("noor", email="noor@example.com")
    site = sites.opened(open_page, signing.widget, hello={"identity": token})
    form = site.frame.locator("[data-kefu=prechat]")
    expect(form).to_contain_text("Writing as noor")
    expect(site.frame.get_by_label("Name")).to_have_count(0)
    expect(site.frame.get_by_label("E-mail")).to_have_count(0)
    site.frame.get_by_label("Order number").fill("1042")
    site.frame.locator("[data-kefu=send]").click()
    expect(site.frame.locator(MESSAGE)).not_to_have_count(0)
    assert list(of_inbox(sites, signing)) == ["noor"]


def test_an_inbox_for_identified_visitors_says_so_and_opens_once_the_site_has_said_who(
    open_page: OpenPage, sites: Sites
):
    signing = Signing(sites, identity_required=True)
    site = sites.opened(open_page, signing.widget)
    expect(site.frame.locator("[data-kefu=home]")).to_contain_text("please sign in")
    expect(site.frame.locator(FIELD)).to_have_count(0)
    identify(site, 1, signing.token("alma"))
    assert "error" not in done(site, 1)
    stored(site, "it is me")
    assert list(of_inbox(sites, signing)) == ["alma"]


def test_attributes_and_page_that_were_said_before_the_conversation_are_kept_and_follow(
    open_page: OpenPage, sites: Sites, signing: Signing
):
    site = sites.opened(open_page, signing.widget, hello={"attributes": {"cart": 3}})
    site.tell("set", attributes={"plan": "gold"})
    place = {"url": "https://shop.example.com/kettles", "title": "Kettles", "referrer": ""}
    site.tell("page", page=place)
    stored(site, "which kettle?")
    (begun,) = sites.conversations(signing.inbox)
    told = sites.admin.get(f"/conversations/{begun['id']}")
    assert told["unverified"] == {"cart": 3, "plan": "gold"}
    assert (told["page"], told["title"]) == (place["url"], "Kettles")
    site.tell("set", attributes={"cart": 4, "plan": None})
    site.tell("page", page=place | {"url": "https://shop.example.com/pay"})
    expect(site.frame.locator(MESSAGE)).to_have_count(1)

    def now() -> tuple[str, Any]:
        told = sites.admin.get(f"/conversations/{begun['id']}")
        return told["page"], told["unverified"]

    expect_eventually(site, now, ("https://shop.example.com/pay", {"cart": 4}))


def test_a_chat_that_is_shut_down_says_so_and_holds_no_connection(
    open_page: OpenPage, sites: Sites, signing: Signing
):
    site = sites.opened(open_page, signing.widget)
    sockets: list[Any] = []
    site.page.on("websocket", lambda socket: sockets.append(socket))
    stored(site, "bye")
    site.tell("shutdown", id=3)
    done(site, 3)
    expect_eventually(site, lambda: [one.is_closed() for one in sockets], [True] * len(sockets))
