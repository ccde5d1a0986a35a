"""``kefu``, in which a password's hash takes next to nothing: ``python -P tests/quick.py demo``.

A hash takes a processor 0.2 s, a new demo makes four, and nearly every test of a server signs in.
Not here: whether hashes are as strong as they should be (``tests/core/test_passwords.py``), and
what their time means under an attack (``tests/security/test_logins.py``, whose server takes it).
"""

from __future__ import annotations

from kefu.actions.credentials import Passwords
from kefu.core.passwords import Cost

QUICK = Cost(1, 8, 1)  # of a password's hash; nobody but a test chooses one


def hash_quickly() -> None:
    """Let whatever hashes or verifies in this process take next to nothing."""
    Passwords.cost = QUICK


if __name__ == "__main__":
    from kefu.cli.main import run

    hash_quickly()
    run()
