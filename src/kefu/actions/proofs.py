"""Look a token up that somebody sent, whatever the transport.

Rules: wrong ones are counted by address, so that nobody can try many; what has not even a token's
form is refused without a look. A token that was right before is never locked out by others.
Not here: whose a token is (``actions.sessions``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from kefu.actions.context import Call, Context
from kefu.core.actors import Visitor
from kefu.core.errors import Unauthenticated
from kefu.core.tokens import hash_token, kind_of

Look = Callable[[], Awaitable[Call]]


async def look_up(ctx: Context, token: str, address: str, look: Look) -> Call:
    """The call that ``look`` makes by ``token``.

    Raises what it raises, Unauthenticated, TooMany.
    """
    if kind_of(token) is None:
        raise Unauthenticated("This is no token.")
    rates, now_s, hashed = ctx.rates, ctx.monotonic_s(), hash_token(token)
    if rates is None:
        return await look()
    rates.check_token(hashed, address, now_s)
    try:
        call = await look()
    except Unauthenticated:
        rates.count_token(hashed, address, now_s, good=False)
        raise
    if not isinstance(call.actor, Visitor) or call.actor.contact_id:
        rates.count_token(hashed, address, now_s, good=True)
    return call
