"""Whatever colour a site has, everything that is painted with it can be read."""

from __future__ import annotations

from itertools import product

import pytest

from kefu.widget.look import GROUNDS, TEXT_RATIO, Colors, contrast, palette, parse

LEVELS = (0x00, 0x22, 0x55, 0x77, 0x99, 0xBB, 0xDD, 0xFF)
EVERY = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in product(LEVELS, LEVELS, LEVELS)]


def check(colors: Colors, *, dark: bool) -> None:
    page, bubble = GROUNDS[dark]
    fill, soft = parse(colors.accent), parse(colors.accent_soft)
    assert contrast(parse(colors.on_accent), fill) >= TEXT_RATIO
    for ground in (page, bubble, soft):
        assert contrast(parse(colors.accent_text), ground) >= TEXT_RATIO
    edge = fill if colors.accent_edge is None else parse(colors.accent_edge)
    assert contrast(edge, page) >= 3


def test_text_on_every_colour_and_of_it_is_readable_light_and_dark():
    for accent in EVERY:
        made = palette(accent)
        check(made.light, dark=False)
        check(made.dark, dark=True)


@pytest.mark.parametrize(
    ("accent", "fill", "text"),
    [
        ("#2f6b5b", "#2f6b5b", "#ffffff"),
        ("#ffd400", "#ffd400", "#15181d"),
        ("#ffffff", "#ffffff", "#15181d"),
        ("#000000", "#000000", "#ffffff"),
        ("#2F6B5B", "#2f6b5b", "#ffffff"),
    ],
)
def test_a_colour_that_can_be_read_on_stays_as_it_was_given(accent, fill, text):
    made = palette(accent).light
    assert (made.accent, made.on_accent) == (fill, text)


def test_a_colour_that_nearly_carries_white_gives_way_a_little():
    made = palette("#ff4040").light
    assert made.on_accent == "#ffffff"
    assert made.accent != "#ff4040"
