"""What mail says: the transcript of a conversation, and "you have an answer".

Rules: everything that people wrote is inert. Markdown becomes HTML without HTML of its own and
without images, and then passes a short list of tags; names, file names and subjects are plain
text. Only links to the web and to mail stay links. In the text form a message is indented, and
its head begins with the role, so that no message or name can pass for the head of another.
Nothing is loaded from outside when a letter is read.
Not here: sending (``outbound.mail``), what visitors may see: the caller leaves notes out.
Rendering costs milliseconds: a thousand long messages belong in a thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from html import escape
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import nh3
from markdown_it import MarkdownIt

from kefu.core.text import visible
from kefu.core.urls import UnsafeUrl
from kefu.outbound.letter_texts import TEXTS, Texts

MAX_LINES = 500  # of a letter; the latest
MAX_CHARS = 262_144  # of all its messages
MAX_MARKDOWN_CHARS = 8_192  # of one message; a longer one is shown as it was written
MAX_NAME_CHARS = 100

_MARKDOWN = (
    MarkdownIt("commonmark", {"html": False, "breaks": True})
    .disable(["image", "heading", "lheading", "reference", "html_inline", "html_block"])
    .enable("strikethrough")
)
_TAGS = {"a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "ul"}
_ATTRIBUTES: dict[str, set[str]] = {"a": {"href"}, "*": set()}
_SCHEMES = {"http", "https", "mailto"}
_PAGE = """\
<!doctype html>
<html lang="{language}">
<head><meta charset="utf-8"><title>{title}</title></head>
<body style="font-family:sans-serif;line-height:1.5;max-width:40em">
{body}
</body>
</html>
"""


class Role(StrEnum):
    """Who wrote a line. Shown apart from the name, which people choose."""

    CONTACT = "contact"
    AGENT = "agent"
    BOT = "bot"
    SYSTEM = "system"


class Line(msgspec.Struct, frozen=True):
    """One message."""

    sender: str
    role: Role
    at_ms: int  # Unix
    text: str  # Markdown
    files: tuple[str, ...] = ()  # names


class Letter(msgspec.Struct, frozen=True):
    """What a mail says, in both forms."""

    subject: str
    text: str
    html: str


class Frame(msgspec.Struct, frozen=True):
    """What is the same for all lines of a letter."""

    inbox: str  # its name, as visitors know it
    link: str  # continues the conversation; "" = none
    language: str = "en"  # "zh-CN" or "en"; anything else is read by its beginning
    zone: str = "UTC"  # IANA; an unknown one is UTC
    earlier: int = 0  # messages before the lines given, which are not shown


def transcript(lines: Sequence[Line], frame: Frame) -> Letter:
    """The conversation so far. Of more than ``MAX_LINES`` lines the latest are shown, and that.

    Raises UnsafeUrl: the link is not of the web.
    """
    return _letter(lines, frame, "transcript")


def answer(lines: Sequence[Line], frame: Frame) -> Letter:
    """ "You have an answer": what was said since the visitor left, and the link that goes on.

    Raises UnsafeUrl: the link is not of the web.
    """
    return _letter(lines, frame, "answer")


def markdown_html(text: str) -> str:
    """``text`` as HTML that can do nothing but show it."""
    if len(text) > MAX_MARKDOWN_CHARS:  # some forms cost the square of their length
        return f"<p>{escape(text)}</p>".replace("\n", "<br>\n")
    return nh3.clean(
        _MARKDOWN.render(text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )


def _letter(lines: Sequence[Line], frame: Frame, kind: str) -> Letter:
    texts = TEXTS["zh-CN" if frame.language.lower().startswith("zh") else "en"]
    if frame.link and not frame.link.startswith(("https://", "http://")):
        raise UnsafeUrl
    shown = _latest(lines)
    inbox = _name(frame.inbox)
    subject = texts[f"{kind}_subject"].format(inbox=inbox)
    opening = texts[f"{kind}_opening"].format(inbox=inbox)
    zone = _zone(frame.zone)
    parts = [opening]
    if left_out := frame.earlier + len(lines) - len(shown):
        parts.append(texts["left_out"].format(count=left_out))
    return Letter(
        subject=subject,
        text="\n\n".join(
            [*parts, *(_text_of(line, texts, zone) for line in shown), *_link_text(frame, texts)]
        )
        + "\n",
        html=_PAGE.format(
            language=texts["language"],
            title=escape(subject),
            body="\n".join(
                [
                    *(f"<p>{escape(part)}</p>" for part in parts),
                    *(_html_of(line, texts, zone) for line in shown),
                    *_link_html(frame, texts),
                ]
            ),
        ),
    )


def _latest(lines: Sequence[Line]) -> Sequence[Line]:
    chars, first = 0, len(lines)
    for line in reversed(lines[-MAX_LINES:]):
        chars += len(line.text)
        if chars > MAX_CHARS:
            break
        first -= 1
    return lines[first:]


def _text_of(line: Line, texts: Texts, zone: tzinfo) -> str:
    said = [*visible(line.text).splitlines(), *_files_of(line, texts)]
    head = f"[{_time(line.at_ms, zone)}] {texts[line.role]} · {_name(line.sender)}"
    return "\n".join([head, *(f"    {each}" if each else "" for each in said)])


def _html_of(line: Line, texts: Texts, zone: tzinfo) -> str:
    files = "".join(f"<p>{escape(each)}</p>" for each in _files_of(line, texts))
    return (
        f'<p style="color:#555;margin:1.5em 0 0">{_time(line.at_ms, zone)} · {texts[line.role]} · '
        f"<strong><bdi>{escape(_name(line.sender))}</bdi></strong></p>\n"
        f'<div dir="auto" style="border-left:3px solid #ccc;padding-left:1em">'
        f"{markdown_html(visible(line.text))}{files}</div>"
    )


def _files_of(line: Line, texts: Texts) -> list[str]:
    return [texts["file"].format(name=_name(name)) for name in line.files]


def _link_text(frame: Frame, texts: Texts) -> list[str]:
    return [f"{texts['continue']}\n{frame.link}"] if frame.link else []


def _link_html(frame: Frame, texts: Texts) -> list[str]:
    href = escape(frame.link)
    return [f'<p><a href="{href}">{escape(texts["continue"])}</a></p>'] if frame.link else []


def _name(text: str) -> str:
    """On one line, cut, and without what turns or hides the text around it."""
    return " ".join(visible(text[:MAX_NAME_CHARS]).split())


def _time(at_ms: int, zone: tzinfo) -> str:
    at = datetime.fromtimestamp(at_ms / 1000, zone)
    return f"{at:%Y-%m-%d %H:%M} UTC{at.isoformat()[-6:].replace('+00:00', '')}"


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
