"""Refusals in the words of the tutorial protocols, which speak Chinese.

Rules: a refusal that the protocol itself raises brings its own words; one from below (the store, a
limit) gets them here, so that nothing of the inside shows.
Not here: how a refusal travels (each gateway's ``codec`` and ``endpoint``).
"""

from __future__ import annotations

from kefu.core.errors import ChatError, Conflict, TooMany, Unavailable

_WORDS = {
    Conflict.code: "消息重复",
    TooMany.code: "请求过多，请稍后再试",
    Unavailable.code: "消息未能保存，请稍后重试",
}


def explain(refusal: ChatError) -> str:
    """What to tell the person."""
    return _WORDS.get(refusal.code) or str(refusal)


def too_fast(wait_s: float) -> str:
    """What to tell somebody who exceeds a rate."""
    return f"发送过快，请 {wait_s:.1f} 秒后再试"
