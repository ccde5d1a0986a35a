"""Agents' passwords: what one may be, and how it is kept.

Rules: a password is long rather than strange (NIST SP 800-63B): 12 characters, whatever they are,
but not what everybody tries first and not the person's own address. It is compared after NFKC, with
every space an ordinary one, so it is the same from every keyboard (the idea of RFC 8265, which
takes NFC; digits of full width, as Chinese input methods type them, are digits here). It is kept by
argon2id with the second recommended option of RFC 9106, section 4: 3 passes over 64 MiB in 4 lanes;
that is above the minimum of OWASP's cheat sheet and takes about a tenth of a second.
Whether there is an account or not, ``verify_password`` takes the same time: with None it works on
a hash that no password has.
Not here: randomness (``salt`` is an argument), how often somebody may try (``core.limits``). The
functions that hash belong off the event loop, few at a time: each takes 64 MiB.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from kefu.core.characters import normalize
from kefu.core.errors import BadInput

LEAST_CHARS = 12
MOST_CHARS = 200
LEAST_DIFFERENT = 5  # different characters
SALT_BYTES = 16


class Cost(NamedTuple):
    """What one hash takes. Tests choose a smaller one, nobody else does."""

    passes: int
    memory_kib: int
    lanes: int


STRONG = Cost(3, 65_536, 4)


def dummy_hash(cost: Cost) -> str:
    """Of the right form and cost, and the hash of nothing known: verifying it always fails."""
    costs = f"m={cost.memory_kib},t={cost.passes},p={cost.lanes}"
    return f"$argon2id$v=19${costs}$" + "A" * 22 + "$" + "A" * 43


DUMMY_HASH = dummy_hash(STRONG)

# What is tried first, of those that are long enough: letters and digits, in lower case.
_TRIED_FIRST = """
123456789012 1234567890123 12345678901234 123456789101112 1234567891011 123456789123
123123123123 123456123456 1234512345123 0123456789012 987654321098 098765432109
1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc 1qaz2wsx3edc4rfv q1w2e3r4t5y6 zaq12wsxcde3
qwertyuiop12 qwertyuiop123 qwertyuiop1234567890 qwertyuiopasdfghjkl qwertyqwerty
qwerty123456 qwerty1234567 qwerty123456789 asdfghjkl123 asdfghjklqwertyuiop zxcvbnm12345
qazwsxedcrfv abcdefghijkl abcdefghijklm abcdefghijklmnopqrstuvwxyz abcd12345678
abc123456789 abcdef123456 a1b2c3d4e5f6 aa1234567890 a12345678910 a123456789123
passwordpassword password1234 password12345 password123456 password123456789 passw0rd1234
mypassword123 mypassword1234 newpassword1 newpassword123 changeme1234 changemeplease
letmeinletmein letmein12345 welcome12345 welcome123456 welcometokefu trustno1trustno1
administrator administrator1 admin1234567 admin12345678 adminadminadmin admin123admin
root12345678 superuser123 supervisor123 customerservice customersupport helpdesk1234
support12345 testtesttest test12345678 test123456789 demodemodemo demo12345678
iloveyouiloveyou iloveyou1234 iloveyou12345 iloveyouforever sunshine1234 princess1234
football1234 baseball1234 liverpool123 manchesterunited woaini123456 woaini1314520
woaini5201314 5201314woaini wangyut2wangyut2 dearbook1234 correcthorsebatterystaple
kefukefukefu kefu12345678 kefu123456789 kefuadmin123 mima12345678 wodemima1234
"""
_COMMON = frozenset(_TRIED_FIRST.split())


def check_password(password: str, *, email: str) -> str:
    """Return ``password``. Raises BadInput: it is not one that the owner of ``email`` may have."""
    form = _comparable(password)
    if not LEAST_CHARS <= len(form) <= MOST_CHARS or len(password) > MOST_CHARS:
        raise BadInput(f"password: {LEAST_CHARS} to {MOST_CHARS} characters")
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in form):
        raise BadInput("password: has characters that cannot be typed")
    plain = form.casefold()
    if plain in (email.casefold(), email.casefold().partition("@")[0]):
        raise BadInput("password: must not be the e-mail address")
    words = "".join(char for char in plain if char.isalnum())
    if len(set(plain)) < LEAST_DIFFERENT or plain in _COMMON or words in _COMMON:
        raise BadInput("password: is one of those that are tried first")
    return password


def hash_password(password: str, *, salt: bytes, cost: Cost = STRONG) -> str:
    """What is stored of ``password``. ``salt``: ``SALT_BYTES`` random bytes, new every time."""
    return _hasher(cost).hash(_encoded(password), salt=salt)


def verify_password(password: str, stored: str | None, cost: Cost = STRONG) -> bool:
    """Whether ``stored`` is of ``password``. None: there is no such account, or it has none."""
    if len(password) > MOST_CHARS:  # nobody has one; the time must not say so
        password, stored = "", None
    try:
        found = _hasher(cost).verify(stored or dummy_hash(cost), _encoded(password))
    except (VerificationError, InvalidHashError):
        return False
    return found and stored is not None


def needs_rehash(stored: str, cost: Cost = STRONG) -> bool:
    """Whether ``stored`` was made with other parameters than today's."""
    return _hasher(cost).check_needs_rehash(stored)


@cache
def _hasher(cost: Cost) -> PasswordHasher:
    return PasswordHasher(
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=32,
        salt_len=SALT_BYTES,
        type=Type.ID,
    )


def _comparable(password: str) -> str:
    form = normalize("NFKC", password[: MOST_CHARS + 1])  # which costs time
    return "".join(" " if unicodedata.category(char) == "Zs" else char for char in form)


def _encoded(password: str) -> bytes:
    return _comparable(password).encode("utf-8", "surrogatepass")
