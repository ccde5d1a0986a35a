"""The pictures and papers of a demo's past days, made when they are written.

Rules: nothing of anybody's; the same name is the same file. A PDF says in ASCII what it is, since a
font for more would be larger than all the days.
Not here: who sends which (``stories.json``).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from io import BytesIO

from PIL import Image, ImageDraw

from kefu.actions.context import Files
from kefu.files.intake import Accepted

SIZE = (640, 480)
_CLOTH, _GLAZE, _SHADE, _TEA = "#d8cfc0", "#7fa39a", "#5f8279", "#8a5a2b"
_SAMPLE = ("INVOICE, SAMPLE", "", "Company:", "Tax number:", "Side-handle pot, 280 ml      1")
_SENT = ("INVOICE RT4471", "", "To: Lucia Romero, Madrid", "Tea tray, walnut      1", "Duty: paid")


def make_paper(name: str) -> bytes:
    """The file of this name. Raises KeyError: there is none."""
    return _PAPERS[name]()


async def take_papers(files: Files, names: list[str]) -> dict[str, Accepted]:
    """Keep these files as if somebody had uploaded them."""
    return {name: await files.intake.take(_parts(make_paper(name))) for name in names}


async def _parts(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _cup() -> bytes:
    """A cup from above, with a crack."""
    image = Image.new("RGB", SIZE, _CLOTH)
    draw = ImageDraw.Draw(image)
    draw.ellipse((150, 90, 490, 430), _SHADE)
    draw.ellipse((160, 90, 480, 410), _GLAZE)
    draw.ellipse((200, 130, 440, 370), _TEA)
    draw.line([(430, 150), (452, 190), (440, 232), (470, 270), (462, 320)], "#2b2b2b", 4)
    return _png(image)


def _pot() -> bytes:
    """A pot from the side, its handle to the left."""
    image = Image.new("RGB", SIZE, _CLOTH)
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((70, 215, 260, 255), 18, _SHADE)
    draw.polygon([(450, 250), (570, 170), (585, 195), (470, 320)], _SHADE)
    draw.ellipse((210, 140, 490, 400), _GLAZE)
    draw.ellipse((270, 120, 430, 170), _SHADE)
    draw.ellipse((335, 95, 365, 125), _SHADE)
    return _png(image)


def _png(image: Image.Image) -> bytes:
    held = BytesIO()
    image.save(held, "PNG")
    return held.getvalue()


def _pdf(lines: tuple[str, ...]) -> bytes:
    """A page with these lines (ISO 32000-1, section 7.5)."""
    shown = b"".join(b"(%s) Tj T* " % line.encode("ascii") for line in lines)
    text = b"BT /F 16 Tf 24 TL 60 760 Td " + shown + b"ET"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    made, places = b"%PDF-1.4\n", list[int]()
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    trailer = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(made))
    return made + head + table + trailer


_PAPERS: dict[str, Callable[[], bytes]] = {
    "cup.png": _cup,
    "侧把壶.png": _pot,
    "invoice-RT4471.pdf": lambda: _pdf(_SENT),
    "发票样张.pdf": lambda: _pdf(_SAMPLE),
}
