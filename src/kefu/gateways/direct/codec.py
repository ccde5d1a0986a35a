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

from kefu.core.conversation import Conversation, Kind, Member, Message, Role
from kefu.core.errors import BadInput
from kefu.core.text import check_text
from kefu.transport.socketio import EncodedPacket, encode_event

LOGIN_FIRST = "请先登录"
NAME_TAKEN = "当前用户名已经被注册"
NO_SUCH_USER = "用户未找到"


def decode_message(args: Sequence[object]) -> tuple[str, str]:
    """Return ``(to, text)`` of a ``private_message``. Raises BadInput with the fault in words."""
    match args:
        case [{"to": str(to), "message": str(text)}, *_]:
            if not text or text.isspace():
                raise BadInput("消息不能为空")
            return to, check_text(text)
    raise BadInput("消息格式不对：须为 {to, message}，两者都是字符串")


@lru_cache(
    maxsize=10_000
)  # people answer each other: nearly every message is of a pair seen lately
def conversation_of(one: str, other: str) -> Conversation:
    """The conversation of two people, the same whoever speaks; of one, if they are the same.

    Names hold no line break (``core.names``), so the key is unambiguous.
    """
    names = sorted({one, other})
    members = tuple(Member(Role.PEER, name) for name in names)
    return Conversation(f"{Kind.DIRECT}:" + "\n".join(names), Kind.DIRECT, members)


def encode_message(conversation: Conversation, message: Message, *, own: bool) -> EncodedPacket:
    """``message`` ``{from, to, message, self}`` as the sender (``own``) or the receiver sees it."""
    sender = message.sender
    to = next((member for member in conversation.members if member != sender), sender)
    shown = {"from": sender.name, "to": to.name, "message": message.text, "self": own}
    return encode_event("message", shown)


def encode_user_list(names: Iterable[str]) -> EncodedPacket:
    """``user_list``: everybody online, in the order of logging in."""
    return encode_event("user_list", list(names))
