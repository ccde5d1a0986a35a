"""``kefu history``: stored conversations as lines for people or JSON lines for scripts.

Rules: reads only, so it works beside a running server, and in bounded memory however long the
history is. Control characters in what people wrote cannot steer the terminal.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import msgspec
import typer
from sqlalchemy import Connection

from kefu.cli.texts import Texts
from kefu.core.conversation import Kind, Message, Role
from kefu.core.markdown import read_markdown, to_text
from kefu.core.text import iso_time, visible
from kefu.storage.conversations import get_conversation
from kefu.storage.engine import open_for_reading
from kefu.storage.messages import list_history


def print_history(
    url: str, texts: Texts, *, name: str | None, limit: int | None, as_json: bool
) -> None:
    """Print the store at ``url``. Raises StoreUnusable if there is none."""
    last: int | None = None
    with open_for_reading(url) as conn:
        for kind, message in list_history(conn, name=name, limit=limit):
            if as_json:
                _print_json(message)
                continue
            if message.conversation_id != last:
                typer.echo(("" if last is None else "\n") + _heading(conn, kind, message))
            last = message.conversation_id
            typer.echo(_line(kind, message))
    if last is None and not as_json:
        typer.echo(texts("empty_history"), err=True)


def _print_json(message: Message) -> None:
    line = {
        "conversation": message.conversation_id,
        "seq": message.seq,
        "sender": message.sender.name,
        "text": message.text,
        "at": iso_time(message.sent_ms),
    }
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")


def _heading(conn: Connection, kind: Kind, message: Message) -> str:
    found = get_conversation(conn, message.conversation_key)
    names = [visible(member.name) for member in found.members] if found else []
    return " · ".join([f"# {message.conversation_id}", kind, *names])


def _line(kind: Kind, message: Message) -> str:
    at = datetime.fromtimestamp(message.sent_ms / 1000, UTC).astimezone()
    text = visible(_words(kind, message)).replace("\n", "\n    ")
    return f"{message.seq:>4}  {at:%Y-%m-%d %H:%M:%S}  {visible(message.sender.name)}: {text}"


def _words(kind: Kind, message: Message) -> str:
    """As everywhere: what the team wrote on the desk is Markdown, all else is plain."""
    if kind is Kind.DESK and message.sender.role in (Role.AGENT, Role.BOT):
        return to_text(read_markdown(message.text))
    return message.text
