"""Refusals in the words of the tutorial protocols, which speak Chinese.

Rules: a refusal that the protocol itself raises brings its own words; one from below (the store, a
limit) gets them here, so that nothing of the inside shows.
Not here: how a refusal travels (each gateway's ``codec`` and ``endpoint``).
"""

from __future__ import annotations

from kefu.core.errors import (
    BadName,
    BadText,
    ChatError,
    ClientIdUsed,
    NameTaken,
    NotAllowed,
    NotStored,
    PerhapsStored,
    TooMany,
    Unavailable,
)
from kefu.core.names import MAX_NAME_CHARS

_WORDS = {
    BadText: "消息含有无法保存的字符",
    ClientIdUsed: "消息重复",
    NameTaken: "这个名字已在线，请换一个",
    NotAllowed: "没有权限",
    TooMany: "请求过多，请稍后再试",
    NotStored: "消息未能保存，请稍后重试",
    PerhapsStored: "不确定消息是否已保存；再发一次可能会有两条",
    Unavailable: "服务器暂时不可用，请稍后重试",
}
_BAD_NAME = {
    BadName.Fault.NOT_TEXT: "名字须为字符串",
    BadName.Fault.BLANK: "名字不能为空",
    BadName.Fault.TOO_LONG: f"名字过长，最多 {MAX_NAME_CHARS} 个字符",
    BadName.Fault.RESERVED: "这是保留的名字，请换一个",
    BadName.Fault.INVISIBLE: "名字含有不可见的控制字符",
}


def explain(refusal: ChatError) -> str:
    """What to tell the person."""
    if isinstance(refusal, BadName):
        return _BAD_NAME[refusal.fault]
    return refusal.detail or _WORDS.get(type(refusal)) or str(refusal)


def too_fast(wait_s: float) -> str:
    """What to tell somebody who exceeds a rate."""
    return f"发送过快，请 {wait_s:.1f} 秒后再试"
