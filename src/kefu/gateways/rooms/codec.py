"""The rooms protocol's frames and lines, to and from values.

Rules: pure. A frame out is JSON with exactly the keys ``neiRong`` (what) and ``shuiFaDe`` (who). A
frame in needs a string ``neiRong``; other keys are ignored. Texts for people are in Chinese, as
the tutorial's are.
Not here: who sits with whom (``core.lobby``), sockets (``gateways.rooms.endpoint``).
Source: docs/protocol/rooms.md.
"""

from __future__ import annotations

import msgspec

from kefu.core.errors import BadInput
from kefu.core.text import check_text
from kefu.transport.websocket import text_frame

SYSTEM = "系统"
CODE = "code"

NORMAL = 1000
UNSUPPORTED = 1003  # RFC 6455 section 7.4.1: a type of data that this endpoint cannot accept
TOO_MANY = 4029
# Why a socket was refused at once, by the refusal's code.
REFUSED = {"bad_input": 1008, "not_allowed": 4001, "bad_name": 4009, "name_taken": 4009}


class _Said(msgspec.Struct):
    neiRong: str


class _Line(msgspec.Struct):
    neiRong: str
    shuiFaDe: str


_decoder = msgspec.json.Decoder(_Said)
_encoder = msgspec.json.Encoder()


def decode(data: str | bytes) -> str:
    """Return the text that a client says. Raises BadInput with the fault in words."""
    try:
        text = _decoder.decode(data).neiRong
    except msgspec.ValidationError:
        raise BadInput('消息格式不对：须为 {"neiRong":"文字"}') from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise BadInput("消息不是有效的 JSON") from None
    return check_text(text)


def line(text: str, sender: str = SYSTEM) -> bytes:
    """Encode one line as a whole WebSocket frame, the same bytes for everybody who gets it."""
    return text_frame(_encoder.encode(_Line(text, sender)))


def serves_you(agent: str) -> bytes:
    """To a visitor who is seated."""
    return line(f"客服-{agent}-将为您服务")


def visitor_entered(visitor: str) -> bytes:
    """To the agent."""
    return line(f"用户-{visitor}-已进入房间")


def visitor_left(visitor: str) -> bytes:
    """To the agent."""
    return line(f"用户-{visitor}-已退出房间")


def agent_left(agent: str) -> bytes:
    """To the visitor; ``CLOSE`` follows."""
    return line(f"客服-{agent}-已退出房间")


CLOSE = line("close", CODE)  # the tutorial's page closes its socket when it reads this
NO_AGENT = line("暂无客服，请稍后再试")
BINARY = line("只接受文字消息")
