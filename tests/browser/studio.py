"""Opens pages of a server in a look, and keeps pictures of what they show.

Not here: which pages, and what is done on them (``screenshots``, ``console_pictures``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page

Scheme = Literal["light", "dark"]

GAP, GROUND = 24, "#e9eaee"  # between panels; pixels, as in the picture


@dataclass(frozen=True)
class Look:
    """How a page is looked at. Sizes in CSS pixels."""

    name: str
    scheme: Scheme = "light"
    width: int = 1280
    height: int = 800
    locale: str = "zh-CN"


class Studio:
    """Opens pages of one server in one look and saves what they show."""

    def __init__(self, browser: Browser, base_url: str, folder: Path) -> None:
        self.browser, self.base_url, self.folder = browser, base_url, folder

    @contextmanager
    def pages(self, look: Look, *paths: str, scale: float = 1) -> Iterator[list[Page]]:
        """Open each path in a browser profile of its own."""
        contexts = [
            self.browser.new_context(
                base_url=self.base_url,
                viewport={"width": look.width, "height": look.height},
                color_scheme=look.scheme,
                reduced_motion="reduce",  # nothing is caught half-way
                locale=look.locale,
                device_scale_factor=scale,
            )
            for _ in paths
        ]
        opened = [context.new_page() for context in contexts]
        for page, path in zip(opened, paths, strict=True):
            page.goto(path)
        yield opened
        for context in contexts:
            context.close()

    def save(self, page: Page, look: Look, name: str) -> None:
        """Save what ``page`` shows as NAME-LOOK.png."""
        page.screenshot(path=self.folder / f"{name}-{look.name}.png")


def picture(page: Page) -> Image.Image:
    """What ``page`` shows now."""
    return Image.open(BytesIO(page.screenshot()))


def side_by_side(panels: Sequence[Image.Image]) -> Image.Image:
    """Panels of one height on one ground."""
    width = sum(one.width + GAP for one in panels) - GAP
    sheet = Image.new("RGB", (width, max(one.height for one in panels)), GROUND)
    left = 0
    for one in panels:
        sheet.paste(one, (left, 0))
        left += one.width + GAP
    return sheet
