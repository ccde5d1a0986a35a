"""Characters that cannot be seen, that steer the text around them, or that look like others.

One table for everything that people name: people, teams, inboxes, files, tags, shortcuts.

Rules: what decides is what a character does, not its general category, so an emoji or a letter
that is newer than this Python's Unicode is kept. Dropped are controls and marks of direction, what
is drawn as nothing (Unicode's Default_Ignorable_Code_Point and a few blanks), half pairs,
noncharacters and private use. What is drawn as nothing is kept where it changes what stands before
it: in emoji, keycaps and flags of regions, as the variant of a Chinese character or a Mongolian
letter, as a joiner in the scripts that join. Marks that pile up on one letter are cut.
``fold`` is what names are compared by: two names that look the same have one. What it leaves out (a
mark on a letter of a script that has none such) or puts in place of another (a hyphen) is kept in
the name itself, since people have such names.
``normalize`` is the only way to Unicode's normal forms: putting marks in order takes time in the
square of their number, and keeps every other thread waiting, so of a run of marks that no script
writes only the beginning is taken (UAX 15, Stream-Safe Text Format).
Not here: whose name it is and what happens to a bad one (``core.names``, ``core.display``,
``core.file_names``), message texts, which are never changed.
Sources: DerivedCoreProperties.txt, StandardizedVariants.txt, UTS 51 (emoji), UTS 39 (confusables;
the table is our own and covers what passes for Latin letters and for Chinese characters: no package
of that list is kept up).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

MARKS = 4  # on one letter; no script writes more
RUN_OF_MARKS = 30  # UAX 15, D3

_ZWNJ, _ZWJ = "\u200c", "\u200d"
_KEYCAP = "\u20e3"
_VOICING = frozenset("\u3099\u309a")
_VOICING_ALONE = {0x309B: "\u3099", 0x309C: "\u309a"}  # drawn on what stands before all the same
# What makes a joined word longer and is part of no spelling: of Arabic, N'Ko and Mongolian.
_STRETCHES = (0x0640, 0x07FA, 0x180A)
_KEYS = frozenset("#*0123456789")
_STYLES = frozenset("\ufe0e\ufe0f")  # as text, as an emoji

# Where a run of marks may be. None is a letter of \w, but for the halfwidth marks of voiced kana;
# looking for these too takes twice as long, so it is done in texts that have them.
_LONG_RUN = re.compile(rf"[^\w\s\x00-\x7f]{{{RUN_OF_MARKS + 1},}}")
_VOICED = ("\uff9e", "\uff9f")
_LONG_RUN_OF_KANA = re.compile(rf"(?:[^\w\s\x00-\x7f]|[\uff9e\uff9f]){{{RUN_OF_MARKS + 1},}}")

BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Default_Ignorable_Code_Point; the last is the plane of tags and variation selectors.
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Drawn as nothing though Unicode does not ignore them: an empty Braille cell, a note without a
# head, fillers and controls of annotations and hieroglyphs.
_EMPTY = re.compile("[\u2800\ufff9-\ufffb\U00013430-\U0001345f\U00016fe4\U0001d159]")
# Not the tags: the flags of two regions differ by them; nor a keycap, which is an emoji.
_ACCENTS_AND_NOTHING = re.compile(
    "(?![\U000e0020-\U000e007f])"
    "(?:[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20e2\u20e4-\u20ff\ufe20-\ufe2f]|"
    f"{_IGNORABLE.pattern}|{_EMPTY.pattern})"
)
_UNFIT = frozenset({"Cc", "Cs", "Co"})
_STEERING = frozenset({"Cc", "Cs", "Zl", "Zp"})

# Emoji that are no "other symbol", the class of nearly all.
_PICTURES = frozenset("\u203c\u2049\u2139\u2194\u25fb\u25fc\u25fd\u25fe\u2934\u2935\u3030\u303d")
_FLAG_OF_REGION = re.compile(
    "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
)
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_IDEOGRAPH = re.compile(f"[{_HAN}]")
_IDEOGRAPH_OR_KANA = f"[{_HAN}\u3041-\u30ff]"
_MONGOLIAN = re.compile("[\u1820-\u18aa]")
# Scripts whose letters join: Arabic to Mandaic, those of India, South-East Asia and Mongolia.
_JOINING = re.compile(
    "[\u0600-\u0dff\u1000-\u109f\u1780-\u17ff\u1800-\u18af\u1a20-\u1aaf\u1b00-\u1bff\ua840-\ua87f"
    "\ua8e0-\ua8ff\ua980-\ua9df\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00010fff"
    "\U00011000-\U00011fff\U0001e900-\U0001e95f]"
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
# The same of rarer scripts and signs, by UTS 39's list of what is confusable; no digits, which are
# told apart within their script.
_LIKE_LATIN_TOO = {
    "2": "ꝚƧϨꙄᒿ",
    "3": "ꞫȜꝪⳌ\U00016f3b\U000118ca",
    "4": "Ꮞ\U000118af",
    "5": "Ƽ\U000118bb",
    "6": "Ⳓ\U000118d5",
    "7": "\U000104d2\U000118c6",
    "8": "ȣȢ\U0001031a",
    "9": "ꝮⳊ\U000118cc\U000118ac\U000118d6",
    "a": "ᗅꓮ\U00016f40\U000102a0ⲁ",
    "b": "ᏏᑲᖯꞴᗷꓐ\U00010282\U000102a1\U00010301Ⲃⲃ",
    "c": "ⲥ\U0001043d\U000118f2Ⲥꓚ\U000102a2\U00010302\U00010415\U0001051c",
    "d": "Ꮷᑯꓒᗞꓓ",
    "e": "\u212eꬲҽⴹꓰ\U000118a6\U000118ae\U00010286Ⲉⲉ",
    "f": "ꬵꞙẝքꞘᖴꓝ\U000118c2\U000118a2\U00010287\U000102a5\U00010525",
    "g": "ᶃƍᏳꓖ",
    "h": "ᏂⲎᕼꓧ\U000102cfⲏ",
    "i": "ͺꙇꭵᎥ\U000118c3Ⲓꓲⲓ",
    "j": "ϳꞲͿᒍꓙ",
    "k": "Ⲕᛕꓗ\U00010518ⲕ",
    "l": (
        "\U00010320Ɩǀ\U0001d6b0\U0001d6ea\U0001d724\U0001d75e\U0001d798ⵏᛁ\U00016f28"
        "\U0001028a\U00010309Ⳑᒪꓡ\U00016f16\U000118a3\U000118b2\U0001041b\U00010526"
    ),
    "m": "ϺⲘᗰᛖꓟ\U000102b0\U00010311ⲙ",
    "n": "ռⲚꓠ\U00010513ⲛ",
    "o": (
        "ᴑꬽⲟჿഠဝ\U000104ea\U000118c8\U000118d7\U0001042cⲞⵔ"
        "ዐଠ\U000104c2ꓳ\U000118b5\U00010292\U000102ab\U00010404\U00010516"
    ),
    "p": "ⲣⲢᑭꓑ\U00010295",
    "q": "գⵕ",
    "r": "ꭇꭈⲅꮁᎡ\U000104b4ᖇꓣ\U00016f35",
    "s": "ƽ\U000118c1\U00010448ՏᏕꓢ\U00016f3a\U00010296\U00010420",
    "t": "Ⲧꓔ\U00016f0a\U000118bc\U00010297\U000102b1\U00010315ⲧ",
    "u": "ꞟꭎꭒ\U000104f6\U000118d8ሀ\U000104ceᑌꓴ\U00016f42\U000118b8",
    "v": "\U00011706\U000118c0ⴸᐯꛟꓦ\U00016f08\U000118a0\U0001051d",
    "w": "ɯѡա\U0001170a\U0001170e\U0001170f\U000118efᏔꓪ",
    "x": "ᕁᕽ\U00010322\U000118ecꞳⲬⵝᚷꓫ\U00010290\U000102b4\U00010317\U00010527ⲭ",
    "y": "ɣᶌỿꭚყ\U000118dcⲨᎽꓬ\U00016f43\U000118a4\U000102b2ⲩ",
    "z": "\U000118c4\U000102f5ꓜ\U000118a9",
}
# Radicals and strokes that are drawn as characters, where NFKC leaves them (Unicode's
# EquivalentUnifiedIdeograph.txt); those of Kangxi are NFKC's.
_RADICALS = str.maketrans(
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺫"
    "⺬⺭⺮⺯⺰⺱⺲⺳⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗"
    "⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲㇐㇑㇒㇓㇔㇚㇟㇠",
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄㣺扌攵旡日月歺民氵氺灬爫爫丬牛犭王罒"
    "示礻𥫗糹纟罓罒㓁羊羊羋耂肀聿月臼艹艹艹虎衤覀西见角讠贝车辶辶辶阝钅長镸长门阜阝雨"
    "青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀一丨丿丿丶亅乚乙",
)
# Kana that cannot be told from Chinese characters, whatever stands around.
_LIKE_KANA = {
    "工": "エ",
    "力": "カ",
    "口": "ロ囗",
    "二": "ニ",
    "八": "ハ",
    "夕": "タ",
    "卜": "ト",
    "才": "オ",
    "へ": "ヘ",
    "一": "ー",
    "厶": "ム",
    "千": "チ",
    "彐": "ヨ",
    "匕": "ヒ",
}
# Chinese characters that differ by a stroke's length: told apart, but not at a glance.
_LIKE_HAN = {
    "日": "曰",
    "已": "已巳己",
    "未": "末",
    "土": "士",
    "人": "入",
    "干": "千",
}
# One text in two spellings that Unicode does not make one: a letter that is two others, an inherent
# vowel with a sign, and what a joiner (left out) makes of a letter without its vowel.
_SPELLINGS = {
    "\u0e40\u0e40": "\u0e41",  # Thai
    "\u0ec0\u0ec0": "\u0ec1",  # Lao
    "\u0905\u093e": "\u0906",  # of five scripts of India
    "\u0985\u09be": "\u0986",
    "\u0a05\u0a3e": "\u0a06",
    "\u0a85\u0abe": "\u0a86",
    "\u0b05\u0b3e": "\u0b06",
    "\u09ce": "\u09a4\u09cd",  # Bengali
    "\u0d7a": "\u0d23\u0d4d",  # Malayalam
    "\u0d7b": "\u0d28\u0d4d",
    "\u0d7c": "\u0d30\u0d4d",
    "\u0d7d": "\u0d32\u0d4d",
    "\u0d7e": "\u0d33\u0d4d",
    "\u0d7f": "\u0d15\u0d4d",
    "\u0d54": "\u0d2e\u0d4d",
    "\u0d55": "\u0d2f\u0d4d",
    "\u0d56": "\u0d34\u0d4d",
}
_SPELT = re.compile("|".join(_SPELLINGS))
# The ring of a Thai or Lao am, which NFKC takes apart, stands below a tone mark.
_TONE_FIRST = re.compile("([\u0e48-\u0e4b\u0ec8-\u0ecb])([\u0e4d\u0ecd])")
# Letters that Arabic and Persian keyboards write by other characters, drawn alike within a word.
_LIKE_ARABIC = {"ي": "یىې", "ك": "کڪ", "ه": "ہھە"}
# Punctuation, by UTS 39's list: what stands for a sign of ASCII, or for the middle dot.
_LIKE_SIGNS = {
    "-": "‐‑‒–−˗⁃⸺⸻﹘۔Ⲻ᠆֊־",
    "—": "―─",  # a hyphen, or beside a Chinese character one
    "'": "`´’‘‛′‵ʹʻʼʽʾʿˈˊˋ˴՚՝׳ߴߵꞋꞌᑊᛌ᾽᾿῾`΄´",
    "''": '"“”‟″‶ʺ˝ˮ˶״〃',
    "·": "•‣․‧∙⋅⸱⸳・･᛫ᐧꞏㆍ\u119e\U00010101",
    ",": "‚¸؍٫ꓹ",
    ".": "܁܂꘎ꓸ\U00010a50",
    ":": "∶ːˑ˸꞉׃։܃܄᛬᠃᠉ꓽ⁚",
    "/": "∕⁄╱⟋⧸᜵⁁〳Ⳇ",
    "\\": "∖⧵⟍⧹",
    "*": "∗⁎٭⋆\U0001031f",
    "~": "∼˜῀〜⁓∽",
    "!": "ǃⵑ",
    "?": "ʔɁॽꛫᎮ",
    "|": "∣❘│׀",
    "=": "゠᐀꓿═",
    "<": "‹〈⟨❮˂",
    ">": "›〉⟩❯˃",
    "<<": "«《⟪≪",
    ">>": "»》⟫≫",
    "(": "❨❪❲〔",
    ")": "❩❫❳〕",
    "%": "٪",
}
_ALIKE = _RADICALS | {
    ord(char): one
    for table in (_LIKE_LATIN_TOO, _LIKE_KANA, _LIKE_ARABIC, _LIKE_LATIN)
    for one, chars in table.items()
    for char in chars
}
_SIGNS: dict[int, str | None] = {
    **dict.fromkeys(_STRETCHES),
    **_VOICING_ALONE,
    **{ord(char): one for one, chars in _LIKE_SIGNS.items() for char in chars},
}
_ALIKE_TOO = {ord(char): one for one, chars in _LIKE_HAN.items() for char in chars}
# Letters and digits that pass for each other in any case, and letters that pass for a pair.
_MERGED = str.maketrans(
    {"i": "l", "1": "l", "|": "l", "!": "l", "0": "o", "5": "s", "m": "rn", "w": "vv"}
)
# Inside a word in small letters a capital I is read as l.
_INNER_I = re.compile(r"(?<=[a-z])I|(?<=[A-Z])I(?=[a-z])")
# A run is looked at once, from its begin.
_WIDE_DASHES = re.compile(f"(?<={_IDEOGRAPH_OR_KANA})—+|(?<!—)—++(?={_IDEOGRAPH_OR_KANA})")
# Signs that stand for a character in a name, and around it for nothing.
_LIKE_WORDS = str.maketrans({"—": "-", "○": "〇", "◯": "〇"})
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_DIGITS = str.maketrans("01|", "oll")


def normalize(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """``text`` in a normal form of Unicode, in time in proportion to its length.

    What a run of marks has beyond ``RUN_OF_MARKS`` is left out.
    """
    if text.isascii():
        return text
    run = _LONG_RUN_OF_KANA if any(mark in text for mark in _VOICED) else _LONG_RUN
    return unicodedata.normalize(form, run.sub(_without_long_runs, text))


def seen(text: str) -> str:
    """``text`` in NFC without what cannot be seen or steers what stands around it.

    White space stays.
    """
    if text.isascii() and text.isprintable():
        return text
    return normalize("NFC", "".join(_kept(normalize("NFC", text))))


def is_unseen(char: str) -> bool:
    """Whether ``char`` alone is drawn as nothing: white space, a control, a joiner, a filler."""
    if char.isspace() or _IGNORABLE.match(char) or _EMPTY.match(char):
        return True
    return unicodedata.category(char) == "Cc"


def is_steering(char: str) -> bool:
    """Whether ``char`` breaks a line, turns the text around it or steers what shows it."""
    return char in BIDI or unicodedata.category(char) in _STEERING


def is_picture(char: str) -> bool:
    """Whether ``char`` is an emoji, or a symbol like one; also one that has no class yet."""
    kind = unicodedata.category(char)
    if kind == "So":
        return char != "\u2800"
    return char in _PICTURES or (kind in ("Cn", "Sk") and "\U0001f000" <= char <= "\U0001faff")


def fold(name: str) -> str:
    """What ``name`` is compared by: the same for names that look the same, in any case.

    What is drawn as nothing, width, accents, kinds of blanks, of dashes and quotes, and letters of
    other alphabets make no difference; nor do 0 and o, 1 and l, nor in which script's digits a
    number is written, nor marks on a letter of a script that has none such.
    """
    ones = _WIDE_DASHES.sub(lambda found: "一" * len(found[0]), _folded(name))
    return ones.translate(_LIKE_WORDS)


def skeleton(name: str) -> str:
    """What is left of ``name`` once everything that could be misread is gone: letters and digits.

    Coarser than ``fold``: i and l, m and rn, 土 and 士 are one, and punctuation makes no
    difference. For the few names that nobody may come near.
    """
    compatible = _as_written(seen(name))
    alike = normalize("NFD", compatible.translate(_ALIKE)).translate(_ALIKE)
    shown = (char for char in alike.casefold() if char.isalnum() or char in "|!")
    return "".join(shown).translate(_ALIKE_TOO).translate(_MERGED)


def bare(name: str) -> str:
    """The letters and digits of ``fold(name)``: what a word's look is without its punctuation.

    A wide dash or a circle is punctuation, whatever stands beside it.
    """
    return "".join(filter(str.isalnum, _folded(name)))


def _folded(name: str) -> str:
    """``fold(name)``, where a wide dash or a circle is one still."""
    plain = " ".join(_ACCENTS_AND_NOTHING.sub("", _as_written(name)).split())
    alike = _INNER_I.sub("l", plain.translate(_ALIKE)).casefold()
    decomposed = normalize("NFD", alike).translate(_ALIKE)
    return _ACCENTS_AND_NOTHING.sub("", decomposed).translate(_DIGITS)


def _as_written(name: str) -> str:
    """``name`` in NFKC, with one sign for all that look like it, and marks where they belong.

    Digits are ASCII's.
    """
    if name.isascii():
        return name.translate(_SIGNS)
    # Before as well: as a compatibility character an accent that stands alone is on a blank.
    plain = normalize("NFKC", name.translate(_SIGNS)).translate(_SIGNS)
    plain = _SPELT.sub(lambda found: _SPELLINGS[found[0]], _TONE_FIRST.sub(r"\2\1", plain))
    # Before the tables of what looks alike: a digit is what it counts, not what it looks like, or
    # 7 and 9 of some scripts were one.
    return _OTHER_DIGIT.sub(_own_digit, "".join(_without_foreign_marks(plain)))


def _without_foreign_marks(text: str) -> Iterator[str]:
    base = " "
    for char in text:
        if unicodedata.category(char)[0] != "M":
            if not _IGNORABLE.match(char):
                base = char
        elif not _takes(base, char):
            continue
        yield char


def _takes(base: str, mark: str) -> bool:
    """Whether ``mark`` is written on ``base``: accents and what is ignored are none of this."""
    if mark == _KEYCAP:
        return base in _KEYS
    if _ACCENTS_AND_NOTHING.match(mark):
        return True
    script = _script(base)
    if mark in _VOICING:  # on what passes for kana it is read as on kana
        return script in ("HIRAGANA", "KATAKANA") or base.translate(_ALIKE) in _LIKE_KANA
    return script == _script(mark)


@lru_cache(maxsize=2_048)
def _script(char: str) -> str:
    """What Unicode's names of one script begin with, and of no other that has marks."""
    return unicodedata.name(char, char).partition(" ")[0]


def _own_digit(found: re.Match[str]) -> str:
    return str(unicodedata.decimal(found[0]))


def _without_long_runs(found: re.Match[str]) -> str:
    # Most are of few characters, and none of them a mark: each is looked at once.
    piling = set(filter(_is_non_starter, set(found[0])))
    if not piling:
        return found[0]
    kept, marks = [], 0
    for char in found[0]:
        marks = marks + 1 if char in piling else 0
        if marks <= RUN_OF_MARKS:
            kept.append(char)
    return "".join(kept)


@lru_cache(maxsize=2_048)
def _is_non_starter(char: str) -> bool:
    """Whether it is put in order with others; also by what it is decomposed into."""
    return unicodedata.combining(unicodedata.normalize("NFKD", char)[0]) != 0


def _kept(text: str) -> Iterator[str]:
    flags = {match.start(): match.end() for match in _FLAG_OF_REGION.finditer(text)}
    before, marks, at = " ", 0, 0
    while at < len(text):
        if end := flags.get(at):
            yield text[at:end]
            before, marks, at = text[at], 0, end
            continue
        char, after = text[at], text[at + 1 : at + 2]
        at += 1
        if _IGNORABLE.match(char):
            if not _shapes(char, before, after):
                continue
        elif not char.isspace() and _is_unfit(char):
            continue
        elif unicodedata.category(char)[0] == "M":
            marks += 1
            if before.isspace() or marks > MARKS:
                continue
        else:
            marks = 0
        before = char
        yield char


def _is_unfit(char: str) -> bool:
    is_noncharacter = "\ufdd0" <= char <= "\ufdef" or ord(char) & 0xFFFE == 0xFFFE
    return is_noncharacter or unicodedata.category(char) in _UNFIT or bool(_EMPTY.match(char))


def _shapes(char: str, before: str, after: str) -> bool:
    """Whether ``char``, which is drawn as nothing, changes what stands before it."""
    if char in (_ZWNJ, _ZWJ):
        if _JOINING.match(before):
            return unicodedata.category(before)[0] in "LM"
        is_emoji = is_picture(before) or before == "\ufe0f"
        return char == _ZWJ and is_emoji and after != "" and is_picture(after)
    if char in _STYLES:
        return is_picture(before) or (before in _KEYS and after == _KEYCAP)
    if "\U000e0100" <= char <= "\U000e01ef" or "\ufe00" <= char <= "\ufe02":
        return _IDEOGRAPH.match(before) is not None
    return "\u180b" <= char <= "\u180f" and _MONGOLIAN.match(before) is not None
