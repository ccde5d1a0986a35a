"""What mail says: the transcript of a conversation, "you have an answer", what waits for the team.

Rules: everything that people wrote is inert. A message reads as on the page (``core.markdown``):
the team's is Markdown, a visitor's is plain but for its addresses; names, file names and subjects
are plain text. In the text form a message has no marks and is indented, and its head begins with
the role, so that no message or name can pass for the head of another. Nothing is loaded from
outside when a letter is read. Where answers are not read, the letter says so.
Not here: sending (``outbound.mail``), what visitors may see: the caller leaves notes out.
Rendering costs milliseconds: a thousand long messages belong in a thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from html import escape

import msgspec

from kefu.core.hours import find_zone
from kefu.core.markdown import Element, read_markdown, read_plain, to_html, to_text
from kefu.core.text import visible
from kefu.core.urls import UnsafeUrl
from kefu.outbound.letter_texts import TEXTS, Texts

MAX_LINES = 500  # of a letter; the latest
MAX_CHARS = 262_144  # of all its messages
MAX_NAME_CHARS = 100

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
    text: str  # a contact's is plain, others' are Markdown
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
    answerable: bool = False  # an answer to the letter is read
    earlier: int = 0  # messages before the lines given, which are not shown


class Chat(msgspec.Struct, frozen=True):
    """A conversation that waits, for the team: its contact's last words."""

    contact: str
    inbox: str
    text: str
    at_ms: int  # Unix
    link: str = ""  # to it in the console; "" = none
    files: tuple[str, ...] = ()  # names


def team(chats: Sequence[Chat], frame: Frame, *, more: int = 0) -> Letter:
    """What waits while nobody is there, to one of the team. ``more``: that wait beside these.

    Raises UnsafeUrl: a link is not of the web.
    """
    texts = TEXTS["zh-CN" if frame.language.lower().startswith("zh") else "en"]
    if any(chat.link and not chat.link.startswith(("https://", "http://")) for chat in chats):
        raise UnsafeUrl
    zone, ends = _zone(frame.zone), [texts["team_off"]]
    if not frame.answerable:
        ends.append(texts["unread"])
    text, html = [texts["team_opening"]], [f"<p>{escape(texts['team_opening'])}</p>"]
    for chat in chats:
        who = f"{_name(chat.contact)} · {_name(chat.inbox)}"
        line = Line(who, Role.CONTACT, chat.at_ms, chat.text, chat.files)
        go = [texts["team_open"], chat.link] if chat.link else []
        text.append("\n".join([_text_of(line, texts, zone), *go]))
        html.append(_html_of(line, texts, zone))
        if chat.link:
            html.append(f'<p><a href="{escape(chat.link)}">{escape(texts["team_open"])}</a></p>')
    if more:
        text.append(texts["team_more"].format(count=more))
        html.append(f"<p>{escape(text[-1])}</p>")
    html += [f"<p>{escape(' '.join(ends))}</p>"]
    subject = texts["team_subject"].format(count=len(chats) + more)
    page = _PAGE.format(language=texts["language"], title=escape(subject), body="\n".join(html))
    return Letter(subject, "\n\n".join([*text, "\n".join(ends)]) + "\n", page)


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
            filter(
                None,
                [
                    *parts,
                    *(_text_of(line, texts, zone) for line in shown),
                    _how_to_answer(frame, texts),
                ],
            )
        )
        + "\n",
        html=_PAGE.format(
            language=texts["language"],
            title=escape(subject),
            body="\n".join(
                [
                    *(f"<p>{escape(part)}</p>" for part in parts),
                    *(_html_of(line, texts, zone) for line in shown),
                    _how_to_answer_html(frame, texts),
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
    said = [*visible(to_text(_read(line))).splitlines(), *_files_of(line, texts)]
    head = f"[{_time(line.at_ms, zone)}] {texts[line.role]} · {_name(line.sender)}"
    return "\n".join([head, *(f"    {each}" if each else "" for each in said)])


def _html_of(line: Line, texts: Texts, zone: tzinfo) -> str:
    files = "".join(f"<p>{escape(each)}</p>" for each in _files_of(line, texts))
    return (
        f'<p style="color:#555;margin:1.5em 0 0">{_time(line.at_ms, zone)} · {texts[line.role]} · '
        f"<strong><bdi>{escape(_name(line.sender))}</bdi></strong></p>\n"
        f'<div dir="auto" style="border-left:3px solid #ccc;padding-left:1em;white-space:pre-wrap">'
        f"{visible(to_html(_read(line)))}{files}</div>"
    )


def _read(line: Line) -> tuple[Element, ...]:
    return read_plain(line.text) if line.role is Role.CONTACT else read_markdown(line.text)


def _files_of(line: Line, texts: Texts) -> list[str]:
    return [texts["file"].format(name=_name(name)) for name in line.files]


def _how_to_answer(frame: Frame, texts: Texts) -> str:
    """The end of the text form: whether an answer is read, and the link that goes on."""
    link = [texts["continue"], frame.link] if frame.link else []
    return "\n".join([*([] if frame.answerable else [texts["unread"]]), *link])


def _how_to_answer_html(frame: Frame, texts: Texts) -> str:
    parts = [] if frame.answerable else [escape(texts["unread"])]
    if frame.link:
        parts.append(f'<a href="{escape(frame.link)}">{escape(texts["continue"])}</a>')
    return f"<p>{' '.join(parts)}</p>" if parts else ""


def _name(text: str) -> str:
    """On one line, cut, and without what turns or hides the text around it."""
    return " ".join(visible(text[:MAX_NAME_CHARS]).split())


def _time(at_ms: int, zone: tzinfo) -> str:
    at = datetime.fromtimestamp(at_ms / 1000, zone)
    return f"{at:%Y-%m-%d %H:%M} UTC{at.isoformat()[-6:].replace('+00:00', '')}"


def _zone(name: str) -> tzinfo:
    return find_zone(name) or UTC
