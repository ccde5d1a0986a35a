"""The direct protocol's events, to and from values.

Rules: pure. What clients get has exactly the tutorial's keys. Texts for people are in Chinese, as
the tutorial's are.
Not here: who is online (``endpoint``), when lists are sent (``roster``), packets
(``transport.socketio``).
Source: docs/protocol/direct.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

from kefu.core.conversation import Conversation, Kind, Member, Message, Role
from kefu.core.errors import BadInput
from kefu.core.text import check_text
from kefu.transport.socketio import EncodedPacket, encode_event

LOGIN_FIRST = "请先登录"
NAME_TAKEN = "当前用户名已经被注册"
NO_SUCH_USER = "用户未找到"


class _Shown(msgspec.Struct, rename={"sender": "from", "own": "self"}):
    sender: str
    to: str
    message: str
    own: bool


def decode_message(args: Sequence[object]) -> tuple[str, str]:
    """Return ``(to, text)`` of a ``private_message``. Raises BadInput with the fault in words."""
    payload = args[0] if args else None
    if isinstance(payload, dict):
        to, text = payload.get("to"), payload.get("message")
        if isinstance(to, str) and isinstance(text, str):
            if not text or text.isspace():
                raise BadInput("消息不能为空")
            return to, check_text(text)
    raise BadInput("消息格式不对：须为 {to, message}，两者都是字符串")


# People answer each other: nearly every message is of a pair seen lately.
@lru_cache(maxsize=10_000)
def conversation_of(one: str, other: str) -> Conversation:
    """The conversation of two people, the same whoever speaks; of one, if they are the same.

    Names hold no line break (``core.names``), so the key is unambiguous.
    """
    names = sorted({one, other})
    members = tuple(Member(Role.PEER, name) for name in names)
    return Conversation(f"{Kind.DIRECT}:" + "\n".join(names), Kind.DIRECT, members)


def encode_message(conversation: Conversation, message: Message, *, own: bool) -> EncodedPacket:
    """``message`` ``{from, to, message, self}`` as the sender (``own``) or the receiver sees it."""
    sender, members = message.sender, conversation.members
    to = members[0] if members[0] != sender else members[-1]
    return encode_event("message", _Shown(sender.name, to.name, message.text, own))


def encode_user_list(names: Iterable[str]) -> EncodedPacket:
    """``user_list``: everybody online, in the order of logging in."""
    return encode_event("user_list", list(names))
