"""E-mail addresses and telephone numbers, as they are stored and compared.

Rules: an e-mail address has one form: lower case, the domain in ASCII (IDNA 2008, so ``straße`` and
``strasse`` stay two). Only what a mail server outside may be given without an extension: an ASCII
name of ``dot-atom`` form, without quotes and comments (RFC 5321), so there is nothing in it that a
header could be broken with. A domain may be one word, for mail within a house. A telephone number
is kept as people write it; how a country groups its digits is not ours to know.
Not here: whether anybody reads mail there.
"""

from __future__ import annotations

import re

import idna

from kefu.core.errors import BadInput

EMAIL_CHARS = 254  # RFC 5321, section 4.5.3.1.3, less the angle brackets
PHONE_CHARS = 40
_LOCAL_CHARS = 64
_HOST_CHARS = 254  # RFC 1035, with the dot at its end

_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")

_PHONE = re.compile(r"\+?[0-9 ()./-]+")
_PHONE_DIGITS = range(3, 21)  # from an emergency call to a number of E.164 with an extension


def clean_email(raw: str) -> str:
    """``raw`` as it is stored. Raises BadInput: it is not an address."""
    text = raw.strip(" ")
    if len(text) > EMAIL_CHARS:
        raise BadInput("email: too long")
    local, _, domain = text.partition("@")
    local = local.lower()
    if len(local) > _LOCAL_CHARS or not _LOCAL.fullmatch(local):
        raise BadInput("email: not an e-mail address")
    email = f"{local}@{_clean_domain(domain)}"
    if len(email) > EMAIL_CHARS:
        raise BadInput("email: too long")
    return email


def ascii_host(name: str) -> str:
    """A host's name as it stands on the wire, in small letters: IDNA 2008, as browsers read it.

    Not Python's own codec, which is of 2003 and makes ``faß.de`` another domain, ``fass.de``.
    Raises UnicodeError (idna's own are some): it is no name.
    """
    if len(name) > _HOST_CHARS:  # reading costs time, so bound it first
        raise UnicodeError("too long")
    return idna.encode(name, uts46=True, std3_rules=True).decode("ascii").lower()


def _clean_domain(domain: str) -> str:
    try:
        ascii_domain = ascii_host(domain)
    except UnicodeError:  # also idna's own
        raise BadInput("email: not an e-mail address") from None
    # A trailing dot would make a second name of the same domain; a number is no top domain.
    if ascii_domain.rpartition(".")[2].isdigit() or ascii_domain.endswith("."):
        raise BadInput("email: not an e-mail address")
    return ascii_domain


def clean_phone(raw: str) -> str:
    """``raw`` as it is stored. Raises BadInput: it is not a telephone number."""
    phone = raw.strip(" ")
    digits = sum(map(str.isdigit, phone))
    if len(phone) > PHONE_CHARS or digits not in _PHONE_DIGITS or not _PHONE.fullmatch(phone):
        raise BadInput("phone: not a telephone number")
    return phone
