"""Names of contacts and agents as they are shown, and whether one passes for another.

Rules: a name that somebody has is never refused for its look: what cannot be seen or turns the
text around it is dropped, marks that pile up are cut, and so is what is too long. ``imitates``
compares skeletons, in which characters that look alike are one (Unicode TS 39, section 4; the
table is our own and covers what passes for Latin letters and for Chinese characters).
Not here: names that are keys of their protocol (``core.names``, which refuses); isolating
right-to-left names, which is the page's (``<bdi>``); the agent's badge, which is never text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from kefu.core.names import takes_joiner

MARKS = 4  # on one letter; no script writes more

_SPACES = frozenset({"Zs", "Zl", "Zp", "Cc"})
_DROPPED = frozenset({"Cf", "Cn", "Co", "Cs"})
# These shape what stands before them: emoji, and letters of scripts that join.
_JOINERS = frozenset("\u200c\u200d\ufe0f")
# Drawn as nothing, and of other categories: Unicode's Default_Ignorable_Code_Point; U+2800 is an
# empty Braille cell.
_BLANKS = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, [*range(0xFE00, 0xFE0F), *range(0xE0100, 0xE01F0)]))
)

# Each, and what looks like it in Cyrillic, Greek, Armenian, other Latin and Cherokee letters.
# Before case is dropped, since Η looks like H and η like n. Full width is NFKC's.
_LIKE_LATIN = {
    "a": "АаΑαɑᴀᎪ",
    "b": "ВвЬьΒβƄʙᏴ",
    "c": "СсϹϲᴄᏟ",
    "d": "ԁԀđɗᎠᗪ",
    "e": "ЕеΕεᴇᎬ",
    "f": "ϜƒғҒ",
    "g": "ɡɢցᏀԌ",
    "h": "НнҺһΗհʜᎻ",
    "i": "ІіΙιıɩɪ",
    "j": "ЈјյȷᎫ",
    "k": "КкΚκᴋᏦ",
    "l": "ӀӏʟłᏞ",
    "m": "МмΜᴍᎷ",
    "n": "пΝηոɴᴎ",
    "o": "ОоΟοσօᴏøϘ",
    "p": "РрΡρᴘᏢ",
    "q": "ԚԛզԳ",
    "r": "гʀᴦᏒ",
    "s": "ЅѕꜱᏚ",
    "t": "ТтΤτᴛŧᎢ",
    "u": "υսᴜʋ",
    "v": "νᴠѵѴᏙ",
    "w": "ԜԝωᴡᎳ",
    "x": "ХхΧχ᙮",
    "y": "УуүҮΥγʏᎩ",
    "z": "ΖᴢᏃ",
    "3": "ЗзӠӡƷ",
    "6": "бᏮ",
}
# The same for Chinese characters: kana, and characters that differ by a stroke's length.
_LIKE_HAN = {
    "工": "エ",
    "力": "カ",
    "口": "ロ囗",
    "二": "ニ",
    "八": "ハ",
    "夕": "タ",
    "卜": "ト",
    "へ": "ヘ",
    "一": "ー",
    "日": "曰",
    "已": "已巳己",
    "未": "末",
    "土": "士",
    "人": "入",
    "干": "千",
}
_ALIKE = {ord(char): one for one, chars in (_LIKE_LATIN | _LIKE_HAN).items() for char in chars}
# Letters and digits that pass for each other in any case, and letters that pass for a pair.
_MERGED = str.maketrans(
    {"i": "l", "1": "l", "|": "l", "!": "l", "0": "o", "5": "s", "m": "rn", "w": "vv"}
)


def clean_display_name(name: str, most: int) -> str:
    """``name`` as it is stored and shown, of at most ``most`` characters; "" if nothing is left."""
    text = unicodedata.normalize("NFC", name[: 8 * most])  # normalising costs time
    shown = " ".join("".join(_visible(text)).split())
    if len(shown) > most:
        shown = shown[:most].rstrip(" \u200c\u200d")
    return shown


def is_blank(text: str) -> bool:
    """Whether nothing of ``text`` can be seen. A character that Unicode will have can be."""
    return not text.strip() or (not text.isascii() and all(map(_is_unseen, text)))


def imitates(name: str, agent_names: Iterable[str]) -> bool:
    """Whether ``name`` could be read as one of ``agent_names``; so could the very same name."""
    skeleton = _skeleton(name)
    return bool(skeleton) and any(skeleton == _skeleton(other) for other in agent_names)


def _is_unseen(char: str) -> bool:
    hidden = char.isspace() or char in _BLANKS or char in _JOINERS
    return hidden or unicodedata.category(char) in ("Cc", "Cf")


def _visible(text: str) -> Iterator[str]:
    before, marks = " ", 0
    for char in text:
        category = unicodedata.category(char)
        if category in _SPACES:
            char = " "
        elif char in _JOINERS:
            if not takes_joiner(before):
                continue
        elif char in _BLANKS or category in _DROPPED:
            continue
        elif category[0] == "M":
            marks += 1
            if before != " " and marks <= MARKS:
                yield char
            continue
        before, marks = char, 0
        yield char


def _skeleton(name: str) -> str:
    """What is left of a name once everything that only looks different is gone."""
    compatible = unicodedata.normalize("NFKC", clean_display_name(name, len(name)))
    alike = unicodedata.normalize("NFD", compatible.translate(_ALIKE)).translate(_ALIKE)
    seen = (char for char in alike.casefold() if char.isalnum() or char in "|!")
    return "".join(seen).translate(_MERGED)
