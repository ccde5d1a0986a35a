"""``kefu history``: stored conversations as lines for people or JSON lines for scripts.

Rules: reads only, so it works beside a running server, and in bounded memory however long the
history is. It reads a page at a time and holds nothing of the store while it prints: a pager that
stands still holds nobody up. Control characters in what people wrote cannot steer the terminal.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import typer

from kefu.cli.texts import Texts
from kefu.core.conversation import Kind, Message, Role
from kefu.core.markdown import read_markdown, to_text
from kefu.core.text import iso_time, visible
from kefu.storage.engine import open_for_reading
from kefu.storage.messages import Page, Told, history_pages


def print_history(
    url: str, texts: Texts, *, name: str | None, limit: int | None, as_json: bool
) -> None:
    """Print the store at ``url``. Raises StoreUnusable if there is none."""
    last: int | None = None
    with open_for_reading(url) as conn:
        for page in history_pages(conn, name=name, limit=limit):
            for line in page.lines:
                if as_json:
                    _print_json(line, page)
                elif line.message.conversation_id != last:
                    typer.echo(("" if last is None else "\n") + _heading(line, page))
                last = line.message.conversation_id
                if not as_json:
                    typer.echo(_line(line, page, texts))
    if last is None and not as_json:
        typer.echo(texts("empty_history"), err=True)


def _print_json(told: Told, page: Page) -> None:
    message, body = told.message, told.body
    line: dict[str, Any] = {
        "conversation": message.conversation_id,
        "seq": message.seq,
        "sender": message.sender.name,
        "text": message.text,
        "at": iso_time(message.sent_ms),
    }
    if body.files:
        found = [page.files[id] for id in body.files if id in page.files]
        line["files"] = [{"name": one.name, "type": one.type, "size": one.size} for one in found]
    if body.blocks:
        line["blocks"] = body.blocks
    if body.answers is not None:
        line["answers"] = body.answers
    if told.deleted:
        line["deleted"] = True
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")


def _heading(told: Told, page: Page) -> str:
    id = told.message.conversation_id
    found = page.conversations.get(id)
    names = [visible(member.name) for member in found.members] if found else []
    return " · ".join([f"# {id}", told.kind, *names])


def _line(told: Told, page: Page, texts: Texts) -> str:
    message = told.message
    at = datetime.fromtimestamp(message.sent_ms / 1000, UTC).astimezone()
    text = visible(_words(told.kind, message)).replace("\n", "\n    ")
    said = " ".join([*([text] if text else []), *_beside(told, page, texts)])
    return f"{message.seq:>4}  {at:%Y-%m-%d %H:%M:%S}  {visible(message.sender.name)}: {said}"


def _beside(told: Told, page: Page, texts: Texts) -> Iterator[str]:
    """What the message holds beside its text, each thing in a few words."""

    def words(key: str, *parts: object) -> str:
        what = visible(", ".join(str(part) for part in parts)).replace("\n", " ")
        return texts(key, what=what)

    if told.deleted:
        yield texts("history_deleted")
    for id in told.body.files:
        if file := page.files.get(id):
            yield words("history_file", file.name)
    for block in told.body.blocks:
        match block.get("type"):
            case "card":
                yield words("history_card", block.get("title", ""))
            case "quick_replies":
                labels = [option.get("label", "") for option in block.get("options", ())]
                yield words("history_choices", *labels)
            case "form":
                labels = [field.get("label", "") for field in block.get("fields", ())]
                yield words("history_form", block.get("title") or ", ".join(labels))
    if told.body.answers is not None:
        given = [f"{name}: {answer}" for name, answer in told.body.answers.items()]
        yield words("history_answers", *given)


def _words(kind: Kind, message: Message) -> str:
    """As everywhere: what the team wrote on the desk is Markdown, all else is plain."""
    if kind is Kind.DESK and message.sender.role in (Role.AGENT, Role.BOT):
        return to_text(read_markdown(message.text))
    return message.text
