"""What a visitor was asked who answers an invitation.

Rules: the words are the inbox's own, in the language in which the page showed them; the page says
only which invitation it was. One that is gone since, that was not for that page, or that has no
words for its reader was none: what the visitor writes counts all the same.
"""

from __future__ import annotations

from kefu.core.inbox import Settings
from kefu.widget.locales import said_in
from kefu.widget.patterns import matches


def said(settings: Settings, name: str, *, page: str | None, locale: str | None) -> str:
    """The words of the invitation ``name`` to whoever reads ``locale``; "": there was none."""
    for one in settings.invitations:
        if one.name == name and any(matches(pattern, page or "") for pattern in one.pages):
            return said_in(one.text, locale, settings.locale) or ""
    return ""
