"""The site's one colour as the five that the widget paints with, in a light and a dark page.

Rules: by WCAG 2.2, text on the fill and text in the accent hold 4.5:1 wherever they stand, and the
fill's edge 3:1; hue stays, lightness gives way (in OKLCH, Björn Ottosson, 2020). Made where the
configuration is read, so that a visitor downloads values and not the way to them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from kefu.core.desk import Value

Rgb = tuple[int, int, int]
_Triple = tuple[float, float, float]

TEXT_RATIO: Final = 4.5
_DARK_TEXT_RATIO: Final = 5.5  # thin bright letters on a dark ground need more
_EDGE_RATIO: Final = 3.0
_STEP: Final = 0.005  # of lightness


class Colors(Value, frozen=True):
    """``accent``: the fill. ``edge``: left out where the fill is seen without one."""

    accent: str
    on_accent: str
    accent_text: str
    accent_soft: str
    accent_edge: str | None = None


class Palette(Value, frozen=True):
    """The colours in a light and in a dark page."""

    light: Colors
    dark: Colors


def parse(color: str) -> Rgb:
    """``#rrggbb`` as numbers."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def contrast(one: Rgb, other: Rgb) -> float:
    """How far apart two colours are to the eye: 1 … 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


WHITE: Final[Rgb] = (255, 255, 255)
BLACK: Final[Rgb] = (0, 0, 0)
INK: Final = parse("#15181d")
# The page and the others' bubbles, as the widget's style sheet has them.
GROUNDS: Final = {
    False: (parse("#ffffff"), parse("#eef0f4")),
    True: (parse("#191b1e"), parse("#292b30")),
}


@lru_cache(maxsize=256)
def palette(accent: str) -> Palette:
    """What is made of ``accent``, ``#rrggbb``."""
    return Palette(light=_colors(parse(accent), dark=False), dark=_colors(parse(accent), dark=True))


def _colors(given: Rgb, *, dark: bool) -> Colors:
    page, bubble = GROUNDS[dark]
    # Close enough to carry white: nudge the fill. Else keep it, and write in ink.
    light_text = contrast(given, WHITE) >= _EDGE_RATIO
    fill = _walk(given, BLACK, TEXT_RATIO, (WHITE,)) if light_text else given
    soft = _mix(page, fill, 0.22 if dark else 0.1)
    far = WHITE if dark else BLACK
    least = _DARK_TEXT_RATIO if dark else TEXT_RATIO
    seen = contrast(fill, page) >= _EDGE_RATIO
    return Colors(
        accent=_hex(fill),
        on_accent=_hex(WHITE if light_text else INK),
        accent_text=_hex(_walk(given, far, least, (page, bubble, soft))),
        accent_soft=_hex(soft),
        accent_edge=None if seen else _hex(_walk(fill, far, _EDGE_RATIO, (page,))),
    )


def _walk(color: Rgb, far: Rgb, least: float, grounds: tuple[Rgb, ...]) -> Rgb:
    """``color`` with its lightness moved towards ``far`` until it stands off all grounds."""
    lightness, a, b = _to_lab(color)
    step = _STEP if far == WHITE else -_STEP
    while 0 <= lightness <= 1:
        made = _in_gamut(lightness, a, b)
        if all(contrast(made, ground) >= least for ground in grounds):
            return made
        lightness += step
    return far


def _in_gamut(lightness: float, a: float, b: float) -> Rgb:
    """As strong as sRGB has it."""
    kept = 1.0
    made = _from_lab(lightness, a, b)
    while kept > 0 and any(not -0.0005 <= one <= 1.0005 for one in made):
        kept -= 0.02
        made = _from_lab(lightness, a * kept, b * kept)
    red, green, blue = (_encoded(min(1.0, max(0.0, one))) for one in made)
    return red, green, blue


def _luminance(color: Rgb) -> float:
    red, green, blue = map(_linear, color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: int) -> float:
    part = value / 255
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _encoded(part: float) -> int:
    return round(255 * (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055))


def _to_lab(color: Rgb) -> _Triple:
    r, g, b = map(_linear, color)
    l_ = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    m_ = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    s_ = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * l_ + 0.793617785 * m_ - 0.0040720468 * s_,
        1.9779984951 * l_ - 2.428592205 * m_ + 0.4505937099 * s_,
        0.0259040371 * l_ + 0.7827717662 * m_ - 0.808675766 * s_,
    )


def _from_lab(lightness: float, a: float, b: float) -> _Triple:
    l_ = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    m_ = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s_ = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
    return (
        4.0767416621 * l_ - 3.3077115913 * m_ + 0.2309699292 * s_,
        -1.2684380046 * l_ + 2.6097574011 * m_ - 0.3413193965 * s_,
        -0.0041960863 * l_ - 0.7034186147 * m_ + 1.707614701 * s_,
    )


def _mix(ground: Rgb, color: Rgb, part: float) -> Rgb:
    red, green, blue = (
        round(one + (other - one) * part) for one, other in zip(ground, color, strict=True)
    )
    return red, green, blue


def _hex(color: Rgb) -> str:
    return "#" + "".join(f"{one:02x}" for one in color)
