"""Files in the widget: sent by a visitor, shown as they are, and said if they are not."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from tests.browser.conftest import OpenPage
from tests.browser.desk import Staff
from tests.browser.talking import WIDGET, begin, newest, said
from tests.browser.test_accessibility import expect_no_violations

STORED = "[data-state=sent], [data-state=delivered], [data-state=read]"
UPLOADS = "**/api/v1/files?*"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"


def picture(width: int = 400, height: int = 300, kind: str = "PNG") -> bytes:
    data = BytesIO()
    Image.new("RGB", (width, height), (150, 180, 160)).save(data, kind)
    return data.getvalue()


def pick(page: Page, *files: tuple[str, bytes], kind: str = "image/png") -> None:
    """Choose files, as one does with the clip."""
    with page.expect_file_chooser() as choosing:
        page.click("[data-kefu=attach]")
    payload = [{"name": name, "mimeType": kind, "buffer": data} for name, data in files]
    choosing.value.set_files(payload)  # type: ignore[arg-type]


def files_in(agent: Staff, conversation: int) -> list[dict[str, Any]]:
    items = agent.get(f"/conversations/{conversation}/messages", limit=200)["items"]
    return [file for one in items for file in one.get("files", [])]


def expect_sent(page: Page, count: int) -> None:
    own = page.locator("[data-kefu=message][data-from=me]").and_(page.locator(STORED))
    expect(own).to_have_count(count)


class Held:
    """Keeps requests waiting until the test lets them go."""

    def __init__(self, page: Page, address: str) -> None:
        self.routes: list[Route] = []
        self._is_open = False
        page.route(address, self._route)

    def go(self) -> None:
        self._is_open = True
        for route in self.routes:
            route.continue_()

    def _route(self, route: Route) -> None:
        if self._is_open:
            route.continue_()
        else:
            self.routes.append(route)


class Cut:
    """Cuts the first uploads, however often a test says."""

    def __init__(self, page: Page, times: int) -> None:
        self.left, self.seen = times, 0
        page.route(UPLOADS, self._route)

    def _route(self, route: Route) -> None:
        self.seen += 1
        self.left -= 1
        if self.left >= 0:
            route.abort("connectionreset")
        else:
            route.continue_()


def test_a_picture_is_shown_at_once_and_is_a_message_once_it_is_there(
    visitor: Page, talk: int, agent: Staff
):
    held = Held(visitor, UPLOADS)
    pick(visitor, ("lid.png", picture()))
    row = said(visitor, "me").last
    expect(row.locator("img")).to_be_visible()
    assert (row.locator("img").get_attribute("src") or "").startswith("blob:")
    expect(row).to_have_attribute("data-state", "sending")
    expect(row.get_by_role("progressbar")).to_have_attribute("aria-label", "lid.png")
    expect_no_violations(visitor)
    held.go()
    expect_sent(visitor, 2)
    [file] = files_in(agent, talk)
    assert (file["name"], file["width"], file["height"]) == ("lid.png", 400, 300)
    expect(row.get_by_role("link")).to_have_attribute("target", "_blank")
    visitor.reload()
    shown = said(visitor, "me").last.locator("img")
    expect(shown).to_have_js_property("naturalWidth", 400)
    assert (shown.get_attribute("src") or "").startswith("/api/v1/files/")


def test_a_file_may_be_the_first_thing_that_is_said(visitor: Page, agent: Staff):
    pick(visitor, ("receipt.pdf", b"%PDF-1.4\n" + b"x" * 2_000), kind="application/pdf")
    expect_sent(visitor, 1)
    expect(said(visitor, "me").locator(".k-file")).to_contain_text("receipt.pdf")
    [file] = files_in(agent, newest(agent))
    assert file["name"] == "receipt.pdf"


def test_several_files_are_messages_in_the_order_in_which_they_were_given(
    visitor: Page, talk: int, agent: Staff
):
    names = ["c.png", "a.png", "b.png"]
    pick(visitor, *((name, picture(90 + at, 90)) for at, name in enumerate(names)))
    expect_sent(visitor, 4)
    assert [file["name"] for file in files_in(agent, talk)] == names


def test_what_is_too_large_is_told_before_it_is_sent(visitor: Page, talk: int, agent: Staff):
    uploads: list[str] = []
    visitor.on("request", lambda one: uploads.append(one.url) if "/files?" in one.url else None)
    pick(visitor, ("film.mp4", b"\0" * 20_000_001), kind="video/mp4")
    row = said(visitor, "me").last
    expect(row).to_have_attribute("data-state", "failed")
    expect(row).to_contain_text("Not sent: a file has at most 20 MB.")
    expect(row.get_by_role("button", name="Retry")).to_have_count(0)
    expect_no_violations(visitor)
    row.get_by_role("button", name="Cancel film.mp4").click()
    expect(said(visitor, "me")).to_have_count(1)
    assert uploads == []


def test_the_servers_no_is_said_in_words(visitor: Page, talk: int):
    refusal = '{"error": {"code": "too_many", "message": "", "retry_ms": null}}'
    visitor.route(UPLOADS, lambda route: route.fulfill(status=429, body=refusal))
    pick(visitor, ("a.png", picture()))
    row = said(visitor, "me").last
    expect(row).to_contain_text("too many files in an hour")
    visitor.unroute(UPLOADS)
    row.get_by_role("button", name="Retry").click()
    expect_sent(visitor, 2)


def test_an_upload_that_is_cut_half_way_is_repeated_once_by_itself(
    visitor: Page, talk: int, agent: Staff
):
    cut = Cut(visitor, times=1)
    pick(visitor, ("a.png", picture()))
    expect_sent(visitor, 2)
    assert (cut.seen, len(files_in(agent, talk))) == (2, 1)


def test_one_that_is_cut_again_waits_for_a_retry(visitor: Page, talk: int, agent: Staff):
    cut = Cut(visitor, times=2)
    pick(visitor, ("a.png", picture()))
    row = said(visitor, "me").last
    expect(row).to_contain_text("Not sent: the connection was cut.")
    assert cut.seen == 2
    row.get_by_role("button", name="Retry").click()
    expect_sent(visitor, 2)
    assert [file["name"] for file in files_in(agent, talk)] == ["a.png"]


def test_an_upload_that_is_cancelled_is_no_message(visitor: Page, talk: int, agent: Staff):
    held = Held(visitor, UPLOADS)
    pick(visitor, ("a.png", picture()), ("b.png", picture()))
    row = said(visitor, "me").filter(has_text="a.png")
    row.get_by_role("button", name="Cancel a.png").click()
    expect(row).to_have_count(0)
    held.go()
    expect_sent(visitor, 2)
    assert [file["name"] for file in files_in(agent, talk)] == ["b.png"]


def test_a_message_of_a_file_outlives_the_page(agent: Staff, open_page: OpenPage):
    page = open_page("/", locale="en-GB", viewport={"width": 400, "height": 680})
    lost = Lost(page)
    page.goto(WIDGET)
    conversation = begin(page, agent, "Hello")
    lost.is_on = True
    pick(page, ("lid.png", picture()))
    row = said(page, "me").last
    expect(row.locator("img")).to_be_visible()
    expect(row.get_by_role("progressbar")).to_have_count(0)
    expect(row).to_have_attribute("data-state", "sending")
    page.reload()
    expect(said(page, "me")).to_have_count(2)
    expect(row).to_have_attribute("data-state", "sending")
    expect(row.get_by_role("link", name="lid.png")).to_be_visible()
    lost.is_on = False
    lost.cut()
    expect_sent(page, 2)
    assert [file["name"] for file in files_in(agent, conversation)] == ["lid.png"]


class Lost:
    """A page's way to the server on which messages of files are lost, if a test wants it."""

    def __init__(self, page: Page) -> None:
        self.is_on = False
        self._open: list[WebSocketRoute] = []
        page.route_web_socket("**/api/v1/realtime", self._route)

    def cut(self) -> None:
        self._open.pop().close()

    def _route(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        self._open.append(socket)

        def pass_on(frame: str | bytes) -> None:
            if not (self.is_on and "message.send" in str(frame)):
                server.send(frame)

        socket.on_message(pass_on)


def transfer(page: Page, kind: str, name: str = "pasted.png") -> None:
    """A file that comes by the clipboard or is dropped, as the browser tells of it."""
    page.evaluate(
        """async ([kind, name, bytes]) => {
             const data = new DataTransfer();
             data.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
             const target = document.querySelector("[data-kefu=composer]");
             const how = { bubbles: true, cancelable: true };
             target.dispatchEvent(kind === "paste"
               ? new ClipboardEvent("paste", { clipboardData: data, ...how })
               : new DragEvent(kind, { dataTransfer: data, ...how }));
           }""",
        [kind, name, list(picture(40, 40))],
    )


def test_a_picture_is_pasted(visitor: Page, talk: int, agent: Staff):
    transfer(visitor, "paste")
    expect_sent(visitor, 2)
    assert [file["name"] for file in files_in(agent, talk)] == ["pasted.png"]


def test_a_file_is_dropped_where_it_says_so(visitor: Page, talk: int, agent: Staff):
    transfer(visitor, "dragenter")
    hint = visitor.get_by_text("Drop files to send them")

    def over() -> bool:
        transfer(visitor, "dragover")
        return hint.count() == 1

    wait(visitor, over)
    expect_no_violations(visitor)
    transfer(visitor, "dragover")
    transfer(visitor, "drop", "dropped.png")
    expect(hint).to_have_count(0)
    expect_sent(visitor, 2)
    assert [file["name"] for file in files_in(agent, talk)] == ["dropped.png"]


def wait(page: Page, until: Callable[[], bool]) -> None:
    while not until():
        page.wait_for_timeout(20)  # lets frames pass


def test_a_pictures_place_is_there_before_the_picture(visitor: Page, talk: int, agent: Staff):
    held = Held(visitor, "**/preview.webp?*")
    for name, width, height in (("wide.png", 1200, 500), ("high.png", 300, 900)):
        agent.say(talk, name, files=[agent.upload(talk, name, picture(width, height))])
    images = visitor.locator(".k-pic img")
    expect(images).to_have_count(2)
    wait(visitor, lambda: len(held.routes) == 2)
    expect(visitor.locator(".k-wait-for").first).to_contain_text("wide.png")
    expect_no_violations(visitor)
    before = [one.bounding_box() for one in images.all()]
    held.go()
    expect(visitor.locator(".k-wait-for")).to_have_count(0)
    assert [one.bounding_box() for one in images.all()] == before
    sizes = [(round(box["width"]), round(box["height"])) for box in before if box]
    assert sizes == [(240, 100), (80, 240)]


def test_a_picture_that_cannot_be_had_is_a_file_to_save(visitor: Page, talk: int, agent: Staff):
    visitor.route("**/preview.webp?*", lambda route: route.fulfill(status=404))
    agent.say(talk, "Look", files=[agent.upload(talk, "lid.png", picture())])
    tile = said(visitor, "team").last.locator("a.k-file")
    expect(tile).to_contain_text("lid.png")
    expect(tile).to_contain_text("PNG")


def test_a_link_that_has_ended_is_asked_for_anew_before_it_is_followed(
    visitor: Page, talk: int, agent: Staff
):
    agent.say(talk, "Look", files=[agent.upload(talk, "a.txt", b"words")])
    tile = said(visitor, "team").last.locator("a.k-file")
    expect(tile).to_be_visible()
    visitor.evaluate(
        """() => {
             const { send } = WebSocket.prototype;
             window.asked = [];
             WebSocket.prototype.send = function (text) {
               window.asked.push(JSON.parse(text).do);
               return send.call(this, text);
             };
           }"""
    )
    visitor.clock.set_fixed_time(visitor.evaluate("Date.now() + 7_200_000") / 1000)
    with visitor.expect_download() as coming:
        tile.click()
    assert coming.value.suggested_filename == "a.txt"
    assert "message.list" in visitor.evaluate("asked")


def test_a_picture_that_is_not_shown_says_why(visitor: Page, talk: int, agent: Staff):
    large = BytesIO()
    Image.new("1", (8_000, 6_000)).save(large, "PNG")
    sent = (("IMG.HEIC", HEIC), ("big.png", large.getvalue()))
    agent.say(talk, "Look", files=[agent.upload(talk, name, data) for name, data in sent])
    last = said(visitor, "team").last
    expect(last.locator(".k-help").first).to_contain_text("opens after download")
    expect(last.locator(".k-help").last).to_contain_text("too many pixels")
    expect_no_violations(visitor)


def test_a_heic_that_this_browser_cannot_draw_goes_as_it_is(visitor: Page, talk: int, agent: Staff):
    pick(visitor, ("IMG_1.HEIC", HEIC), kind="image/heic")
    expect_sent(visitor, 2)
    assert [file["name"] for file in files_in(agent, talk)] == ["IMG_1.HEIC"]
    own = said(visitor, "me").last
    expect(own).to_contain_text("opens after download")
    edges = own.locator(".k-file, .k-help").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().left)"
    )
    assert edges[1] >= edges[0]  # what is said of it stands under it


def test_a_phone_offers_library_and_camera_and_hands_over_jpeg_or_png(open_page: OpenPage):
    """`capture` would leave the camera alone; Safari converts to a type that is named."""
    phone = {"viewport": {"width": 390, "height": 700}, "has_touch": True, "is_mobile": True}
    page = open_page(WIDGET, locale="en-GB", **phone)
    field = page.locator("input[type=file]").first
    expect(field).to_be_attached()
    accept = (field.get_attribute("accept") or "").split(",")
    assert {"image/jpeg", "image/png", "*/*"} <= set(accept)
    assert not {"image/*", "image/heic", "image/heif"} & set(accept)
    assert field.get_attribute("capture") is None
    assert field.get_attribute("multiple") is not None


def test_a_heic_that_this_browser_draws_is_sent_as_jpeg(visitor: Page, talk: int, agent: Staff):
    # As in Safari: this browser draws what is in it, whatever it is called.
    pick(visitor, ("IMG_2.HEIC", picture(64, 48)), kind="image/heic")
    expect_sent(visitor, 2)
    [file] = files_in(agent, talk)
    assert (file["name"], file["type"]) == ("IMG_2.jpg", "image/jpeg")


def test_s14_s15_hostile_files_are_for_saving_and_their_names_are_text(
    visitor: Page, talk: int, agent: Staff
):
    hostile = {
        "<img src=x onerror=alert(1)>.html": b"<!doctype html><script>alert(1)</script>",
        "../../etc/passwd": b"root:x:0:0",
        "a\u202egnp.exe": b"MZ\x90\0",
        "pic.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "CON": b"x",
        f"{'long ' * 60}.txt": b"x",
        "line\r\nbreak.js": b"alert(1)",
    }
    files = [agent.upload(talk, name, data) for name, data in hostile.items()]
    agent.say(talk, "Files", files=files)
    tiles = said(visitor, "team").last.locator("a.k-file")
    expect(tiles).to_have_count(len(hostile))
    assert said(visitor, "team").last.locator("img, svg[onload], script").count() == 0
    for tile in tiles.all():
        box = tile.bounding_box()
        assert box
        assert box["width"] <= 292
        href = tile.get_attribute("href") or ""
        assert href.startswith("/api/v1/files/")
        answer = visitor.request.get(href)
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
    shown = tiles.locator("b").all_inner_texts()
    assert "<img src=x onerror=alert(1)>.html" in shown or any("onerror" in one for one in shown)
    assert not any(char in name for name in shown for char in "\u202e\r\n/")
    expect_no_violations(visitor)
