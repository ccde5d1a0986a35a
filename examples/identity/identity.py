"""Vouch for a visitor: a token that says who they are, for Kefu('identify', token).

It needs Python 3.11 and nothing else. Call `identity` on your server, with somebody who is
signed in there, whenever you make a page for them; the secret never leaves the server. Who gets the
page can read what is in the token, so name in it only what the visitor may see.

To try it: for each line, {"user": {…}, "key": {…}}, it prints a token.
"""

import base64
import hashlib
import hmac
import json
import time
from typing import Any


def identity(user: dict[str, Any], key: dict[str, str]) -> str:
    """``key`` is one of the inbox's: its ``kid`` and ``secret``, and the inbox's ``widget_key``."""
    if user["id"] in (None, ""):
        raise ValueError("nobody is signed in")
    header = {"alg": "HS256", "kid": key["kid"]}
    claims = {
        "sub": str(user["id"]),  # your own id of them, which nobody else ever gets
        "aud": key["widget_key"],
        "exp": int(time.time()) + 600,  # seconds; at most a day ahead
        "name": user.get("name"),  # this and what follows: as you like
        "email": user.get("email"),
        "phone": user.get("phone"),
        "attributes": user.get("attributes"),
    }
    signed = f"{_part(json.dumps(header))}.{_part(json.dumps(claims))}"
    digest = hmac.digest(key["secret"].encode(), signed.encode(), hashlib.sha256)
    return f"{signed}.{_part(digest)}"


def _part(content: str | bytes) -> str:
    raw = content.encode() if isinstance(content, str) else content
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


if __name__ == "__main__":
    import sys

    for line in sys.stdin.buffer:
        print(identity(**json.loads(line)))
