"""The console's session as a cookie.

Rules: scripts cannot read it, other sites' pages do not send it, and over TLS it goes nowhere else.
Not here: when it counts (``authentication``).
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kefu.actions.login import SignedIn
from kefu.actions.sessions import logout
from kefu.gateways.rest.authentication import COOKIE

_PATH = "/api/"


def keep_session(request: Request, act: object, answer: object, response: Response) -> None:
    """Set the cookie when somebody has signed in, take it away when they sign out."""
    secure = request.scope["scheme"] == "https"
    if isinstance(answer, SignedIn):
        response.set_cookie(
            COOKIE,
            answer.token,
            expires=answer.expires_at,
            path=_PATH,
            secure=secure,
            httponly=True,
            samesite="strict",
        )
    elif act is logout:
        response.delete_cookie(COOKIE, _PATH, secure=secure, httponly=True, samesite="strict")
