"""What a visitor is called by what is said of them, wherever it is said.

Rules: no visitor takes the name of an agent, or one that looks alike, whoever says it: the form
before a chat, the page, or the site in a token that it signed. Such a name is passed over, and the
rest of what was said is kept.
Not here: what agents call a contact (``actions.contacts``), the tutorials' protocols, where agents
and visitors have names of their own (``core.names``).
"""

from __future__ import annotations

from sqlalchemy import Connection

from kefu.core.display import clean_display_name, imitates
from kefu.core.identity import NAME_CHARS
from kefu.storage import agents

_ANONYMOUS = {"en": "Visitor", "zh": "访客"}


def visitor_name(conn: Connection, raw: str) -> str:
    """``raw`` as it is shown; "": nothing of it can be seen, or it is what an agent is called."""
    name = clean_display_name(raw, NAME_CHARS)
    return "" if not name or imitates(name, agents.list_names(conn)) else name


def anonymous_name(token_hash: str, locale: str | None = None) -> str:
    """What a browser's visitor is called of whom no name is known: ``Visitor 3FA9``."""
    language = "zh" if (locale or "").lower().startswith("zh") else "en"
    return f"{_ANONYMOUS[language]} {token_hash[:4].upper()}"
