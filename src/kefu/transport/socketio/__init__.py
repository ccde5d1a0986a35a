"""Socket.IO 5, the server's side, on ``kefu.transport.engineio``.

``decoder`` and ``encoder`` are the codec, ``client`` is one connection's state machine; none has
I/O. Knows nothing of Kefu. Source: https://github.com/socketio/socket.io-protocol (version 5).
"""

from kefu.transport.engineio import EncodedPacket, EngineSettings
from kefu.transport.socketio.encoder import encode_event
from kefu.transport.socketio.server import SocketIOServer
from kefu.transport.socketio.settings import SocketIOSettings
from kefu.transport.socketio.socket import Socket, SocketHandler

__all__ = [
    "EncodedPacket",
    "EngineSettings",
    "Socket",
    "SocketHandler",
    "SocketIOServer",
    "SocketIOSettings",
    "encode_event",
]
