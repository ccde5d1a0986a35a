"""WebSocket (RFC 6455) for the server side, in uvicorn's ``ws`` setting.

``websocket_protocol(route)`` makes the protocol class; ``route`` answers each ``Request`` with a
``Handler``, one that speaks a subprotocol (``Agreed``), or a ``Refusal``. ``decoder``, ``frames``
and ``handshake`` are sans-I/O, ``connection`` is the asyncio shell around them.
Not here: extensions (permessage-deflate is not offered), clients.
"""

from kefu.transport.websocket.connection import Connection, websocket_protocol
from kefu.transport.websocket.contract import Agreed, Handler, Route, WebSocketLimits
from kefu.transport.websocket.frames import binary_frame, text_frame
from kefu.transport.websocket.handshake import Refusal, Request

__all__ = [
    "Agreed",
    "Connection",
    "Handler",
    "Refusal",
    "Request",
    "Route",
    "WebSocketLimits",
    "binary_frame",
    "text_frame",
    "websocket_protocol",
]
