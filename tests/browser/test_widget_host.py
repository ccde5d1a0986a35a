"""What a page can do to the frame that it holds, and what others can: words are words."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.framed import Sites

# As a program that draws elements has them: a clone keeps what is undefined, which no JSON says.
ELEMENT = """{ constructor: undefined, type: "section", ref: undefined, key: undefined,
  props: { class: "theirs", children: "drawn" } }"""
BEGIN = """async (address) => {
  const key = address.split("/").pop();
  const config = await (await fetch(`${new URL(address).origin}/api/v1/widgets/${key}`)).json();
  const element = %s;
  begin(address, { config: { ...config, name: element },
    look: { greeting: element }, attributes: { plan: element }, page: { url: element } });
}"""
# Another frame of the same page, which the site did not mean to speak for it.
NEIGHBOUR = """() => new Promise((resolve) => {
  const other = document.createElement("iframe");
  other.src = "/";
  other.onload = () => {
    const script = other.contentDocument.createElement("script");
    script.textContent = `
      for (const type of ["back", "open", "hello", "shutdown"])
        parent.frames[0].postMessage({ kefu: 1, type, id: 99, isOpen: true }, "*");`;
    other.contentDocument.body.append(script);
    resolve();
  };
  document.body.append(other);
})"""


def test_s01_no_word_of_a_sites_page_becomes_an_element(open_page: OpenPage, sites: Sites):
    inbox = sites.new_inbox()
    page = open_page("about:blank", locale="en-GB")
    page.goto(f"{sites.origin}/")
    page.evaluate(BEGIN % ELEMENT, f"{sites.server.base_url}/widget/{inbox['widget_key']}")
    frame = page.frame_locator("iframe")
    expect(frame.locator("[data-kefu=home]")).to_be_visible()
    expect(frame.locator("section")).to_have_count(0)
    expect(frame.get_by_text("drawn")).to_have_count(0)


def test_no_frame_but_the_one_around_it_is_heard(open_page: OpenPage, sites: Sites):
    site = sites.opened(open_page, sites.new_inbox()["widget_key"])
    before = site.page.evaluate("said.length")
    site.page.evaluate(NEIGHBOUR)
    site.tell("back")  # from who may
    site.expect_said("close")
    said = site.page.evaluate("(before) => said.slice(before).map(({ type }) => type)", before)
    assert said.count("close") == 1
    assert "done" not in said
